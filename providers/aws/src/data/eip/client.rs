//! `data.aws_eip`.

use aws_sdk_ec2::{operation::describe_addresses::DescribeAddressesError, types::Address as Sdk};

use super::{Eip, EipAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<Eip> for Client {
    async fn read(&self, asked: &Eip) -> Result<EipAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("allocation-id", asked.id.as_ref())
            .equal("public-ip", asked.public_ip.as_ref())
            .tags(&asked.tags);
        let call = self.ec2.describe_addresses().set_filters(filters.sent());
        let mut found: Vec<Sdk> = call.send().await.map_err(failed)?.addresses.unwrap_or_default();
        found.retain(|found| tagged_with(found.tags(), &asked.tags));
        let found = one::<DescribeAddressesError, _>(asked, found)?;
        let id: String = read(found.allocation_id, "allocation_id")?;
        Ok(read!(found => EipAttributes {
            arn = self.arn(self.account().await?, &format!("elastic-ip/{id}")),
            id = Id::new(&id),
            public_ip,
            private_ip: private_ip_address,
            association_id, instance_id, network_interface_id, domain,
            tags = self.shown(given(found.tags)),
        }))
    }
}
