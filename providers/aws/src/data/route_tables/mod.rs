//! `data.aws_route_tables`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::{RouteTable, Vpc};

/// All route tables that fit, possibly none.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let tables = stack.read("private", data::RouteTables::new().tag("Tier", "private"));
/// stack.output("tables", tables.ids());
/// ```
#[data("aws_route_tables")]
pub struct RouteTables {
    /// The VPC they are in.
    pub vpc_id: Option<Id<Vpc>>,
    /// Tags that they must have. They may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that they must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for [`RouteTables`].
#[attributes]
pub struct RouteTablesAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<RouteTables>,
    /// Their ids, sorted.
    #[field(required)]
    pub ids: Vec<Id<RouteTable>>,
}
