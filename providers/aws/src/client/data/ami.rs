//! `data.aws_ami`.

use async_trait::async_trait;
use landform_core::{DataSource, Error, ErrorKind, Id, Result, only};

use super::filters::Filters;
use crate::{
    client::{
        Client,
        error::failed,
        values::{given, text},
    },
    data::{Ami, AmiAttributes},
};

const OPERATION: &str = "DescribeImages";

/// Filters that no one else's image passes by chance.
const BOUNDS: [&str; 3] = ["image-id", "owner-alias", "owner-id"];

#[async_trait]
impl DataSource<Ami> for Client {
    async fn read(&self, asked: &Ami) -> Result<AmiAttributes> {
        let bounded = asked.filter.iter().any(|filter| BOUNDS.contains(&filter.name.as_str()));
        if asked.most_recent && asked.owners.is_empty() && !bounded {
            let message = "most_recent takes owners, or a filter on owner-id, owner-alias or image-id: without, \
                           anyone could publish a newer image that fits";
            return Err(Error::new(ErrorKind::Invalid, message).operation(OPERATION));
        }
        let owners = (!asked.owners.is_empty()).then(|| asked.owners.clone());
        let call = self.ec2.describe_images().set_owners(owners);
        let pages = call.set_filters(Filters::given(&asked.filter).sent()).into_paginator();
        let mut found = pages.items().send().try_collect().await.map_err(failed(OPERATION))?;
        if asked.most_recent {
            // By id where the dates are equal: the same question gets the same answer.
            let age =
                |image: &aws_sdk_ec2::types::Image| (image.creation_date.clone(), image.image_id.clone());
            found = found.into_iter().max_by_key(age).into_iter().collect();
        }
        let image = only(asked, found).map_err(|error| error.operation(OPERATION))?;
        let id = given(OPERATION, "an id", image.image_id)?;
        Ok(AmiAttributes {
            id: Id::new(id.clone()),
            image_id: id,
            name: image.name.unwrap_or_default(),
            architecture: text(image.architecture.as_ref().map(|architecture| architecture.as_str())),
            root_device_name: image.root_device_name.unwrap_or_default(),
            creation_date: image.creation_date.unwrap_or_default(),
            owner_id: image.owner_id.unwrap_or_default(),
        })
    }
}
