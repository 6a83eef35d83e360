//! `aws_internet_gateway`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::Vpc;

/// A gateway between a VPC and the internet.
///
/// AWS refuses to detach it while the VPC has mapped public addresses, such as those of NAT gateways. NAT gateways need
/// it but do not refer to it, so declare the dependency explicitly.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// let gateway = stack.add("main", aws::InternetGateway::new(&vpc));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_internet_gateway",
    id = "igw-{hex17}",
    unique("vpc_id"),
    takes(create = 2, update = 2, delete = 2)
)]
pub struct InternetGateway {
    /// The VPC. A VPC has at most one internet gateway.
    pub vpc_id: Id<Vpc>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`InternetGateway`].
#[attributes]
pub struct InternetGatewayAttributes {
    /// The gateway's id.
    pub id: Id<InternetGateway>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:internet-gateway/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
}
