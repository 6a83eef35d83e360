//! The code that the calls of Auto Scaling's types share: groups, by their names.

use aws_sdk_autoscaling::types::{AutoScalingGroup, Tag};

use crate::client::prelude::*;

/// How many names one look takes, and how many groups a page has.
pub(crate) const PAGE: usize = 100;

/// The resource type of a group in AWS's tags.
pub(crate) const GROUP: &str = "auto-scaling-group";

/// The groups with these names. It leaves out groups that do not exist.
pub(crate) async fn groups(client: &Client, names: &[&str]) -> Result<Vec<AutoScalingGroup>> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let call = client.autoscaling.describe_auto_scaling_groups().set_auto_scaling_group_names(Some(names));
    call.max_records(100).into_paginator().items().send().try_collect().await.map_err(failed)
}

/// A tag of a group.
pub(crate) fn group_tag(group: &str, key: &str, value: &str, propagated: bool) -> Tag {
    Tag::builder()
        .resource_id(group)
        .resource_type(GROUP)
        .key(key)
        .value(value)
        .propagate_at_launch(propagated)
        .build()
}
