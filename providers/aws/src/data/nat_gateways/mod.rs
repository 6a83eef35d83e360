//! `data.aws_nat_gateways`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::{NatGateway, Vpc};

/// All NAT gateways that fit, possibly none.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let gateways = stack.read("all", data::NatGateways::new().tag("Team", "network"));
/// stack.output("gateways", gateways.ids());
/// ```
#[data("aws_nat_gateways")]
pub struct NatGateways {
    /// The VPC they are in.
    pub vpc_id: Option<Id<Vpc>>,
    /// Tags that they must have. They may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that they must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for [`NatGateways`].
#[attributes]
pub struct NatGatewaysAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<NatGateways>,
    /// Their ids, sorted.
    #[field(required)]
    pub ids: Vec<Id<NatGateway>>,
}
