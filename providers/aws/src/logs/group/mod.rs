//! `aws_cloudwatch_log_group`.

#[cfg(feature = "logs")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

/// A group of logs that are kept for the same time. Deleting it deletes them.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// stack.add("web", aws::CloudwatchLogGroup::new("/web/access").retention_in_days(30));
/// ```
#[resource(
    "aws_cloudwatch_log_group",
    id = "{name}",
    unique("name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct CloudwatchLogGroup {
    /// Its name, unique in the region, at most 512 characters.
    #[field(immutable, max_length = 512, pattern = "^[a-zA-Z0-9._/#-]+$")]
    pub name: String,
    /// How many days logs are kept: one of the numbers that AWS offers, as 7, 30 or 365; 0 is for ever.
    #[field(default = 0)]
    pub retention_in_days: u32,
    /// The ARN of the key that they are encrypted with, if not CloudWatch's own.
    pub kms_key_id: Option<String>,
    /// What can be done with the logs.
    #[field(immutable, computed, form = "STANDARD")]
    pub log_group_class: Option<LogGroupClass>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What can be done with logs.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LogGroupClass {
    /// All.
    Standard,
    /// Less, at a lower price.
    InfrequentAccess,
    /// They are only passed on.
    Delivery,
}

/// What AWS computes of a [`CloudwatchLogGroup`].
#[attributes]
pub struct CloudwatchLogGroupAttributes {
    /// The group's name.
    pub id: Id<CloudwatchLogGroup>,
    /// Its ARN.
    #[field(form = "arn:aws:logs:{region}:{account}:log-group:{name}")]
    pub arn: String,
}
