//! A cluster's resources on Google.
//!
//! Each file follows one of kops `pkg/model/gcemodel`. A network on Google spans all regions and a subnetwork all zones of
//! its region, so a cluster has one subnetwork, one NAT for all private machines, and an instance group for each zone.

mod accounts;
mod balancer;
mod check;
mod disks;
mod egress;
mod existing;
mod firewall;
mod groups;
mod key;
mod labels;
mod network;
mod outside;
mod rules;
mod templates;

pub use existing::Existing;

use super::ground::Ground;
use super::{MissingAddons, Options};
use crate::lookup::Lookup;
use crate::names::{self, Names};
use crate::populate::{GceHome, Home, NetworkSource, Populated, populate};
use crate::problem::Problems;
use crate::spec::{Cloud, ClusterSpec, Role, Spec};
use crate::validate::Report;
use landform_core::{Declares, Handle, Id, Input, Resource, Stack};
use landform_gce as gce;
use std::collections::BTreeMap;

/// The resources of a cluster on Google that others refer to.
#[derive(Debug, Clone)]
pub struct ClusterHandles {
    /// The cluster's name.
    pub name: String,
    /// The network: a new one, or an existing one.
    pub network: Input<Id<gce::Network>>,
    /// The subnetworks by their name in the spec: new ones, or existing ones.
    pub subnetworks: BTreeMap<String, Input<Id<gce::Subnetwork>>>,
    /// The managed instance groups by the name of their group, then by zone.
    pub groups: BTreeMap<String, BTreeMap<String, Handle<gce::InstanceGroupManager>>>,
    /// The instance templates by the name of their group.
    pub templates: BTreeMap<String, Handle<gce::InstanceTemplate>>,
    /// The new service accounts, by role of machines. API servers share that of the control plane.
    pub service_accounts: BTreeMap<Role, Handle<gce::ServiceAccount>>,
    /// The public address of the API, if there is one.
    pub api_address: Option<Input<String>>,
    /// The addresses of the API inside the network, by the name of the subnet.
    pub internal_api_addresses: BTreeMap<String, Input<String>>,
    /// The name under which users reach the API, unless the cluster uses no DNS.
    pub api_name: Option<String>,
}

/// Declares the resources of a cluster on Google in a stack. [`cluster`](crate::cluster()) does so on AWS.
///
/// # Errors
/// The spec is invalid, is for another cloud, names something that does not exist, or asks for something that the layer
/// does not make. The stack is unchanged.
pub fn cluster(
    stack: &mut Stack,
    spec: &Spec,
    options: &Options<Existing>,
    lookup: &impl Lookup,
) -> Result<ClusterHandles, Problems> {
    // The other problems of a spec for another cloud would be noise. Validation reports that the cloud is missing.
    if spec.cluster.spec.cloud_provider.is_some_and(|cloud| cloud != Cloud::Gce) {
        return Err(other_cloud(spec));
    }
    let source = options.existing.as_ref().map_or(NetworkSource::Spec, Existing::source);
    let populated = populate(spec, &source, lookup)?;
    let Home::Gce(home) = &populated.home else { return Err(other_cloud(spec)) };
    let nothing = Existing::default();
    let existing = options.existing.as_ref().unwrap_or(&nothing);
    check::check(&populated, options, existing)?;
    let keys = key::public_keys(spec, options)?;
    let ground = Ground::new(stack, &populated, options.existing.is_some());
    let mut model = Model { populated: &populated, home, names: ground.names, existing, ground };
    Ok(model.build(&keys))
}

fn other_cloud(spec: &Spec) -> Problems {
    let mut problems = Vec::new();
    let detail = "expected gce: cluster of the layer makes clusters on AWS";
    Report::of_cluster(spec, &mut problems).forbidden("spec.cloudProvider", detail);
    Problems::of(problems)
}

/// What all parts of the model share.
struct Model<'a> {
    ground: Ground<'a>,
    populated: &'a Populated,
    home: &'a GceHome,
    names: Names<'a>,
    existing: &'a Existing,
}

impl<'a> Model<'a> {
    fn build(&mut self, keys: &[String]) -> ClusterHandles {
        let network = self.network();
        self.egress(&network);
        self.firewall(&network);
        self.outside(&network);
        self.disks();
        let accounts = self.accounts();
        let boot = self.ground.store();
        let pool = self.public_balancer();
        let parts = groups::Parts { network: &network, accounts: &accounts, pool: &pool, boot: &boot, keys };
        let made = self.groups(&parts);
        let internal = self.internal_balancer(&network, &made);
        let subnets = self.cluster().subnets.iter().map(|subnet| subnet.name.clone());
        ClusterHandles {
            name: self.names.cluster.into(),
            subnetworks: subnets.zip(network.subnetworks).collect(),
            network: network.id,
            groups: made.managers,
            templates: made.templates,
            service_accounts: accounts.made,
            api_address: pool.map(|pool| pool.address),
            internal_api_addresses: internal,
            api_name: (!self.populated.without_dns()).then(|| self.cluster().master_public_name.clone()),
        }
    }

    fn cluster(&self) -> &'a ClusterSpec {
        self.populated.cluster()
    }

    /// The name of a resource: `<what>-<cluster>`, cut to what Google allows. It is the local name, too.
    fn name(&self, what: &str) -> String {
        names::gce::suffixed(what, self.names.cluster)
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
}
