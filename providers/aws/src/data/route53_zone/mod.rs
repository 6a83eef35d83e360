//! `data.aws_route53_zone`.

#[cfg(feature = "route53")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use crate::Vpc;

/// The existing DNS zone that fits.
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
    /// A VPC that sees it. Implies a private zone.
    pub vpc_id: Option<Id<Vpc>>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS reports for a [`Route53Zone`].
#[attributes]
pub struct Route53ZoneAttributes {
    /// The zone's id.
    pub id: Id<crate::Route53Zone>,
    /// The same id, as a separate attribute.
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
    /// Its name servers.
    #[field(required)]
    pub name_servers: Vec<String>,
    /// The number of its record sets.
    #[field(form = "2")]
    pub resource_record_set_count: u64,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
