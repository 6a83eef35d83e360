//! Blocks of a target: the text to send, and delivery options.

use std::collections::BTreeMap;

use landform_core::block;

/// A text built from parts of the event.
#[block]
pub struct InputTransformer {
    /// The parts, by name: paths into the event.
    pub input_paths: BTreeMap<String, String>,
    /// The text, with the names of parts between `<` and `>`.
    pub input_template: String,
}

/// The queue for events that could not be delivered.
#[block]
pub struct DeadLetterConfig {
    /// The ARN of a queue.
    pub arn: Option<String>,
}

/// The retries of a delivery.
#[block]
pub struct TargetRetryPolicy {
    /// The maximum age of an event, in seconds, 60 to 86400.
    #[field(computed, form = "86400")]
    pub maximum_event_age_in_seconds: Option<u32>,
    /// The maximum number of retries, 0 to 185.
    #[field(computed, form = "185")]
    pub maximum_retry_attempts: Option<u32>,
}

/// Options for a FIFO queue.
#[block]
pub struct SqsTarget {
    /// The group that messages belong to.
    pub message_group_id: Option<String>,
}

/// Options for a Kinesis stream.
#[block]
pub struct KinesisTarget {
    /// The part of the event that selects the shard.
    pub partition_key_path: Option<String>,
}

/// Options for an HTTP target.
#[block]
pub struct HttpTarget {
    /// Headers.
    pub header_parameters: BTreeMap<String, String>,
    /// The values for each `*` in the path, in order.
    pub path_parameter_values: Vec<String>,
    /// Parameters of the query.
    pub query_string_parameters: BTreeMap<String, String>,
}

/// The instances on which a command runs.
#[block]
pub struct RunCommandTarget {
    /// `InstanceIds`, or `tag:` and a key.
    pub key: String,
    /// The ids, or the values of the tag.
    #[field(required)]
    pub values: Vec<String>,
}
