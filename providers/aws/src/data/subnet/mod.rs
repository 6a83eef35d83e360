//! `data.aws_subnet`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Cidr, Id, attributes, data};

use super::Filter;
use crate::Vpc;

/// The existing subnet that fits.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let subnet = stack.read("a", data::Subnet::new().tag("Name", "private-a"));
/// stack.output("range", subnet.cidr_block());
/// ```
#[data("aws_subnet")]
pub struct Subnet {
    /// Its id.
    pub id: Option<Id<crate::Subnet>>,
    /// The VPC it is in.
    pub vpc_id: Option<Id<Vpc>>,
    /// The zone it is in, such as `us-east-2a`.
    pub availability_zone: Option<String>,
    /// Its IPv4 range.
    pub cidr_block: Option<Cidr>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for a [`Subnet`].
#[attributes]
pub struct SubnetAttributes {
    /// The subnet's id.
    pub id: Id<crate::Subnet>,
    /// Its ARN.
    pub arn: String,
    /// The zone it is in.
    pub availability_zone: String,
    /// Its IPv4 range. `None` for an IPv6-only subnet.
    pub cidr_block: Option<Cidr>,
    /// The VPC it is in.
    pub vpc_id: Id<Vpc>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
