//! `data.aws_nat_gateway`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::{Eip, Subnet, Vpc};

/// The existing NAT gateway that fits.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let gateway = stack.read("egress", data::NatGateway::new().tag("Name", "egress"));
/// stack.output("egress", gateway.public_ip());
/// ```
#[data("aws_nat_gateway")]
pub struct NatGateway {
    /// Its id.
    pub id: Option<Id<crate::NatGateway>>,
    /// The subnet it is in.
    pub subnet_id: Option<Id<Subnet>>,
    /// The VPC it is in.
    pub vpc_id: Option<Id<Vpc>>,
    /// Its state, such as `available`.
    pub state: Option<String>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for a [`NatGateway`].
#[attributes]
pub struct NatGatewayAttributes {
    /// The gateway's id.
    pub id: Id<crate::NatGateway>,
    /// The allocation of its public address, if it is public.
    pub allocation_id: Option<Id<Eip>>,
    /// `public` or `private`.
    #[field(form = "public")]
    pub connectivity_type: String,
    /// Its network interface.
    pub network_interface_id: Option<String>,
    /// Its private address.
    pub private_ip: Option<String>,
    /// Its public address.
    pub public_ip: Option<String>,
    /// Its state.
    #[field(form = "available")]
    pub state: String,
    /// The subnet it is in.
    pub subnet_id: Id<Subnet>,
    /// The VPC it is in.
    pub vpc_id: Option<Id<Vpc>>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
