//! The facts about the region that clusters need. The real clouds answer them. They are fixed for the embedded cloud.

use landform::{
    kops::{FixedLookup, Spec},
    vpc::gce,
};

use crate::{Failure, clouds::Chosen, google::Surroundings};

/// The project of everything on Google Cloud, in the embedded cloud.
pub const PROJECT: &str = "fairwinds";

/// The hosted zone of the clusters' names in the embedded cloud: its id in the format of Route 53, and its name.
pub const HOSTED_ZONE: (&str, &str) = ("/hostedzone/Z1FAIRWINDS", "example.com");

/// The facts for the embedded cloud.
pub fn embedded(region: &str) -> FixedLookup {
    let (id, name) = HOSTED_ZONE;
    FixedLookup::region(region).hosted_zone(id.trim_start_matches("/hostedzone/"), name, false)
}

/// The facts for each cluster on Google Cloud. In the embedded cloud, the network gets the project of the clusters.
pub async fn google(
    description: &mut gce::BaseNetwork,
    cloud: Chosen,
    clusters: &[Spec],
    surroundings: Surroundings,
) -> Result<Vec<FixedLookup>, Failure> {
    if cloud != Chosen::Google {
        let (_, name) = HOSTED_ZONE;
        let project = description.project.get_or_insert_with(|| PROJECT.to_owned());
        let facts =
            |spec| FixedLookup::google(project, region_on_google(spec)).hosted_zone(name, name, false);
        return Ok(clusters.iter().map(facts).collect());
    }
    let mut lookups = Vec::new();
    for spec in clusters {
        lookups.push(asked_google(spec, surroundings).await?);
    }
    Ok(lookups)
}

/// The region of a cluster on Google Cloud. Empty if its spec names none, which the layer refuses.
pub fn region_on_google(spec: &Spec) -> &str {
    spec.cluster.spec.subnets.first().map_or("", |subnet| subnet.region.as_str())
}

/// The facts from Google, for the images, types of machines, zones and addresses of a cluster.
#[cfg(feature = "gce-client")]
async fn asked_google(spec: &Spec, surroundings: Surroundings) -> Result<FixedLookup, Failure> {
    use landform::{KopsOnGoogle, Stack, gce::Client, kops};

    let cloud = KopsOnGoogle::new(Client::from_env().await?, region_on_google(spec));
    let mut lookup = cloud.lookup().await?;
    lookup.makes_up_hashes = true;
    let (_, name) = HOSTED_ZONE;
    // The zone is in the stack, but not yet in the cloud.
    if surroundings == Surroundings::Declared && cloud.client().managed_zones(name).await?.is_empty() {
        lookup = lookup.hosted_zone(name, name, false);
    }
    let ask = |asking: &kops::questions::Asking<'_>| {
        // The layer's answer counts later, in the stack of the base network.
        let _ = kops::gce::cluster(&mut Stack::new("questions"), spec, &kops::Options::default(), asking);
    };
    let mut lookup = cloud.answer(lookup, ask).await?;
    // This tool makes one plan before the load balancers exist, and the same plan after that.
    lookup.balancer_addresses.clear();
    Ok(lookup)
}

#[cfg(not(feature = "gce-client"))]
async fn asked_google(_: &Spec, _: Surroundings) -> Result<FixedLookup, Failure> {
    Err(crate::clouds::NO_CLIENT.into())
}

/// The facts from AWS, for the images, types of machines, zones and hosted zones of these clusters. It asks nothing if
/// there are no clusters.
#[cfg(feature = "aws-client")]
pub async fn aws(region: &str, clusters: &[Spec]) -> Result<FixedLookup, Failure> {
    use landform::{KopsOnAws, Stack, aws::Client, kops};

    if clusters.is_empty() {
        return Ok(FixedLookup::region(region));
    }
    let cloud = KopsOnAws::new(Client::from_env().await?);
    let mut lookup = cloud.lookup().await?;
    lookup.makes_up_hashes = true;
    // The newest image of Ubuntu with any version, which emulators of AWS have too.
    let ubuntu = |name: &str| format!("ubuntu/ubuntu/images/hvm-ssd*/ubuntu-*-{name}-server-*");
    for (architecture, image) in &mut lookup.default_images {
        *image = ubuntu(architecture.as_str());
    }
    let ask = |asking: &kops::questions::Asking<'_>| {
        for spec in clusters {
            // The layer's answer counts later, in the stack of the base network.
            let _ = kops::cluster(&mut Stack::new("questions"), spec, &kops::Options::default(), asking);
        }
    };
    let mut lookup = cloud.answer(lookup, ask).await?;
    // This tool makes one plan before the load balancers exist, and the same plan after that.
    lookup.balancer_addresses.clear();
    Ok(lookup)
}
