//! `data.aws_region`.

use super::{Region, RegionAttributes};
use crate::client::{
    places::{domain_of, is_region},
    prelude::*,
};

#[async_trait]
impl DataSource<Region> for Client {
    async fn read(&self, asked: &Region) -> Result<RegionAttributes> {
        let name = asked.name.as_deref().unwrap_or(self.region());
        if !is_region(name) {
            let message = format!("invalid region {name:?}: expected a name such as us-east-2");
            return Err(Error::new(ErrorKind::NotFound, message).at("name"));
        }
        Ok(RegionAttributes {
            id: Id::new(name),
            name: name.to_owned(),
            endpoint: format!("ec2.{name}.{}", domain_of(name)),
        })
    }
}
