//! `data.aws_lb`.

#[cfg(feature = "elbv2")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, data};

use crate::{SecurityGroup, Subnet, Vpc};

/// The existing load balancer that fits.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let balancer = stack.read("shared", data::Lb::new().name("shared"));
/// stack.output("api", balancer.dns_name());
/// ```
#[data("aws_lb")]
pub struct Lb {
    /// Its ARN.
    pub arn: Option<Id<crate::Lb>>,
    /// Its name.
    pub name: Option<String>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS reports for an [`Lb`].
#[attributes]
pub struct LbAttributes {
    /// The balancer's ARN.
    pub id: Id<crate::Lb>,
    /// The same ARN, as a separate attribute.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its host name.
    pub dns_name: String,
    /// The zone of its host name, for aliases.
    pub zone_id: String,
    /// Whether it has private addresses only.
    #[field(form = "false")]
    pub internal: bool,
    /// `ipv4` or `dualstack`.
    #[field(form = "ipv4")]
    pub ip_address_type: String,
    /// `application`, `network` or `gateway`.
    #[field(form = "network")]
    pub load_balancer_type: String,
    /// Its security groups.
    #[field(required)]
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Its subnets.
    #[field(required)]
    pub subnets: BTreeSet<Id<Subnet>>,
    /// The VPC it is in.
    pub vpc_id: Id<Vpc>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
