//! What the layer must know of the world: asked here, answered by whoever has a cloud at hand.
//!
//! Answers are values of one moment. A layer that gets the same answers makes the same stack.

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
    /// Its id, `ami-…`.
    pub id: String,
    /// The device name of its root volume.
    pub root_device: String,
}

/// A hosted DNS zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedZone {
    /// Its id, without `/hostedzone/`.
    pub id: String,
    /// Its name, without a dot at the end.
    pub name: String,
    /// Whether it is seen from networks only.
    pub private: bool,
    /// The networks that a private zone is joined to without the cluster's doing. What the cluster joined itself is
    /// left out, or else the cluster would give it up.
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

/// A type of machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineType {
    /// How many disks of the host come with it.
    pub ephemeral_disks: u8,
    /// Whether it has a graphics processor.
    pub gpu: bool,
    /// What its processor understands.
    pub architecture: Architecture,
}

/// What a processor understands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Architecture {
    /// x86-64.
    #[default]
    Amd64,
    /// 64-bit Arm.
    Arm64,
}

impl Architecture {
    /// The name, as in channels and URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

/// What the layer must know of the world. `None` means that there is no such thing.
pub trait Lookup {
    /// Where clusters are kept whose spec does not say it, such as `s3://bucket`.
    fn state_store(&self) -> Option<String> {
        None
    }

    /// The account.
    fn account(&self) -> Account;

    /// Whether a zone can be used.
    fn has_zone(&self, zone: &str) -> bool;

    /// The image of a name, `owner/name`, id or `ssm:` parameter.
    fn image(&self, name: &str) -> Option<Image>;

    /// The name of the image for groups that give none: for a cloud (`aws`, `gce`), a version of Kubernetes and the
    /// architecture of the machines.
    fn default_image(&self, cloud: &str, version: &Version, architecture: Architecture) -> Option<String>;

    /// The type of machine for groups that give none.
    fn default_machine_type(&self, role: crate::spec::Role) -> Option<String>;

    /// A type of machine.
    fn machine_type(&self, name: &str) -> Option<MachineType>;

    /// The version of Kubernetes that a release channel recommends.
    fn recommended_version(&self, channel: &str) -> Option<String>;

    /// The hosted zones of a name, or the one of an id.
    fn hosted_zones(&self, name_or_id: &str) -> Vec<HostedZone>;

    /// The region of a bucket.
    fn bucket_region(&self, bucket: &str) -> Option<String>;

    /// Whether everyone may read what is in a bucket.
    fn is_bucket_public(&self, bucket: &str) -> bool;

    /// The version of kops whose binaries and images are used.
    fn release(&self) -> String;

    /// The SHA-256, in hexadecimal, of the file at a URL. It comes from a lock file, never from the place that the
    /// file itself comes from.
    fn file_hash(&self, url: &str) -> Option<String>;

    /// The set of keys of a name, such as `kubernetes-ca`.
    fn keyset(&self, name: &str) -> Option<Keyset>;

    /// The addresses of the load balancer whose tag `Name` is this, sorted: its DNS name, and the private addresses of its
    /// network interfaces. Empty while it is not there, as before a cluster's first apply.
    fn balancer_addresses(&self, name: &str) -> Vec<String>;

    /// Whether a version of Kubernetes that is newer than the release of kops may run. kops asks the variable
    /// `KOPS_RUN_TOO_NEW_VERSION`.
    fn allows_newer(&self) -> bool {
        false
    }

    /// The IAM roles of an instance profile.
    fn profile_roles(&self, profile: &str) -> Option<Vec<String>>;

    /// The manifest of an add-on that is another project's own, such as `networking.projectcalico.org` with the id
    /// `k8s-1.25`: Kubernetes objects as YAML, with the settings of the cluster in them. It comes from a copy of the
    /// caller's whose digest is known, never from the network while planning.
    fn addon(&self, _name: &str, _id: &str) -> Option<String> {
        None
    }

    /// The SHA-256 of a secret of a name, such as `encryptionconfig`.
    fn secret_digest(&self, name: &str) -> Option<[u8; 32]>;

    /// An existing network.
    fn network(&self, id: &str) -> Option<Network>;

    /// The id of the network that an existing subnet is in.
    fn network_of_subnet(&self, subnet_id: &str) -> Option<String>;

    /// The allocation, `eipalloc-…`, of an existing public address.
    fn allocation(&self, public_ip: &str) -> Option<String>;
}
