//! `data.aws_partition`.

#[cfg(feature = "sdk")]
mod client;

use landform_core::{Id, attributes, data};

/// The part of AWS that the region is in. It is known without a call.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let partition = stack.read("here", data::Partition::new());
/// stack.output("partition", partition.partition());
/// ```
#[data("aws_partition")]
pub struct Partition {}

/// What is known of the [`Partition`].
#[attributes]
pub struct PartitionAttributes {
    /// The partition.
    #[field(form = "aws")]
    pub id: Id<Partition>,
    /// The partition, as ARNs name it.
    #[field(form = "aws")]
    pub partition: String,
    /// What the names of its hosts end in.
    #[field(form = "amazonaws.com")]
    pub dns_suffix: String,
    /// What the names of its endpoints for VPCs begin with.
    #[field(form = "com.amazonaws")]
    pub reverse_dns_prefix: String,
}
