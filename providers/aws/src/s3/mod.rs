//! Amazon S3: objects.

mod object;

pub use object::*;
