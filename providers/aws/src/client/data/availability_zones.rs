//! `data.aws_availability_zones`. EC2 answers all of them at once.

use async_trait::async_trait;
use landform_core::{DataSource, Id, Result};

use super::filters::Filters;
use crate::{
    client::{Client, error::failed, values::text},
    data::{AvailabilityZones, AvailabilityZonesAttributes, ZoneState},
};

/// What tells an availability zone from a local one, as a filter and as a value.
const KIND: &str = "zone-type";
const USUAL: &str = "availability-zone";

#[async_trait]
impl DataSource<AvailabilityZones> for Client {
    async fn read(&self, asked: &AvailabilityZones) -> Result<AvailabilityZonesAttributes> {
        let filters = Filters::given(&asked.filter).equal("state", asked.state.map(word));
        let call = self.ec2.describe_availability_zones().set_filters(filters.sent());
        let answer = call.send().await.map_err(failed("DescribeAvailabilityZones"))?;
        let mut zones = answer.availability_zones.unwrap_or_default();
        if asked.filter.iter().all(|filter| filter.name != KIND) {
            zones.retain(|zone| zone.zone_type().is_none_or(|kind| kind == USUAL));
        }
        zones.sort_by(|one, other| one.zone_name().cmp(&other.zone_name()));
        Ok(AvailabilityZonesAttributes {
            id: Id::new(self.region()),
            names: zones.iter().map(|zone| text(zone.zone_name())).collect(),
            zone_ids: zones.iter().map(|zone| text(zone.zone_id())).collect(),
            group_names: zones.iter().filter_map(|zone| zone.group_name()).map(str::to_owned).collect(),
        })
    }
}

fn word(state: ZoneState) -> &'static str {
    match state {
        ZoneState::Available => "available",
        ZoneState::Information => "information",
        ZoneState::Impaired => "impaired",
        ZoneState::Unavailable => "unavailable",
        ZoneState::Constrained => "constrained",
    }
}
