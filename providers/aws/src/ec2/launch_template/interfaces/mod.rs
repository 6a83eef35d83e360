//! Network interfaces of a launch template.

#[cfg(feature = "ec2")]
mod wire;

use std::collections::BTreeSet;

use landform_core::{Id, block};

use crate::ec2::{SecurityGroup, Subnet};

#[cfg(feature = "ec2")]
pub(super) use wire::{request, seen};

/// The network interface of an instance.
#[block]
pub struct NetworkInterface {
    /// Whether it gets a public IPv4 address. The default is the subnet's setting.
    pub associate_public_ip_address: Option<bool>,
    /// Whether EC2 deletes it with the instance.
    pub delete_on_termination: Option<bool>,
    /// Its index, counted from 0.
    pub device_index: Option<u32>,
    /// How many IPv6 addresses it gets.
    pub ipv6_address_count: Option<u32>,
    /// Its security groups.
    #[field(weak)]
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Its subnet, if no autoscaling group chooses one.
    #[field(weak)]
    pub subnet_id: Option<Id<Subnet>>,
    /// The interface to use, in place of a new one.
    pub network_interface_id: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its type, such as `efa`. The default is an ordinary one.
    pub interface_type: Option<String>,
    /// Its network card, counted from 0.
    pub network_card_index: Option<u32>,
    /// Its first private address.
    pub private_ip_address: Option<String>,
    /// How many further private addresses it gets.
    pub ipv4_address_count: Option<u32>,
    /// Its further private addresses.
    pub ipv4_addresses: BTreeSet<String>,
    /// How many IPv4 prefixes it gets.
    pub ipv4_prefix_count: Option<u32>,
    /// Its IPv4 prefixes.
    pub ipv4_prefixes: BTreeSet<String>,
    /// Its IPv6 addresses.
    pub ipv6_addresses: BTreeSet<String>,
    /// How many IPv6 prefixes it gets.
    pub ipv6_prefix_count: Option<u32>,
    /// Its IPv6 prefixes.
    pub ipv6_prefixes: BTreeSet<String>,
    /// Whether its first IPv6 address is the primary one.
    pub primary_ipv6: Option<bool>,
    /// Whether it gets an address of the carrier, in a Wavelength zone.
    pub associate_carrier_ip_address: Option<bool>,
    /// How long it remembers connections.
    pub connection_tracking_specification: Option<ConnectionTracking>,
    /// Whether it uses ENA Express.
    pub ena_srd_specification: Option<EnaExpress>,
}

/// How long an interface remembers connections without traffic.
#[block]
pub struct ConnectionTracking {
    /// Established TCP connections, in seconds.
    #[field(minimum = 60, maximum = 432000)]
    pub tcp_established_timeout: Option<u32>,
    /// UDP traffic with several requests and answers, in seconds.
    #[field(minimum = 60, maximum = 180)]
    pub udp_stream_timeout: Option<u32>,
    /// UDP traffic in one direction, in seconds.
    #[field(minimum = 30, maximum = 60)]
    pub udp_timeout: Option<u32>,
}

/// Whether an interface uses ENA Express.
#[block]
pub struct EnaExpress {
    /// Whether it does for TCP.
    pub ena_srd_enabled: Option<bool>,
    /// The setting for UDP.
    pub ena_srd_udp_specification: Option<EnaExpressUdp>,
}

/// Whether an interface uses ENA Express for UDP.
#[block]
pub struct EnaExpressUdp {
    /// Whether it does.
    pub ena_srd_udp_enabled: Option<bool>,
}
