//! `aws_route53_record`.

#[cfg(feature = "route53")]
mod client;
mod routing;

use std::collections::BTreeSet;

use landform_core::{Id, Recorded, attributes, block, resource};

pub use self::routing::*;
use super::Route53Zone;

/// The records of one name and type in a zone, or an alias for something of AWS's, as a load balancer.
///
/// Several may have one name and type where a routing policy says which of them answers; each then has a
/// `set_identifier`.
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
    takes(create = 30, update = 30, delete = 30)
)]
pub struct Route53Record {
    /// The zone.
    #[field(immutable, same = "self_link")]
    pub zone_id: Id<Route53Zone>,
    /// The name: in full, or without the zone's behind it; empty for the zone itself.
    #[field(immutable, same = "dns_name")]
    pub name: String,
    /// The type.
    #[field(immutable)]
    pub r#type: RecordType,
    /// The values; these or an alias. Those of `TXT` are given without quotes; `""` stands between parts of more than 255
    /// letters.
    pub records: BTreeSet<String>,
    /// How long they may be cached, in seconds. It goes with values, not with an alias.
    #[field(maximum = 2147483647)]
    pub ttl: Option<u32>,
    /// What to answer for; this or values.
    pub alias: Option<Alias>,
    /// Tells those of one name and type apart.
    #[field(immutable)]
    pub set_identifier: Option<String>,
    /// The health check that says whether it may answer.
    pub health_check_id: Option<String>,
    /// Answers in proportion to weights.
    pub weighted_routing_policy: Option<WeightedRouting>,
    /// Answers from where the latency is lowest.
    pub latency_routing_policy: Option<LatencyRouting>,
    /// Answers as the first choice, or while the first choice is ill.
    pub failover_routing_policy: Option<FailoverRouting>,
    /// Answers by where the asker is.
    pub geolocation_routing_policy: Option<GeolocationRouting>,
    /// Answers by the asker's address.
    pub cidr_routing_policy: Option<CidrRouting>,
    /// Answers with up to eight that are healthy.
    #[field(default = false)]
    pub multivalue_answer_routing_policy: bool,
}

/// As Terraform's import spells it. The state's `name` may lack the zone's, and is empty for the zone itself.
fn import_id(recorded: Recorded<'_>) -> Option<String> {
    let [zone, name, kind] = ["zone_id", "fqdn", "type"].map(|name| recorded.text(name));
    let set = recorded.text("set_identifier").map(|set| format!("_{set}")).unwrap_or_default();
    Some(format!("{}_{}_{}{set}", zone?, name?, kind?))
}

/// The types of records that Route 53 knows.
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
    /// How to reach a web server.
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
    /// Who may send mail, in the old way.
    Spf,
    /// Where a service is.
    Srv,
    /// Fingerprints of SSH keys.
    Sshfp,
    /// How to reach a service.
    Svcb,
    /// Certificates of a server.
    Tlsa,
    /// Text.
    Txt,
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
    /// Zone, name and type, joined by `_`, and the set identifier behind them where there is one.
    pub id: Id<Route53Record>,
    /// The full name.
    #[field(form = "{name}")]
    pub fqdn: String,
}
