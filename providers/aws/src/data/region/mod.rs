//! `data.aws_region`.

#[cfg(feature = "sdk")]
mod client;

use landform_core::{Id, attributes, data};

/// The provider's region, or another one by name. The client knows it without a call.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let region = stack.read("here", data::Region::new());
/// stack.output("region", region.name());
/// ```
#[data("aws_region")]
pub struct Region {
    /// The region's name.
    pub name: Option<String>,
}

/// What is known of a [`Region`].
#[attributes]
pub struct RegionAttributes {
    /// The region's name.
    #[field(form = "{name|region}")]
    pub id: Id<Region>,
    /// Its name.
    #[field(form = "{name|region}")]
    pub name: String,
    /// The host name of EC2 in the region.
    #[field(form = "ec2.{name|region}.amazonaws.com")]
    pub endpoint: String,
}
