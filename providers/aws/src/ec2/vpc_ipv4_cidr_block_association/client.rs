//! The calls for further IPv4 ranges of VPCs. They have no tags, so the client finds a range in its VPC.

use aws_sdk_ec2::types::VpcCidrBlockStateCode as Code;

use super::{VpcIpv4CidrBlockAssociation, VpcIpv4CidrBlockAssociationAttributes};
use crate::{client::prelude::*, ec2::client::*};

#[async_trait]
impl Calls<Client> for VpcIpv4CidrBlockAssociation {
    const LISTS: bool = true;
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        // An account has few VPCs. Reading all of them takes no more calls than asking for some ranges.
        let call = client.ec2.describe_vpcs();
        let call = match which {
            Which::Ids(_) | Which::Beside(_) => call,
            Which::Attempt(_, wanted) => call.filters(filter("vpc-id", [wanted.vpc_id.as_str()])),
        };
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let mut all = Vec::new();
        for vpc in found {
            let main = vpc.cidr_block.clone();
            let ranges = vpc.cidr_block_association_set.unwrap_or_default().into_iter();
            for range in ranges.filter(|range| range.cidr_block != main) {
                let id: String = read(range.association_id.clone(), "association_id")?;
                let arguments = VpcIpv4CidrBlockAssociation {
                    vpc_id: read(vpc.vpc_id.clone(), "vpc_id")?,
                    cidr_block: read(range.cidr_block.clone(), "cidr_block")?,
                };
                let asked = match which {
                    Which::Ids(ids) => ids.contains(&id.as_str()),
                    Which::Beside(_) => true,
                    Which::Attempt(_, wanted) => wanted.cidr_block == arguments.cidr_block,
                };
                let code = range.cidr_block_state.as_ref().and_then(|state| state.state.clone());
                let state = match code {
                    // AWS shows removed ranges for a while.
                    Some(Code::Disassociated) => continue,
                    Some(Code::Disassociating) => State::Leaving,
                    code => State::busy_if(code == Some(Code::Associating), "waiting for the range"),
                };
                let attributes = VpcIpv4CidrBlockAssociationAttributes { id: Id::new(id) };
                all.extend(asked.then(|| Seen::new(arguments, attributes).state(state)));
            }
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client.ec2.associate_vpc_cidr_block().set_vpc_id(self.vpc_id.wire());
        let made = call.set_cidr_block(self.cidr_block.wire()).send().await.map_err(failed)?;
        Made::answered(made.cidr_block_association.and_then(|range| range.association_id))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let call = client.ec2.disassociate_vpc_cidr_block().association_id(prior.id());
        call.send().await.map_err(failed)?;
        Ok(Next::wait("waiting for the removal of the range"))
    }
}
