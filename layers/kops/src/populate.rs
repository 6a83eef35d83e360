//! Completes a spec with defaults and with answers of the lookup. Makes no resources.
//!
//! Follows kops `upup/pkg/fi/cloudup` (`defaults.go`, `populate_cluster_spec.go`,
//! `populate_instancegroup_spec.go`), as far as resources depend on it.

mod access;
mod addons;
mod check;
mod complete;
mod components;
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
use ipnet::Ipv4Net;
use std::collections::BTreeSet;

pub(crate) use components::{GVISOR_PLATFORM, NVIDIA_DRIVER, NVIDIA_PLUGIN};
pub(crate) use network::{inside, populate as network};
pub use populated::{Balancer, Group, Populated, TerminationQueue};

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

/// Applies the defaults to a spec for AWS.
///
/// # Errors
/// The spec is not [valid](validate), is for another cloud, or names something that does not exist.
pub fn populate(spec: &Spec, source: &NetworkSource, lookup: &impl Lookup) -> Result<Populated, Problems> {
    validate(spec)?;
    let mut problems = Vec::new();
    if !spec.cluster.spec.is_on(Cloud::Aws) {
        let mut report = Report::of_cluster(spec, &mut problems);
        report.forbidden("spec.cloudProvider", "expected aws: the layer makes resources of AWS only");
        return Err(Problems::of(problems));
    }
    let mut populated = spec.clone();
    let cluster = &mut populated.cluster.spec;
    let mut report = Report::of_cluster(spec, &mut problems);
    complete::api_defaults(cluster);
    complete::fill(&mut cluster.channel, "stable");
    complete::base(cluster, spec.name(), lookup, &mut report);
    let version = find_version(cluster, lookup, &mut report);
    let network_ipv6_cidr = network::populate(cluster, source, lookup, &mut report);
    complete::ranges(cluster, &mut report);
    let region = network::find_region(cluster, lookup, &mut report);
    let allocations = network::find_allocations(cluster, lookup, &mut report);
    let zone = access::find_zone(spec, cluster, lookup, &mut report);
    complete::proxy(cluster, spec.name());
    complete::stores(cluster);
    let balancer = access::choose_balancer(spec, cluster, &mut report);
    // Defaults that depend on wrong values would be wrong, too.
    let (Some(version), Some(base), Some(network_range), false) = (
        version,
        cluster.config_base.as_deref().cloned(),
        cluster.network_cidr.as_deref().copied(),
        report.has_problems(),
    ) else {
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
    let api_addresses = balancer.as_ref().map(|_| lookup.balancer_addresses(&format!("api.{}", spec.name())));
    let issuer_bucket_needs_acl = issuer::complete(cluster, spec.name(), lookup, &mut report);
    let files = files::find(cluster, &version, &release, lookup, &mut report);
    let keysets = prerequisites::find_keysets(cluster, lookup, &mut report);
    let manifests = manifests::find_manifests(cluster, lookup, &mut report);
    let encryption_digest = prerequisites::find_encryption(cluster, lookup, &mut report);
    let profile_roles = prerequisites::find_profile_roles(spec, lookup, &mut problems);
    let groups =
        spec.groups.iter().filter_map(|group| groups::populate(&populated, group, lookup, &mut problems));
    let groups = groups.collect();
    Problems::check(problems)?;
    // A valid spec may be invalid together with the defaults.
    validate(&populated)?;
    Ok(Populated {
        account: lookup.account(),
        region,
        zone,
        base,
        network_range,
        network_ipv6_cidr,
        allocations,
        version,
        release,
        files,
        keysets,
        manifests,
        encryption_digest,
        api_addresses: api_addresses.into_iter().flatten().map(Host::from).collect(),
        allows_newer: lookup.allows_newer(),
        profile_roles,
        issuer_bucket_needs_acl,
        groups,
        balancer,
        spec: populated,
    })
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
