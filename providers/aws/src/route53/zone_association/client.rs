//! The calls for associations. Route 53 lists them by VPC, even if the zone belongs to another account.

use std::collections::BTreeSet;

use super::{Route53ZoneAssociation, Route53ZoneAssociationAttributes};
use crate::{client::prelude::*, route53::client::*};

#[async_trait]
impl Calls<Client> for Route53ZoneAssociation {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let wanted = which.ids_or(|wanted| wanted.identity(client).into());
        let wanted: Vec<Parts<'_>> = wanted.iter().filter_map(|id| Parts::of(client, id)).collect();
        let vpcs: BTreeSet<(&str, &str)> = wanted.iter().map(|parts| (parts.vpc, parts.region)).collect();
        let found =
            each(vpcs, async |(vpc, region)| Ok(Some((vpc, region, zones(client, vpc, region).await?))));
        let mut all = Vec::new();
        for (vpc, region, zones) in found.await? {
            for (zone, owner) in zones {
                let is_wanted =
                    |parts: &&Parts<'_>| (parts.zone, parts.vpc, parts.region) == (&*zone, vpc, region);
                all.extend(wanted.iter().filter(is_wanted).map(|parts| parts.seen(&owner)));
            }
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let call =
            client.route53.associate_vpc_with_hosted_zone().hosted_zone_id(bare(self.zone_id.as_str()));
        let call = call.vpc(vpc(client, self.vpc_id.as_str(), self.vpc_region.as_deref()));
        let change = call.send().await.map_err(failed)?.change_info;
        let made = Made::id(self.identity(client));
        Ok(match operation(change) {
            Ok(operation) => made.with_operation(operation),
            Err(_) => made,
        })
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let Route53ZoneAssociation { zone_id, vpc_id, vpc_region } = &prior.arguments;
        let call = client.route53.disassociate_vpc_from_hosted_zone().hosted_zone_id(bare(zone_id.as_str()));
        let call = call.vpc(vpc(client, vpc_id.as_str(), vpc_region.as_deref()));
        match call.send().await.map_err(failed) {
            Ok(gone) => Ok(Next::Started(operation(gone.change_info)?)),
            // After this VPC's removal, Route 53 may answer this about another VPC.
            Err(error) if error.provider_code() == Some("LastVPCAssociation") => {
                let there = Self::look(client, Which::Ids(&[prior.id()])).await?;
                if there.is_empty() { Ok(Next::Done) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }
}

impl Route53ZoneAssociation {
    /// The zone and the VPC, and the region if it is not the client's.
    fn identity(&self, client: &Client) -> String {
        let (zone, vpc) = (bare(self.zone_id.as_str()), &self.vpc_id);
        match self.vpc_region.as_deref().filter(|region| *region != client.region()) {
            Some(region) => format!("{zone}:{vpc}:{region}"),
            None => format!("{zone}:{vpc}"),
        }
    }
}

/// The parts of an id.
struct Parts<'a> {
    id: &'a str,
    zone: &'a str,
    vpc: &'a str,
    region: &'a str,
}

impl<'a> Parts<'a> {
    fn of(client: &'a Client, id: &'a str) -> Option<Self> {
        let (zone, rest) = id.split_once(':')?;
        let (vpc, region) = rest.split_once(':').unwrap_or((rest, client.region()));
        Some(Self { id, zone: bare(zone), vpc, region })
    }

    fn seen(&self, owner: &str) -> Seen<Route53ZoneAssociation> {
        let arguments = Route53ZoneAssociation {
            zone_id: Id::new(self.zone),
            vpc_id: Id::new(self.vpc),
            vpc_region: Some(self.region.to_owned()),
        };
        let attributes =
            Route53ZoneAssociationAttributes { id: Id::new(self.id), owning_account: owner.to_owned() };
        Seen::new(arguments, attributes)
    }
}

/// The zones that a VPC sees, with the accounts that own them.
async fn zones(client: &Client, vpc: &str, region: &str) -> Result<Vec<(String, String)>> {
    landform_kit::in_pages(async |next| {
        let call = client.route53.list_hosted_zones_by_vpc().vpc_id(vpc).vpc_region(region.into());
        let page = call.set_next_token(next).send().await.map_err(failed)?;
        let zones = page.hosted_zone_summaries.into_iter().map(|zone| {
            let owner = zone.owner.and_then(|owner| owner.owning_account.or(owner.owning_service));
            (bare(&zone.hosted_zone_id).to_owned(), owner.unwrap_or_default())
        });
        Ok((zones.collect(), page.next_token))
    })
    .await
}
