//! The resources of its stack that a cluster uses.

use crate::populate::NetworkSource;
use crate::spec::Subnet;
use ipnet::Ipv4Net;
use landform_aws as aws;
use landform_core::{Cidr, Id, Input};
use std::collections::BTreeMap;

/// The resources of its stack that a cluster uses: references instead of ids in its spec.
///
/// The cluster uses these resources and never declares them, so deleting the cluster keeps them. A cluster with an
/// `Existing` shares its stack with others. Every local name then contains the cluster's name, even where kops's
/// Terraform output omits it.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    /// The network, in place of `networkID`.
    pub vpc: Option<Input<Id<aws::Vpc>>>,
    /// The range of that network; `networkCIDR` need not be in the spec then.
    pub network_cidr: Option<Ipv4Net>,
    /// The IPv6 range of that network. Needed if a subnet of the spec is a block of it, `/64#N`.
    pub network_ipv6_cidr: Option<Input<Cidr>>,
    /// The internet gateway of that network. Needed if the cluster makes public or utility subnets in it.
    pub internet_gateway: Option<Input<Id<aws::InternetGateway>>>,
    /// The NAT gateways by zone, in place of the subnets' `egress`.
    pub nat_gateways: BTreeMap<String, Input<Id<aws::NatGateway>>>,
    /// Subnets by their name in the spec, in place of their `id`. The layer does not tag them. Kubernetes finds the
    /// subnets for load balancers by `kubernetes.io/role/elb` and `kubernetes.io/role/internal-elb`.
    pub subnets: BTreeMap<String, Input<Id<aws::Subnet>>>,
}

impl Existing {
    /// Where the network comes from.
    pub(super) fn source(&self) -> NetworkSource {
        match self.vpc {
            None => NetworkSource::Spec,
            Some(_) => NetworkSource::Given {
                cidr: self.network_cidr,
                subnets: self.subnets.keys().cloned().collect(),
            },
        }
    }

    /// The subnet if it is used rather than made: by reference, or by the id in the spec.
    pub(super) fn subnet(&self, subnet: &Subnet) -> Option<Input<Id<aws::Subnet>>> {
        let given = self.subnets.get(&subnet.name).cloned();
        given.or_else(|| subnet.is_shared().then(|| subnet.id.as_str().into()))
    }
}
