//! `aws_cloudwatch_log_group`.

#[cfg(feature = "logs")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

/// A group of logs with the same retention. A deletion also deletes its logs, unless `skip_destroy` is set.
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
    at_most_one_of("name", "name_prefix"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct CloudwatchLogGroup {
    /// Its name, unique in the region, at most 512 characters.
    #[field(immutable, generated = "name_prefix", max_length = 512, pattern = "^[a-zA-Z0-9._/#-]+$")]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 486, pattern = "^[a-zA-Z0-9._/#-]+$")]
    pub name_prefix: Option<String>,
    /// The retention of logs in days: one of the numbers that AWS offers, such as 7, 30 or 365. 0 means for ever.
    #[field(default = 0, maximum = 3653)]
    pub retention_in_days: u32,
    /// The ARN of the key to encrypt them with. The default is CloudWatch's key.
    pub kms_key_id: Option<String>,
    /// The class of the logs, which decides what you can do with them.
    #[field(immutable, computed, form = "STANDARD")]
    pub log_group_class: Option<LogGroupClass>,
    /// Whether AWS refuses to delete it.
    #[field(default = false)]
    pub deletion_protection_enabled: bool,
    /// Whether a deletion only forgets it, so that the group and its logs stay.
    #[field(unseen, default = false)]
    pub skip_destroy: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The class of logs.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LogGroupClass {
    /// All features.
    Standard,
    /// Fewer features, at a lower price.
    InfrequentAccess,
    /// Delivery to other services only.
    Delivery,
}

/// The attributes that AWS computes for a [`CloudwatchLogGroup`].
#[attributes]
pub struct CloudwatchLogGroupAttributes {
    /// The group's name.
    pub id: Id<CloudwatchLogGroup>,
    /// Its ARN.
    #[field(form = "arn:aws:logs:{region}:{account}:log-group:{name}")]
    pub arn: String,
}
