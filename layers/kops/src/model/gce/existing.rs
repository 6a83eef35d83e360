//! The resources of its stack that a cluster on Google uses.

use crate::populate::NetworkSource;
use crate::spec::Subnet;
use landform_core::{Handle, Id, Input};
use landform_gce as gce;
use std::collections::BTreeMap;

/// The resources of its stack that a cluster on Google uses: references instead of names in its spec.
///
/// The cluster uses these resources and never declares them, so deleting the cluster keeps them. It adds no NAT for given
/// subnetworks, and none at all beside a given NAT. A cluster with an `Existing` shares its stack with others. Every local
/// name then contains the cluster's name, even where kops's Terraform output omits it.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    /// The network, in place of `networkID`.
    pub network: Option<Input<Id<gce::Network>>>,
    /// Subnetworks by their name in the spec, in place of their `id`. If pods have alias addresses of their machines, the
    /// secondary ranges of the subnetwork are named `pods-<cluster>` and `services-<cluster>`.
    pub subnetworks: BTreeMap<String, Input<Id<gce::Subnetwork>>>,
    /// The NAT that serves all subnetworks of the network in the cluster's region, also those that the cluster makes. The
    /// machines depend on it, so they have a way out from their first moment to their last.
    pub nat_gateway: Option<Handle<gce::RouterNat>>,
}

impl Existing {
    /// Where the network comes from.
    pub(super) fn source(&self) -> NetworkSource {
        match self.network {
            None => NetworkSource::Spec,
            Some(_) => {
                NetworkSource::Given { cidr: None, subnets: self.subnetworks.keys().cloned().collect() }
            }
        }
    }

    /// Whether a subnet is used rather than made: by reference, or by the name in the spec.
    pub(super) fn has(&self, subnet: &Subnet) -> bool {
        self.subnetworks.contains_key(&subnet.name) || subnet.is_shared()
    }
}
