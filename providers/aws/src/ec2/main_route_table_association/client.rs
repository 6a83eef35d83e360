//! The calls for the main route tables of VPCs. AWS gives every VPC one. The client replaces it, and a deletion
//! restores it.

use std::collections::HashMap;

use aws_sdk_ec2::types::RouteTable as Table;

use super::{MainRouteTableAssociation, MainRouteTableAssociationAttributes};
use crate::{
    client::{TOKEN_TAG, prelude::*},
    ec2::{client::filter, route_table::client::route_tables},
};

#[async_trait]
impl Calls<Client> for MainRouteTableAssociation {
    /// A deletion restores the VPC's former table, so looks still show one.
    const RESETS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let vpcs = which.ids_or(|wanted| wanted.vpc_id.as_str().into());
        let main = main_tables(client, vpcs.iter().map(|vpc| &**vpc)).await?;
        Ok(main.into_iter().map(|(vpc, main)| main.seen(vpc, None)).collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let vpc = self.vpc_id.as_str();
        let Some(main) = main_tables(client, [vpc]).await?.remove(vpc) else {
            let message = format!("the VPC {vpc} does not show its main route table yet");
            return Err(Error::new(ErrorKind::NotFound, message).at("vpc_id"));
        };
        if main.table == self.route_table_id.as_str() {
            let former = former(client, vpc, &main.table).await?.pop();
            return Ok(Made::seen(main.seen(vpc.to_owned(), former)));
        }
        let call = client.ec2.replace_route_table_association().association_id(&main.association);
        let call = call.set_route_table_id(self.route_table_id.wire());
        let new = call.send().await.map_err(failed)?.new_association_id;
        let original = main.table;
        let main =
            Main { association: read(new, "new_association_id")?, table: self.route_table_id.to_string() };
        Ok(Made::seen(main.seen(vpc.to_owned(), Some(original))))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        replace(client, &seen.object.attributes.association_id, self.route_table_id.as_str()).await
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let vpc = prior.id();
        let Some(main) = main_tables(client, [vpc]).await?.remove(vpc) else { return Ok(Next::Done) };
        let own = prior.arguments.route_table_id.as_str();
        // Somebody else made another table the main one. This deletion must not change it.
        if main.table != own {
            return Ok(Next::Done);
        }
        let original = match &prior.attributes.original_route_table_id {
            Some(original) => original.clone(),
            None => {
                let mut former = former(client, vpc, own).await?;
                match (former.pop(), former.is_empty()) {
                    (Some(one), true) => one,
                    _ => {
                        let message = "the state does not record the former main route table: make another table of the \
                                       VPC the main one, then delete again";
                        return Err(Error::new(ErrorKind::Invalid, message));
                    }
                }
            }
        };
        replace(client, &main.association, &original).await?;
        Ok(Next::Done)
    }
}

/// The association that makes a table the main one of its VPC.
struct Main {
    association: String,
    table: String,
}

impl Main {
    fn seen(self, vpc: String, original: Option<String>) -> Seen<MainRouteTableAssociation> {
        let arguments =
            MainRouteTableAssociation { vpc_id: Id::new(&vpc), route_table_id: Id::new(self.table) };
        let attributes = MainRouteTableAssociationAttributes {
            id: Id::new(vpc),
            association_id: self.association,
            original_route_table_id: original,
        };
        Seen::new(arguments, attributes)
    }
}

async fn replace(client: &Client, association: &str, table: &str) -> Result<Next> {
    let call = client.ec2.replace_route_table_association().association_id(association);
    call.route_table_id(table).send().await.map_err(failed)?;
    Ok(Next::Changed)
}

/// The main tables of VPCs, by VPC.
async fn main_tables<'a>(
    client: &Client,
    vpcs: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, Main>> {
    let call = client.ec2.describe_route_tables().filters(filter("vpc-id", vpcs));
    let pages = call.filters(filter("association.main", ["true"])).into_paginator();
    let found: Vec<Table> = pages.items().send().try_collect().await.map_err(failed)?;
    let main = found.into_iter().filter_map(|table| {
        let mut associations = table.associations.unwrap_or_default().into_iter();
        let association = associations.find(|one| one.main == Some(true))?.route_table_association_id?;
        Some((table.vpc_id?, Main { association, table: table.route_table_id? }))
    });
    Ok(main.collect())
}

/// The tables that may have been the main one before: those that no declaration made and no subnet uses.
async fn former(client: &Client, vpc: &str, now: &str) -> Result<Vec<String>> {
    let tables = route_tables(client, Some(vec![filter("vpc-id", [vpc])])).await?;
    let unused = tables.into_iter().filter(|table| {
        let declared = table.tags().iter().any(|tag| tag.key() == Some(TOKEN_TAG));
        !declared && table.associations().is_empty() && table.route_table_id() != Some(now)
    });
    Ok(unused.filter_map(|table| table.route_table_id).collect())
}
