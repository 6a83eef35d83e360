//! `data.aws_nat_gateways`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::{NatGateway, Vpc};

/// All NAT gateways that fit; there may be none.
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
    /// Tags that they have, perhaps among others.
    pub tags: BTreeMap<String, String>,
    /// What else must hold of them.
    pub filter: Vec<Filter>,
}

/// What AWS knows of [`NatGateways`].
#[attributes]
pub struct NatGatewaysAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<NatGateways>,
    /// Their ids, sorted.
    #[field(required)]
    pub ids: Vec<Id<NatGateway>>,
}
