//! Converts the network interfaces of a launch template between the declaration and the wire.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    self as sdk, ConnectionTrackingSpecificationRequest, EnaSrdSpecificationRequest,
    EnaSrdUdpSpecificationRequest, InstanceIpv6AddressRequest, Ipv4PrefixSpecificationRequest,
    Ipv6PrefixSpecificationRequest, LaunchTemplateInstanceNetworkInterfaceSpecificationRequest as Request,
    PrivateIpAddressSpecification,
};

use super::{ConnectionTracking, EnaExpress, EnaExpressUdp, NetworkInterface};
use crate::{client::prelude::*, ec2::client::some};

pub(in crate::ec2::launch_template) fn request(interface: &NetworkInterface) -> Request {
    let further = interface
        .ipv4_addresses
        .iter()
        .map(|ip| PrivateIpAddressSpecification::builder().private_ip_address(ip).build());
    let ipv6 = interface
        .ipv6_addresses
        .iter()
        .map(|ip| InstanceIpv6AddressRequest::builder().ipv6_address(ip).build());
    let ipv4_prefixes = interface
        .ipv4_prefixes
        .iter()
        .map(|prefix| Ipv4PrefixSpecificationRequest::builder().ipv4_prefix(prefix).build());
    let ipv6_prefixes = interface
        .ipv6_prefixes
        .iter()
        .map(|prefix| Ipv6PrefixSpecificationRequest::builder().ipv6_prefix(prefix).build());
    let tracking = interface.connection_tracking_specification.as_ref().map(|tracking| {
        ConnectionTrackingSpecificationRequest::builder()
            .set_tcp_established_timeout(tracking.tcp_established_timeout.wire())
            .set_udp_stream_timeout(tracking.udp_stream_timeout.wire())
            .set_udp_timeout(tracking.udp_timeout.wire())
            .build()
    });
    let express = interface.ena_srd_specification.as_ref().map(|express| {
        let udp = express.ena_srd_udp_specification.as_ref().map(|udp| {
            EnaSrdUdpSpecificationRequest::builder().set_ena_srd_udp_enabled(udp.ena_srd_udp_enabled).build()
        });
        EnaSrdSpecificationRequest::builder()
            .set_ena_srd_enabled(express.ena_srd_enabled)
            .set_ena_srd_udp_specification(udp)
            .build()
    });
    Request::builder()
        .set_associate_public_ip_address(interface.associate_public_ip_address)
        .set_associate_carrier_ip_address(interface.associate_carrier_ip_address)
        .set_delete_on_termination(interface.delete_on_termination)
        .set_description(interface.description.wire())
        .set_device_index(interface.device_index.wire())
        .set_interface_type(interface.interface_type.wire())
        .set_network_card_index(interface.network_card_index.wire())
        .set_network_interface_id(interface.network_interface_id.wire())
        .set_private_ip_address(interface.private_ip_address.wire())
        .set_private_ip_addresses(some(further))
        .set_secondary_private_ip_address_count(interface.ipv4_address_count.wire())
        .set_ipv4_prefix_count(interface.ipv4_prefix_count.wire())
        .set_ipv4_prefixes(some(ipv4_prefixes))
        .set_ipv6_address_count(interface.ipv6_address_count.wire())
        .set_ipv6_addresses(some(ipv6))
        .set_ipv6_prefix_count(interface.ipv6_prefix_count.wire())
        .set_ipv6_prefixes(some(ipv6_prefixes))
        .set_primary_ipv6(interface.primary_ipv6)
        .set_groups(interface.security_groups.wire())
        .set_subnet_id(interface.subnet_id.wire())
        .set_connection_tracking_specification(tracking)
        .set_ena_srd_specification(express)
        .build()
}

pub(in crate::ec2::launch_template) fn seen(
    interface: sdk::LaunchTemplateInstanceNetworkInterfaceSpecification,
) -> Result<NetworkInterface> {
    let texts = |texts: Vec<Option<String>>| -> BTreeSet<String> { texts.into_iter().flatten().collect() };
    let further = interface.private_ip_addresses().iter();
    let further = further.filter(|one| one.primary() != Some(true));
    let further = texts(further.map(|one| one.private_ip_address.clone()).collect());
    let ipv6 = texts(interface.ipv6_addresses().iter().map(|one| one.ipv6_address.clone()).collect());
    let prefixes = texts(interface.ipv4_prefixes().iter().map(|one| one.ipv4_prefix.clone()).collect());
    let ipv6_prefixes = texts(interface.ipv6_prefixes().iter().map(|one| one.ipv6_prefix.clone()).collect());
    let tracking = interface.connection_tracking_specification.clone().map(|tracking| -> Result<_> {
        Ok(read!(tracking => ConnectionTracking {
            tcp_established_timeout, udp_stream_timeout, udp_timeout,
        }))
    });
    let express = interface.ena_srd_specification.clone().map(|express| EnaExpress {
        ena_srd_enabled: express.ena_srd_enabled,
        ena_srd_udp_specification: express
            .ena_srd_udp_specification
            .map(|udp| EnaExpressUdp { ena_srd_udp_enabled: udp.ena_srd_udp_enabled }),
    });
    Ok(read!(interface => NetworkInterface {
        associate_public_ip_address, delete_on_termination, device_index, ipv6_address_count,
        security_groups: groups, subnet_id,
        network_interface_id, description, interface_type, network_card_index, private_ip_address,
        ipv4_address_count: secondary_private_ip_address_count,
        ipv4_addresses = further,
        ipv4_prefix_count,
        ipv4_prefixes = prefixes,
        ipv6_addresses = ipv6,
        ipv6_prefix_count,
        ipv6_prefixes = ipv6_prefixes,
        primary_ipv6, associate_carrier_ip_address,
        connection_tracking_specification = tracking.transpose()?,
        ena_srd_specification = express,
    }))
}
