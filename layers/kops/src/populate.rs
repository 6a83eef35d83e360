//! Completes a spec with defaults and with answers of the lookup. Makes no resources.
//!
//! Follows kops `upup/pkg/fi/cloudup` (`defaults.go`, `populate_cluster_spec.go`,
//! `populate_instancegroup_spec.go`), as far as resources depend on it.

mod access;
mod addons;
mod check;
mod complete;
mod components;
mod gce;
mod groups;
mod issuer;
mod network;
mod plugins;
mod populated;
mod prerequisites;

use crate::lookup::Lookup;
use crate::problem::Problems;
use crate::spec::values::Host;
use crate::spec::{Cloud, ClusterSpec, Spec};
use crate::validate::{Report, validate};
use crate::version::Version;
use crate::{addons as manifests, files};
use ipnet::{Ipv4Net, Ipv6Net};
use landform_core::Cidr;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

pub(crate) use components::{GVISOR_PLATFORM, NVIDIA_DRIVER, NVIDIA_PLUGIN};
#[cfg(feature = "gce")]
pub(crate) use gce::api_subnets;
pub(crate) use network::{inside, populate as network};
pub use populated::{AwsHome, Balancer, GceHome, Group, Home, Populated, TerminationQueue};

/// Where a cluster's network comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkSource {
    /// It is new, or an existing one that is looked up by the spec's `networkID`.
    Spec,
    /// It is given by reference. The spec's `networkID` is not looked up.
    Given {
        /// Its range, if that is known.
        cidr: Option<Ipv4Net>,
        /// The names of subnets that are given by reference too. They need no range in the spec.
        subnets: BTreeSet<String>,
    },
}

/// Applies the defaults to a spec for AWS or Google.
///
/// # Errors
/// The spec is not [valid](validate), is for another cloud, or names something that does not exist.
pub fn populate(spec: &Spec, source: &NetworkSource, lookup: &impl Lookup) -> Result<Populated, Problems> {
    validate(spec)?;
    let mut problems = Vec::new();
    let on_google = spec.cluster.spec.is_on(Cloud::Gce);
    if !on_google && !spec.cluster.spec.is_on(Cloud::Aws) {
        let mut report = Report::of_cluster(spec, &mut problems);
        report.forbidden(
            "spec.cloudProvider",
            "expected aws or gce: the layer makes clusters on AWS and on Google only",
        );
        return Err(Problems::of(problems));
    }
    let mut populated = spec.clone();
    let cluster = &mut populated.cluster.spec;
    let mut report = Report::of_cluster(spec, &mut problems);
    complete::api_defaults(cluster);
    complete::fill(&mut cluster.channel, "stable");
    complete::base(cluster, spec.name(), lookup, &mut report);
    let version = find_version(cluster, lookup, &mut report);
    let network = find_network(cluster, source, lookup, &mut report);
    let zone = access::find_zone(spec, cluster, lookup, &mut report);
    complete::proxy(cluster, spec.name());
    complete::stores(cluster);
    let balancer = access::choose_balancer(spec, cluster, &mut report);
    // Defaults that depend on wrong values would be wrong, too.
    let (Some(version), Some(base), Some(network), false) =
        (version, cluster.config_base.as_deref().cloned(), network, report.has_problems())
    else {
        return Err(Problems::of(problems));
    };
    let release = lookup.release();
    check::release(&version, &release, lookup, &mut report);
    let context = complete::Context {
        name: spec.name(),
        version: &version,
        assets: cluster.assets.clone().unwrap_or_default(),
    };
    complete::complete(cluster, &context, &mut report);
    check::stores(cluster, &mut report);
    check::etcd(cluster, &mut report);
    let issuer_bucket_needs_acl = issuer::complete(cluster, spec.name(), lookup, &mut report);
    let files = files::find(cluster, &version, &release, lookup, &mut report);
    let keysets = prerequisites::find_keysets(cluster, lookup, &mut report);
    let manifests = manifests::find_manifests(cluster, lookup, &mut report);
    let encryption_digest = prerequisites::find_encryption(cluster, lookup, &mut report);
    let profile_roles = prerequisites::find_profile_roles(spec, lookup, &mut problems);
    let groups =
        spec.groups.iter().filter_map(|group| groups::populate(&populated, group, lookup, &mut problems));
    let groups = groups.collect();
    let (home, api_addresses) = match network.of {
        NetworkOf::Aws { range, ipv6_cidr, allocations } => {
            let addresses =
                balancer.as_ref().map(|_| lookup.balancer_addresses(&format!("api.{}", spec.name())));
            let home = AwsHome {
                account: lookup.account(),
                network_range: range,
                network_ipv6_cidr: ipv6_cidr,
                allocations,
                profile_roles,
                issuer_bucket_needs_acl,
            };
            (Home::Aws(home), addresses.into_iter().flatten().map(Host::from).collect())
        }
        NetworkOf::Gce { project } => {
            let found = balancer.as_ref().map(|_| gce::find_addresses(&populated, lookup));
            let gce::Addresses { public, internal } = found.unwrap_or_default();
            let all = public.into_iter().chain(internal.iter().cloned()).collect();
            (Home::Gce(GceHome { project, internal_addresses: internal }), all)
        }
    };
    Problems::check(problems)?;
    // A valid spec may be invalid together with the defaults.
    validate(&populated)?;
    Ok(Populated {
        home,
        region: network.region,
        zone,
        base,
        version,
        release,
        files,
        keysets,
        manifests,
        encryption_digest,
        api_addresses,
        allows_newer: lookup.allows_newer(),
        groups,
        balancer,
        spec: populated,
    })
}

/// The region of a cluster, and what its cloud says about its network.
struct Network {
    region: String,
    of: NetworkOf,
}

enum NetworkOf {
    Aws { range: Cidr, ipv6_cidr: Option<Ipv6Net>, allocations: BTreeMap<Ipv4Addr, String> },
    Gce { project: String },
}

/// Sets all ranges. Returns what else is known of the network, or `None` if its range is not known.
fn find_network(
    cluster: &mut ClusterSpec,
    source: &NetworkSource,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<Network> {
    if cluster.is_on(Cloud::Gce) {
        let project = gce::find_project(cluster, lookup, report);
        gce::network(cluster, source, lookup, report);
        complete::ranges(cluster, report);
        return Some(Network { region: gce::find_region(cluster), of: NetworkOf::Gce { project } });
    }
    let ipv6_cidr = network::populate(cluster, source, lookup, report);
    complete::ranges(cluster, report);
    let region = network::find_region(cluster, lookup, report);
    let allocations = network::find_allocations(cluster, lookup, report);
    let range = cluster.network_cidr.as_deref().copied()?;
    Some(Network { region, of: NetworkOf::Aws { range, ipv6_cidr, allocations } })
}

/// Finds the version of Kubernetes that the spec says, or else the one that its channel recommends. Writes it into the
/// spec without a leading `v`.
fn find_version(cluster: &mut ClusterSpec, lookup: &impl Lookup, report: &mut Report) -> Option<Version> {
    let given = cluster.kubernetes_version.as_deref().cloned();
    let version = given.or_else(|| lookup.recommended_version(&cluster.channel));
    if version.is_none() {
        report.required("spec.kubernetesVersion", "expected a version: the channel recommends none");
    }
    cluster.kubernetes_version = version.clone().map(Into::into);
    version
}
