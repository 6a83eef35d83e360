//! Subnets, topology and the network plugin. Data only.

use super::values::{Egress, Ipv6Block, RouteTarget, SecurityGroupId, Written};
use super::{
    AmazonVpc, Calico, Cilium, Cni, Flannel, Kindnet, KubeRouter, LoadBalancerType, NetworkPlugin,
    PresentOnly, Visibility,
};
use landform_core::Cidr;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::net::Ipv4Addr;

words! {
    /// What a subnet is for.
    #[derive(Default)]
    pub enum SubnetType {
        /// Machines with public addresses.
        #[default]
        Public = "Public",
        /// Machines without public addresses, which reach the internet through a NAT gateway.
        Private = "Private",
        /// Like private, with IPv4 and IPv6.
        DualStack = "DualStack",
        /// Load balancers, NAT gateways and bastions.
        Utility = "Utility",
    }

    /// Which DNS zone a cluster publishes its names in.
    #[derive(Default)]
    pub enum DnsType {
        /// A public zone.
        #[default]
        Public = "Public",
        /// A private zone of the network.
        Private = "Private",
        /// No zone; machines use the load balancer's addresses.
        None = "None",
    }
}

impl SubnetType {
    /// Whether its machines are reached from the internet directly.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Public | Self::Utility)
    }

    /// Whether its machines reach the internet through the egress of their zone.
    pub fn is_private(self) -> bool {
        matches!(self, Self::Private | Self::DualStack)
    }
}

section! {
    /// A subnet: a new one, or an existing one if it has an id.
    pub struct Subnet {
        /// Its name inside the spec.
        pub name: String,
        /// The zone it is in.
        pub zone: String,
        /// The region it is in, where subnets are regional.
        pub region: String,
        /// Its IPv4 range.
        pub cidr: Option<Written<Cidr>>,
        /// Its IPv6 range, or `/64#N` for a part of the network's range. N is hexadecimal and counts from 0.
        #[serde(rename = "ipv6CIDR")]
        pub ipv6_cidr: Option<Written<Ipv6Block>>,
        /// The id of an existing subnet.
        pub id: String,
        /// How traffic leaves: `nat-…`, `eipalloc-…`, `i-…`, `tgw-…`, or `External` if someone else manages the routes.
        pub egress: Option<Egress>,
        /// What it is for. Absent only on clouds without types.
        pub r#type: Option<SubnetType>,
        /// The existing address of the NAT gateway to be made.
        #[serde(rename = "publicIP")]
        pub public_ip: Option<Written<Ipv4Addr>>,
        /// Further routes of its route table.
        pub additional_routes: Vec<Route>,
    }
}

impl Subnet {
    /// Whether it exists already.
    pub fn is_shared(&self) -> bool {
        !self.id.is_empty()
    }

    /// Whether someone else manages its routes.
    pub fn is_unmanaged(&self) -> bool {
        self.egress == Some(Egress::External)
    }

    /// Its type. The default is public.
    pub fn kind(&self) -> SubnetType {
        self.r#type.unwrap_or_default()
    }
}

section! {
    /// A further route of a subnet.
    pub struct Route {
        /// The destination.
        pub cidr: Option<Written<Cidr>>,
        /// Where traffic goes: `pcx-…`, `i-…`, `nat-…`, `tgw-…`, `igw-…` or `eigw-…`.
        pub target: Option<RouteTarget>,
    }

    /// Public or private machines, DNS, bastion.
    pub struct Topology {
        /// Has no effect: the types of the subnets decide.
        #[serde(skip_serializing)]
        pub masters: Option<Visibility>,
        /// Has no effect: the types of the subnets decide.
        #[serde(skip_serializing)]
        pub nodes: Option<Visibility>,
        /// The bastion.
        pub bastion: Option<Bastion>,
        /// The use of DNS.
        pub dns: Option<Dns>,
    }

}

/// The use of DNS.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dns {
    /// Which zone is used, if any. Always written.
    pub r#type: DnsType,
}

section! {
    /// The bastion.
    pub struct Bastion {
        /// Its DNS name.
        pub bastion_public_name: String,
        /// Unused by kops.
        #[serde(skip_serializing)]
        pub idle_timeout_seconds: Option<i64>,
        /// Its load balancer.
        pub load_balancer: Option<BastionLoadBalancer>,
    }

    /// The load balancer in front of the bastion.
    pub struct BastionLoadBalancer {
        /// Further existing security groups to attach.
        pub additional_security_groups: Vec<SecurityGroupId>,
        /// Who can reach it. The default is Public.
        pub r#type: Option<LoadBalancerType>,
    }

    /// The network plugin: exactly one of these.
    pub struct Networking {
        /// Classic networking, which kops no longer supports.
        pub classic: Option<PresentOnly>,
        /// Routes in the cloud.
        pub kubenet: Option<PresentOnly>,
        /// Someone else's networking.
        pub external: Option<PresentOnly>,
        /// A plugin that the user installs.
        pub cni: Option<Cni>,
        /// kopeio.
        pub kopeio: Option<PresentOnly>,
        /// Weave.
        pub weave: Option<Value>,
        /// Flannel.
        pub flannel: Option<Flannel>,
        /// Calico.
        pub calico: Option<Calico>,
        /// Canal.
        pub canal: Option<Value>,
        /// kube-router.
        pub kuberouter: Option<KubeRouter>,
        /// Romana.
        pub romana: Option<Value>,
        /// The Amazon VPC plugin.
        pub amazonvpc: Option<AmazonVpc>,
        /// Cilium.
        pub cilium: Option<Cilium>,
        /// The Lyft VPC plugin.
        pub lyftvpc: Option<Value>,
        /// Alias addresses on GCE.
        pub gce: Option<PresentOnly>,
        /// kindnet.
        pub kindnet: Option<Kindnet>,
    }
}

impl Networking {
    /// The plugins that the spec names.
    pub fn chosen(&self) -> Vec<NetworkPlugin> {
        let all = [
            (NetworkPlugin::Classic, self.classic.is_some()),
            (NetworkPlugin::Kubenet, self.kubenet.is_some()),
            (NetworkPlugin::External, self.external.is_some()),
            (NetworkPlugin::Cni, self.cni.is_some()),
            (NetworkPlugin::Kopeio, self.kopeio.is_some()),
            (NetworkPlugin::Weave, self.weave.is_some()),
            (NetworkPlugin::Flannel, self.flannel.is_some()),
            (NetworkPlugin::Calico, self.calico.is_some()),
            (NetworkPlugin::Canal, self.canal.is_some()),
            (NetworkPlugin::KubeRouter, self.kuberouter.is_some()),
            (NetworkPlugin::Romana, self.romana.is_some()),
            (NetworkPlugin::AmazonVpc, self.amazonvpc.is_some()),
            (NetworkPlugin::Cilium, self.cilium.is_some()),
            (NetworkPlugin::LyftVpc, self.lyftvpc.is_some()),
            (NetworkPlugin::Gce, self.gce.is_some()),
            (NetworkPlugin::Kindnet, self.kindnet.is_some()),
        ];
        all.into_iter().filter_map(|(plugin, given)| given.then_some(plugin)).collect()
    }

    /// Whether pods have alias addresses of their machines, on GCE.
    pub fn uses_ip_aliases(&self) -> bool {
        self.gce.is_some() || self.kindnet.is_some()
    }

    /// Whether pods have addresses of their machines' network interfaces, on AWS.
    pub fn uses_interface_addresses(&self) -> bool {
        self.amazonvpc.is_some() || self.cilium.as_ref().is_some_and(Cilium::uses_interfaces)
    }

    /// Whether machines route pods as kubenet did.
    pub fn uses_kubenet(&self) -> bool {
        self.kubenet.is_some() || self.gce.is_some() || self.external.is_some() || self.kopeio.is_some()
    }
}
