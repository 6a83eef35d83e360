//! Reads an image.

use landform_core::{DataSource, Error, ErrorKind, Id, Result};
use landform_kit::{async_trait, rest::Method, senseless};

use super::{Image, ImageAttributes};
use crate::client::{Client, path_of};

#[async_trait]
impl DataSource<Image> for Client {
    async fn read(&self, asked: &Image) -> Result<ImageAttributes> {
        let project = asked.project.as_deref().unwrap_or(self.project());
        let name = match (&asked.name, &asked.family) {
            (Some(name), None) => name.clone(),
            (None, Some(family)) => format!("family/{family}"),
            _ => {
                let message = "expected one of name and family";
                return Err(Error::new(ErrorKind::Invalid, message).at("name"));
            }
        };
        let image =
            self.send(Method::GET, &format!("projects/{project}/global/images/{name}"), &[], None).await?;
        let text = |field: &str| {
            let text = image[field].as_str().map(str::to_owned);
            text.ok_or_else(|| senseless(format!("the image has no {field}")))
        };
        let self_link = text("selfLink")?;
        let size = text("diskSizeGb")?;
        let disk_size_gb =
            size.parse().map_err(|_| senseless(format!("the image's diskSizeGb is {size}")))?;
        Ok(ImageAttributes {
            id: Id::new(path_of(&self_link).unwrap_or(&self_link)),
            image_id: text("id")?,
            status: text("status")?,
            disk_size_gb,
            self_link,
        })
    }
}
