//! `aws_route53_zone`.

#[cfg(feature = "route53")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use crate::ec2::Vpc;

/// A DNS zone: public, or private to some VPCs. Deleting one is refused while it has records of others' making, unless
/// `force_destroy` is set: then they go with it.
///
/// A public zone that is to become private is replaced, and so is a private one that is to become public.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let zone = stack.add("main", aws::Route53Zone::new("example.com"));
/// stack.output("name_servers", zone.name_servers());
/// ```
#[resource("aws_route53_zone", id = "{upper22}", takes(create = 30, update = 2, delete = 30))]
pub struct Route53Zone {
    /// Its name. Several zones may have the same.
    #[field(immutable, same = "dns_name", min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is for.
    #[field(default = "Managed by Landform", max_length = 256)]
    pub comment: String,
    /// A set of name servers that several zones share; a zone of its own set unless said.
    #[field(immutable, same = "self_link")]
    pub delegation_set_id: Option<String>,
    /// The VPCs that see it; none makes it public.
    pub vpc: BTreeSet<ZoneVpc>,
    /// Whether a deletion takes all records along.
    #[field(unseen, default = false)]
    pub force_destroy: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// A VPC that sees a private zone.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ZoneVpc {
    /// The VPC.
    #[field(weak)]
    pub vpc_id: Id<Vpc>,
    /// Its region; the provider's unless said.
    #[field(computed, form = "{region}")]
    pub vpc_region: Option<String>,
}

/// What AWS computes of a [`Route53Zone`].
#[attributes]
pub struct Route53ZoneAttributes {
    /// The zone's id.
    pub id: Id<Route53Zone>,
    /// The same id, under its own name.
    #[field(form = "{id}")]
    pub zone_id: Id<Route53Zone>,
    /// Its ARN.
    #[field(form = "arn:aws:route53:::hostedzone/{id}")]
    pub arn: String,
    /// The servers that answer for it.
    pub name_servers: Vec<String>,
    /// The server that its SOA record names.
    #[field(form = "{dns}")]
    pub primary_name_server: String,
}
