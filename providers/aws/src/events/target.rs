//! `aws_cloudwatch_event_target`.

use landform_core::{Id, attributes, resource};

use super::CloudwatchEventRule;

/// Who is told of a rule's events.
#[resource(
    "aws_cloudwatch_event_target",
    id = "{rule}-{target_id}",
    import = "{event_bus_name}/{rule}/{target_id}",
    unique("event_bus_name", "rule", "target_id"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct CloudwatchEventTarget {
    /// The rule.
    #[field(immutable)]
    pub rule: Id<CloudwatchEventRule>,
    /// The ARN of who is told, as of a queue.
    pub arn: String,
    /// Its name, unique in the rule; random unless said.
    #[field(immutable, computed, form = "landform-{hex17}")]
    pub target_id: Option<String>,
    /// The rule's bus.
    #[field(immutable, default = "default")]
    pub event_bus_name: String,
    /// The ARN of the role that may tell it.
    pub role_arn: Option<String>,
    /// What it is told in place of the event, in JSON.
    pub input: Option<String>,
}

/// What AWS computes of a [`CloudwatchEventTarget`].
#[attributes]
pub struct CloudwatchEventTargetAttributes {
    /// Rule and name, joined by `-`.
    pub id: Id<CloudwatchEventTarget>,
}
