//! `google_dns_record_set`.

#[cfg(feature = "client")]
pub(crate) mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, resource};

use super::DnsManagedZone;

/// The records of one name and one type in a zone. It covers no routing policies.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let zone = stack.add("main", gce::DnsManagedZone::new("main", "example.com."));
/// stack.add("www", gce::DnsRecordSet::new(&zone, "www.example.com.", "A", ["192.0.2.1"]).ttl(300_u32));
/// ```
#[resource(
    "google_dns_record_set",
    id = "{managed_zone}/rrsets/{name}/{type}",
    unique("managed_zone", "name", "type"),
    takes(create = 2, update = 2, delete = 2)
)]
pub struct DnsRecordSet {
    /// The zone: its id, or its name in the project.
    #[field(immutable, same = "self_link")]
    pub managed_zone: Id<DnsManagedZone>,
    /// The name, such as `www.example.com.`.
    #[field(immutable, same = "dns_name")]
    pub name: String,
    /// The type: `A`, `AAAA`, `CNAME`, `MX`, `TXT` …
    #[field(immutable)]
    pub r#type: String,
    /// The data of the records.
    #[field(required, min_items = 1)]
    pub rrdatas: BTreeSet<String>,
    /// How long resolvers may keep the records, in seconds.
    #[field(computed)]
    pub ttl: Option<u32>,
    /// The project. The default is the zone's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
}

/// The attributes that Google computes for a [`DnsRecordSet`].
#[attributes]
pub struct DnsRecordSetAttributes {
    /// `{zone}/rrsets/{name}/{type}`.
    pub id: Id<DnsRecordSet>,
}
