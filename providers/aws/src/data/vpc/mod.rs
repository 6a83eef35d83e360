//! `data.aws_vpc`.

#[cfg(feature = "ec2")]
pub(crate) mod client;

use std::collections::BTreeMap;

use landform_core::{Cidr, Id, attributes, data};

use super::Filter;
use crate::RouteTable;

/// The existing virtual network that fits.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// let vpc = stack.read("shared", data::Vpc::new().tag("Name", "shared"));
/// stack.add("a", aws::Subnet::ipv4(vpc.id(), "10.0.9.0/24".parse::<Cidr>()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[data("aws_vpc")]
pub struct Vpc {
    /// Its id.
    pub id: Option<Id<crate::Vpc>>,
    /// Its first IPv4 range.
    pub cidr_block: Option<Cidr>,
    /// Whether it is the region's default VPC.
    pub default: Option<bool>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for a [`Vpc`].
#[attributes]
pub struct VpcAttributes {
    /// The VPC's id.
    pub id: Id<crate::Vpc>,
    /// Its ARN.
    pub arn: String,
    /// The account that owns it.
    pub owner_id: String,
    /// Its first IPv4 range.
    pub cidr_block: Cidr,
    /// Its first IPv6 range, if it has one.
    pub ipv6_cidr_block: Option<Cidr>,
    /// Whether it is the region's default VPC.
    #[field(form = "false")]
    pub default: bool,
    /// The route table of subnets without an association. `None` if the VPC belongs to another account that does not
    /// show it.
    pub main_route_table_id: Option<Id<RouteTable>>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
