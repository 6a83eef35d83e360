//! Amazon SQS: queues.

mod queue;

pub use queue::*;
