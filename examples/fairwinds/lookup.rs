//! What clusters have to know of the region: asked of AWS where that is the cloud, and fixed for the embedded one.

use landform::kops::FixedLookup;
#[cfg(feature = "client")]
use {crate::Failure, landform::kops::Spec};

/// The hosted zone in the embedded cloud that clusters' names are in: its id, as Route 53 gives it, and its name.
pub const HOSTED_ZONE: (&str, &str) = ("/hostedzone/Z1FAIRWINDS", "example.com");

/// What the embedded cloud answers.
pub fn embedded(region: &str) -> FixedLookup {
    let (id, name) = HOSTED_ZONE;
    FixedLookup::region(region).hosted_zone(id.trim_start_matches("/hostedzone/"), name, false)
}

/// What AWS answers: the account, the zones of the region, the newest image of Ubuntu, and the clusters' hosted zones.
/// Without clusters nothing is asked.
#[cfg(feature = "client")]
pub async fn aws(region: &str, clusters: &[Spec]) -> Result<FixedLookup, Failure> {
    use landform::{
        DataSource,
        aws::{Client, data},
        kops::lookup::{Account, Image},
    };

    let mut lookup = FixedLookup::region(region);
    if clusters.is_empty() {
        return Ok(lookup);
    }
    let client = Client::from_env().await?;
    let caller = client.read(&data::CallerIdentity {}).await?;
    let partition = caller.arn.split(':').nth(1).unwrap_or("aws").to_owned();
    lookup.account = Account { id: caller.account_id, partition };
    let zones = data::AvailabilityZones { state: Some(data::ZoneState::Available), ..asked()? };
    lookup.zones = client.read(&zones).await?.names;
    let ubuntu = data::Ami {
        most_recent: true,
        owners: vec!["099720109477".into()],
        filter: vec![data::Filter {
            name: "name".into(),
            values: ["ubuntu/images/hvm-ssd*/ubuntu-*-amd64-server-*".to_owned()].into(),
        }],
    };
    let image = client.read(&ubuntu).await?;
    lookup.image = Image { id: image.image_id, root_device: image.root_device_name };
    let mut names: Vec<&str> = clusters.iter().map(|spec| spec.cluster.spec.dns_zone.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        let zone = client.read(&data::Route53Zone { name: Some(name.to_owned()), ..asked()? }).await?;
        lookup = lookup.hosted_zone(zone.zone_id.as_str(), &zone.name, zone.private_zone);
    }
    Ok(lookup)
}

/// A data source of which nothing is asked yet.
#[cfg(feature = "client")]
fn asked<T: serde::de::DeserializeOwned>() -> Result<T, serde_json::Error> {
    serde_json::from_value(serde_json::json!({}))
}
