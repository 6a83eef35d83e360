//! `aws_sqs_queue_policy`.

#[cfg(feature = "sqs")]
mod client;

use landform_core::{Id, attributes, resource};

use super::SqsQueue;

/// Who may use a queue, where that is not said with the queue itself.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let queue = stack.add("jobs", aws::SqsQueue::new("jobs"));
/// let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage",
///     "Principal":{"Service":"events.amazonaws.com"},"Resource":"*"}]}"#;
/// stack.add("jobs", aws::SqsQueuePolicy::new(&queue, policy));
/// ```
#[resource(
    "aws_sqs_queue_policy",
    id = "{queue_url}",
    unique("queue_url"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct SqsQueuePolicy {
    /// The queue.
    #[field(immutable)]
    pub queue_url: Id<SqsQueue>,
    /// The policy, in JSON.
    #[field(same = "policy")]
    pub policy: String,
}

/// What AWS computes of an [`SqsQueuePolicy`].
#[attributes]
pub struct SqsQueuePolicyAttributes {
    /// The queue's URL.
    pub id: Id<SqsQueuePolicy>,
}
