//! `google_dns_managed_zone`.

#[cfg(feature = "client")]
pub(crate) mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use crate::Network;

/// A zone of DNS records, for the internet or for networks. It covers no DNSSEC settings and no forwarding.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("main", gce::DnsManagedZone::new("main", "example.com.").description("of the company"));
/// ```
#[resource(
    "google_dns_managed_zone",
    id = "projects/{project}/managedZones/{name}",
    unique("project", "name"),
    takes(create = 2, update = 2, delete = 2)
)]
pub struct DnsManagedZone {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The end of the names of its records, such as `example.com.`.
    #[field(immutable, same = "dns_name", max_length = 254)]
    pub dns_name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    #[field(computed)]
    pub description: Option<String>,
    /// Whether a deletion of the zone deletes its records. Otherwise a zone with records cannot be deleted.
    #[field(unseen, default = false)]
    pub force_destroy: bool,
    /// Whether the internet sees it, or only its networks.
    #[field(immutable, default = ZoneVisibility::Public)]
    pub visibility: ZoneVisibility,
    /// The networks that see it, if it is private.
    pub private_visibility_config: Option<PrivateVisibility>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Google computes for a [`DnsManagedZone`].
#[attributes]
pub struct DnsManagedZoneAttributes {
    /// `projects/{project}/managedZones/{name}`.
    pub id: Id<DnsManagedZone>,
    /// The number that identifies it.
    #[field(form = "{digits12}")]
    pub managed_zone_id: String,
    /// Its name servers.
    #[field(required)]
    pub name_servers: Vec<String>,
}

/// Who sees a zone.
#[block]
#[serde(rename_all = "lowercase")]
pub enum ZoneVisibility {
    /// The internet.
    Public,
    /// Its networks.
    Private,
}

/// The networks that see a private zone.
#[block]
pub struct PrivateVisibility {
    /// The networks.
    #[field(required, min_items = 1)]
    pub networks: BTreeSet<ZoneNetwork>,
}

/// A network that sees a private zone.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ZoneNetwork {
    /// The network.
    #[field(same = "self_link")]
    pub network_url: Id<Network>,
}
