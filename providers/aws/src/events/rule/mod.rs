//! `aws_cloudwatch_event_rule`.

#[cfg(feature = "events")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, Recorded, attributes, block, resource};

use super::DEFAULT;

/// A rule that sends events to targets, by a pattern or a schedule. AWS refuses to delete it while it has targets.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// stack.add("hourly", aws::CloudwatchEventRule::new("hourly").schedule_expression("rate(1 hour)"));
/// ```
#[resource(
    "aws_cloudwatch_event_rule",
    id = "{name}",
    import = import_id,
    unique("event_bus_name", "name"),
    at_most_one_of("name", "name_prefix"),
    any_of("event_pattern", "schedule_expression"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct CloudwatchEventRule {
    /// Its name, unique on the bus, at most 64 characters.
    #[field(immutable, generated = "name_prefix", max_length = 64, pattern = "^[a-zA-Z0-9._-]+$")]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 38, pattern = "^[a-zA-Z0-9._-]+$")]
    pub name_prefix: Option<String>,
    /// The bus.
    #[field(immutable, default = "default")]
    pub event_bus_name: String,
    /// The pattern of events, in JSON. Set this or `schedule_expression`.
    #[field(same = "json")]
    pub event_pattern: Option<String>,
    /// The schedule. Set this or `event_pattern`.
    pub schedule_expression: Option<String>,
    /// What it is for.
    #[field(max_length = 512)]
    pub description: Option<String>,
    /// The ARN of the role that sends events to the targets.
    pub role_arn: Option<String>,
    /// Whether it is enabled.
    #[field(default = RuleState::Enabled)]
    pub state: RuleState,
    /// Whether a deletion also deletes a rule that an AWS service has made.
    #[field(unseen, default = false)]
    pub force_destroy: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The name, and before it the bus unless it is the default one.
fn import_id(recorded: Recorded<'_>) -> Option<String> {
    let name = recorded.text("name")?;
    match recorded.text("event_bus_name") {
        Some(bus) if bus != DEFAULT => Some(format!("{bus}/{name}")),
        _ => Some(name),
    }
}

/// Whether a rule is enabled.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleState {
    /// It is enabled.
    Enabled,
    /// It is disabled.
    Disabled,
    /// It is enabled, also for CloudTrail's read-only management events.
    EnabledWithAllCloudtrailManagementEvents,
}

/// The attributes that AWS computes for a [`CloudwatchEventRule`].
#[attributes]
pub struct CloudwatchEventRuleAttributes {
    /// The rule's name. The bus's name precedes it, except for the bus `default`.
    pub id: Id<CloudwatchEventRule>,
    /// Its ARN.
    #[field(form = "arn:aws:events:{region}:{account}:rule/{name}")]
    pub arn: String,
}
