//! `data.aws_route_table`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::{InternetGateway, Subnet, Vpc};

/// The existing route table that fits.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let table = stack.read("private", data::RouteTable::new().tag("Name", "private"));
/// stack.output("table", table.id());
/// ```
#[data("aws_route_table")]
pub struct RouteTable {
    /// Its id.
    pub route_table_id: Option<Id<crate::RouteTable>>,
    /// The VPC it is in.
    pub vpc_id: Option<Id<Vpc>>,
    /// A subnet that is associated with it.
    pub subnet_id: Option<Id<Subnet>>,
    /// A gateway that is associated with it.
    pub gateway_id: Option<Id<InternetGateway>>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for a [`RouteTable`].
#[attributes]
pub struct RouteTableAttributes {
    /// The table's id.
    pub id: Id<crate::RouteTable>,
    /// Its ARN.
    pub arn: String,
    /// The account that owns it.
    pub owner_id: String,
    /// The VPC it is in.
    pub vpc_id: Id<Vpc>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
