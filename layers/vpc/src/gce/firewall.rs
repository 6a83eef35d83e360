//! The firewall rules of the base network. Each names the ranges of its tiers, which are the same for all regions, so
//! another region changes no rule.

use landform_core::{Cidr, Handle, Stack};
use landform_gce::{Firewall, FirewallBuilder, Traffic};

use super::{BaseNetwork, Network};
use crate::Tier;

/// Where the health checks and the proxies of Google's load balancers come from, and the health checks of external
/// passthrough load balancers.
const HEALTH_CHECKS: [&str; 4] = ["35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22"];

/// Declares the rules.
#[track_caller]
pub(super) fn rules(stack: &mut Stack, net: &Network, description: &BaseNetwork) {
    let addresses = net.addresses();
    for tier in Tier::ALL {
        let mut ranges = vec![addresses.tier(tier)];
        if description.clusters_in.contains(&tier) {
            ranges.push(addresses.tier_secondary(tier));
        }
        let rule = rule(net, description, &net.internal_rule(tier), ranges.clone());
        let rule = rule.allow([Traffic::new("all")]).source_ranges(texts(ranges));
        stack.add(net.internal_rule(tier).address().name(), rule);
    }
    let handle = net.health_check_rule();
    let rule = rule(net, description, &handle, [addresses.tiers()]).allow([Traffic::new("tcp")]);
    stack.add(handle.address().name(), rule.source_ranges(HEALTH_CHECKS));
    if !description.ssh_from.is_empty() {
        let handle = net.ssh_rule();
        let to = [Tier::Admin, Tier::Public].map(|tier| addresses.tier(tier));
        let rule = self::rule(net, description, &handle, to);
        let rule = rule.allow([Traffic::new("tcp").ports(["22"])]);
        stack.add(handle.address().name(), rule.source_ranges(texts(description.ssh_from.iter().copied())));
    }
}

/// A rule for incoming traffic to these ranges.
fn rule(
    net: &Network,
    description: &BaseNetwork,
    handle: &Handle<Firewall>,
    to: impl IntoIterator<Item = Cidr>,
) -> FirewallBuilder {
    let rule = Firewall::new(handle.address().name(), &net.vpc).destination_ranges(texts(to));
    rule.with(description.project(), |rule, project| rule.project(project))
}

fn texts(ranges: impl IntoIterator<Item = Cidr>) -> Vec<String> {
    ranges.into_iter().map(|range| range.to_string()).collect()
}
