//! Converts the blocks of a launch template that say which hardware an instance gets, and how EC2 treats it.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    CapacityReservationTarget as SdkTarget, LaunchTemplateCapacityReservationSpecificationRequest,
    LaunchTemplateCpuOptionsRequest, LaunchTemplateEnclaveOptionsRequest,
    LaunchTemplateHibernationOptionsRequest, LaunchTemplateInstanceMaintenanceOptionsRequest,
    LaunchTemplateLicenseConfigurationRequest, LaunchTemplateNetworkPerformanceOptionsRequest,
    LaunchTemplatePrivateDnsNameOptionsRequest, ResponseLaunchTemplateData,
    builders::RequestLaunchTemplateDataBuilder,
};

use super::{
    BandwidthWeighting, HibernationOptions, LaunchTemplate, LicenseSpecification, NetworkPerformanceOptions,
    TemplateCpuOptions, TemplateEnclaveOptions,
};
use crate::{
    client::prelude::*,
    ec2::{
        CapacityReservationSpecification, CapacityReservationTarget, MaintenanceOptions,
        PrivateDnsNameOptions, client::some,
    },
};

words!(BandwidthWeighting);

/// Adds the blocks to the data of a new version.
pub(super) fn add(
    data: RequestLaunchTemplateDataBuilder,
    template: &LaunchTemplate,
) -> RequestLaunchTemplateDataBuilder {
    let cpu = template.cpu_options.as_ref().map(|options| {
        LaunchTemplateCpuOptionsRequest::builder()
            .set_core_count(options.core_count.wire())
            .set_threads_per_core(options.threads_per_core.wire())
            .set_amd_sev_snp(options.amd_sev_snp.wire())
            .set_nested_virtualization(options.nested_virtualization.wire())
            .build()
    });
    let reservation = template.capacity_reservation_specification.as_ref().map(|options| {
        let target = options.capacity_reservation_target.as_ref().map(|target| {
            SdkTarget::builder()
                .set_capacity_reservation_id(target.capacity_reservation_id.clone())
                .set_capacity_reservation_resource_group_arn(
                    target.capacity_reservation_resource_group_arn.clone(),
                )
                .build()
        });
        LaunchTemplateCapacityReservationSpecificationRequest::builder()
            .set_capacity_reservation_preference(options.capacity_reservation_preference.wire())
            .set_capacity_reservation_target(target)
            .build()
    });
    let names = template.private_dns_name_options.as_ref().map(|options| {
        LaunchTemplatePrivateDnsNameOptionsRequest::builder()
            .set_hostname_type(options.hostname_type.wire())
            .set_enable_resource_name_dns_a_record(options.enable_resource_name_dns_a_record)
            .set_enable_resource_name_dns_aaaa_record(options.enable_resource_name_dns_aaaa_record)
            .build()
    });
    let licenses = template.license_specification.iter().map(|license| {
        LaunchTemplateLicenseConfigurationRequest::builder()
            .license_configuration_arn(&license.license_configuration_arn)
            .build()
    });
    let enclave = template.enclave_options.as_ref();
    let hibernation = template.hibernation_options.as_ref();
    let maintenance = template.maintenance_options.as_ref();
    let bandwidth = template.network_performance_options.as_ref();
    data.set_cpu_options(cpu)
        .set_capacity_reservation_specification(reservation)
        .set_private_dns_name_options(names)
        .set_license_specifications(some(licenses))
        .set_enclave_options(
            enclave.map(|options| {
                LaunchTemplateEnclaveOptionsRequest::builder().enabled(options.enabled).build()
            }),
        )
        .set_hibernation_options(hibernation.map(|options| {
            LaunchTemplateHibernationOptionsRequest::builder().configured(options.configured).build()
        }))
        .set_maintenance_options(maintenance.map(|options| {
            LaunchTemplateInstanceMaintenanceOptionsRequest::builder()
                .set_auto_recovery(options.auto_recovery.wire())
                .build()
        }))
        .set_network_performance_options(bandwidth.map(|options| {
            LaunchTemplateNetworkPerformanceOptionsRequest::builder()
                .set_bandwidth_weighting(options.bandwidth_weighting.wire())
                .build()
        }))
        .set_disable_api_stop(template.disable_api_stop)
        .set_disable_api_termination(template.disable_api_termination)
        .set_instance_initiated_shutdown_behavior(template.instance_initiated_shutdown_behavior.wire())
        .set_kernel_id(template.kernel_id.wire())
        .set_ram_disk_id(template.ram_disk_id.wire())
        .set_security_groups(template.security_group_names.wire())
}

/// The blocks of a version.
pub(super) struct Hardware {
    pub(super) cpu: Option<TemplateCpuOptions>,
    pub(super) reservation: Option<CapacityReservationSpecification>,
    pub(super) names: Option<PrivateDnsNameOptions>,
    pub(super) licenses: BTreeSet<LicenseSpecification>,
    pub(super) enclave: Option<TemplateEnclaveOptions>,
    pub(super) hibernation: Option<HibernationOptions>,
    pub(super) maintenance: Option<MaintenanceOptions>,
    pub(super) bandwidth: Option<NetworkPerformanceOptions>,
}

pub(super) fn seen(data: &ResponseLaunchTemplateData) -> Result<Hardware> {
    let cpu = data.cpu_options.clone().map(|options| -> Result<_> {
        Ok(read!(options => TemplateCpuOptions {
            core_count, threads_per_core, amd_sev_snp, nested_virtualization,
        }))
    });
    let reservation = data.capacity_reservation_specification.clone().map(|options| -> Result<_> {
        let target = options.capacity_reservation_target.map(|target| -> Result<_> {
            Ok(read!(target => CapacityReservationTarget {
                capacity_reservation_id, capacity_reservation_resource_group_arn,
            }))
        });
        Ok(read!(options => CapacityReservationSpecification {
            capacity_reservation_preference,
            capacity_reservation_target = target.transpose()?,
        }))
    });
    let names = data.private_dns_name_options.clone().map(|options| -> Result<_> {
        Ok(read!(options => PrivateDnsNameOptions {
            hostname_type, enable_resource_name_dns_a_record, enable_resource_name_dns_aaaa_record,
        }))
    });
    let licenses = data.license_specifications().iter();
    let licenses = licenses.filter_map(|license| license.license_configuration_arn.clone());
    let maintenance = data
        .maintenance_options
        .clone()
        .map(|options| -> Result<_> { Ok(read!(options => MaintenanceOptions { auto_recovery })) });
    let bandwidth = data.network_performance_options.clone().map(|options| -> Result<_> {
        Ok(read!(options => NetworkPerformanceOptions { bandwidth_weighting }))
    });
    let enclave = data.enclave_options.as_ref().and_then(|options| options.enabled());
    let hibernation = data.hibernation_options.as_ref().and_then(|options| options.configured());
    Ok(Hardware {
        cpu: cpu.transpose()?,
        reservation: reservation.transpose()?,
        names: names.transpose()?,
        licenses: licenses
            .map(|license_configuration_arn| LicenseSpecification { license_configuration_arn })
            .collect(),
        enclave: enclave.map(|enabled| TemplateEnclaveOptions { enabled }),
        hibernation: hibernation.map(|configured| HibernationOptions { configured }),
        maintenance: maintenance.transpose()?,
        bandwidth: bandwidth.transpose()?,
    })
}
