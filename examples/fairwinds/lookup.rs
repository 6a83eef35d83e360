//! The facts about the region that clusters need. AWS answers them on AWS. They are fixed for the embedded cloud.

use landform::kops::FixedLookup;
#[cfg(feature = "client")]
use {crate::Failure, landform::kops::Spec};

/// The hosted zone of the clusters' names in the embedded cloud: its id in the format of Route 53, and its name.
pub const HOSTED_ZONE: (&str, &str) = ("/hostedzone/Z1FAIRWINDS", "example.com");

/// The facts for the embedded cloud.
pub fn embedded(region: &str) -> FixedLookup {
    let (id, name) = HOSTED_ZONE;
    FixedLookup::region(region).hosted_zone(id.trim_start_matches("/hostedzone/"), name, false)
}

/// The facts from AWS, for the images, types of machines, zones and hosted zones of these clusters. It asks nothing if
/// there are no clusters.
#[cfg(feature = "client")]
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
