//! `data.aws_route53_zone`.

use aws_sdk_route53::operation::list_hosted_zones::ListHostedZonesError;
use landform_core::Meaning;

use super::{Route53Zone, Route53ZoneAttributes};
use crate::{
    client::{error::operation, prelude::*},
    route53::client::{bare, tags_of},
};

#[async_trait]
impl DataSource<Route53Zone> for Client {
    async fn read(&self, asked: &Route53Zone) -> Result<Route53ZoneAttributes> {
        if asked.zone_id.is_some() == asked.name.is_some() {
            return Err(Error::new(ErrorKind::Invalid, "expected one of zone_id and name").at("zone_id"));
        }
        let private = asked.private_zone || asked.vpc_id.is_some();
        let ids: Vec<String> = match &asked.zone_id {
            Some(id) => vec![bare(id.as_str()).to_owned()],
            None => {
                let pages = self.route53.list_hosted_zones().into_paginator();
                let all: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
                let fits = all.into_iter().filter(|zone| {
                    let is_private = zone.config().is_some_and(|config| config.private_zone());
                    let named = |name: &String| Meaning::DnsName.same(zone.name(), name);
                    is_private == private && asked.name.as_ref().is_some_and(named)
                });
                fits.map(|zone| bare(&zone.id).to_owned()).collect()
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
        let named = |error: Error| error.operation(operation::<ListHostedZonesError>());
        let (id, found) = only(asked, zones).map_err(named)?;
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
