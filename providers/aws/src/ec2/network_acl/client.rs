//! The calls for network ACLs. A subnet always has exactly one, so the only way to remove a subnet from a list is to
//! move it to another.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{NetworkAcl as Sdk, ResourceType};

use super::{NetworkAcl, NetworkAclAttributes};
use crate::{
    client::prelude::*,
    ec2::{Subnet, client::*},
};

#[async_trait]
impl Calls<Client> for NetworkAcl {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let found = match which {
            Which::Ids(ids) | Which::Beside(ids) => acls(client, ids).await?,
            Which::Attempt(..) => {
                let call = client.ec2.describe_network_acls().set_filters(by(which, ""));
                call.into_paginator().items().send().try_collect().await.map_err(failed)?
            }
        };
        let mut all = Vec::new();
        for acl in found {
            let id: String = read(acl.network_acl_id, "network_acl_id")?;
            let owner_id = match acl.owner_id {
                Some(owner) => owner,
                None => client.account().await?.to_owned(),
            };
            let subnets = acl.associations.unwrap_or_default().into_iter().filter_map(|one| one.subnet_id);
            let arguments = NetworkAcl {
                vpc_id: read(acl.vpc_id, "vpc_id")?,
                subnet_ids: subnets.map(Id::new).collect(),
                tags: Default::default(),
            };
            let arn = client.arn(&owner_id, &format!("network-acl/{id}"));
            let attributes = NetworkAclAttributes { id: Id::new(id), arn, owner_id };
            all.push(Seen::new(arguments, attributes).tags(given(acl.tags)));
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_network_acl()
            .client_token(attempt.request_id("create"))
            .set_vpc_id(self.vpc_id.wire())
            .tag_specifications(tagged_as(ResourceType::NetworkAcl, attempt));
        let made = call.send().await.map_err(failed)?.network_acl;
        Made::answered(made.and_then(|acl| acl.network_acl_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        if !due.has("subnet_ids") {
            return Ok(Next::Done);
        }
        let now = &seen.object.arguments.subnet_ids;
        move_to(client, self.subnet_ids.difference(now), seen.id()).await?;
        let left: BTreeSet<&Id<Subnet>> = now.difference(&self.subnet_ids).collect();
        leave(client, self.vpc_id.as_str(), left).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let there = Self::look(client, Which::Ids(&[prior.id()])).await?;
        let Some(seen) = there.into_iter().next() else { return Ok(Next::Done) };
        let acl = seen.object.arguments;
        leave(client, acl.vpc_id.as_str(), acl.subnet_ids.iter().collect()).await?;
        client.ec2.delete_network_acl().network_acl_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// The lists with these ids. It leaves out lists that do not exist.
pub(crate) async fn acls(client: &Client, ids: &[&str]) -> Result<Vec<Sdk>> {
    in_halves(ids, |ids| described(client, ids)).await
}

async fn described(client: &Client, ids: &[&str]) -> Result<Vec<Sdk>> {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let call = client.ec2.describe_network_acls().set_network_acl_ids(Some(ids));
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

/// Moves subnets back to the VPC's default list.
async fn leave(client: &Client, vpc: &str, subnets: BTreeSet<&Id<Subnet>>) -> Result<()> {
    if subnets.is_empty() {
        return Ok(());
    }
    let call = client.ec2.describe_network_acls().filters(filter("vpc-id", [vpc]));
    let found = call.filters(filter("default", ["true"])).send().await.map_err(failed)?.network_acls;
    let own = found.unwrap_or_default().into_iter().find_map(|acl| acl.network_acl_id);
    move_to(client, subnets, &read::<String, _>(own, "network_acl_id")?).await
}

/// Moves subnets to a list from any other list.
async fn move_to<'a>(
    client: &Client,
    subnets: impl IntoIterator<Item = &'a Id<Subnet>>,
    acl: &str,
) -> Result<()> {
    let subnets: Vec<&str> = subnets.into_iter().map(Id::as_str).collect();
    if subnets.is_empty() {
        return Ok(());
    }
    let filter = filter("association.subnet-id", subnets.iter().copied());
    let call = client.ec2.describe_network_acls().filters(filter);
    let found: Vec<Sdk> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
    let associations = found.into_iter().flat_map(|acl| acl.associations.unwrap_or_default());
    for one in associations {
        let is_meant = one.subnet_id().is_some_and(|subnet| subnets.contains(&subnet));
        if is_meant && one.network_acl_id() != Some(acl) {
            let call = client.ec2.replace_network_acl_association().network_acl_id(acl);
            call.set_association_id(one.network_acl_association_id).send().await.map_err(failed)?;
        }
    }
    Ok(())
}
