//! Answers what the cluster layer asks about AWS. Changes nothing in the account.

use std::collections::{BTreeMap, BTreeSet};

use landform_aws::{self as aws, data};
use landform_core::{DataSource, Error, ErrorKind, Id, Manage, Observed, Resource, Result};
use landform_kit::{Kit, existing};
use landform_kops::FixedLookup;
use landform_kops::lookup::{Account, Architecture, HostedZone, Image, MachineType, Network, NetworkSubnet};
use landform_kops::questions::{Asking, Question, Rounds};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The accounts behind the names of owners that kops knows (`upup/pkg/fi/cloudup/awsup/aws_cloud.go`).
const OWNERS: [(&str, &str); 8] = [
    ("amazon", "137112412989"),
    ("amazon.com", "137112412989"),
    ("debian10", "136693071363"),
    ("debian11", "136693071363"),
    ("flatcar", "075585003325"),
    ("redhat", "309956199498"),
    ("redhat.com", "309956199498"),
    ("ubuntu", "099720109477"),
];

/// The parameter with the id of Canonical's newest image of Ubuntu 24.04, and its names of architectures.
const UBUNTU: &str = "/aws/service/canonical/ubuntu/server/24.04/stable/current";
const ARCHITECTURES: [(Architecture, &str); 2] =
    [(Architecture::Amd64, "amd64"), (Architecture::Arm64, "arm64")];

/// What the cluster layer asks about AWS: images, types of machines, zones, hosted zones, networks and more.
///
/// ```no_run
/// use landform::kops::{Options, Spec, cluster};
/// use landform::{KopsOnAws, Stack, aws};
///
/// # async fn run(spec: Spec) -> Result<(), Box<dyn std::error::Error>> {
/// let cloud = KopsOnAws::new(aws::Client::from_env().await?);
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
pub struct KopsOnAws {
    client: aws::Client,
}

impl KopsOnAws {
    /// Asks with this client.
    pub fn new(client: aws::Client) -> Self {
        Self { client }
    }

    /// The client.
    pub fn client(&self) -> &aws::Client {
        &self.client
    }

    /// The facts that every cluster needs: the account, the zones of the region, and the default images. The answers to
    /// all other questions are missing.
    ///
    /// # Errors
    /// Those of AWS's calls.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn lookup(&self) -> Result<FixedLookup> {
        let mut lookup = FixedLookup::region(self.client.region()).without_inventions();
        let caller = self.client.read(&data::CallerIdentity {}).await?;
        let partition = caller.arn.split(':').nth(1).unwrap_or("aws").to_owned();
        lookup.account = Account { id: caller.account_id, partition };
        let zones: data::AvailabilityZones = asked(json!({ "state": "available" }))?;
        lookup.zones = self.client.read(&zones).await?.names;
        let parameter = |architecture: &str| format!("ssm:{UBUNTU}/{architecture}/hvm/ebs-gp3/ami-id");
        lookup.default_images = ARCHITECTURES.map(|(of, name)| (of, parameter(name))).into();
        Ok(lookup)
    }

    /// Runs `ask` again and again, and answers its questions from AWS, until it asks no new question. The result has all
    /// answers. `ask` runs the layer, and may ignore what the layer returns.
    ///
    /// # Errors
    /// Those of AWS's calls. A thing that does not exist is not an error here: the layer reports it.
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
            self.look(&mut lookup, &questions).await?;
        }
    }

    /// Puts the answers to questions into a lookup.
    async fn look(&self, lookup: &mut FixedLookup, questions: &BTreeSet<Question>) -> Result<()> {
        let mut machine_types = Vec::new();
        for question in questions {
            match question {
                Question::Image(name) => {
                    lookup.images.extend(self.image(name).await?.map(|image| (name.clone(), image)))
                }
                Question::MachineType(name) => machine_types.push(name.clone()),
                Question::HostedZones(name) => {
                    for zone in self.client.hosted_zones(name).await? {
                        let known = lookup.hosted_zones.iter().any(|known| known.id == zone.id);
                        if !known {
                            let aws::operations::HostedZone { id, name, private, vpcs } = zone;
                            lookup.hosted_zones.push(HostedZone { id, name, private, networks: vpcs });
                        }
                    }
                }
                Question::BucketRegion(bucket) => {
                    let found = self.found::<aws::S3Bucket>(bucket).await?;
                    lookup
                        .bucket_regions
                        .extend(found.map(|found| (bucket.clone(), found.attributes.region)));
                }
                Question::PublicBucket(bucket) => {
                    if existing(self.client.is_bucket_public(bucket).await)? == Some(true) {
                        lookup.public_buckets.insert(bucket.clone());
                    }
                }
                Question::BalancerAddresses(name) => {
                    let addresses = self.client.balancer_addresses(name).await?;
                    if !addresses.is_empty() {
                        lookup.balancer_addresses.insert(name.clone(), addresses);
                    }
                }
                Question::ProfileRoles(profile) => {
                    if let Some(found) = self.found::<aws::IamInstanceProfile>(profile).await? {
                        let roles =
                            found.arguments.role.iter().map(|role| role.as_str().to_owned()).collect();
                        lookup.profile_roles.insert(profile.clone(), roles);
                    }
                }
                Question::Network(id) => {
                    lookup.networks.extend(self.network(id).await?.map(|of| (id.clone(), of)))
                }
                // The layer asks about them on Google only.
                Question::Subnetworks(_) => {}
                Question::NetworkOfSubnet(id) => {
                    if let Some(subnet) = self.found::<aws::Subnet>(id).await? {
                        let network = subnet.arguments.vpc_id.as_str().to_owned();
                        lookup.networks.extend(self.network(&network).await?.map(|of| (network, of)));
                    }
                }
                Question::Allocation(address) => {
                    let address_of: data::Eip = asked(json!({ "public_ip": address }))?;
                    let found = existing(self.client.read(&address_of).await)?;
                    lookup
                        .allocations
                        .extend(found.map(|found| (address.clone(), found.id.as_str().to_owned())));
                }
            }
        }
        lookup.machine_types.extend(self.machine_types(&machine_types).await?);
        Ok(())
    }

    /// The image with a name: an id, an `ssm:` parameter, `owner/name`, or the name of an own image.
    async fn image(&self, name: &str) -> Result<Option<Image>> {
        let id = match name.strip_prefix("ssm:") {
            Some(parameter) => {
                let parameter: data::SsmParameter = asked(json!({ "name": parameter }))?;
                let Some(found) = existing(self.client.read(&parameter).await)? else { return Ok(None) };
                Some(found.value)
            }
            None => name.starts_with("ami-").then(|| name.to_owned()),
        };
        // The newest image with a name, as in kops.
        let named = |owner: &str, name: &str| json!({ "owners": [owner], "filter": [filter("name", name)], "most_recent": true });
        let wanted: data::Ami = asked(match (&id, name.split_once('/')) {
            (Some(id), _) => json!({ "filter": [filter("image-id", id)] }),
            (None, Some((owner, name))) => {
                let known = OWNERS.iter().find(|(known, _)| *known == owner);
                named(known.map_or(owner, |(_, account)| account), name)
            }
            (None, None) => named("self", name),
        })?;
        let found = existing(self.client.read(&wanted).await)?;
        Ok(found.map(|found| Image { id: found.image_id, root_device: found.root_device_name }))
    }

    async fn machine_types(&self, names: &[String]) -> Result<BTreeMap<String, MachineType>> {
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found = self.client.machine_types(names).await?.into_iter();
        Ok(found
            .map(|found| {
                let architecture = Architecture::of_ec2(&found.architectures).pop().unwrap_or_default();
                let machine_type = MachineType {
                    ephemeral_disks: u8::try_from(found.local_disks).unwrap_or(u8::MAX),
                    gpu: found.gpus > 0,
                    architecture,
                };
                (found.name, machine_type)
            })
            .collect())
    }

    async fn network(&self, id: &str) -> Result<Option<Network>> {
        let Some(vpc) = self.found::<aws::Vpc>(id).await? else { return Ok(None) };
        let gateway: data::InternetGateway = asked(json!({ "filter": [filter("attachment.vpc-id", id)] }))?;
        let gateway = existing(self.client.read(&gateway).await)?;
        let subnets: data::Subnets = asked(json!({ "filter": [filter("vpc-id", id)] }))?;
        let subnets = self.client.read(&subnets).await?;
        let kit = self.kit();
        let page = Manage::<aws::Subnet>::abilities(&kit).page;
        let mut found = Vec::new();
        for ids in subnets.ids.chunks(page) {
            found.extend(kit.read_many(ids).await?.into_iter().flatten());
        }
        let ipnet::IpNet::V4(cidr) = vpc.arguments.cidr_block.net() else { return Ok(None) };
        Ok(Some(Network {
            cidr,
            ipv6_cidr: match vpc.attributes.ipv6_cidr_block.map(|range| range.net()) {
                Some(ipnet::IpNet::V6(range)) => Some(range),
                _ => None,
            },
            internet_gateway: gateway.map(|gateway| gateway.id.as_str().to_owned()),
            subnets: found
                .into_iter()
                .map(|subnet| NetworkSubnet {
                    id: subnet.id().to_owned(),
                    zone: subnet.arguments.availability_zone.unwrap_or_default(),
                    cidr: match subnet.arguments.cidr_block.map(|range| range.net()) {
                        Some(ipnet::IpNet::V4(range)) => Some(range),
                        _ => None,
                    },
                })
                .collect(),
        }))
    }

    /// An object by its id.
    async fn found<R: Resource>(&self, id: &str) -> Result<Option<Observed<R>>>
    where
        Kit<aws::Client>: Manage<R>,
    {
        let found = self.kit().read_many(&[Id::new(id)]).await?;
        Ok(found.into_iter().next().flatten())
    }

    fn kit(&self) -> Kit<aws::Client> {
        self.client.clone().kit()
    }
}

/// A query by its arguments.
fn asked<T: DeserializeOwned>(arguments: Value) -> Result<T> {
    serde_json::from_value(arguments).map_err(|error| Error::new(ErrorKind::Invalid, error.to_string()))
}

fn filter(name: &str, value: &str) -> Value {
    json!({ "name": name, "values": [value] })
}
