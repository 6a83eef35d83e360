//! `aws_cloudwatch_event_rule`.

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// Which events, or what times, are told to targets. Deleting one is refused while it has targets.
#[resource(
    "aws_cloudwatch_event_rule",
    id = "{name}",
    import = "{event_bus_name}/{name}",
    unique("event_bus_name", "name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct CloudwatchEventRule {
    /// Its name, unique on the bus, at most 64 characters.
    #[field(immutable)]
    pub name: String,
    /// The bus.
    #[field(immutable, default = "default")]
    pub event_bus_name: String,
    /// Which events, in JSON; this or a schedule.
    #[field(same = "json")]
    pub event_pattern: Option<String>,
    /// At what times; this or a pattern.
    pub schedule_expression: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// `ENABLED` or `DISABLED`.
    #[field(default = "ENABLED")]
    pub state: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What AWS computes of a [`CloudwatchEventRule`].
#[attributes]
pub struct CloudwatchEventRuleAttributes {
    /// The rule's name.
    pub id: Id<CloudwatchEventRule>,
    /// Its ARN.
    #[field(form = "arn:aws:events:{region}:{account}:rule/{name}")]
    pub arn: String,
}
