//! A cluster's resources on AWS.
//!
//! Each file follows one of kops `pkg/model/awsmodel`.

mod balancer;
mod bastion;
mod check;
mod classic;
mod dns;
mod egress;
mod existing;
mod groups;
mod iam;
mod key;
mod network;
mod policy;
mod rules;
mod security;
mod subnets;
mod tags;
mod templates;
mod termination;
mod volumes;

pub use existing::Existing;

use super::ground::Ground;
use super::{MissingAddons, Options, in_order};
use crate::lookup::Lookup;
use crate::names::Names;
use crate::populate::{AwsHome, Home, NetworkSource, Populated, populate};
use crate::problem::Problems;
use crate::spec::{Cloud, ClusterSpec, Role, Spec};
use crate::validate::Report;
use landform_aws as aws;
use landform_core::{Declares, Handle, Id, Input, Resource, Stack};
use std::collections::BTreeMap;

/// The resources of a cluster that others refer to.
#[derive(Debug, Clone)]
pub struct ClusterHandles {
    /// The cluster's name.
    pub name: String,
    /// The network: a new one, or an existing one.
    pub vpc: Input<Id<aws::Vpc>>,
    /// The subnets by their name in the spec: new ones, or existing ones.
    pub subnets: BTreeMap<String, Input<Id<aws::Subnet>>>,
    /// The autoscaling groups by the name of their group.
    pub groups: BTreeMap<String, Handle<aws::AutoscalingGroup>>,
    /// The security groups of machines by role: new ones, or existing ones.
    pub security_groups: BTreeMap<Role, Vec<Input<Id<aws::SecurityGroup>>>>,
    /// The new IAM roles, by role of machines.
    pub roles: BTreeMap<Role, Handle<aws::IamRole>>,
    /// The DNS name that the API's load balancer gets, if there is one.
    pub api_balancer: Option<Input<String>>,
    /// The name under which users reach the API, unless the cluster uses no DNS.
    pub api_name: Option<String>,
}

/// Declares the resources of a cluster on AWS in a stack. [`gce::cluster`](crate::gce::cluster) does so on Google.
///
/// # Errors
/// The spec is invalid, is for another cloud, names something that does not exist, or asks for something that the layer
/// does not make. The stack is unchanged.
pub fn cluster(
    stack: &mut Stack,
    spec: &Spec,
    options: &Options,
    lookup: &impl Lookup,
) -> Result<ClusterHandles, Problems> {
    check_cloud(spec)?;
    let source = options.existing.as_ref().map_or(NetworkSource::Spec, Existing::source);
    let populated = populate(spec, &source, lookup)?;
    let Home::Aws(home) = &populated.home else { return Err(other_cloud(spec)) };
    let nothing = Existing::default();
    let existing = options.existing.as_ref().unwrap_or(&nothing);
    let gateway = check::check(&populated, home, options, existing, lookup)?;
    let key = key::public_key(spec, options)?;
    let ground = Ground::new(stack, &populated, options.existing.is_some());
    let mut model = Model { populated: &populated, home, names: ground.names, existing, ground };
    Ok(model.build(gateway, key))
}

/// Refuses a spec for another cloud, whose other problems would be noise.
fn check_cloud(spec: &Spec) -> Result<(), Problems> {
    match spec.cluster.spec.cloud_provider {
        // Validation reports that the cloud is missing.
        None | Some(Cloud::Aws) => Ok(()),
        Some(_) => Err(other_cloud(spec)),
    }
}

fn other_cloud(spec: &Spec) -> Problems {
    let mut problems = Vec::new();
    let detail = match spec.cluster.spec.cloud_provider {
        Some(Cloud::Gce) => "expected aws: gce::cluster of the layer makes clusters on Google",
        _ => "expected aws: the layer makes clusters on AWS and on Google only",
    };
    Report::of_cluster(spec, &mut problems).forbidden("spec.cloudProvider", detail);
    Problems::of(problems)
}

/// What all parts of the model share.
struct Model<'a> {
    ground: Ground<'a>,
    populated: &'a Populated,
    home: &'a AwsHome,
    names: Names<'a>,
    existing: &'a Existing,
}

impl<'a> Model<'a> {
    fn build(&mut self, gateway: check::Gateway, key: Option<key::PublicKey>) -> ClusterHandles {
        let network = self.network(gateway);
        let security = self.security(&network);
        self.volumes();
        let balancer = self.api_balancer(&network, &security);
        let bastion = self.bastion(&network, &security);
        self.dns(&network, balancer.as_ref(), bastion.as_ref());
        let iam = self.iam();
        let key = self.key(key);
        let boot = self.ground.store();
        let parts = groups::Parts {
            network: &network,
            security: &security,
            balancer: &balancer,
            bastion: &bastion,
            iam: &iam,
            boot: &boot,
            key,
        };
        let groups = self.groups(&parts);
        self.termination(&groups);
        ClusterHandles {
            name: self.names.cluster.into(),
            subnets: self
                .cluster()
                .subnets
                .iter()
                .map(|subnet| subnet.name.clone())
                .zip(network.subnets)
                .collect(),
            vpc: network.vpc,
            groups,
            security_groups: security.ids(),
            roles: iam.roles,
            api_balancer: balancer.map(|balancer| balancer.dns_name),
            api_name: (!self.populated.without_dns()).then(|| self.cluster().master_public_name.clone()),
        }
    }

    fn cluster(&self) -> &'a ClusterSpec {
        self.populated.cluster()
    }

    fn add<R: Resource>(&mut self, name: &str, resource: impl Declares<R>) -> Handle<R> {
        self.ground.add(name, resource)
    }

    fn add_common<R: Resource>(&mut self, name: &str, resource: impl Declares<R>) -> Handle<R> {
        self.ground.add_common(name, resource)
    }

    fn at(&mut self, path: &str) {
        self.ground.at(path);
    }

    fn at_group(&mut self, name: &str) {
        self.ground.at_group(name);
    }
}
