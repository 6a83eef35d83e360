//! `data.aws_route53_zone`.

use aws_sdk_route53::operation::list_hosted_zones_by_name::ListHostedZonesByNameError;
use landform_core::Meaning;

use super::{Route53Zone, Route53ZoneAttributes};
use crate::{
    client::{error::one, prelude::*},
    route53::client::{bare, tags_of, zones_named},
};

#[async_trait]
impl DataSource<Route53Zone> for Client {
    async fn read(&self, asked: &Route53Zone) -> Result<Route53ZoneAttributes> {
        let private = asked.private_zone || asked.vpc_id.is_some();
        let ids: Vec<String> = match (&asked.zone_id, &asked.name) {
            (Some(id), None) => vec![bare(id.as_str()).to_owned()],
            (None, Some(name)) => {
                let mut zones = zones_named(self, name).await?;
                zones.retain(|zone| zone.config().is_some_and(|config| config.private_zone()) == private);
                zones.into_iter().map(|zone| bare(&zone.id).to_owned()).collect()
            }
            _ => {
                let message = "expected one of zone_id and name";
                return Err(Error::new(ErrorKind::Invalid, message).at("zone_id"));
            }
        };
        let zones = each(ids, async |id| {
            let found = self.route53.get_hosted_zone().id(&id).send().await.map_err(failed)?;
            Ok(Some((id, found)))
        });
        let mut zones = zones.await?;
        if let Some(vpc) = &asked.vpc_id {
            zones.retain(|(_, zone)| zone.vpcs().iter().any(|one| one.vpc_id() == Some(vpc.as_str())));
        }
        let there: Vec<String> = zones.iter().map(|(id, _)| id.clone()).collect();
        let mut tags = if there.is_empty() { Default::default() } else { tags_of(self, &there).await? };
        zones.retain(|(id, _)| {
            let own = tags.get(id).map(Vec::as_slice).unwrap_or_default();
            asked.tags.iter().all(|(key, value)| {
                own.iter().any(|tag| tag.key() == Some(key) && tag.value() == Some(value))
            })
        });
        let (id, found) = one::<ListHostedZonesByNameError, _>(asked, zones)?;
        let Some(zone) = found.hosted_zone else {
            return Err(landform_kit::senseless("the answer has no zone"));
        };
        let mut name_servers = found.delegation_set.map(|set| set.name_servers).unwrap_or_default();
        name_servers.sort();
        let is_private = zone.config.as_ref().is_some_and(|config| config.private_zone);
        Ok(Route53ZoneAttributes {
            arn: format!("arn:{}:route53:::hostedzone/{id}", self.partition()),
            zone_id: Id::new(&id),
            name: Meaning::DnsName.canonical(&zone.name).into_owned(),
            comment: zone.config.and_then(|config| config.comment).unwrap_or_default(),
            private_zone: is_private,
            name_servers,
            resource_record_set_count: read(zone.resource_record_set_count, "resource_record_set_count")?,
            tags: self.shown(given(tags.remove(&id))),
            id: Id::new(id),
        })
    }
}
