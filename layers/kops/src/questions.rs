//! Collects what the layer wants to know about a cloud, so that a caller can ask the cloud in few calls. Asks no cloud.
//!
//! The layer is a pure function, so it cannot wait for a cloud's answer. A caller runs it with an [`Asking`], which notes
//! the questions that nobody has answered. The caller answers them and runs the layer again, until no question is left.
//!
//! ```
//! use landform_kops::questions::{Asking, Question};
//! use landform_kops::{FixedLookup, Lookup as _};
//! use std::collections::BTreeSet;
//!
//! let (lookup, answered) = (FixedLookup::region("us-east-2"), BTreeSet::new());
//! let asking = Asking::new(&lookup, &answered);
//! // The layer asks so while it makes a stack.
//! assert_eq!(asking.network("vpc-0123456789abcdef0"), None);
//! assert!(asking.questions().contains(&Question::Network("vpc-0123456789abcdef0".into())));
//! ```

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::fixed::FixedLookup;
use crate::keys::Keyset;
use crate::lookup::{Account, Architecture, HostedZone, Image, Lookup, MachineType, Network, Subnetwork};
use crate::spec::Role;
use crate::version::Version;

/// A question that only a cloud can answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// The image with a name, as in [`Lookup::image`].
    Image(String),
    /// A type of machine.
    MachineType(String),
    /// The hosted zones with a name, or the one with an id.
    HostedZones(String),
    /// The region of a bucket.
    BucketRegion(String),
    /// Whether everyone may read a bucket.
    PublicBucket(String),
    /// The addresses of the load balancer with this tag `Name`.
    BalancerAddresses(String),
    /// The roles of an instance profile.
    ProfileRoles(String),
    /// The network with an id.
    Network(String),
    /// The subnetworks of a network on Google: `name` or `project/name`.
    Subnetworks(String),
    /// The network of the subnet with an id.
    NetworkOfSubnet(String),
    /// The allocation of a public address.
    Allocation(String),
}

/// The rounds of questions and answers with one cloud.
///
/// ```
/// use landform_kops::questions::{Question, Rounds};
/// use landform_kops::{FixedLookup, Lookup as _};
///
/// let (mut rounds, lookup) = (Rounds::default(), FixedLookup::region("us-east-2"));
/// let layer = |asking: &landform_kops::questions::Asking<'_>| drop(asking.network("vpc-1"));
/// assert_eq!(rounds.next(&lookup, layer), [Question::Network("vpc-1".into())].into());
/// // The caller puts the answers into the lookup here. No question is asked twice.
/// assert!(rounds.next(&lookup, layer).is_empty());
/// ```
#[derive(Debug, Default)]
pub struct Rounds {
    asked: BTreeSet<Question>,
}

impl Rounds {
    /// The questions of the next round: what `ask` wants to know beyond `lookup` and the rounds before. Empty if it has all
    /// answers. `ask` runs the layer, and may ignore what the layer returns.
    pub fn next(&mut self, lookup: &FixedLookup, ask: impl Fn(&Asking<'_>)) -> BTreeSet<Question> {
        let asking = Asking::new(lookup, &self.asked);
        ask(&asking);
        let questions = asking.questions();
        self.asked.extend(questions.iter().cloned());
        questions
    }
}

/// A [`Lookup`] that answers what a [`FixedLookup`] knows, and notes the questions that nobody has answered.
#[derive(Debug)]
pub struct Asking<'a> {
    lookup: &'a FixedLookup,
    answered: &'a BTreeSet<Question>,
    open: Mutex<BTreeSet<Question>>,
}

impl<'a> Asking<'a> {
    /// Answers with `lookup`. Does not note a question in `answered` again. `lookup` has its answer, or there is none.
    pub fn new(lookup: &'a FixedLookup, answered: &'a BTreeSet<Question>) -> Self {
        Self { lookup, answered, open: Mutex::default() }
    }

    /// The open questions.
    pub fn questions(self) -> BTreeSet<Question> {
        self.open.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, question: Question) {
        if !self.answered.contains(&question) {
            self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(question);
        }
    }
}

impl Lookup for Asking<'_> {
    fn state_store(&self) -> Option<String> {
        self.lookup.state_store()
    }

    fn account(&self) -> Account {
        self.lookup.account()
    }

    fn project(&self) -> Option<String> {
        self.lookup.project()
    }

    fn has_zone(&self, zone: &str) -> bool {
        self.lookup.has_zone(zone)
    }

    fn image(&self, name: &str) -> Option<Image> {
        self.ask(Question::Image(name.into()));
        self.lookup.image(name)
    }

    fn default_image(&self, cloud: &str, version: &Version, architecture: Architecture) -> Option<String> {
        self.lookup.default_image(cloud, version, architecture)
    }

    fn default_machine_type(&self, role: Role) -> Option<String> {
        self.lookup.default_machine_type(role)
    }

    fn machine_type(&self, name: &str) -> Option<MachineType> {
        self.ask(Question::MachineType(name.into()));
        self.lookup.machine_type(name)
    }

    fn recommended_version(&self, channel: &str) -> Option<Version> {
        self.lookup.recommended_version(channel)
    }

    fn hosted_zones(&self, name_or_id: &str) -> Vec<HostedZone> {
        self.ask(Question::HostedZones(name_or_id.into()));
        self.lookup.hosted_zones(name_or_id)
    }

    fn bucket_region(&self, bucket: &str) -> Option<String> {
        self.ask(Question::BucketRegion(bucket.into()));
        self.lookup.bucket_region(bucket)
    }

    fn is_bucket_public(&self, bucket: &str) -> bool {
        self.ask(Question::PublicBucket(bucket.into()));
        self.lookup.is_bucket_public(bucket)
    }

    fn release(&self) -> Version {
        self.lookup.release()
    }

    fn file_hash(&self, url: &str) -> Option<String> {
        self.lookup.file_hash(url)
    }

    fn keyset(&self, name: &str) -> Option<Keyset> {
        self.lookup.keyset(name)
    }

    fn balancer_addresses(&self, name: &str) -> Vec<String> {
        self.ask(Question::BalancerAddresses(name.into()));
        self.lookup.balancer_addresses(name)
    }

    fn allows_newer(&self) -> bool {
        self.lookup.allows_newer()
    }

    fn profile_roles(&self, profile: &str) -> Option<Vec<String>> {
        self.ask(Question::ProfileRoles(profile.into()));
        self.lookup.profile_roles(profile)
    }

    fn addon(&self, name: &str, id: &str) -> Option<String> {
        self.lookup.addon(name, id)
    }

    fn secret_digest(&self, name: &str) -> Option<[u8; 32]> {
        self.lookup.secret_digest(name)
    }

    fn network(&self, id: &str) -> Option<Network> {
        self.ask(Question::Network(id.into()));
        self.lookup.network(id)
    }

    fn subnetworks(&self, network: &str) -> Option<Vec<Subnetwork>> {
        self.ask(Question::Subnetworks(network.into()));
        self.lookup.subnetworks(network)
    }

    fn network_of_subnet(&self, subnet_id: &str) -> Option<String> {
        self.ask(Question::NetworkOfSubnet(subnet_id.into()));
        self.lookup.network_of_subnet(subnet_id)
    }

    fn allocation(&self, public_ip: &str) -> Option<String> {
        self.ask(Question::Allocation(public_ip.into()));
        self.lookup.allocation(public_ip)
    }
}
