//! `aws_cloudwatch_event_target`.

#[cfg(feature = "events")]
mod client;
#[cfg(feature = "events")]
mod services;
mod told;
mod work;

use landform_core::{Id, attributes, resource};

pub use self::{told::*, work::*};
use super::CloudwatchEventRule;

/// A target of a rule's events.
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
    at_most_one_of("input", "input_path", "input_transformer"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct CloudwatchEventTarget {
    /// The rule.
    #[field(immutable, same = "self_link")]
    pub rule: Id<CloudwatchEventRule>,
    /// The ARN of the target, such as a queue.
    pub arn: String,
    /// Its name, unique in the rule. By default a random name.
    #[field(immutable, computed, form = "landform-{hex17}", max_length = 64, pattern = "^[a-zA-Z0-9._-]+$")]
    pub target_id: Option<String>,
    /// The rule's bus.
    #[field(immutable, default = "default")]
    pub event_bus_name: String,
    /// The ARN of the role that may send to it.
    pub role_arn: Option<String>,
    /// The text to send instead of the event, in JSON.
    #[field(same = "json")]
    pub input: Option<String>,
    /// The part of the event to send, such as `$.detail`.
    pub input_path: Option<String>,
    /// A text to send, built from parts of the event.
    pub input_transformer: Option<InputTransformer>,
    /// The queue for events that could not be delivered.
    pub dead_letter_config: Option<DeadLetterConfig>,
    /// The retries of a delivery.
    pub retry_policy: Option<TargetRetryPolicy>,
    /// Options for a FIFO queue.
    pub sqs_target: Option<SqsTarget>,
    /// Options for a Kinesis stream.
    pub kinesis_target: Option<KinesisTarget>,
    /// Options for an HTTP target.
    pub http_target: Option<HttpTarget>,
    /// The instances on which Systems Manager runs a command.
    pub run_command_targets: Vec<RunCommandTarget>,
    /// The task that ECS runs.
    pub ecs_target: Option<EcsTarget>,
    /// The job that Batch runs.
    pub batch_target: Option<BatchTarget>,
    /// The statement that Redshift runs.
    pub redshift_target: Option<RedshiftTarget>,
    /// The parameters of a SageMaker pipeline.
    pub sagemaker_pipeline_target: Option<SagemakerPipelineTarget>,
    /// The operation of an AppSync API.
    pub appsync_target: Option<AppsyncTarget>,
    /// Whether a deletion also removes it from a rule that an AWS service has made.
    #[field(unseen, default = false)]
    pub force_destroy: bool,
}

/// The attributes that AWS computes for a [`CloudwatchEventTarget`].
#[attributes]
pub struct CloudwatchEventTargetAttributes {
    /// The bus, the rule and the name, joined by `/`.
    pub id: Id<CloudwatchEventTarget>,
}
