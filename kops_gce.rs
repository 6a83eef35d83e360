//! Answers what the cluster layer asks about Google. Changes nothing in the project.

use landform_core::{DataSource, Error, ErrorKind, Result};
use landform_gce::{self as gce, data};
use landform_kit::existing;
use landform_kops::FixedLookup;
use landform_kops::lookup::{Architecture, HostedZone, Image, MachineType, Subnetwork};
use landform_kops::questions::{Asking, Question, Rounds};
use serde_json::json;

/// Canonical's images of Ubuntu 24.04: their project, their families, and the architectures of their machines.
const UBUNTU: &str = "ubuntu-os-cloud";
const FAMILIES: [(Architecture, &str); 2] =
    [(Architecture::Amd64, "ubuntu-2404-lts-amd64"), (Architecture::Arm64, "ubuntu-2404-lts-arm64")];

/// What the cluster layer asks about Google: images, types of machines, zones, zones of Cloud DNS, networks and more.
///
/// ```no_run
/// use landform::kops::{Options, Spec, gce::cluster};
/// use landform::{KopsOnGoogle, Stack, gce};
///
/// # async fn run(spec: Spec) -> Result<(), Box<dyn std::error::Error>> {
/// let cloud = KopsOnGoogle::new(gce::Client::from_env().await?, "us-central1");
/// let options = Options::default();
/// let lookup = cloud.lookup().await?;
/// let lookup = cloud
///     .answer(lookup, |asking| drop(cluster(&mut Stack::new("questions"), &spec, &options, asking)))
///     .await?;
/// let mut stack = Stack::new(spec.name());
/// cluster(&mut stack, &spec, &options, &lookup)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct KopsOnGoogle {
    client: gce::Client,
    region: String,
}

impl KopsOnGoogle {
    /// Asks with this client about a region, which is the cluster's.
    pub fn new(client: gce::Client, region: &str) -> Self {
        Self { client, region: region.to_owned() }
    }

    /// The client.
    pub fn client(&self) -> &gce::Client {
        &self.client
    }

    /// The facts that every cluster needs: the project, the zones of the region, and the default images. The answers to
    /// all other questions are missing.
    ///
    /// # Errors
    /// Those of Compute Engine's calls.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn lookup(&self) -> Result<FixedLookup> {
        let mut lookup = FixedLookup::google(self.client.project(), &self.region).without_inventions();
        let zones = json!({ "region": self.region, "status": "UP" });
        let zones: data::Zones = asked(zones)?;
        lookup.zones = self.client.read(&zones).await?.names;
        lookup.default_images.clear();
        for (architecture, family) in FAMILIES {
            let newest: data::Image = asked(json!({ "project": UBUNTU, "family": family }))?;
            if let Some(found) = existing(self.client.read(&newest).await)? {
                let name = last(&found.self_link);
                lookup.default_images.insert(architecture, format!("{UBUNTU}/{name}"));
            }
        }
        Ok(lookup)
    }

    /// Runs `ask` again and again, and answers its questions from Google, until it asks no new question. The result has
    /// all answers. `ask` runs the layer, and may ignore what the layer returns.
    ///
    /// # Errors
    /// Those of Google's calls. A thing that does not exist is not an error here: the layer reports it.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn answer<'a>(
        &'a self,
        mut lookup: FixedLookup,
        ask: impl Fn(&Asking<'_>) + Send + 'a,
    ) -> Result<FixedLookup> {
        let mut rounds = Rounds::default();
        loop {
            let questions = rounds.next(&lookup, &ask);
            if questions.is_empty() {
                return Ok(lookup);
            }
            for question in &questions {
                self.look(&mut lookup, question).await?;
            }
        }
    }

    /// Puts the answer to a question into a lookup.
    async fn look(&self, lookup: &mut FixedLookup, question: &Question) -> Result<()> {
        match question {
            Question::Image(name) => {
                lookup.images.extend(self.image(name).await?.map(|image| (name.clone(), image)));
            }
            Question::MachineType(name) => {
                let found = self.machine_type(&lookup.zones, name).await?;
                lookup.machine_types.extend(found.map(|found| (name.clone(), found)));
            }
            Question::HostedZones(name) => {
                for zone in self.client.managed_zones(name).await? {
                    let known = lookup.hosted_zones.iter().any(|known| known.id == zone.id);
                    if !known {
                        let gce::operations::ManagedZone { id, dns_name, private, networks, .. } = zone;
                        lookup.hosted_zones.push(HostedZone { id, name: dns_name, private, networks });
                    }
                }
            }
            Question::BucketRegion(bucket) => {
                let found = self.client.bucket_location(bucket).await?;
                lookup.bucket_regions.extend(found.map(|location| (bucket.clone(), location)));
            }
            Question::PublicBucket(bucket) => {
                if self.client.may_everyone_read(bucket).await? == Some(true) {
                    lookup.public_buckets.insert(bucket.clone());
                }
            }
            Question::BalancerAddresses(name) => {
                if let Some(address) = self.client.reserved_address(&self.region, name).await? {
                    lookup.balancer_addresses.insert(name.clone(), vec![address]);
                }
            }
            Question::Subnetworks(network) => {
                let (project, name) = network.split_once('/').unwrap_or((self.client.project(), network));
                if let Some(found) = self.client.subnetworks_of(project, name).await? {
                    let found = found.into_iter().filter_map(subnetwork).collect();
                    lookup.subnetworks.insert(network.clone(), found);
                }
            }
            // The layer asks about them on AWS only.
            Question::ProfileRoles(_)
            | Question::Network(_)
            | Question::NetworkOfSubnet(_)
            | Question::Allocation(_) => {}
        }
        Ok(())
    }

    /// The image with a name: `project/name`, the name of an image of the own project, or a link.
    async fn image(&self, name: &str) -> Result<Option<Image>> {
        let path = name.split_once("/projects/").map_or(name, |(_, path)| path);
        let (project, image) = path.split_once('/').unwrap_or((self.client.project(), path));
        let image = last(image);
        if project.is_empty() || image.is_empty() {
            return Ok(None);
        }
        let wanted: data::Image = asked(json!({ "project": project, "name": image }))?;
        let found = existing(self.client.read(&wanted).await)?;
        Ok(found.map(|found| Image { id: found.self_link, root_device: String::new() }))
    }

    /// A type of machine. It is looked for in one zone after the other, because not every zone has every type.
    async fn machine_type(&self, zones: &[String], name: &str) -> Result<Option<MachineType>> {
        for zone in zones {
            if let Some(found) = self.client.machine_type_in(zone, name).await? {
                let arm = found.architecture == "ARM64";
                return Ok(Some(MachineType {
                    ephemeral_disks: u8::try_from(found.local_disks).unwrap_or(u8::MAX),
                    gpu: found.accelerators > 0,
                    architecture: if arm { Architecture::Arm64 } else { Architecture::Amd64 },
                }));
            }
        }
        Ok(None)
    }
}

/// A subnetwork as the layer knows it. `None` if it has no IPv4 range.
fn subnetwork(found: gce::operations::ExistingSubnetwork) -> Option<Subnetwork> {
    Some(Subnetwork {
        name: found.name,
        region: found.region,
        range: found.range.parse().ok()?,
        secondary: found.secondary.iter().filter_map(|range| range.parse().ok()).collect(),
    })
}

/// The last part of a path or link.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A query by its arguments.
fn asked<T: serde::de::DeserializeOwned>(arguments: serde_json::Value) -> Result<T> {
    serde_json::from_value(arguments).map_err(|error| Error::new(ErrorKind::Invalid, error.to_string()))
}
