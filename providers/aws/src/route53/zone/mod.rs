//! `aws_route53_zone`.

#[cfg(feature = "route53")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use crate::ec2::Vpc;

/// A DNS zone: public, or private to some VPCs. Route 53 refuses to delete it while it has further records.
/// `force_destroy` deletes them first.
///
/// A change between public and private replaces the zone.
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
    /// Its name. Several zones may have the same name.
    #[field(immutable, same = "dns_name", min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is for.
    #[field(default = "Managed by Landform", max_length = 256)]
    pub comment: String,
    /// A set of name servers that several zones share. By default a zone has its own set.
    #[field(immutable, same = "self_link")]
    pub delegation_set_id: Option<String>,
    /// The VPCs that see it. A zone without VPCs is public.
    pub vpc: BTreeSet<ZoneVpc>,
    /// Whether a deletion also deletes all records.
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
    /// Its region. The default is the provider's.
    #[field(computed, form = "{region}")]
    pub vpc_region: Option<String>,
}

/// The attributes that AWS computes for a [`Route53Zone`].
#[attributes]
pub struct Route53ZoneAttributes {
    /// The zone's id.
    pub id: Id<Route53Zone>,
    /// The same id, as a separate attribute.
    #[field(form = "{id}")]
    pub zone_id: Id<Route53Zone>,
    /// Its ARN.
    #[field(form = "arn:aws:route53:::hostedzone/{id}")]
    pub arn: String,
    /// Its name servers.
    pub name_servers: Vec<String>,
    /// The name server in its SOA record.
    #[field(form = "{dns}")]
    pub primary_name_server: String,
}
