//! `data.aws_availability_zones`. EC2 answers all of them at once.

use super::{AvailabilityZones, AvailabilityZonesAttributes, ZoneState};
use crate::{client::prelude::*, data::filter::client::Filters};

words!(ZoneState);

#[async_trait]
impl DataSource<AvailabilityZones> for Client {
    async fn read(&self, asked: &AvailabilityZones) -> Result<AvailabilityZonesAttributes> {
        let state: Option<String> = asked.state.wire();
        let filters = Filters::given(&asked.filter).equal("state", state);
        let call = self.ec2.describe_availability_zones().set_filters(filters.sent());
        let call = call.set_all_availability_zones(asked.all_availability_zones);
        let mut zones = call.send().await.map_err(failed)?.availability_zones.unwrap_or_default();
        zones.retain(|zone| {
            let is_in = |names: &std::collections::BTreeSet<String>, name: Option<&str>| {
                name.is_some_and(|name| names.contains(name))
            };
            !is_in(&asked.exclude_names, zone.zone_name()) && !is_in(&asked.exclude_zone_ids, zone.zone_id())
        });
        zones.sort_by(|one, other| one.zone_name().cmp(&other.zone_name()));
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        Ok(AvailabilityZonesAttributes {
            id: Id::new(self.region()),
            names: zones.iter().map(|zone| text(zone.zone_name())).collect(),
            zone_ids: zones.iter().map(|zone| text(zone.zone_id())).collect(),
            group_names: zones.iter().filter_map(|zone| zone.group_name()).map(str::to_owned).collect(),
        })
    }
}
