//! From a populated spec to resources in a stack. Pure: no cloud, no clock, no defaults.
//!
//! Each file follows one of kops `pkg/model/awsmodel`; local names are those of kops's Terraform output.

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
mod store;
mod subnets;
mod tags;
mod templates;
mod termination;
mod volumes;

pub use existing::Existing;

use crate::lookup::Lookup;
use crate::names::{Names, terraform};
use crate::populate::{NetworkSource, Populated, populate};
use crate::problem::Problems;
use crate::source::Place;
use crate::spec::{ClusterSpec, Role, Spec};
use landform_aws as aws;
use landform_core::expr::Expr;
use landform_core::{Declares, Handle, Id, Input, Origin, Resource, Scope, Stack};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The options of a cluster that are not in its spec.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The resources of the stack that the cluster uses. `None` if the cluster has the stack to itself. Otherwise the
    /// names of its resources contain the cluster's name.
    pub existing: Option<Existing>,
    /// The public key for SSH, as a line of `authorized_keys`. kops keeps it beside the spec. `None` takes the key of the
    /// `SSHCredential` document. It has no effect if the spec names an existing key by `sshKeyName`.
    pub ssh_public_key: Option<String>,
    /// How the layer treats add-ons that the spec asks for and the layer does not make.
    pub missing_addons: MissingAddons,
}

/// How the layer treats add-ons that a spec asks for and the layer does not make (see the crate's documentation).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MissingAddons {
    /// The layer refuses the spec, because the cluster would not work.
    #[default]
    Refused,
    /// The layer leaves them out. The caller installs them by other means.
    LeftOut,
}

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

/// Declares a cluster's resources in a stack.
///
/// # Errors
/// The spec is invalid, names something that does not exist, or asks for something that the layer does not make. The
/// stack is unchanged.
pub fn cluster(
    stack: &mut Stack,
    spec: &Spec,
    options: &Options,
    lookup: &impl Lookup,
) -> Result<ClusterHandles, Problems> {
    let source = options.existing.as_ref().map_or(NetworkSource::Spec, Existing::source);
    let populated = populate(spec, &source, lookup)?;
    let nothing = Existing::default();
    let existing = options.existing.as_ref().unwrap_or(&nothing);
    let gateway = check::check(&populated, options, existing, lookup)?;
    let key = key::public_key(spec, options)?;
    let mut model = Model {
        stack,
        populated: &populated,
        names: Names { cluster: spec.name() },
        existing,
        shares_stack: options.existing.is_some(),
        scope: Scope::new(),
    };
    Ok(model.build(gateway, key))
}

/// What all parts of the model share.
struct Model<'a> {
    stack: &'a mut Stack,
    populated: &'a Populated,
    names: Names<'a>,
    existing: &'a Existing,
    shares_stack: bool,
    /// The position in the spec of the nodes that are added next.
    scope: Scope,
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
        let boot = self.store();
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

    /// Adds a resource whose name contains the cluster's name.
    fn add<R: Resource>(&mut self, name: &str, resource: impl Declares<R>) -> Handle<R> {
        self.stack.within(self.scope.clone(), |stack| stack.add(&terraform(name), resource))
    }

    /// Adds a resource whose name does not contain the cluster's name. In a shared stack, the layer adds the cluster's
    /// name.
    fn add_common<R: Resource>(&mut self, name: &str, resource: impl Declares<R>) -> Handle<R> {
        if self.shares_stack {
            let name = self.names.of(name);
            self.add(&name, resource)
        } else {
            self.add(name, resource)
        }
    }

    /// Sets the position of the next nodes to a field of the `Cluster` document.
    fn at(&mut self, path: &str) {
        self.scope = scope(&self.populated.spec.cluster.place, path);
    }

    /// Sets the position of the next nodes to the document of a group.
    fn at_group(&mut self, name: &str) {
        if let Some(group) = self.populated.spec.group(name) {
            self.scope = scope(&group.place, "spec");
        }
    }
}

/// Sorts the items of a set, so that equal sets have the same text: values first, then references.
fn in_order<T>(mut items: Vec<Input<T>>) -> Vec<Input<T>> {
    items.sort_by_cached_key(|item| match item.expr() {
        Expr::Literal(value) => (0, value.to_string()),
        Expr::Ref(reference) => (1, format!("{}.{}", reference.node, reference.path)),
        other => (2, format!("{other:?}")),
    });
    items
}

/// The scope with the position of a field, if the position is known.
fn scope(place: &Place, path: &str) -> Scope {
    match place.of(path) {
        Some(at) => Scope::new().origin(Origin { file: Cow::Owned(at.file.to_string()), line: at.line }),
        None => Scope::new(),
    }
}
