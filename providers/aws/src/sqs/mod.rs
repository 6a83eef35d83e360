//! Amazon SQS: queues.

mod queue;

landform_kit::types! {
    declared queue::SqsQueue;
}
