//! `data.aws_autoscaling_groups`.

use aws_sdk_autoscaling::types::Filter;

use super::{AutoscalingGroups, AutoscalingGroupsAttributes};
use crate::client::prelude::*;

#[async_trait]
impl DataSource<AutoscalingGroups> for Client {
    async fn read(&self, asked: &AutoscalingGroups) -> Result<AutoscalingGroupsAttributes> {
        let filters = asked.filter.iter().map(|filter| {
            let values = filter.values.iter().cloned().collect();
            Filter::builder().name(&filter.name).set_values(Some(values)).build()
        });
        let filters: Vec<Filter> = filters.collect();
        let call = self.autoscaling.describe_auto_scaling_groups();
        let call = call.set_auto_scaling_group_names(asked.names.wire());
        let pages = call.set_filters((!filters.is_empty()).then_some(filters)).into_paginator();
        let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
        let mut found: Vec<(String, String)> = found
            .into_iter()
            .filter_map(|group| group.auto_scaling_group_name.zip(group.auto_scaling_group_arn))
            .collect();
        found.sort();
        let (names, arns) = found.into_iter().unzip();
        Ok(AutoscalingGroupsAttributes { id: Id::new(self.region()), names, arns })
    }
}
