//! What a target is told, and how.

use std::collections::BTreeMap;

use landform_core::block;

/// What a target is told, made of parts of the event.
#[block]
pub struct InputTransformer {
    /// The parts, by name: paths into the event.
    pub input_paths: BTreeMap<String, String>,
    /// The text, with the names of parts between `<` and `>`.
    pub input_template: String,
}

/// Where events go that a target could not be told.
#[block]
pub struct DeadLetterConfig {
    /// The ARN of a queue.
    pub arn: Option<String>,
}

/// How long it is tried to tell a target.
#[block]
pub struct TargetRetryPolicy {
    /// The oldest event that is still told, in seconds, 60 to 86400.
    #[field(computed, form = "86400")]
    pub maximum_event_age_in_seconds: Option<u32>,
    /// How often it is tried again, 0 to 185.
    #[field(computed, form = "185")]
    pub maximum_retry_attempts: Option<u32>,
}

/// More for a queue that keeps order.
#[block]
pub struct SqsTarget {
    /// The group that messages belong to.
    pub message_group_id: Option<String>,
}

/// More for a stream of Kinesis.
#[block]
pub struct KinesisTarget {
    /// The part of the event that says which shard it goes to.
    pub partition_key_path: Option<String>,
}

/// More for something that is called by HTTP.
#[block]
pub struct HttpTarget {
    /// Headers.
    pub header_parameters: BTreeMap<String, String>,
    /// What stands for the `*` in the path, in order.
    pub path_parameter_values: Vec<String>,
    /// Parameters of the query.
    pub query_string_parameters: BTreeMap<String, String>,
}

/// Instances that a command is run on.
#[block]
pub struct RunCommandTarget {
    /// `InstanceIds`, or `tag:` and a key.
    pub key: String,
    /// The ids, or the values of the tag.
    #[field(required)]
    pub values: Vec<String>,
}
