//! `aws_sqs_queue`.

#[cfg(feature = "sqs")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

/// A queue of messages. After one is deleted, its name cannot be used for a minute.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// stack.add("jobs", aws::SqsQueue::new("jobs").visibility_timeout_seconds(120));
/// ```
#[resource(
    "aws_sqs_queue",
    id = "https://sqs.{region}.amazonaws.com/{account}/{name}",
    unique("name"),
    takes(create = 2, update = 2, delete = 2)
)]
pub struct SqsQueue {
    /// Its name, unique in the region, at most 80 characters.
    #[field(immutable, max_length = 80, pattern = "^[a-zA-Z0-9_-]+([.]fifo)?$")]
    pub name: String,
    /// The policy, in JSON, that says who may use it.
    #[field(computed, same = "policy")]
    pub policy: Option<String>,
    /// How long a message is kept, in seconds, 60 to 1209600.
    #[field(default = 345_600, minimum = 60, maximum = 1209600)]
    pub message_retention_seconds: u32,
    /// How long a message that was read is hidden from others, in seconds.
    #[field(default = 30, maximum = 43200)]
    pub visibility_timeout_seconds: u32,
    /// How long a new message is held back, in seconds.
    #[field(default = 0, maximum = 900)]
    pub delay_seconds: u32,
    /// How long a reader waits for a message, in seconds.
    #[field(default = 0, maximum = 20)]
    pub receive_wait_time_seconds: u32,
    /// The largest message, in bytes.
    #[field(computed)]
    pub max_message_size: Option<u32>,
    /// Where messages go that are read too often, in JSON.
    #[field(same = "json")]
    pub redrive_policy: Option<String>,
    /// Which queues may send such messages here, in JSON.
    #[field(same = "json")]
    pub redrive_allow_policy: Option<String>,
    /// Whether order is kept; the name ends in `.fifo` then.
    #[field(immutable, default = false)]
    pub fifo_queue: bool,
    /// Whether messages of the same content count as one.
    #[field(default = false)]
    pub content_based_deduplication: bool,
    /// Among what messages count as one.
    #[field(computed)]
    pub deduplication_scope: Option<DeduplicationScope>,
    /// What the limit of throughput holds for.
    #[field(computed)]
    pub fifo_throughput_limit: Option<FifoThroughputLimit>,
    /// The key that messages are encrypted with, if not SQS's own.
    pub kms_master_key_id: Option<String>,
    /// How long a data key is used before KMS is asked again, in seconds, 60 to 86400.
    #[field(computed)]
    pub kms_data_key_reuse_period_seconds: Option<u32>,
    /// Whether messages are encrypted with SQS's own key.
    #[field(computed)]
    pub sqs_managed_sse_enabled: Option<bool>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// Among what messages count as one.
#[block]
#[serde(rename_all = "camelCase")]
pub enum DeduplicationScope {
    /// Those of one group.
    MessageGroup,
    /// All of the queue.
    Queue,
}

/// What the limit of throughput holds for.
#[block]
#[serde(rename_all = "camelCase")]
pub enum FifoThroughputLimit {
    /// The whole queue.
    PerQueue,
    /// Each group of messages.
    PerMessageGroupId,
}

/// What AWS computes of an [`SqsQueue`].
#[attributes]
pub struct SqsQueueAttributes {
    /// The queue's URL.
    pub id: Id<SqsQueue>,
    /// The same URL, under its own name.
    #[field(form = "{id}")]
    pub url: String,
    /// Its ARN.
    #[field(form = "arn:aws:sqs:{region}:{account}:{name}")]
    pub arn: String,
}
