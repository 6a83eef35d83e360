//! The calls for associations of subnets with route tables. The subnet identifies an association, because AWS's id
//! changes with the table.

use aws_sdk_ec2::types::RouteTableAssociationStateCode as Code;

use super::{RouteTableAssociation, RouteTableAssociationAttributes};
use crate::{
    client::prelude::*,
    ec2::{
        client::{filter, unless_all},
        route_table::client::route_tables,
    },
};

#[async_trait]
impl Calls<Client> for RouteTableAssociation {
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let subnets = which.ids_or(|wanted| wanted.subnet_id.as_str().into());
        let tables = filter("association.subnet-id", subnets.iter().map(|id| &**id));
        let tables = route_tables(client, unless_all(which, tables)).await?;
        let associations = tables.into_iter().flat_map(|table| table.associations.unwrap_or_default());
        let wanted = associations.filter(|one| {
            one.subnet_id().is_some_and(|subnet| {
                matches!(which, Which::Beside(_)) || subnets.iter().any(|wanted| wanted == subnet)
            })
        });
        let seen = wanted.map(|association| {
            let code = association.association_state().and_then(|state| state.state());
            let state = match code {
                Some(Code::Disassociating | Code::Disassociated) => State::Leaving,
                code => State::busy_if(code == Some(&Code::Associating), "waiting for the association"),
            };
            let attributes = RouteTableAssociationAttributes {
                id: read(association.subnet_id.clone(), "subnet_id")?,
                association_id: read(association.route_table_association_id, "route_table_association_id")?,
            };
            let arguments = read!(association => RouteTableAssociation { subnet_id, route_table_id });
            Ok(Seen::new(arguments, attributes).state(state))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client.ec2.associate_route_table().set_subnet_id(self.subnet_id.wire());
        call.set_route_table_id(self.route_table_id.wire()).send().await.map_err(failed)?;
        Ok(Made::id(self.subnet_id.as_str()))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        let call = client.ec2.replace_route_table_association();
        let call = call.association_id(&seen.object.attributes.association_id);
        call.set_route_table_id(self.route_table_id.wire()).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        // The present association may have another id than the recorded one.
        for now in Self::look(client, Which::Ids(&[prior.id()])).await? {
            let call = client.ec2.disassociate_route_table();
            call.association_id(now.object.attributes.association_id).send().await.map_err(failed)?;
        }
        Ok(Next::Done)
    }
}
