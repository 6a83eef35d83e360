//! The cluster layer of Landform: a kops cluster spec becomes resources in a stack. A pure function: it makes no call,
//! asks a cloud only through [`Lookup`], and writes nothing.
//!
//! ```
//! use landform_core::Stack;
//! use landform_kops::{FixedLookup, Options, Spec, cluster};
//!
//! let spec = Spec::parse("cluster.yaml", "
//! apiVersion: kops.k8s.io/v1alpha2
//! kind: Cluster
//! metadata: {name: k8s.example.com}
//! spec:
//!   cloudProvider: aws
//!   configBase: s3://state/k8s.example.com
//!   networking: {kindnet: {}}
//!   subnets: [{name: a, zone: us-east-2a, type: Public}]
//!   etcdClusters: [{name: main, etcdMembers: [{name: a, instanceGroup: master-a}]}]
//! ---
//! apiVersion: kops.k8s.io/v1alpha2
//! kind: InstanceGroup
//! metadata: {name: master-a}
//! spec: {role: Master, subnets: [a]}
//! ---
//! apiVersion: kops.k8s.io/v1alpha2
//! kind: InstanceGroup
//! metadata: {name: nodes}
//! spec: {role: Node, minSize: 3, maxSize: 3}
//! ")?;
//!
//! let lookup = FixedLookup::region("us-east-2").hosted_zone("Z1EXAMPLE", "example.com", false);
//! let mut stack = Stack::new("k8s");
//! let made = cluster(&mut stack, &spec, &Options::default(), &lookup)?;
//! stack.check()?;
//! assert!(stack.node("aws_autoscaling_group.nodes-k8s-example-com").is_some());
//! assert_eq!(made.groups["nodes"].address().as_str(), "aws_autoscaling_group.nodes-k8s-example-com");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From a file to resources
//! | step | what it does | what it refuses |
//! |---|---|---|
//! | [`new_cluster`] | a few options to a spec, as `kops create cluster` does | what is missing or does not go together |
//! | [`Spec::load`], [`Spec::parse`], [`Spec::parse_all`] | text to typed documents | unknown kinds and fields, wrong types, each with its line |
//! | [`unused`] | nothing but look | nothing; it tells which fields have no effect |
//! | [`validate`] | nothing but look | what cannot be right, all of it at once |
//! | [`populate`] | defaults, and answers from [`Lookup`] | names that the world does not have |
//! | [`cluster`] on AWS, [`gce::cluster`] on Google | all of these, then resources | what the layer does not make |
//!
//! # Inside a stack
//! A cluster may use other resources of its stack: [`Existing`] takes the network, its gateways and subnets as
//! references. The layer never declares these resources, so they outlive the cluster, and several clusters may share
//! them.
//!
//! # On Google
//! A network on Google has no range and spans all regions, and a subnet spans the zones of its region. A spec for Google
//! therefore names a `project`, gives its subnets a `region` instead of a zone, and gives its groups `zones`. The layer
//! makes one network, one NAT for all private machines, and for each zone of a group a managed instance group.
//!
//! ```
//! use landform_core::Stack;
//! use landform_kops::{FixedLookup, Options, Spec, gce};
//!
//! let spec = Spec::parse("cluster.yaml", "
//! apiVersion: kops.k8s.io/v1alpha2
//! kind: Cluster
//! metadata: {name: k8s.example.com}
//! spec:
//!   cloudProvider: gce
//!   project: my-project
//!   configBase: gs://state/k8s.example.com
//!   networking: {kindnet: {}}
//!   topology: {dns: {type: None}}
//!   api: {loadBalancer: {type: Internal}}
//!   subnets: [{name: main, region: us-central1, type: Private}]
//!   etcdClusters: [{name: main, etcdMembers: [{name: a, instanceGroup: master-a}]}]
//! ---
//! apiVersion: kops.k8s.io/v1alpha2
//! kind: InstanceGroup
//! metadata: {name: master-a}
//! spec: {role: Master, subnets: [main], zones: [us-central1-a]}
//! ---
//! apiVersion: kops.k8s.io/v1alpha2
//! kind: InstanceGroup
//! metadata: {name: nodes}
//! spec: {role: Node, minSize: 3, maxSize: 3, subnets: [main], zones: [us-central1-a, us-central1-b, us-central1-c]}
//! ")?;
//!
//! let lookup = FixedLookup::google("my-project", "us-central1");
//! let mut stack = Stack::new("k8s");
//! let made = gce::cluster(&mut stack, &spec, &Options::default(), &lookup)?;
//! stack.check()?;
//! let nodes = &made.groups["nodes"]["us-central1-b"];
//! assert_eq!(nodes.address().as_str(), "google_compute_instance_group_manager.b-nodes-k8s-example-com");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A group with equal `minSize` and `maxSize` has that size. Between two sizes the cluster autoscaler chooses, and the
//! layer leaves the size of an existing group alone. A template is named by its content, because its successor exists
//! beside it. On Google, an IPv6 cluster, issuers of service accounts with documents of their own, and fields that only AWS
//! has are refused.
//!
//! # What it follows
//! Names, tags, rules and defaults follow kops at 268927e264 (August 2026), in its Terraform output's form. There are
//! three differences. The layer makes a load balancer of class `Classic` if the spec says so, as kops 1.36 did. It
//! keeps an instance's volume with `deleteOnTermination: false`. A NAT gateway waits for the internet gateway.
//!
//! `disabled` of a hook and the role `Master` of a file mean what kops's documentation says. kops itself inverts the
//! first and drops files with the second.
//!
//! On Google there are two more differences, where kops's Terraform output differs from kops's own requests to Google. The
//! layer follows the requests. It adds the control plane's account to a role of the project, and takes the role from
//! nobody. Machines whose pods have alias addresses get the ranges of these addresses.
//!
//! The layer refuses specs that ask for NAT instances, for clouds other than AWS and Google, or for stores other than those
//! of the cloud: S3 or Google Cloud Storage.
//!
//! # What machines boot from
//! The cluster's files are resources, too: `aws_s3_object`s or `google_storage_bucket_object`s in its store, with the completed spec, what nodeup sets up
//! on the machines of each group, the manifests of etcd and of other static pods, the add-ons, and the documents of the
//! issuer of service accounts. The machines' user data names them by their digests, so one plan shows a change of a
//! flag from the file to the launch template. Keys and the digests of released files come from [`Lookup`];
//! [`StoredKeyset`] reads and rotates the sets of keys that a store has. No stack contains a private key.
//!
//! Where machines do not use DNS, they reach the control plane by the addresses of the API's load balancer. They are
//! known once it exists. The first apply creates it, and the second one tells the machines its addresses, as with
//! kops's Terraform output.
//!
//! The add-ons that the layer does not make: the network plugins Calico, Cilium and Amazon's, and kindnet with policies
//! of administrators; cert-manager, the AWS load balancer controller, the snapshot controller, Karpenter, KubeDNS,
//! NVIDIA's DCGM exporter, and authentication by kopeio. If [`Lookup::addon`] has the manifest of one, the layer lists
//! and labels it like the others. Otherwise the layer refuses a spec that asks for it, unless
//! [`Options::missing_addons`] says that the caller installs it by other means.

mod addons;
pub mod assets;
mod boot;
mod channel;
pub mod cidr;
pub mod create;
mod edit;
pub mod files;
mod fixed;
mod hashes;
mod inventory;
pub mod keys;
mod keystore;
mod kubeconfig;
pub mod lookup;
mod model;
pub mod names;
mod objects;
#[cfg(feature = "pki")]
pub mod pki;
mod populate;
pub mod problem;
pub mod questions;
mod read;
mod replace;
mod rolling;
pub mod selector;
pub mod source;
pub mod spec;
mod store;
mod unused;
mod validate;
mod version;
mod write;
mod yaml;

/// Clusters on Google, behind the feature `gce`. Everything else that the crate has is for both clouds, unless its
/// documentation names one.
#[cfg(feature = "gce")]
pub mod gce {
    pub use crate::model::gce::{ClusterHandles, Existing, cluster};
}

pub use channel::Channel;
pub use create::{NewCluster, new_cluster};
pub use edit::Part;
pub use fixed::FixedLookup;
pub use hashes::{HashLock, HashLockError, sha256};
pub use inventory::{AssetFile, Inventory};
pub use keys::{Key, KeyError, Keyset};
pub use keystore::StoredKeyset;
pub use kubeconfig::Kubeconfig;
pub use lookup::{Architecture, Lookup};
pub use model::aws::{ClusterHandles, Existing, cluster};
pub use model::{MissingAddons, Options};
pub use populate::{
    AwsHome, Balancer, GceHome, Group, Home, NetworkSource, Populated, TerminationQueue, populate,
};
pub use problem::{Problem, Problems};
pub use replace::check_replacement;
pub use rolling::Pace;
pub use spec::Spec;
pub use store::keyset_names;
pub use unused::unused;
pub use validate::validate;
pub use version::Version;
