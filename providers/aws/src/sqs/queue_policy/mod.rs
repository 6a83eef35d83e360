//! `aws_sqs_queue_policy`.

#[cfg(feature = "sqs")]
mod client;

use landform_core::{Id, attributes, resource};

use super::SqsQueue;

/// Who may use a queue, where that is not said with the queue itself.
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
