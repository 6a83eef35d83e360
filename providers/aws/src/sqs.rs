//! Amazon SQS: queues.

#[cfg(feature = "sqs")]
mod client;
mod queue;
mod queue_policy;

landform_kit::types! {
    with "sqs" crate::client::Client;
    managed queue::SqsQueue;
    managed queue_policy::SqsQueuePolicy;
}
