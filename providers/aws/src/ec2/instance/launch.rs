//! The request that starts an instance.

use aws_sdk_ec2::{
    operation::run_instances::builders::RunInstancesFluentBuilder,
    types::{
        CreditSpecificationRequest, HibernationOptionsRequest, IamInstanceProfileSpecification,
        InstanceIpv6Address, InstanceMetadataOptionsRequest, InstanceNetworkInterfaceSpecification,
        LaunchTemplateSpecification, Placement, PrivateIpAddressSpecification, ResourceType,
        RunInstancesMonitoringEnabled,
    },
};
use aws_smithy_types::base64;

use super::{Instance, InstanceNetworkInterface, disks, spot};
use crate::{
    client::prelude::*,
    ec2::{
        MetadataOptions,
        client::{some, tagged_as},
    },
};

/// The request for an instance. It reads the image if the declaration describes the root disk.
pub(super) async fn request(
    instance: &Instance,
    client: &Client,
    attempt: &Attempt<'_>,
) -> Result<RunInstancesFluentBuilder> {
    let call =
        client
            .ec2
            .run_instances()
            .min_count(1)
            .max_count(1)
            .client_token(attempt.request_id("create"))
            .set_image_id(instance.ami.wire())
            .set_instance_type(instance.instance_type.wire())
            .set_launch_template(instance.template())
            .set_instance_market_options(
                instance.instance_market_options.as_ref().map(spot::request).transpose()?,
            )
            .set_key_name(instance.key_name.wire())
            .set_user_data(instance.user_data_sent())
            .set_ebs_optimized(instance.ebs_optimized)
            .set_monitoring(
                instance.monitoring.map(|on| RunInstancesMonitoringEnabled::builder().enabled(on).build()),
            )
            .set_placement(instance.placement())
            .set_iam_instance_profile(
                instance
                    .iam_instance_profile
                    .as_ref()
                    .map(|name| IamInstanceProfileSpecification::builder().name(name.as_str()).build()),
            )
            .set_disable_api_termination(instance.disable_api_termination)
            .set_disable_api_stop(instance.disable_api_stop)
            .set_instance_initiated_shutdown_behavior(instance.instance_initiated_shutdown_behavior.wire())
            .set_hibernation_options(
                instance.hibernation.map(|on| HibernationOptionsRequest::builder().configured(on).build()),
            )
            .set_credit_specification(instance.credit_specification.as_ref().map(|credits| {
                CreditSpecificationRequest::builder().cpu_credits(&credits.cpu_credits).build()
            }))
            .set_metadata_options(instance.metadata_options.as_ref().map(metadata_request))
            .set_block_device_mappings(disks::wanted(client, instance).await?)
            .tag_specifications(tagged_as(ResourceType::Instance, attempt));

    let call = instance.tuned(call);
    if !instance.network_interface.is_empty() {
        let interfaces = instance.network_interface.iter().map(existing);
        return Ok(call.set_network_interfaces(Some(interfaces.collect())));
    }
    // With a new interface, the interface has all network settings.
    let is_special = instance.associate_public_ip_address.is_some()
        || !instance.secondary_private_ips.is_empty()
        || !instance.ipv6_addresses.is_empty();
    Ok(match is_special {
        true => call.network_interfaces(instance.interface()),
        false => call
            .set_subnet_id(instance.subnet_id.wire())
            .set_security_group_ids(instance.vpc_security_group_ids.wire())
            .set_private_ip_address(instance.private_ip.wire())
            .set_ipv6_address_count(instance.ipv6_address_count.wire()),
    })
}

impl Instance {
    fn template(&self) -> Option<LaunchTemplateSpecification> {
        self.launch_template.as_ref().map(|template| {
            LaunchTemplateSpecification::builder()
                .set_launch_template_id(template.id.wire())
                .set_launch_template_name(template.name.wire())
                .version(&template.version)
                .build()
        })
    }

    fn placement(&self) -> Option<Placement> {
        let said = self.availability_zone.is_some()
            || self.tenancy.is_some()
            || self.placement_group.is_some()
            || self.partition().is_some()
            || self.host_id.is_some()
            || self.host_resource_group_arn.is_some();
        said.then(|| {
            Placement::builder()
                .set_availability_zone(self.availability_zone.wire())
                .set_tenancy(self.tenancy.wire())
                .set_group_name(self.placement_group.wire())
                .set_partition_number(self.partition().wire())
                .set_host_id(self.host_id.clone())
                .set_host_resource_group_arn(self.host_resource_group_arn.clone())
                .build()
        })
    }

    fn partition(&self) -> Option<u32> {
        self.placement_partition_number.filter(|number| *number > 0)
    }

    /// A new interface. A public address and further addresses are properties of an interface.
    fn interface(&self) -> InstanceNetworkInterfaceSpecification {
        let further = self
            .secondary_private_ips
            .iter()
            .map(|ip| PrivateIpAddressSpecification::builder().private_ip_address(ip).primary(false).build());
        let six =
            self.ipv6_addresses.iter().map(|ip| InstanceIpv6Address::builder().ipv6_address(ip).build());
        InstanceNetworkInterfaceSpecification::builder()
            .device_index(0)
            .set_associate_public_ip_address(self.associate_public_ip_address)
            .set_private_ip_addresses(some(further))
            .set_ipv6_addresses(some(six))
            .delete_on_termination(true)
            .set_subnet_id(self.subnet_id.wire())
            .set_groups(self.vpc_security_group_ids.wire())
            .set_private_ip_address(self.private_ip.wire())
            .set_ipv6_address_count(self.ipv6_address_count.wire())
            .build()
    }

    /// The user data on the wire.
    pub(super) fn user_data_sent(&self) -> Option<String> {
        let text = self.user_data.as_ref().filter(|text| !text.is_empty()).map(base64::encode);
        text.or_else(|| self.user_data_base64.clone())
    }
}

fn existing(interface: &InstanceNetworkInterface) -> InstanceNetworkInterfaceSpecification {
    InstanceNetworkInterfaceSpecification::builder()
        .set_device_index(interface.device_index.wire())
        .network_interface_id(&interface.network_interface_id)
        .set_network_card_index(interface.network_card_index.wire())
        .delete_on_termination(interface.delete_on_termination)
        .build()
}

fn metadata_request(options: &MetadataOptions) -> InstanceMetadataOptionsRequest {
    InstanceMetadataOptionsRequest::builder()
        .set_http_endpoint(options.http_endpoint.wire())
        .set_http_tokens(options.http_tokens.wire())
        .set_http_put_response_hop_limit(options.http_put_response_hop_limit.wire())
        .set_http_protocol_ipv6(options.http_protocol_ipv6.wire())
        .set_instance_metadata_tags(options.instance_metadata_tags.wire())
        .build()
}
