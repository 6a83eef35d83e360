//! `aws_sqs_queue_policy`.

#[cfg(feature = "sqs")]
mod client;

use landform_core::{Id, attributes, resource};

use super::SqsQueue;

/// The policy of a queue, if the queue's declaration does not set it.
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

/// The attributes that AWS computes for an [`SqsQueuePolicy`].
#[attributes]
pub struct SqsQueuePolicyAttributes {
    /// The queue's URL.
    pub id: Id<SqsQueuePolicy>,
}
