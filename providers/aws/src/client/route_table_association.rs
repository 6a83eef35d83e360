//! Associations of subnets with route tables, known by the subnet: AWS's own id changes when the table does.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use aws_sdk_ec2::types::{RouteTableAssociationStateCode, Tag};
use landform_core::{Call, FindBy, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::failed,
    once,
    values::text,
};
use crate::{RouteTableAssociation, RouteTableAssociationAttributes};

type Seen = aws_sdk_ec2::types::RouteTableAssociation;

#[async_trait]
impl Ec2 for RouteTableAssociation {
    type Seen = Seen;
    const FIND: FindBy = FindBy::Identity;
    const PREFIX: &'static str = "subnet-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen>> {
        let one;
        let subnets = match which {
            Which::Ids(ids) => ids,
            Which::Attempt(_, arguments) => {
                one = [arguments.subnet_id.as_str()];
                &one[..]
            }
        };
        let tables = client.route_tables("association.subnet-id", subnets.iter().copied()).await?;
        let associations = tables.into_iter().flat_map(|table| table.associations.unwrap_or_default());
        Ok(associations
            .filter(|association| {
                let state = association.association_state().and_then(|state| state.state());
                let leaving = matches!(
                    state,
                    Some(
                        RouteTableAssociationStateCode::Disassociating
                            | RouteTableAssociationStateCode::Disassociated
                    )
                );
                !leaving && association.subnet_id().is_some_and(|subnet| subnets.contains(&subnet))
            })
            .collect())
    }

    fn id(seen: &Seen) -> Cow<'_, str> {
        seen.subnet_id().unwrap_or_default().into()
    }

    fn tags<'a>(&'a self, _: &'a Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        None
    }

    fn observe(_: &Client, seen: &Seen) -> Result<Observed<Self>> {
        let subnet = text(seen.subnet_id());
        Ok(Observed {
            arguments: RouteTableAssociation {
                subnet_id: Id::new(subnet.clone()),
                route_table_id: Id::new(text(seen.route_table_id())),
            },
            attributes: RouteTableAssociationAttributes {
                id: Id::new(subnet),
                association_id: text(seen.route_table_association_id()),
            },
        })
    }

    async fn make(&self, client: &Client, _: Call<'_>) -> Result<String> {
        let call = client.ec2.associate_route_table().subnet_id(self.subnet_id.as_str());
        let call = call.route_table_id(self.route_table_id.as_str());
        let call = call.customize().config_override(once());
        call.send().await.map_err(failed("AssociateRouteTable"))?;
        Ok(self.subnet_id.to_string())
    }

    async fn approach(&self, client: &Client, seen: &Seen) -> Result<Next> {
        let state = seen.association_state().and_then(|state| state.state());
        if state == Some(&RouteTableAssociationStateCode::Associating) {
            return Ok(Next::Wait("waiting for the association"));
        }
        if seen.route_table_id() == Some(self.route_table_id.as_str()) {
            return Ok(Next::Done);
        }
        let call = client.ec2.replace_route_table_association();
        let call = call.set_association_id(seen.route_table_association_id.clone());
        let call = call.route_table_id(self.route_table_id.as_str());
        call.send().await.map_err(failed("ReplaceRouteTableAssociation"))?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        // The one there is now, whatever its id was before.
        for seen in Self::look(client, Which::Ids(&[prior.id()])).await? {
            let call = client.ec2.disassociate_route_table();
            let call = call.set_association_id(seen.route_table_association_id);
            call.send().await.map_err(failed("DisassociateRouteTable"))?;
        }
        Ok(())
    }
}
