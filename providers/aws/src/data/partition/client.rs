//! `data.aws_partition`.

use super::{Partition, PartitionAttributes};
use crate::client::prelude::*;

#[async_trait]
impl DataSource<Partition> for Client {
    async fn read(&self, _: &Partition) -> Result<PartitionAttributes> {
        let domain = self.domain();
        let mut parts: Vec<&str> = domain.split('.').collect();
        parts.reverse();
        Ok(PartitionAttributes {
            id: Id::new(self.partition()),
            partition: self.partition().to_owned(),
            dns_suffix: domain.to_owned(),
            reverse_dns_prefix: parts.join("."),
        })
    }
}
