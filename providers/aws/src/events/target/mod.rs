//! `aws_cloudwatch_event_target`.

#[cfg(feature = "events")]
mod client;
mod told;

use landform_core::{Id, attributes, resource};

pub use self::told::*;
use super::CloudwatchEventRule;

/// Who is told of a rule's events.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let queue = stack.add("jobs", aws::SqsQueue::new("jobs"));
/// let hourly = aws::CloudwatchEventRule::new("hourly").schedule_expression("rate(1 hour)");
/// let hourly = stack.add("hourly", hourly);
/// stack.add("jobs", aws::CloudwatchEventTarget::new(&hourly, queue.arn()));
/// ```
#[resource(
    "aws_cloudwatch_event_target",
    id = "{event_bus_name}/{rule}/{target_id}",
    unique("event_bus_name", "rule", "target_id"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct CloudwatchEventTarget {
    /// The rule.
    #[field(immutable, same = "self_link")]
    pub rule: Id<CloudwatchEventRule>,
    /// The ARN of who is told, as of a queue.
    pub arn: String,
    /// Its name, unique in the rule; random unless said.
    #[field(immutable, computed, form = "landform-{hex17}", max_length = 64, pattern = "^[a-zA-Z0-9._-]+$")]
    pub target_id: Option<String>,
    /// The rule's bus.
    #[field(immutable, default = "default")]
    pub event_bus_name: String,
    /// The ARN of the role that may tell it.
    pub role_arn: Option<String>,
    /// What it is told in place of the event, in JSON.
    #[field(same = "json")]
    pub input: Option<String>,
    /// What part of the event it is told, as `$.detail`.
    pub input_path: Option<String>,
    /// What it is told, made of parts of the event.
    pub input_transformer: Option<InputTransformer>,
    /// Where events go that it could not be told.
    pub dead_letter_config: Option<DeadLetterConfig>,
    /// How long it is tried to tell it.
    pub retry_policy: Option<TargetRetryPolicy>,
    /// More for a queue that keeps order.
    pub sqs_target: Option<SqsTarget>,
    /// More for a stream of Kinesis.
    pub kinesis_target: Option<KinesisTarget>,
    /// More for something that is called by HTTP.
    pub http_target: Option<HttpTarget>,
    /// The instances that a command of Systems Manager is run on.
    pub run_command_targets: Vec<RunCommandTarget>,
}

/// What AWS computes of a [`CloudwatchEventTarget`].
#[attributes]
pub struct CloudwatchEventTargetAttributes {
    /// Bus, rule and name, joined by `/`.
    pub id: Id<CloudwatchEventTarget>,
}
