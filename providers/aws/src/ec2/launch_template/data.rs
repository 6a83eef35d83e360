//! Converts the data of a launch template's version between the declaration and the wire.

use aws_sdk_ec2::primitives::{DateTime, DateTimeFormat as Format};
use aws_sdk_ec2::types::{
    self as sdk, CreditSpecificationRequest, LaunchTemplateBlockDeviceMappingRequest,
    LaunchTemplateEbsBlockDeviceRequest, LaunchTemplateIamInstanceProfileSpecificationRequest,
    LaunchTemplateInstanceMarketOptionsRequest, LaunchTemplateInstanceMetadataOptionsRequest,
    LaunchTemplatePlacementRequest, LaunchTemplateSpotMarketOptionsRequest,
    LaunchTemplateTagSpecificationRequest, LaunchTemplatesMonitoringRequest, RequestLaunchTemplateData,
    ResourceType, ResponseLaunchTemplateData,
};

use super::{
    BlockDeviceMapping, CreditSpecification, Ebs, IamInstanceProfileSpecification, InstanceMarketOptions,
    LaunchTemplate, MetadataOptions, Monitoring, Placement, SpotOptions, TagSpecification, hardware,
    interfaces,
};
use crate::{client::prelude::*, ec2::client::some};

/// The data of a new version.
pub(super) fn request(template: &LaunchTemplate) -> RequestLaunchTemplateData {
    let profile = template.iam_instance_profile.as_ref().map(|profile| {
        LaunchTemplateIamInstanceProfileSpecificationRequest::builder()
            .set_name(profile.name.wire())
            .set_arn(profile.arn.wire())
            .build()
    });
    let credits = template.credit_specification.as_ref();
    let monitoring = template.monitoring.as_ref();
    hardware::add(RequestLaunchTemplateData::builder(), template)
        .set_image_id(template.image_id.wire())
        .set_instance_type(template.instance_type.wire())
        .set_key_name(template.key_name.wire())
        .set_user_data(template.user_data.wire())
        .set_ebs_optimized(template.ebs_optimized)
        .set_security_group_ids(template.vpc_security_group_ids.wire())
        .set_block_device_mappings(some(template.block_device_mappings.iter().map(device_request)))
        .set_network_interfaces(some(template.network_interfaces.iter().map(interfaces::request)))
        .set_iam_instance_profile(profile)
        .set_credit_specification(
            credits.map(|credits| {
                CreditSpecificationRequest::builder().cpu_credits(&credits.cpu_credits).build()
            }),
        )
        .set_instance_market_options(template.instance_market_options.as_ref().map(market_request))
        .set_metadata_options(template.metadata_options.as_ref().map(metadata_request))
        .set_monitoring(monitoring.map(|monitoring| {
            LaunchTemplatesMonitoringRequest::builder().enabled(monitoring.enabled).build()
        }))
        .set_placement(template.placement.as_ref().map(|place| {
            LaunchTemplatePlacementRequest::builder()
                .set_tenancy(place.tenancy.wire())
                .set_group_name(place.group_name.wire())
                .set_availability_zone(place.availability_zone.wire())
                .set_affinity(place.affinity.wire())
                .set_group_id(place.group_id.wire())
                .set_host_id(place.host_id.wire())
                .set_host_resource_group_arn(place.host_resource_group_arn.wire())
                .set_partition_number(place.partition_number.wire())
                .set_spread_domain(place.spread_domain.wire())
                .build()
        }))
        .set_tag_specifications(some(template.tag_specifications.iter().map(|specification| {
            LaunchTemplateTagSpecificationRequest::builder()
                .resource_type(specification.resource_type.as_str().into())
                .set_tags(sent(&specification.tags))
                .build()
        })))
        .build()
}

fn device_request(device: &BlockDeviceMapping) -> LaunchTemplateBlockDeviceMappingRequest {
    let ebs = device.ebs.as_ref().map(|ebs| {
        LaunchTemplateEbsBlockDeviceRequest::builder()
            .set_volume_size(ebs.volume_size.wire())
            .set_volume_type(ebs.volume_type.wire())
            .set_iops(ebs.iops.wire())
            .set_throughput(ebs.throughput.wire())
            .set_encrypted(ebs.encrypted)
            .set_kms_key_id(ebs.kms_key_id.wire())
            .set_delete_on_termination(ebs.delete_on_termination)
            .set_snapshot_id(ebs.snapshot_id.wire())
            .set_volume_initialization_rate(ebs.volume_initialization_rate.wire())
            .build()
    });
    LaunchTemplateBlockDeviceMappingRequest::builder()
        .device_name(&device.device_name)
        .set_ebs(ebs)
        .set_virtual_name(device.virtual_name.wire())
        .set_no_device(device.no_device.wire())
        .build()
}

fn market_request(market: &InstanceMarketOptions) -> LaunchTemplateInstanceMarketOptionsRequest {
    let spot = market.spot_options.as_ref().map(|spot| {
        LaunchTemplateSpotMarketOptionsRequest::builder()
            .set_block_duration_minutes(spot.block_duration_minutes.wire())
            .set_instance_interruption_behavior(spot.instance_interruption_behavior.wire())
            .set_max_price(spot.max_price.wire())
            .set_spot_instance_type(spot.spot_instance_type.wire())
            .set_valid_until(spot.valid_until.as_deref().and_then(instant))
            .build()
    });
    LaunchTemplateInstanceMarketOptionsRequest::builder()
        .market_type(market.market_type.as_str().into())
        .set_spot_options(spot)
        .build()
}

fn metadata_request(options: &MetadataOptions) -> LaunchTemplateInstanceMetadataOptionsRequest {
    LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .set_http_endpoint(options.http_endpoint.wire())
        .set_http_tokens(options.http_tokens.wire())
        .set_http_put_response_hop_limit(options.http_put_response_hop_limit.wire())
        .set_http_protocol_ipv6(options.http_protocol_ipv6.wire())
        .set_instance_metadata_tags(options.instance_metadata_tags.wire())
        .build()
}

/// A time in UTC. The declaration's form is checked by EC2.
fn instant(text: &str) -> Option<DateTime> {
    DateTime::from_str(text, Format::DateTime).ok()
}

/// The data of an empty version.
pub(super) fn nothing() -> ResponseLaunchTemplateData {
    ResponseLaunchTemplateData::builder().build()
}

/// The template from the data of a version, which does not hold its name, description and tags.
pub(super) fn template(data: ResponseLaunchTemplateData) -> Result<LaunchTemplate> {
    let hardware = hardware::seen(&data)?;
    let devices = data.block_device_mappings.unwrap_or_default().into_iter().map(device);
    let interfaces = data.network_interfaces.unwrap_or_default().into_iter().map(interfaces::seen);
    let tags = data.tag_specifications.unwrap_or_default().into_iter();
    // moto also lists the template's tags here.
    let tags = tags.filter(|tags| tags.resource_type != Some(ResourceType::LaunchTemplate)).map(|tags| {
        Ok(TagSpecification {
            resource_type: read(tags.resource_type, "resource_type")?,
            tags: given(tags.tags).collect(),
        })
    });
    Ok(read!(data => LaunchTemplate {
        name = String::new(),
        name_prefix = None,
        description = None,
        image_id, instance_type, key_name, user_data, ebs_optimized,
        vpc_security_group_ids: security_group_ids,
        block_device_mappings = devices.collect::<Result<_>>()?,
        network_interfaces = interfaces.collect::<Result<_>>()?,
        iam_instance_profile = data.iam_instance_profile.map(profile).transpose()?,
        credit_specification = data.credit_specification.map(credits).transpose()?,
        instance_market_options = data.instance_market_options.map(market).transpose()?,
        metadata_options = data.metadata_options.map(metadata).transpose()?,
        monitoring = data.monitoring.map(|monitoring| Monitoring { enabled: monitoring.enabled.unwrap_or_default() }),
        placement = data.placement.map(placement).transpose()?,
        capacity_reservation_specification = hardware.reservation,
        cpu_options = hardware.cpu,
        enclave_options = hardware.enclave,
        hibernation_options = hardware.hibernation,
        license_specification = hardware.licenses,
        maintenance_options = hardware.maintenance,
        network_performance_options = hardware.bandwidth,
        private_dns_name_options = hardware.names,
        disable_api_stop, disable_api_termination, instance_initiated_shutdown_behavior, kernel_id, ram_disk_id,
        security_group_names: security_groups,
        tag_specifications = tags.collect::<Result<_>>()?,
        update_default_version = false,
        tags = Default::default(),
    }))
}

fn device(device: sdk::LaunchTemplateBlockDeviceMapping) -> Result<BlockDeviceMapping> {
    let ebs = device.ebs.map(volume).transpose()?;
    Ok(read!(device => BlockDeviceMapping { device_name, ebs = ebs, virtual_name, no_device }))
}

fn volume(ebs: sdk::LaunchTemplateEbsBlockDevice) -> Result<Ebs> {
    Ok(read!(ebs => Ebs {
        volume_size, volume_type, iops, throughput, encrypted, kms_key_id, delete_on_termination, snapshot_id,
        volume_initialization_rate,
    }))
}

fn profile(
    profile: sdk::LaunchTemplateIamInstanceProfileSpecification,
) -> Result<IamInstanceProfileSpecification> {
    Ok(read!(profile => IamInstanceProfileSpecification { name, arn }))
}

fn credits(credits: sdk::CreditSpecification) -> Result<CreditSpecification> {
    Ok(read!(credits => CreditSpecification { cpu_credits }))
}

fn market(market: sdk::LaunchTemplateInstanceMarketOptions) -> Result<InstanceMarketOptions> {
    let spot_options = market.spot_options.map(spot).transpose()?;
    Ok(read!(market => InstanceMarketOptions { market_type, spot_options = spot_options }))
}

fn spot(spot: sdk::LaunchTemplateSpotMarketOptions) -> Result<SpotOptions> {
    Ok(read!(spot => SpotOptions {
        block_duration_minutes, instance_interruption_behavior, max_price, spot_instance_type,
        valid_until = spot.valid_until.and_then(|time| time.fmt(Format::DateTime).ok()),
    }))
}

fn metadata(options: sdk::LaunchTemplateInstanceMetadataOptions) -> Result<MetadataOptions> {
    Ok(read!(options => MetadataOptions {
        http_endpoint, http_tokens, http_put_response_hop_limit, http_protocol_ipv6, instance_metadata_tags,
    }))
}

fn placement(placement: sdk::LaunchTemplatePlacement) -> Result<Placement> {
    Ok(read!(placement => Placement {
        tenancy, group_name, availability_zone, affinity, group_id, host_id, host_resource_group_arn,
        partition_number, spread_domain,
    }))
}
