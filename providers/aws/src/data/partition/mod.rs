//! `data.aws_partition`.

#[cfg(feature = "sdk")]
mod client;

use landform_core::{Id, attributes, data};

/// The partition of AWS that the region belongs to. The client knows it without a call.
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

/// The attributes of the [`Partition`].
#[attributes]
pub struct PartitionAttributes {
    /// The partition.
    #[field(form = "aws")]
    pub id: Id<Partition>,
    /// The name of the partition, as in ARNs.
    #[field(form = "aws")]
    pub partition: String,
    /// The domain of its hosts.
    #[field(form = "amazonaws.com")]
    pub dns_suffix: String,
    /// The prefix of the names of its VPC endpoint services.
    #[field(form = "com.amazonaws")]
    pub reverse_dns_prefix: String,
}
