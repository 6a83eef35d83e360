//! The calls for the DHCP options of VPCs. A VPC without an association has the account's default options.

use super::{VpcDhcpOptionsAssociation, VpcDhcpOptionsAssociationAttributes};
use crate::{client::prelude::*, ec2::client::*};

/// The value for the account's default options. No call removes options.
const DEFAULT: &str = "default";

#[async_trait]
impl Calls<Client> for VpcDhcpOptionsAssociation {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let asked = which.ids_or(|association| association.identity().into());
        let asked: Vec<(&str, &str, String)> = asked
            .iter()
            .filter_map(|id| {
                let (options, vpc) = id.split_once("-vpc-")?;
                Some((&**id, options, format!("vpc-{vpc}")))
            })
            .collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let vpcs = asked.iter().map(|(.., vpc)| vpc.as_str());
        let call = client.ec2.describe_vpcs().filters(filter("vpc-id", vpcs));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let has = |vpc: &str, options: &str| {
            let vpc = found.iter().find(|found| found.vpc_id() == Some(vpc));
            vpc.is_some_and(|vpc| vpc.dhcp_options_id() == Some(options))
        };
        let there = asked.into_iter().filter(|(_, options, vpc)| has(vpc, options));
        let seen = there.map(|(id, options, vpc)| {
            let arguments =
                VpcDhcpOptionsAssociation { vpc_id: Id::new(vpc), dhcp_options_id: Id::new(options) };
            Seen::new(arguments, VpcDhcpOptionsAssociationAttributes { id: Id::new(id) })
        });
        Ok(seen.collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client.ec2.associate_dhcp_options().set_vpc_id(self.vpc_id.wire());
        call.set_dhcp_options_id(self.dhcp_options_id.wire()).send().await.map_err(failed)?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        // Somebody else may have set other options for the VPC. They stay.
        if Self::look(client, Which::Ids(&[prior.id()])).await?.is_empty() {
            return Ok(Next::Done);
        }
        let call = client.ec2.associate_dhcp_options().set_vpc_id(prior.arguments.vpc_id.wire());
        call.dhcp_options_id(DEFAULT).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl VpcDhcpOptionsAssociation {
    /// The options and the VPC, which identify an association in AWS.
    fn identity(&self) -> String {
        format!("{}-{}", self.dhcp_options_id, self.vpc_id)
    }
}
