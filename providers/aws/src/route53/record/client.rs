//! The calls for records. Changes of one zone are sent together. A read of many records lists the zone.

use std::collections::BTreeMap;

use aws_sdk_route53::types::{
    AliasTarget, Change, ChangeAction, CidrRoutingConfig, Coordinates as SdkPlace, GeoLocation,
    GeoProximityLocation, ResourceRecord, ResourceRecordSet as Sdk,
};
use landform_core::Meaning;

use super::*;
use crate::{
    client::{error::built, prelude::*},
    route53::{changes::submit, client::bare},
};

words!(RecordType, Failover);

/// The maximum number of records of a zone that a look reads one by one. For more, it lists the zone.
const FEW: usize = 3;

/// The maximum number of records in a page of a list.
const LISTED: i32 = 300;

#[async_trait]
impl Calls<Client> for Route53Record {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|record| record.identity().into());
        let mut zones: BTreeMap<&str, Vec<Key<'_>>> = BTreeMap::new();
        for key in ids.iter().filter_map(|id| Key::of(id)) {
            zones.entry(key.zone).or_default().push(key);
        }
        let found = each(zones, async |(zone, keys)| {
            let name = client.zones.name(client, zone).await?;
            let seen = match keys.len() <= FEW {
                true => one_by_one(client, &name, &keys).await?,
                false => listed(client, &name, zone, &keys).await?,
            };
            Ok(Some(seen))
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let action = if self.allow_overwrite { ChangeAction::Upsert } else { ChangeAction::Create };
        let operation = self.send(client, action).await?;
        Ok(Made::id(self.identity()).with_operation(operation))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        // Only the creation uses this field.
        if due.fields() == ["allow_overwrite"] {
            return Ok(Next::Done);
        }
        self.send(client, ChangeAction::Upsert).await.map(Next::Started)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        match prior.arguments.send(client, ChangeAction::Delete).await {
            // Route 53 deletes a record only if the request gives its present values.
            Err(error) if error.provider_code() == Some("InvalidChangeBatch") => {
                match Self::look(client, Which::Ids(&[prior.id()])).await?.pop() {
                    None => Ok(Next::Done),
                    Some(now) if now.object.arguments == prior.arguments => Err(error),
                    Some(now) => {
                        now.object.arguments.send(client, ChangeAction::Delete).await.map(Next::Started)
                    }
                }
            }
            outcome => outcome.map(Next::Started),
        }
    }
}

impl Route53Record {
    /// The zone, the name and the type, and the set identifier if there is one.
    fn identity(&self) -> String {
        let set = self.set_identifier.as_ref().map(|set| format!("_{set}")).unwrap_or_default();
        let name = Meaning::DnsName.canonical(&self.name);
        format!("{}_{name}_{}{set}", bare(self.zone_id.as_str()), Wire::<String>::wire(&self.r#type))
    }

    async fn send(&self, client: &Client, action: ChangeAction) -> Result<landform_kit::Operation> {
        self.makes_sense()?;
        let zone = bare(self.zone_id.as_str());
        let name = client.zones.name(client, zone).await?;
        let change =
            Change::builder().action(action).resource_record_set(self.sdk(&full(&self.name, &name))?);
        submit(client, zone, built(change.build())?).await
    }

    /// Checks in advance whether Route 53 would accept the record.
    fn makes_sense(&self) -> Result<()> {
        let refused = |field: &str, message: &str| Err(Error::new(ErrorKind::Invalid, message).at(field));
        match (&self.alias, self.records.is_empty(), self.ttl) {
            (Some(_), false, _) => return refused("records", "an alias cannot have records"),
            (Some(_), _, Some(_)) => {
                return refused("ttl", "an alias cannot have a ttl: its target's ttl counts");
            }
            (None, true, _) => return refused("records", "expected records or an alias"),
            (None, false, None) => return refused("ttl", "records need a ttl"),
            _ => {}
        }
        let policies = [
            self.weighted_routing_policy.is_some(),
            self.latency_routing_policy.is_some(),
            self.failover_routing_policy.is_some(),
            self.geolocation_routing_policy.is_some(),
            self.cidr_routing_policy.is_some(),
            self.geoproximity_routing_policy.is_some(),
            self.multivalue_answer_routing_policy,
        ];
        match (policies.into_iter().filter(|is_set| *is_set).count(), &self.set_identifier) {
            (0, Some(_)) => refused("set_identifier", "it needs a routing policy"),
            (1, None) => refused("set_identifier", "a record with a routing policy needs a set_identifier"),
            (2.., _) => refused("set_identifier", "expected one routing policy, found several"),
            _ => Ok(()),
        }
    }

    fn sdk(&self, name: &str) -> Result<Sdk> {
        let quoted = |value: &String| match self.is_text() {
            true => format!("\"{value}\""),
            false => value.clone(),
        };
        let records =
            self.records.iter().map(|value| built(ResourceRecord::builder().value(quoted(value)).build()));
        let records: Vec<ResourceRecord> = records.collect::<Result<_>>()?;
        let alias = self.alias.as_ref().map(|alias| {
            let target = AliasTarget::builder().dns_name(&alias.name).hosted_zone_id(&alias.zone_id);
            built(target.evaluate_target_health(alias.evaluate_target_health).build())
        });
        let place = self.geolocation_routing_policy.as_ref().map(|place| {
            GeoLocation::builder()
                .set_continent_code(place.continent.wire())
                .set_country_code(place.country.wire())
                .set_subdivision_code(place.subdivision.wire())
                .build()
        });
        let near = self.geoproximity_routing_policy.as_ref().map(|near| {
            let place = near.coordinates.as_ref().map(|place| {
                built(SdkPlace::builder().latitude(&place.latitude).longitude(&place.longitude).build())
            });
            let near = GeoProximityLocation::builder()
                .set_aws_region(near.aws_region.wire())
                .set_local_zone_group(near.local_zone_group.wire())
                .set_coordinates(place.transpose()?)
                .set_bias(near.bias.wire());
            Ok::<_, Error>(near.build())
        });
        let ranges = self.cidr_routing_policy.as_ref().map(|ranges| {
            let config = CidrRoutingConfig::builder().collection_id(&ranges.collection_id);
            built(config.location_name(&ranges.location_name).build())
        });
        let set = Sdk::builder()
            .name(name)
            .set_type(self.r#type.wire())
            .set_set_identifier(self.set_identifier.wire())
            .set_ttl(self.ttl.wire())
            .set_resource_records((!records.is_empty()).then_some(records))
            .set_alias_target(alias.transpose()?)
            .set_health_check_id(self.health_check_id.wire())
            .set_weight(self.weighted_routing_policy.as_ref().map(|policy| policy.weight.into()))
            .set_region(self.latency_routing_policy.as_ref().map(|policy| policy.region.as_str().into()))
            .set_failover(self.failover_routing_policy.as_ref().and_then(|policy| policy.r#type.wire()))
            .set_geo_location(place)
            .set_cidr_routing_config(ranges.transpose()?)
            .set_geo_proximity_location(near.transpose()?)
            .set_multi_value_answer(self.multivalue_answer_routing_policy.then_some(true));
        built(set.build())
    }

    /// Whether its values are in quotes.
    fn is_text(&self) -> bool {
        matches!(self.r#type, RecordType::Txt | RecordType::Spf)
    }
}

/// The full name of a record in a zone. A declaration may leave out the zone's name, as in Terraform.
fn full(name: &str, zone: &str) -> String {
    let canonical = Meaning::DnsName.canonical(name);
    let inside = canonical.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    match canonical.is_empty() {
        true => zone.to_owned(),
        false if inside || name.ends_with('.') => canonical.into_owned(),
        false => format!("{canonical}.{zone}"),
    }
}

/// The parts of a record's id.
#[derive(Debug, PartialEq)]
struct Key<'a> {
    id: &'a str,
    zone: &'a str,
    name: &'a str,
    kind: RecordType,
    set: Option<&'a str>,
}

impl<'a> Key<'a> {
    /// Names are in lower case and types in upper case, so the first part that is a type is the record's type.
    fn of(id: &'a str) -> Option<Self> {
        let (zone, rest) = id.strip_prefix("/hostedzone/").unwrap_or(id).split_once('_')?;
        let ends = rest.match_indices('_').map(|(at, _)| at + 1);
        ends.into_iter().find_map(|at| {
            let (kind, set) = match rest[at..].split_once('_') {
                Some((kind, set)) => (kind, Some(set)),
                None => (&rest[at..], None),
            };
            let kind = <RecordType as landform_kit::Text>::from_text(kind).ok()?;
            Some(Self { id, zone, name: &rest[..at - 1], kind, set })
        })
    }

    /// Whether the id names a record set of the zone with this name.
    fn is(&self, zone: &str, set: &Sdk) -> bool {
        set.r#type.as_str() == Wire::<String>::wire(&self.kind)
            && set.set_identifier.as_deref() == self.set
            && Meaning::DnsName.canonical(&set.name) == full(self.name, zone)
    }

    fn seen(&self, zone: &str, set: &Sdk) -> Result<Seen<Route53Record>> {
        let set = set.clone();
        let is_text = matches!(self.kind, RecordType::Txt | RecordType::Spf);
        let unquoted = |value: String| match value.strip_prefix('"').and_then(|value| value.strip_suffix('"'))
        {
            Some(inner) if is_text => inner.to_owned(),
            _ => value,
        };
        let records = set.resource_records.unwrap_or_default().into_iter();
        let place = set.geo_location.map(|place| {
            Ok::<_, Error>(read!(place => GeolocationRouting {
                continent: continent_code, country: country_code, subdivision: subdivision_code,
            }))
        });
        let weight = set
            .weight
            .map(|weight| Ok::<_, Error>(WeightedRouting { weight: read(Some(weight), "weight")? }));
        let failover = set
            .failover
            .map(|kind| Ok::<_, Error>(FailoverRouting { r#type: read(Some(kind), "failover")? }));
        let arguments = Route53Record {
            zone_id: Id::new(self.zone),
            // The name as declared, full or relative.
            name: self.name.to_owned(),
            r#type: self.kind,
            records: records.map(|record| unquoted(record.value)).collect(),
            ttl: read(set.ttl, "ttl")?,
            alias: set.alias_target.map(|target| Alias {
                name: Meaning::DnsName.canonical(&target.dns_name).into_owned(),
                zone_id: bare(&target.hosted_zone_id).to_owned(),
                evaluate_target_health: target.evaluate_target_health,
            }),
            set_identifier: set.set_identifier,
            health_check_id: read(set.health_check_id, "health_check_id")?,
            weighted_routing_policy: weight.transpose()?,
            latency_routing_policy: set
                .region
                .map(|region| LatencyRouting { region: region.as_str().to_owned() }),
            failover_routing_policy: failover.transpose()?,
            geolocation_routing_policy: place.transpose()?,
            cidr_routing_policy: set.cidr_routing_config.map(|ranges| CidrRouting {
                collection_id: ranges.collection_id,
                location_name: ranges.location_name,
            }),
            geoproximity_routing_policy: set.geo_proximity_location.map(near).transpose()?,
            allow_overwrite: false,
            multivalue_answer_routing_policy: set.multi_value_answer.unwrap_or_default(),
        };
        let attributes = Route53RecordAttributes { id: Id::new(self.id), fqdn: full(self.name, zone) };
        Ok(Seen::new(arguments, attributes))
    }
}

fn near(near: GeoProximityLocation) -> Result<GeoproximityRouting> {
    let place =
        near.coordinates.map(|place| Coordinates { latitude: place.latitude, longitude: place.longitude });
    Ok(read!(near => GeoproximityRouting {
        aws_region, local_zone_group, coordinates = place, bias = near.bias.unwrap_or_default(),
    }))
}

/// Reads each record by its position in the zone.
async fn one_by_one(client: &Client, name: &str, keys: &[Key<'_>]) -> Result<Vec<Seen<Route53Record>>> {
    each(keys, async |key| {
        let call = client.route53.list_resource_record_sets().hosted_zone_id(key.zone);
        let call = call.start_record_name(full(key.name, name)).set_start_record_type(key.kind.wire());
        let call = call.set_start_record_identifier(key.set.map(str::to_owned));
        let page = call.max_items(if key.set.is_some() { LISTED } else { 1 }).send().await.map_err(failed)?;
        let found = page.resource_record_sets.iter().find(|set| key.is(name, set));
        found.map(|set| key.seen(name, set)).transpose()
    })
    .await
}

/// Lists the zone until all are found.
async fn listed(
    client: &Client,
    name: &str,
    zone: &str,
    keys: &[Key<'_>],
) -> Result<Vec<Seen<Route53Record>>> {
    let mut open: BTreeMap<(String, String, Option<String>), Vec<&Key<'_>>> = BTreeMap::new();
    for key in keys {
        let place = (full(key.name, name), key.kind.wire(), key.set.map(str::to_owned));
        open.entry(place).or_default().push(key);
    }
    let mut all = Vec::new();
    let mut next = (None, None, None);
    loop {
        let call = client.route53.list_resource_record_sets().hosted_zone_id(zone).max_items(LISTED);
        let call = call.set_start_record_name(next.0).set_start_record_type(next.1);
        let page = call.set_start_record_identifier(next.2).send().await.map_err(failed)?;
        for set in &page.resource_record_sets {
            let place = (
                Meaning::DnsName.canonical(&set.name).into_owned(),
                set.r#type.as_str().to_owned(),
                set.set_identifier.clone(),
            );
            for key in open.remove(&place).into_iter().flatten() {
                all.push(key.seen(name, set)?);
            }
        }
        if open.is_empty() || !page.is_truncated {
            return Ok(all);
        }
        next = (page.next_record_name, page.next_record_type, page.next_record_identifier);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn ids_are_taken_apart_though_names_have_underscores() {
        for (id, name, kind, set) in [
            ("Z1_www.example.com_A", "www.example.com", RecordType::A, None),
            ("/hostedzone/Z1_www_A", "www", RecordType::A, None),
            ("Z1__acme-challenge.x_TXT", "_acme-challenge.x", RecordType::Txt, None),
            ("Z1__sip._tcp_SRV_blue_A", "_sip._tcp", RecordType::Srv, Some("blue_A")),
            ("Z1__MX", "", RecordType::Mx, None),
        ] {
            let key = Key::of(id).unwrap();
            assert_eq!((key.zone, key.name, key.kind, key.set), ("Z1", name, kind, set), "{id}");
        }
        for id in ["Z1", "Z1_www", "Z1_www_B", "www.example.com"] {
            assert_eq!(Key::of(id), None, "{id}");
        }
    }

    #[test]
    fn names_are_full_with_or_without_the_zone() {
        for (name, expected) in [
            ("www", "www.example.com"),
            ("", "example.com"),
            ("example.com", "example.com"),
            ("WWW.Example.com.", "www.example.com"),
            ("\\052.example.com", "*.example.com"),
            ("notexample.com", "notexample.com.example.com"),
            ("other.org.", "other.org"),
        ] {
            assert_eq!(full(name, "example.com"), expected, "{name}");
        }
    }
}
