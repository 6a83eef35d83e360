//! `aws_route53_record`.

use std::collections::BTreeSet;

use landform_core::{Id, Recorded, attributes, block, resource};

use super::Route53Zone;

/// The records of one name and type in a zone, or an alias for a load balancer.
#[resource(
    "aws_route53_record",
    id = "{zone_id}_{name}_{type}",
    import = import_id,
    unique("zone_id", "name", "type"),
    takes(create = 30, update = 30, delete = 30)
)]
pub struct Route53Record {
    /// The zone.
    #[field(immutable)]
    pub zone_id: Id<Route53Zone>,
    /// The name.
    #[field(immutable, same = "dns_name")]
    pub name: String,
    /// The type, as `A`.
    #[field(immutable)]
    pub r#type: String,
    /// The values; these or an alias.
    pub records: BTreeSet<String>,
    /// How long they may be cached, in seconds.
    pub ttl: Option<u32>,
    /// What to answer for; this or values.
    pub alias: Option<Alias>,
}

/// As Terraform's import spells it. The state's `name` may lack the zone's, and is empty for the zone itself.
fn import_id(recorded: Recorded<'_>) -> Option<String> {
    let [zone, name, kind] = ["zone_id", "fqdn", "type"].map(|name| recorded.text(name));
    let set = recorded.text("set_identifier").map(|set| format!("_{set}")).unwrap_or_default();
    Some(format!("{}_{}_{}{set}", zone?, name?, kind?))
}

/// Another name of AWS's to answer for.
#[block]
pub struct Alias {
    /// The name.
    #[field(same = "dns_name")]
    pub name: String,
    /// The zone of that name, which the load balancer tells.
    pub zone_id: String,
    /// Whether its health counts.
    pub evaluate_target_health: bool,
}

/// What AWS computes of a [`Route53Record`].
#[attributes]
pub struct Route53RecordAttributes {
    /// Zone, name and type, joined by `_`.
    pub id: Id<Route53Record>,
    /// The full name.
    #[field(form = "{name}")]
    pub fqdn: String,
}
