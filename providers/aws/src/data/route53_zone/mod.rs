//! `data.aws_route53_zone`.

#[cfg(feature = "route53")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use crate::Vpc;

/// A DNS zone that is there already: the one that fits.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let zone = stack.read("main", data::Route53Zone::new().name("example.com"));
/// let record = aws::Route53Record::new(zone.id(), "www.example.com", aws::RecordType::A).records(["192.0.2.1"]).ttl(300);
/// stack.add("www", record);
/// ```
#[data("aws_route53_zone")]
pub struct Route53Zone {
    /// Its id.
    pub zone_id: Option<Id<crate::Route53Zone>>,
    /// Its name.
    #[field(same = "dns_name")]
    pub name: Option<String>,
    /// Whether it is private.
    #[field(default = false)]
    pub private_zone: bool,
    /// A VPC that sees it; it is private then.
    pub vpc_id: Option<Id<Vpc>>,
    /// Tags that it has, perhaps among others.
    pub tags: BTreeMap<String, String>,
}

/// What AWS knows of a [`Route53Zone`].
#[attributes]
pub struct Route53ZoneAttributes {
    /// The zone's id.
    pub id: Id<crate::Route53Zone>,
    /// The same id, under its own name.
    #[field(form = "{id}")]
    pub zone_id: Id<crate::Route53Zone>,
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub comment: String,
    /// Whether it is private.
    #[field(form = "false")]
    pub private_zone: bool,
    /// The servers that answer for it.
    #[field(required)]
    pub name_servers: Vec<String>,
    /// How many sets of records are in it.
    #[field(form = "2")]
    pub resource_record_set_count: u64,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
