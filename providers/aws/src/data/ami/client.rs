//! `data.aws_ami`.

use aws_sdk_ec2::{operation::describe_images::DescribeImagesError, types::Image};

use super::{Ami, AmiAttributes};
use crate::{
    client::{
        error::{one, operation},
        prelude::*,
    },
    data::filter::client::Filters,
};

/// Filters that no image of a stranger passes by chance.
const BOUNDS: [&str; 3] = ["image-id", "owner-alias", "owner-id"];

#[async_trait]
impl DataSource<Ami> for Client {
    async fn read(&self, asked: &Ami) -> Result<AmiAttributes> {
        let bounded = asked.filter.iter().any(|filter| BOUNDS.contains(&filter.name.as_str()));
        if asked.most_recent && asked.owners.is_empty() && !bounded {
            let message = "most_recent requires owners, or a filter on owner-id, owner-alias or image-id: otherwise \
                           anyone could publish a newer image that fits";
            return Err(Error::new(ErrorKind::Invalid, message).operation(operation::<DescribeImagesError>()));
        }
        let owners = (!asked.owners.is_empty()).then(|| asked.owners.clone());
        let call = self.ec2.describe_images().set_owners(owners);
        let pages = call.set_filters(Filters::given(&asked.filter).sent()).into_paginator();
        let mut found: Vec<Image> = pages.items().send().try_collect().await.map_err(failed)?;
        if asked.most_recent {
            // Images of the same date are ordered by id, so that the same query gets the same answer.
            let age = |image: &Image| (image.creation_date.clone(), image.image_id.clone());
            found = found.into_iter().max_by_key(age).into_iter().collect();
        }
        let image = one::<DescribeImagesError, _>(asked, found)?;
        let id: String = read(image.image_id, "image_id")?;
        let architecture = image.architecture.map(|architecture| architecture.as_str().to_owned());
        Ok(AmiAttributes {
            id: Id::new(&id),
            image_id: id,
            name: image.name.unwrap_or_default(),
            architecture: architecture.unwrap_or_default(),
            root_device_name: image.root_device_name.unwrap_or_default(),
            creation_date: image.creation_date.unwrap_or_default(),
            owner_id: image.owner_id.unwrap_or_default(),
        })
    }
}
