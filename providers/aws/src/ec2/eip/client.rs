//! The calls for Elastic IP addresses.

use aws_sdk_ec2::types::{Address, ResourceType};

use super::{Eip, EipAttributes};
use crate::{client::prelude::*, ec2::client::*};

#[async_trait]
impl Calls<Client> for Eip {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_addresses().set_filters(by(which, "allocation-id"));
        let found = call.send().await.map_err(failed)?.addresses.unwrap_or_default();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let account = client.account().await?;
        found.into_iter().map(|address| seen(client, account, address)).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .allocate_address()
            .set_domain(self.domain.wire())
            .set_network_border_group(self.network_border_group.wire())
            .set_address(self.address.wire())
            .set_public_ipv4_pool(self.public_ipv4_pool.wire())
            .set_customer_owned_ipv4_pool(self.customer_owned_ipv4_pool.wire())
            .set_ipam_pool_id(self.ipam_pool_id.wire())
            .tag_specifications(tagged_as(ResourceType::ElasticIp, attempt));
        Made::answered(call.send().await.map_err(failed)?.allocation_id)
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        if !["instance", "network_interface", "associate_with_private_ip"].iter().any(|field| due.has(field))
        {
            return Ok(Next::Done);
        }
        let there = &seen.object.attributes.association_id;
        let call = match (&self.instance, &self.network_interface) {
            (None, None) => {
                let Some(association) = there else { return Ok(Next::Done) };
                let call = client.ec2.disassociate_address().association_id(association);
                call.send().await.map_err(failed)?;
                return Ok(Next::Changed);
            }
            (Some(instance), None) => client.ec2.associate_address().instance_id(instance.as_str()),
            (_, interface) => client.ec2.associate_address().set_network_interface_id(interface.clone()),
        };
        let call = call.allocation_id(seen.id()).allow_reassociation(true);
        let call = call.set_private_ip_address(self.associate_with_private_ip.wire());
        call.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let of = &prior.arguments;
        let is_ours = of.instance.is_some() || of.network_interface.is_some();
        // AWS refuses to release an address that leads somewhere.
        if let Some(association) = prior.attributes.association_id.as_ref().filter(|_| is_ours) {
            match client.ec2.disassociate_address().association_id(association).send().await.map_err(failed) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        let group = of.network_border_group.wire();
        let call = client.ec2.release_address().allocation_id(prior.id()).set_network_border_group(group);
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

fn seen(client: &Client, account: &str, address: Address) -> Result<Seen<Eip>> {
    let id: String = read(address.allocation_id, "allocation_id")?;
    let region = client.region();
    let name = |kind: &str, of: &str| {
        let (dashed, east) = (of.replace('.', "-"), region == "us-east-1");
        match (kind, east) {
            ("ec2", true) => format!("ec2-{dashed}.compute-1.amazonaws.com"),
            ("ip", true) => format!("ip-{dashed}.ec2.internal"),
            ("ec2", false) => format!("ec2-{dashed}.{region}.compute.amazonaws.com"),
            _ => format!("ip-{dashed}.{region}.compute.internal"),
        }
    };
    let public_ip: String = read(address.public_ip, "public_ip")?;
    let attributes = EipAttributes {
        arn: client.arn(account, &format!("elastic-ip/{id}")),
        allocation_id: Id::new(&id),
        id: Id::new(id),
        public_dns: Some(name("ec2", &public_ip)),
        public_ip,
        association_id: address.association_id,
        private_dns: address.private_ip_address.as_deref().map(|private| name("ip", private)),
        private_ip: address.private_ip_address,
        carrier_ip: address.carrier_ip,
        customer_owned_ip: address.customer_owned_ip,
    };
    let instance = address.instance_id.filter(|id| !id.is_empty());
    let interface = address.network_interface_id.filter(|id| !id.is_empty());
    let arguments = Eip {
        domain: read(address.domain, "domain")?,
        network_border_group: address.network_border_group,
        network_interface: interface.filter(|_| instance.is_none()),
        instance: instance.map(Id::new),
        associate_with_private_ip: None,
        address: None,
        public_ipv4_pool: address.public_ipv4_pool,
        customer_owned_ipv4_pool: address.customer_owned_ipv4_pool,
        ipam_pool_id: None,
        tags: Default::default(),
    };
    Ok(Seen::new(arguments, attributes).tags(given(address.tags)))
}
