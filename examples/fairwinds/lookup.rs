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

/// The facts from AWS: the account, the zones of the region, the newest image of Ubuntu, and the clusters' hosted
/// zones. It asks nothing if there are no clusters.
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

/// A data source without arguments.
#[cfg(feature = "client")]
fn asked<T: serde::de::DeserializeOwned>() -> Result<T, serde_json::Error> {
    serde_json::from_value(serde_json::json!({}))
}
