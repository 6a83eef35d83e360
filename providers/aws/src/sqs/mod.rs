//! Amazon SQS: queues.

mod queue;

landform_kit::types! {
    with "sqs" crate::client::Client;
    declared queue::SqsQueue;
}
