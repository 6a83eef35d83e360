//! The declarations on Google Cloud: the base network, and the clusters that use it.

use landform::{
    Address, Handle, Stack, gce,
    kops::{self, FixedLookup, Spec},
    vpc::{self, gce::BaseNetwork},
};

use crate::{
    Failure,
    lookup::region_on_google,
    project::{self, BUCKET, STACK},
};

/// The types whose resources are in a bucket.
const IN_BUCKET: [&str; 2] = ["google_storage_bucket_object", "google_storage_bucket_iam_member"];

/// What clusters use beside the base network: the bucket of their files, and the zone of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surroundings {
    /// They exist.
    Existing,
    /// The stack has them.
    Declared,
}

/// Declares a base network and clusters in it, each with its facts.
pub fn stack(
    description: &BaseNetwork,
    clusters: &[Spec],
    ssh_key: Option<&str>,
    lookups: &[FixedLookup],
    surroundings: Surroundings,
) -> Result<Stack, Failure> {
    let mut stack = Stack::new(STACK);
    let network = vpc::base(&mut stack, description)?;
    let bucket = (surroundings == Surroundings::Declared).then(|| surround(&mut stack, description));
    for (spec, lookup) in clusters.iter().zip(lookups) {
        let region = region_on_google(spec);
        if !region.is_empty() && !network.regions().any(|known| known == region) {
            return Err(elsewhere(spec, &network));
        }
        let has_nat = network.nat_regions().any(|known| known == region);
        let nat_gateway = has_nat.then(|| network.nat_gateway(region));
        let options = kops::Options {
            existing: Some(kops::gce::Existing {
                network: Some((&network.vpc).into()),
                nat_gateway,
                ..kops::gce::Existing::default()
            }),
            ..project::options(spec, ssh_key)
        };
        kops::gce::cluster(&mut stack, spec, &options, lookup)?;
    }
    if let Some(bucket) = bucket {
        wait_for(&mut stack, &bucket);
    }
    stack.check()?;
    Ok(stack)
}

/// Why a cluster cannot be in a network.
fn elsewhere(spec: &Spec, network: &vpc::gce::Network) -> Failure {
    let path = "spec.subnets[0].region";
    let place = spec.cluster.place.of(path).map(|place| format!("{place}: ")).unwrap_or_default();
    let (region, regions) = (region_on_google(spec), network.regions().collect::<Vec<_>>());
    format!("{place}{path}: {region:?}: the network is not in this region, expected {}", regions.join(", "))
        .into()
}

/// Declares what clusters use beside the network.
fn surround(stack: &mut Stack, description: &BaseNetwork) -> Handle<gce::StorageBucket> {
    let project = description.project.as_deref();
    let zone =
        gce::DnsManagedZone::new(STACK, "example.com.").with(project, |zone, project| zone.project(project));
    stack.add(STACK, zone);
    let bucket = gce::StorageBucket::new(BUCKET, "US").uniform_bucket_level_access(true);
    stack.add(BUCKET, bucket.with(project, |bucket, project| bucket.project(project)))
}

/// Makes everything in the bucket wait for it: clusters name the bucket, they do not refer to it.
fn wait_for(stack: &mut Stack, bucket: &Handle<gce::StorageBucket>) {
    let inside =
        stack.nodes().map(|node| &node.address).filter(|address| IN_BUCKET.contains(&address.type_str()));
    let inside: Vec<Address> = inside.cloned().collect();
    for address in &inside {
        stack.depend(address, [bucket]);
    }
}
