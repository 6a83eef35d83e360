//! `aws_sqs_queue`.

#[cfg(feature = "sqs")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

/// A queue of messages. SQS refuses the name of a deleted queue for a minute.
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
    at_most_one_of("name", "name_prefix"),
    refuses("name_prefix", when("fifo_queue", is = true)),
    takes(create = 2, update = 2, delete = 2)
)]
pub struct SqsQueue {
    /// Its name, unique in the region, at most 80 characters.
    #[field(immutable, generated = "name_prefix", max_length = 80, pattern = "^[a-zA-Z0-9_-]+([.]fifo)?$")]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 54, pattern = "^[a-zA-Z0-9_-]+$")]
    pub name_prefix: Option<String>,
    /// The policy in JSON, which says who may use it.
    #[field(computed, same = "policy")]
    pub policy: Option<String>,
    /// The retention of a message, in seconds, 60 to 1209600.
    #[field(default = 345_600, minimum = 60, maximum = 1209600)]
    pub message_retention_seconds: u32,
    /// How long SQS hides a received message from others, in seconds.
    #[field(default = 30, maximum = 43200)]
    pub visibility_timeout_seconds: u32,
    /// The delay of a new message, in seconds.
    #[field(default = 0, maximum = 900)]
    pub delay_seconds: u32,
    /// How long a reader waits for a message, in seconds.
    #[field(default = 0, maximum = 20)]
    pub receive_wait_time_seconds: u32,
    /// The largest message, in bytes.
    #[field(computed)]
    pub max_message_size: Option<u32>,
    /// The queue for messages that were received too often, in JSON.
    #[field(same = "json")]
    pub redrive_policy: Option<String>,
    /// The queues that may send such messages to this one, in JSON.
    #[field(same = "json")]
    pub redrive_allow_policy: Option<String>,
    /// Whether it is a FIFO queue. Its name then ends in `.fifo`.
    #[field(immutable, default = false)]
    pub fifo_queue: bool,
    /// Whether messages with the same content are duplicates.
    #[field(default = false)]
    pub content_based_deduplication: bool,
    /// The scope in which SQS detects duplicates.
    #[field(computed)]
    pub deduplication_scope: Option<DeduplicationScope>,
    /// The scope of the throughput limit.
    #[field(computed)]
    pub fifo_throughput_limit: Option<FifoThroughputLimit>,
    /// The key to encrypt messages with. The default is SQS's key.
    pub kms_master_key_id: Option<String>,
    /// How long SQS uses a data key before it asks KMS again, in seconds, 60 to 86400.
    #[field(computed)]
    pub kms_data_key_reuse_period_seconds: Option<u32>,
    /// Whether SQS encrypts messages with its own key.
    #[field(computed)]
    pub sqs_managed_sse_enabled: Option<bool>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The scope in which SQS detects duplicates.
#[block]
#[serde(rename_all = "camelCase")]
pub enum DeduplicationScope {
    /// One message group.
    MessageGroup,
    /// The whole queue.
    Queue,
}

/// The scope of the throughput limit.
#[block]
#[serde(rename_all = "camelCase")]
pub enum FifoThroughputLimit {
    /// The whole queue.
    PerQueue,
    /// Each message group.
    PerMessageGroupId,
}

/// The attributes that AWS computes for an [`SqsQueue`].
#[attributes]
pub struct SqsQueueAttributes {
    /// The queue's URL.
    pub id: Id<SqsQueue>,
    /// The same URL, as a separate attribute.
    #[field(form = "{id}")]
    pub url: String,
    /// Its ARN.
    #[field(form = "arn:aws:sqs:{region}:{account}:{name}")]
    pub arn: String,
}
