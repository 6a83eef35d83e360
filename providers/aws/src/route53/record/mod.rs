//! `aws_route53_record`.

#[cfg(feature = "route53")]
mod client;
mod routing;

use std::collections::BTreeSet;

use landform_core::{Id, Recorded, attributes, block, resource};

pub use self::routing::*;
use super::Route53Zone;

/// The records of one name and type in a zone, or an alias for an AWS resource such as a load balancer.
///
/// Several can share a name and a type if a routing policy selects among them. Each then has a `set_identifier`.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let zone = stack.add("main", aws::Route53Zone::new("example.com"));
/// let record = aws::Route53Record::new(&zone, "www.example.com", aws::RecordType::A).records(["192.0.2.1"]).ttl(300);
/// stack.add("www", record);
/// ```
#[resource(
    "aws_route53_record",
    id = "{zone_id}_{name?}_{type}{_set_identifier?}",
    import = import_id,
    unique("zone_id", "name", "type", "set_identifier"),
    one_of("records", "alias"),
    needs("ttl", when("records")),
    refuses("ttl", when("alias")),
    at_most_one_of("weighted_routing_policy", "latency_routing_policy", "failover_routing_policy", "geolocation_routing_policy", "cidr_routing_policy", "geoproximity_routing_policy", "multivalue_answer_routing_policy"),
    any_of("weighted_routing_policy", "latency_routing_policy", "failover_routing_policy", "geolocation_routing_policy", "cidr_routing_policy", "geoproximity_routing_policy", "multivalue_answer_routing_policy", when("set_identifier")),
    needs("set_identifier", when("weighted_routing_policy")),
    needs("set_identifier", when("latency_routing_policy")),
    needs("set_identifier", when("failover_routing_policy")),
    needs("set_identifier", when("geolocation_routing_policy")),
    needs("set_identifier", when("cidr_routing_policy")),
    needs("set_identifier", when("geoproximity_routing_policy")),
    needs("set_identifier", when("multivalue_answer_routing_policy")),
    takes(create = 30, update = 30, delete = 30)
)]
pub struct Route53Record {
    /// The zone.
    #[field(immutable, same = "self_link")]
    pub zone_id: Id<Route53Zone>,
    /// The name: in full, or without the zone's name. Empty means the zone's name.
    #[field(immutable, same = "dns_name")]
    pub name: String,
    /// The type.
    #[field(immutable)]
    pub r#type: RecordType,
    /// The values. Set this or `alias`. Give `TXT` values without quotes. Separate the parts of a value of more than
    /// 255 characters by `""`.
    pub records: BTreeSet<String>,
    /// The caching time in seconds. Required with values, not allowed with an alias.
    #[field(maximum = 2147483647)]
    pub ttl: Option<u32>,
    /// The target of an alias. Set this or `records`.
    pub alias: Option<Alias>,
    /// Distinguishes records of one name and type.
    #[field(immutable)]
    pub set_identifier: Option<String>,
    /// The health check that decides whether Route 53 answers with it.
    pub health_check_id: Option<String>,
    /// Answers in proportion to weights.
    pub weighted_routing_policy: Option<WeightedRouting>,
    /// Answers from the region with the lowest latency.
    pub latency_routing_policy: Option<LatencyRouting>,
    /// Answers as the primary record, or while the primary record is unhealthy.
    pub failover_routing_policy: Option<FailoverRouting>,
    /// Answers by the location of the client.
    pub geolocation_routing_policy: Option<GeolocationRouting>,
    /// Answers by the address of the client.
    pub cidr_routing_policy: Option<CidrRouting>,
    /// Answers from the place that is nearest to the client.
    pub geoproximity_routing_policy: Option<GeoproximityRouting>,
    /// Answers with up to eight healthy records.
    #[field(default = false)]
    pub multivalue_answer_routing_policy: bool,
    /// Whether the creation replaces an existing record. By default it refuses to.
    #[field(unseen, default = false)]
    pub allow_overwrite: bool,
}

/// The id in the format of Terraform's import. The state's `name` may lack the zone's name, and is empty for the zone
/// itself. A declaration has no `fqdn`.
fn import_id(recorded: Recorded<'_>) -> Option<String> {
    let [zone, kind] = ["zone_id", "type"].map(|name| recorded.text(name));
    let name = recorded.text("fqdn").or_else(|| recorded.text("name"));
    let set = recorded.text("set_identifier").map(|set| format!("_{set}")).unwrap_or_default();
    Some(format!("{}_{}_{}{set}", zone?, name?, kind?))
}

/// A type of record that Route 53 supports.
#[block]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordType {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Who may issue certificates.
    Caa,
    /// Another name.
    Cname,
    /// The signer of a delegated zone.
    Ds,
    /// Parameters of a web server.
    Https,
    /// Mail servers.
    Mx,
    /// Rewriting rules.
    Naptr,
    /// Name servers.
    Ns,
    /// The name of an address.
    Ptr,
    /// The zone's authority.
    Soa,
    /// Who may send mail, in the old form.
    Spf,
    /// The hosts of a service.
    Srv,
    /// Fingerprints of SSH keys.
    Sshfp,
    /// Parameters of a service.
    Svcb,
    /// Certificates of a server.
    Tlsa,
    /// Text.
    Txt,
}

/// The target of an alias.
#[block]
pub struct Alias {
    /// The name.
    #[field(same = "dns_name")]
    pub name: String,
    /// The zone of that name, an attribute of the load balancer.
    pub zone_id: String,
    /// Whether Route 53 checks the target's health.
    pub evaluate_target_health: bool,
}

/// The attributes that AWS computes for a [`Route53Record`].
#[attributes]
pub struct Route53RecordAttributes {
    /// The zone, the name, the type and the set identifier if there is one, joined by `_`.
    pub id: Id<Route53Record>,
    /// The full name.
    #[field(form = "{name}")]
    pub fqdn: String,
}
