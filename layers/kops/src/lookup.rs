//! What the layer asks about the world. The caller, who can reach a cloud, answers.
//!
//! With the same answers, the layer makes the same stack.

use crate::keys::Keyset;
use crate::version::Version;
use ipnet::{Ipv4Net, Ipv6Net};

/// The account that a cluster lives in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's number.
    pub id: String,
    /// The partition that ARNs name: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
}

/// A machine image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its id: `ami-…` on AWS, its link on Google.
    pub id: String,
    /// The device name of its root volume. Empty on Google, where machines do not name it.
    pub root_device: String,
}

/// A hosted DNS zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedZone {
    /// Its id, without `/hostedzone/`.
    pub id: String,
    /// Its name, without a dot at the end.
    pub name: String,
    /// Whether only associated networks can resolve it.
    pub private: bool,
    /// The networks that others associated with a private zone. Networks that the cluster itself associated must not be
    /// listed, or the cluster would remove the association.
    pub networks: Vec<String>,
}

/// An existing network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its address range.
    pub cidr: Ipv4Net,
    /// Its IPv6 range, if it has one.
    pub ipv6_cidr: Option<Ipv6Net>,
    /// Its internet gateway, `igw-…`, if it has one.
    pub internet_gateway: Option<String>,
    /// Its subnets.
    pub subnets: Vec<NetworkSubnet>,
}

/// A subnet of an existing network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSubnet {
    /// Its id, `subnet-…`.
    pub id: String,
    /// Its zone.
    pub zone: String,
    /// Its IPv4 range, if it has one.
    pub cidr: Option<Ipv4Net>,
}

/// A subnetwork of an existing network on Google.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnetwork {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Its primary range.
    pub range: Ipv4Net,
    /// Its secondary ranges.
    pub secondary: Vec<Ipv4Net>,
}

/// A type of machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineType {
    /// The number of the host's disks that it includes.
    pub ephemeral_disks: u8,
    /// Whether it has a graphics processor.
    pub gpu: bool,
    /// The architecture of its processor.
    pub architecture: Architecture,
}

/// The architecture of a processor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Architecture {
    /// x86-64.
    #[default]
    Amd64,
    /// 64-bit Arm.
    Arm64,
}

impl Architecture {
    /// Those that EC2 names `x86_64` and `arm64`. Leaves out others, on which clusters do not run.
    pub fn of_ec2(names: &[String]) -> Vec<Self> {
        let architecture = |name: &String| match name.as_str() {
            "x86_64" => Some(Self::Amd64),
            "arm64" => Some(Self::Arm64),
            _ => None,
        };
        names.iter().filter_map(architecture).collect()
    }

    /// The name, as in channels and URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

/// What the layer asks about the world. `None` means that there is no such thing.
pub trait Lookup {
    /// The state store of clusters whose spec has no `configBase`, such as `s3://bucket`.
    fn state_store(&self) -> Option<String> {
        None
    }

    /// The account. The layer asks for it on AWS only.
    fn account(&self) -> Account;

    /// The project for clusters whose spec names none. The layer asks for it on Google only.
    fn project(&self) -> Option<String> {
        None
    }

    /// Whether a zone can be used.
    fn has_zone(&self, zone: &str) -> bool;

    /// The image with a name. On AWS the name is `owner/name`, an id or an `ssm:` parameter, on Google `project/name`.
    fn image(&self, name: &str) -> Option<Image>;

    /// The name of the image for groups that name none: for a cloud (`aws`, `gce`), a version of Kubernetes and the
    /// architecture of the machines.
    fn default_image(&self, cloud: &str, version: &Version, architecture: Architecture) -> Option<String>;

    /// The type of machine for groups that name none. On Google, the types of kops are the default.
    fn default_machine_type(&self, role: crate::spec::Role) -> Option<String>;

    /// A type of machine.
    fn machine_type(&self, name: &str) -> Option<MachineType>;

    /// The version of Kubernetes that a release channel recommends.
    fn recommended_version(&self, channel: &str) -> Option<Version>;

    /// The hosted zones with a name, or the one with an id.
    fn hosted_zones(&self, name_or_id: &str) -> Vec<HostedZone>;

    /// The region of a bucket.
    fn bucket_region(&self, bucket: &str) -> Option<String>;

    /// Whether everyone may read the objects of a bucket.
    fn is_bucket_public(&self, bucket: &str) -> bool;

    /// The version of kops whose binaries and images are used.
    fn release(&self) -> Version;

    /// The SHA-256, in hexadecimal, of the file at a URL. It comes from a lock file, never from the source of the file.
    fn file_hash(&self, url: &str) -> Option<String>;

    /// The set of keys with a name, such as `kubernetes-ca`.
    fn keyset(&self, name: &str) -> Option<Keyset>;

    /// The addresses of the load balancer whose tag `Name` is this, sorted: its DNS name, and the private addresses of
    /// its network interfaces. On Google, the reserved address with this name in the cluster's region. Empty while the
    /// load balancer does not exist, as before a cluster's first apply.
    fn balancer_addresses(&self, name: &str) -> Vec<String>;

    /// Whether a version of Kubernetes that is newer than the release of kops may run. kops reads the variable
    /// `KOPS_RUN_TOO_NEW_VERSION` for this.
    fn allows_newer(&self) -> bool {
        false
    }

    /// The IAM roles of an instance profile.
    fn profile_roles(&self, profile: &str) -> Option<Vec<String>>;

    /// The manifest of an add-on of another project, such as `networking.projectcalico.org` with the id `k8s-1.25`:
    /// Kubernetes objects as YAML, with the settings of the cluster in them. The caller keeps a copy with a known
    /// digest. Planning never fetches it from the network.
    fn addon(&self, _name: &str, _id: &str) -> Option<String> {
        None
    }

    /// The SHA-256 of the secret with a name, such as `encryptionconfig`.
    fn secret_digest(&self, name: &str) -> Option<[u8; 32]>;

    /// An existing network.
    fn network(&self, id: &str) -> Option<Network>;

    /// The subnetworks of an existing network on Google: `name` or `project/name`.
    fn subnetworks(&self, _network: &str) -> Option<Vec<Subnetwork>> {
        None
    }

    /// The id of the network that an existing subnet is in.
    fn network_of_subnet(&self, subnet_id: &str) -> Option<String>;

    /// The allocation, `eipalloc-…`, of an existing public address.
    fn allocation(&self, public_ip: &str) -> Option<String>;
}
