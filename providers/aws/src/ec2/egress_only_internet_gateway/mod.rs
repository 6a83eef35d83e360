//! `aws_egress_only_internet_gateway`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::Vpc;

/// A gateway from a VPC to the internet for IPv6. It allows no incoming connections.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// stack.add("out", aws::EgressOnlyInternetGateway::new(&vpc));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_egress_only_internet_gateway",
    id = "eigw-{hex17}",
    takes(create = 2, update = 1, delete = 2)
)]
pub struct EgressOnlyInternetGateway {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`EgressOnlyInternetGateway`].
#[attributes]
pub struct EgressOnlyInternetGatewayAttributes {
    /// The gateway's id.
    pub id: Id<EgressOnlyInternetGateway>,
}
