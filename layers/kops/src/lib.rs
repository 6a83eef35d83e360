//! The cluster layer of Landform: a kops cluster spec becomes resources in a stack. A pure function; it makes no call,
//! asks no cloud but through [`Lookup`], and writes nothing.
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
//!   networking: {calico: {}}
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
//! | [`Spec::load`], [`Spec::parse`], [`Spec::parse_all`] | text to typed documents | unknown kinds and fields, wrong types, each with its line |
//! | [`validate`] | nothing but look | what cannot be right, all of it at once |
//! | [`populate`] | defaults, and answers from [`Lookup`] | names that the world does not have |
//! | [`cluster`] | all of these, then resources | what the layer does not make yet |
//!
//! # Inside a stack
//! A cluster may use what is in its stack already: [`Existing`] takes the network, its gateways and subnets as
//! references. What is given is never declared, so it outlives the cluster, and several clusters share it.
//!
//! # What it follows
//! Names, tags, rules and defaults follow kops at 268927e264 (August 2026), in its Terraform output's form. What it
//! does otherwise: class `Classic` is made for the API's load balancer where the spec says so, as kops 1.36 did; an
//! instance's volume with `deleteOnTermination: false` is kept; a NAT gateway waits for the internet gateway.
//!
//! Not made yet, and refused where a spec asks for it: NAT instances, clouds other than AWS. The files that kops writes to its store, and the machines' scripts that name them,
//! are not declared: launch templates have no `user_data`, and nothing publishes the documents of an identity provider.

pub mod cidr;
mod duration;
mod fixed;
pub mod lookup;
mod model;
pub mod names;
mod populate;
pub mod problem;
mod quantity;
mod read;
pub mod source;
pub mod spec;
mod validate;

pub use fixed::FixedLookup;
pub use lookup::Lookup;
pub use model::{ClusterHandles, Existing, Options, cluster};
pub use populate::{Balancer, Group, NetworkSource, Populated, TerminationQueue, populate};
pub use problem::{Problem, Problems};
pub use spec::Spec;
pub use validate::validate;
