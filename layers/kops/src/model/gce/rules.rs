//! Firewall rules. Compute Engine allows no IPv4 and IPv6 ranges in one rule, so rules about ranges are pairs.

use super::Model;
use super::network::Network;
use crate::spec::values::AccessSource;
use landform_gce as gce;

/// Traffic by protocol and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Traffic {
    /// All of a protocol.
    Protocol(&'static str),
    /// Some ports of a protocol.
    Ports(&'static str, String),
}

impl Traffic {
    pub(super) fn tcp(port: u16) -> Self {
        Self::Ports("tcp", port.to_string())
    }

    pub(super) fn udp(port: u16) -> Self {
        Self::Ports("udp", port.to_string())
    }

    fn allowed(&self, family: Family) -> gce::TrafficBuilder {
        match self {
            // The number of ICMP for IPv6.
            Self::Protocol("icmp") if family == Family::Ipv6 => gce::Traffic::new("58"),
            Self::Protocol(protocol) => gce::Traffic::new(*protocol),
            Self::Ports(protocol, ports) => gce::Traffic::new(*protocol).ports([ports.as_str()]),
        }
    }
}

/// The version of IP that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Ipv4,
    Ipv6,
}

/// A firewall rule: which traffic reaches which machines.
pub(super) struct Rule {
    /// Its name without the cluster's name.
    pub(super) name: &'static str,
    pub(super) traffic: Vec<Traffic>,
    /// The network tags of the machines that it applies to.
    pub(super) targets: Vec<String>,
}

impl Model<'_> {
    /// Lets traffic from machines with one of some tags in.
    pub(super) fn admit_tags(&mut self, network: &Network, rule: &Rule, sources: Vec<String>) {
        let firewall = self.firewall_rule(rule.name, network, rule, Family::Ipv4).source_tags(sources);
        self.add(&self.name(rule.name), firewall);
    }

    /// The same as a pair, because machines have addresses of both versions.
    pub(super) fn admit_tags_in_pair(&mut self, network: &Network, rule: &Rule, sources: &[String]) {
        for (family, name) in pair(rule.name) {
            let firewall =
                self.firewall_rule(&name, network, rule, family).source_tags(sources.iter().cloned());
            self.add(&self.name(&name), firewall);
        }
    }

    /// Lets traffic from fixed IPv4 ranges in.
    pub(super) fn admit_ranges(&mut self, network: &Network, rule: &Rule, sources: &[&str]) {
        let firewall =
            self.firewall_rule(rule.name, network, rule, Family::Ipv4).source_ranges(sources.iter().copied());
        self.add(&self.name(rule.name), firewall);
    }

    /// Lets traffic from ranges of both versions in. A rule without sources would let all traffic in, so it is disabled.
    pub(super) fn admit_sources(&mut self, network: &Network, rule: &Rule, sources: &[AccessSource]) {
        for (family, name) in pair(rule.name) {
            let of_family = sources.iter().filter_map(|source| match source {
                AccessSource::Range(range) if range.addr().is_ipv6() == (family == Family::Ipv6) => {
                    Some(range.as_str())
                }
                _ => None,
            });
            let mut ranges: Vec<&str> = of_family.collect();
            let disabled = ranges.is_empty();
            if disabled {
                ranges.push(if family == Family::Ipv6 { "::/0" } else { "0.0.0.0/0" });
            }
            let firewall =
                self.firewall_rule(&name, network, rule, family).disabled(disabled).source_ranges(ranges);
            self.add(&self.name(&name), firewall);
        }
    }

    fn firewall_rule(
        &self,
        name: &str,
        network: &Network,
        rule: &Rule,
        family: Family,
    ) -> gce::FirewallBuilder {
        gce::Firewall::new(self.name(name), &network.id)
            .project(&*self.home.project)
            .disabled(false)
            .allow(rule.traffic.iter().map(|traffic| traffic.allowed(family)))
            .target_tags(rule.targets.iter().cloned())
    }
}

fn pair(name: &str) -> [(Family, String); 2] {
    [(Family::Ipv4, name.to_owned()), (Family::Ipv6, format!("{name}-ipv6"))]
}
