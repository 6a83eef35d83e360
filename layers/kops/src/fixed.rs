//! A lookup with fixed answers, for tests, examples and the embedded cloud.

use crate::channel::Channel;
use crate::keys::{Key, Keyset};
use crate::lookup::{
    Account, Architecture, HostedZone, Image, Lookup, MachineType, Network, NetworkSubnet, Subnetwork,
};
use crate::spec::Role;
use crate::version::Version;
use ipnet::Ipv4Net;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

/// A certificate whose private key does not exist.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIDBTCCAe2gAwIBAgIUflTi6gjt8W1GfA3bhqq40HOBTFAwDQYJKoZIhvcNAQEL
BQAwETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyNTIxMzI0NFoYDzIxMjYxMTAx
MjEzMjQ0WjARMQ8wDQYDVQQDDAZub2JvZHkwggEiMA0GCSqGSIb3DQEBAQUAA4IB
DwAwggEKAoIBAQDiwEuQiEjgMNW0uwPOJM6XxkNTphuiCL08XGvlQ7912pB37Wkr
g8ANq/jq/HTyZ/QpfCJ7+nogXIAIkvJVQXcy2AqhEvEVAABOwYCf9rSObPQ0X2NN
fMX2FCtZENKrDaONOCcouCrYd79mbK9yAcE558U6n/EgiKyCdDqy6R0hRHC3zbt6
71rMiZyHd7PIx31egSjZ8/fUGq4nv3sQken5oFCKQETbZgBkwdD3HLw+tK78eiav
T5xkOP2Lf4KX5voO3+eMHslyeXSTXhKOal8LF787/IytsGtR7l6U7AJWtgLd7HsS
MuILnRRpfIn6c1WgPnzHgiJ1ZtY4/Y5/IDItAgMBAAGjUzBRMB0GA1UdDgQWBBTb
SDb6jLujP8VODekyr1SLNf7iAjAfBgNVHSMEGDAWgBTbSDb6jLujP8VODekyr1SL
Nf7iAjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAevxPCDzd/
T05PhboAqEiEApnlHQrVg2Bx6FnkDEuuHYACjIB3tk7aknRjNGQlp1tfac6ULXw2
uyNZCUXVwU95FqdKSHCpE+D64Z+ikJA+B7ovHpK98Q+FXE4ajzCaUef08xp0q4mK
w0nUvcaC0fBlT83wrapwsUcGkDGP9AUX4jSn5I+KPm7ildg/Yfs9YW0N84B/AAMb
RZPE9IMkQAUET8GJSgyLfwy805tBju8/UX4OKrshcIeeSY07526AbG4loVpQ6biH
/W0gvQS9aAHJ99/jny41raECYtfMBMxYDupieMIrTV+PMLNBqOK9Mz9+/MYaVHFV
5NQrROuD4CQb
-----END CERTIFICATE-----
";

/// A [`Lookup`] whose answers are its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedLookup {
    /// The account.
    pub account: Account,
    /// The project, on Google.
    pub project: Option<String>,
    /// The regions of buckets.
    pub bucket_regions: BTreeMap<String, String>,
    /// The region of every other bucket. `None` if there is no other bucket.
    pub bucket_region: Option<String>,
    /// The buckets that everyone may read.
    pub public_buckets: BTreeSet<String>,
    /// The zones that can be used.
    pub zones: Vec<String>,
    /// The images, by name.
    pub images: BTreeMap<String, Image>,
    /// The image for every other name. `None` if there is no other image.
    pub image: Option<Image>,
    /// The state store of clusters whose spec has no `configBase`.
    pub state_store: Option<String>,
    /// The contents of every channel. Without one, there is one default image and one recommended version.
    pub channel: Option<Channel>,
    /// The name of the default image for each architecture.
    pub default_images: BTreeMap<Architecture, String>,
    /// The version that every channel recommends.
    pub recommended_version: Version,
    /// The default machine type of each role. A role that is missing has none.
    pub machine_types_by_role: BTreeMap<Role, String>,
    /// The properties of machine types.
    pub machine_types: BTreeMap<String, MachineType>,
    /// The properties of every other machine type. `None` if there is no other type.
    pub machine_type: Option<MachineType>,
    /// The hosted zones.
    pub hosted_zones: Vec<HostedZone>,
    /// The version of kops whose binaries and images are used.
    pub release: Version,
    /// The SHA-256 of files, in hexadecimal, by URL.
    pub file_hashes: BTreeMap<String, String>,
    /// Whether other files get an invented SHA-256, for clouds whose machines download nothing. If not, the digests of
    /// other files are unknown.
    pub makes_up_hashes: bool,
    /// The sets of keys, by name. A missing set is a certificate whose private key does not exist.
    pub keysets: BTreeMap<String, Keyset>,
    /// Secrets, by name.
    pub secrets: BTreeMap<String, Vec<u8>>,
    /// The manifests of other projects' add-ons, by `name/id`.
    pub addons: BTreeMap<String, String>,
    /// Whether a version of Kubernetes that is newer than the release of kops may run.
    pub allows_newer: bool,
    /// The addresses of existing load balancers, by their tag `Name`.
    pub balancer_addresses: BTreeMap<String, Vec<String>>,
    /// The IAM roles of instance profiles, by the profile's name.
    pub profile_roles: BTreeMap<String, Vec<String>>,
    /// Whether every other profile has a role with the same name. If not, there is no other profile.
    pub makes_up_profiles: bool,
    /// The existing networks, by id.
    pub networks: BTreeMap<String, Network>,
    /// The subnetworks of existing networks on Google, by the network's name or `project/name`.
    pub subnetworks: BTreeMap<String, Vec<Subnetwork>>,
    /// The allocations of existing public addresses.
    pub allocations: BTreeMap<String, String>,
}

impl FixedLookup {
    /// Simple answers for one region of AWS: zones `a` to `c`, one image, no hosted zones, no networks.
    pub fn region(region: &str) -> Self {
        Self {
            account: Account { id: "123456789012".into(), partition: "aws".into() },
            project: None,
            bucket_regions: BTreeMap::new(),
            bucket_region: Some(region.into()),
            public_buckets: BTreeSet::new(),
            zones: ["a", "b", "c"].map(|zone| format!("{region}{zone}")).into(),
            images: BTreeMap::new(),
            image: Some(Image { id: "ami-12345678".into(), root_device: "/dev/xvda".into() }),
            state_store: None,
            channel: None,
            default_images: [Architecture::Amd64, Architecture::Arm64]
                .map(|architecture| (architecture, "ubuntu".to_owned()))
                .into(),
            recommended_version: Version::new(1, 34, 0),
            machine_types_by_role: [
                (Role::ControlPlane, "t3.medium"),
                (Role::ApiServer, "t3.medium"),
                (Role::Node, "t3.medium"),
                (Role::Bastion, "t3.micro"),
            ]
            .map(|(role, name)| (role, name.to_string()))
            .into(),
            machine_types: BTreeMap::new(),
            machine_type: Some(MachineType::default()),
            hosted_zones: Vec::new(),
            release: Version::new(1, 37, 0).with_prerelease("alpha.1"),
            file_hashes: BTreeMap::new(),
            makes_up_hashes: true,
            keysets: BTreeMap::new(),
            secrets: BTreeMap::new(),
            addons: BTreeMap::new(),
            allows_newer: false,
            balancer_addresses: BTreeMap::new(),
            profile_roles: BTreeMap::new(),
            makes_up_profiles: true,
            networks: BTreeMap::new(),
            subnetworks: BTreeMap::new(),
            allocations: BTreeMap::new(),
        }
    }

    /// Simple answers for one region of Google: a project, zones `a` to `c`, every image, no hosted zones, no networks.
    pub fn google(project: &str, region: &str) -> Self {
        let image = |architecture: Architecture| {
            format!("ubuntu-os-cloud/ubuntu-2404-noble-{}-v20260601", architecture.as_str())
        };
        Self {
            project: Some(project.into()),
            zones: ["a", "b", "c"].map(|zone| format!("{region}-{zone}")).into(),
            default_images: [Architecture::Amd64, Architecture::Arm64].map(|of| (of, image(of))).into(),
            machine_types_by_role: BTreeMap::new(),
            ..Self::region(region)
        }
    }

    /// Takes back the answers that this type makes up, for a caller that asks a cloud instead.
    pub fn without_inventions(self) -> Self {
        Self {
            image: None,
            machine_type: None,
            bucket_region: None,
            makes_up_profiles: false,
            makes_up_hashes: false,
            ..self
        }
    }

    /// Adds a hosted zone.
    pub fn hosted_zone(mut self, id: &str, name: &str, private: bool) -> Self {
        self.hosted_zones.push(HostedZone {
            id: id.into(),
            name: name.into(),
            private,
            networks: Vec::new(),
        });
        self
    }

    /// Adds a network with an internet gateway, `igw-1`, and without subnets.
    pub fn network(mut self, id: &str, cidr: Ipv4Net) -> Self {
        self.networks.insert(
            id.into(),
            Network { cidr, ipv6_cidr: None, internet_gateway: Some("igw-1".into()), subnets: Vec::new() },
        );
        self
    }

    /// The answers behind kops's golden output (`pkg/testutils/integrationtestharness.go` and
    /// `upup/pkg/fi/cloudup/awsup/mock_aws_cloud.go`).
    pub fn kops_suite() -> Self {
        let plain = MachineType::default();
        let disk = MachineType { ephemeral_disks: 1, ..plain.clone() };
        let gpu = MachineType { gpu: true, ..plain.clone() };
        let arm = MachineType { architecture: Architecture::Arm64, ..plain };
        let range = |third, length| Ipv4Net::new_assert(Ipv4Addr::new(172, 20, third, 0), length);
        let subnet =
            |id: &str, zone: &str, cidr| NetworkSubnet { id: id.into(), zone: zone.into(), cidr: Some(cidr) };
        let network = Network {
            cidr: range(0, 16),
            ipv6_cidr: None,
            internet_gateway: Some("igw-1".into()),
            subnets: vec![
                subnet("subnet-12345678", "us-test-1a", range(32, 19)),
                subnet("subnet-abcdef", "us-test-1a", range(4, 22)),
                subnet("subnet-b2345678", "us-test-1b", range(8, 22)),
            ],
        };
        let mut suite = Self::region("us-test-1")
            .hosted_zone("Z1AFAKE1ZON3YO", "example.com", false)
            .hosted_zone("Z2AFAKE1ZON3NO", "internal.example.com", true)
            .hosted_zone("Z3AFAKE1ZOMORE", "private.example.com", true);
        suite.allows_newer = true;
        suite.account.partition = "aws-test".into();
        suite.release = Version::new(1, 34, 0).with_prerelease("beta.1");
        suite.machine_types = [
            ("m3.medium", disk),
            ("g4dn.xlarge", gpu.clone()),
            ("g4ad.16xlarge", gpu),
            ("a1.large", arm.clone()),
            ("m6g.xlarge", arm),
        ]
        .map(|(name, machine)| (name.to_string(), machine))
        .into();
        suite.machine_types_by_role = [
            (Role::ControlPlane, "m3.medium"),
            (Role::ApiServer, "m3.medium"),
            (Role::Node, "t2.medium"),
            (Role::Bastion, "t2.micro"),
        ]
        .map(|(role, name)| (role, name.to_string()))
        .into();
        let private = suite.hosted_zones.iter_mut().filter(|zone| zone.name == "private.example.com");
        private.for_each(|zone| zone.networks = vec!["vpc-12345678".into()]);
        suite.networks.insert("vpc-12345678".into(), network);
        suite
    }

    /// The same answers on Google, as in kops's own suite.
    pub fn on_google(self) -> Self {
        let google = Self::google("testproject", "us-test1").hosted_zone("1", "example.com", false);
        Self {
            project: google.project,
            zones: google.zones,
            hosted_zones: google.hosted_zones,
            default_images: google.default_images,
            machine_types: google.machine_types,
            machine_types_by_role: google.machine_types_by_role,
            ..self
        }
    }
}

impl Lookup for FixedLookup {
    fn state_store(&self) -> Option<String> {
        self.state_store.clone()
    }

    fn account(&self) -> Account {
        self.account.clone()
    }

    fn project(&self) -> Option<String> {
        self.project.clone()
    }

    fn has_zone(&self, zone: &str) -> bool {
        self.zones.iter().any(|known| known == zone)
    }

    fn image(&self, name: &str) -> Option<Image> {
        if let Some(image) = self.images.get(name) {
            return Some(image.clone());
        }
        let image = self.image.clone()?;
        Some(if name.starts_with("ami-") { Image { id: name.into(), ..image } } else { image })
    }

    fn default_image(&self, cloud: &str, version: &Version, architecture: Architecture) -> Option<String> {
        match &self.channel {
            Some(channel) => channel.image(cloud, version, architecture).map(str::to_owned),
            None => self.default_images.get(&architecture).cloned(),
        }
    }

    fn default_machine_type(&self, role: Role) -> Option<String> {
        self.machine_types_by_role.get(&role).cloned()
    }

    fn machine_type(&self, name: &str) -> Option<MachineType> {
        self.machine_types.get(name).or(self.machine_type.as_ref()).cloned()
    }

    fn recommended_version(&self, _channel: &str) -> Option<Version> {
        match &self.channel {
            Some(channel) => channel.recommended_version(&self.release).cloned(),
            None => Some(self.recommended_version.clone()),
        }
    }

    fn hosted_zones(&self, name_or_id: &str) -> Vec<HostedZone> {
        let wanted = name_or_id.trim_end_matches('.');
        self.hosted_zones.iter().filter(|zone| zone.name == wanted || zone.id == wanted).cloned().collect()
    }

    fn bucket_region(&self, bucket: &str) -> Option<String> {
        self.bucket_regions.get(bucket).or(self.bucket_region.as_ref()).cloned()
    }

    fn is_bucket_public(&self, bucket: &str) -> bool {
        self.public_buckets.contains(bucket)
    }

    fn release(&self) -> Version {
        self.release.clone()
    }

    fn file_hash(&self, url: &str) -> Option<String> {
        let made_up = || self.makes_up_hashes.then(|| format!("{:x}", Sha256::digest(url)));
        self.file_hashes.get(url).cloned().or_else(made_up)
    }

    fn keyset(&self, name: &str) -> Option<Keyset> {
        let nobodys = || {
            let key = Key::new(CERTIFICATE).ok()?;
            Keyset::new(&key.id.clone(), [key]).ok()
        };
        self.keysets.get(name).cloned().or_else(nobodys)
    }

    fn balancer_addresses(&self, name: &str) -> Vec<String> {
        let mut addresses = self.balancer_addresses.get(name).cloned().unwrap_or_default();
        addresses.sort();
        addresses
    }

    fn allows_newer(&self) -> bool {
        self.allows_newer
    }

    fn profile_roles(&self, profile: &str) -> Option<Vec<String>> {
        let made_up = || self.makes_up_profiles.then(|| vec![profile.to_owned()]);
        self.profile_roles.get(profile).cloned().or_else(made_up)
    }

    fn addon(&self, name: &str, id: &str) -> Option<String> {
        self.addons.get(&format!("{name}/{id}")).cloned()
    }

    fn secret_digest(&self, name: &str) -> Option<[u8; 32]> {
        self.secrets.get(name).map(|secret| Sha256::digest(secret).into())
    }

    fn network(&self, id: &str) -> Option<Network> {
        self.networks.get(id).cloned()
    }

    fn subnetworks(&self, network: &str) -> Option<Vec<Subnetwork>> {
        self.subnetworks.get(network).cloned()
    }

    fn network_of_subnet(&self, subnet_id: &str) -> Option<String> {
        let has = |network: &Network| network.subnets.iter().any(|subnet| subnet.id == subnet_id);
        self.networks.iter().find(|(_, network)| has(network)).map(|(id, _)| id.clone())
    }

    fn allocation(&self, public_ip: &str) -> Option<String> {
        self.allocations.get(public_ip).cloned()
    }
}
