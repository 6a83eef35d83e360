//! The calls for the options of an instance: its hardware, its reservation, its host name.

use aws_sdk_ec2::{
    operation::run_instances::builders::RunInstancesFluentBuilder,
    types::{
        self as sdk, CpuOptionsRequest, EnclaveOptionsRequest, InstanceMaintenanceOptionsRequest,
        PrivateDnsNameOptionsRequest,
    },
};

use super::{
    AutoRecovery, CapacityReservationPreference, CapacityReservationSpecification, CapacityReservationTarget,
    CpuOptions, EnclaveOptions, Instance, MaintenanceOptions, PrivateDnsNameOptions, Switch,
};
use crate::client::prelude::*;

words!(Switch, AutoRecovery, CapacityReservationPreference);

/// What EC2 shows of the options.
pub(super) struct Options {
    pub(super) cpu: Option<CpuOptions>,
    pub(super) enclave: Option<EnclaveOptions>,
    pub(super) reservation: Option<CapacityReservationSpecification>,
    pub(super) maintenance: Option<MaintenanceOptions>,
    pub(super) names: Option<PrivateDnsNameOptions>,
}

pub(super) fn seen(instance: &sdk::Instance) -> Result<Options> {
    let cpu = |options: sdk::CpuOptions| -> Result<_> {
        Ok(read!(options => CpuOptions { core_count, threads_per_core, amd_sev_snp, nested_virtualization }))
    };
    let reservation = |options: sdk::CapacityReservationSpecificationResponse| -> Result<_> {
        let target = options.capacity_reservation_target.map(|target| -> Result<_> {
            Ok(read!(target => CapacityReservationTarget {
                capacity_reservation_id, capacity_reservation_resource_group_arn,
            }))
        });
        Ok(read!(options => CapacityReservationSpecification {
            capacity_reservation_preference,
            capacity_reservation_target = target.transpose()?,
        }))
    };
    let maintenance = |options: sdk::InstanceMaintenanceOptions| -> Result<_> {
        Ok(read!(options => MaintenanceOptions { auto_recovery }))
    };
    let names = |options: sdk::PrivateDnsNameOptionsResponse| -> Result<_> {
        Ok(read!(options => PrivateDnsNameOptions {
            hostname_type, enable_resource_name_dns_a_record, enable_resource_name_dns_aaaa_record,
        }))
    };
    Ok(Options {
        cpu: instance.cpu_options.clone().map(cpu).transpose()?,
        enclave: instance
            .enclave_options()
            .and_then(|options| options.enabled())
            .map(|enabled| EnclaveOptions { enabled }),
        reservation: instance.capacity_reservation_specification.clone().map(reservation).transpose()?,
        maintenance: instance.maintenance_options.clone().map(maintenance).transpose()?,
        names: instance.private_dns_name_options.clone().map(names).transpose()?,
    })
}

impl Instance {
    /// Adds the options to the request that starts the instance.
    pub(super) fn tuned(&self, call: RunInstancesFluentBuilder) -> RunInstancesFluentBuilder {
        let cpu = self.cpu_options.as_ref().map(|options| {
            CpuOptionsRequest::builder()
                .set_core_count(options.core_count.wire())
                .set_threads_per_core(options.threads_per_core.wire())
                .set_amd_sev_snp(options.amd_sev_snp.wire())
                .set_nested_virtualization(options.nested_virtualization.wire())
                .build()
        });
        let enclave = self
            .enclave_options
            .as_ref()
            .map(|options| EnclaveOptionsRequest::builder().enabled(options.enabled).build());
        let maintenance = self.maintenance_options.as_ref().map(|options| {
            InstanceMaintenanceOptionsRequest::builder()
                .set_auto_recovery(options.auto_recovery.wire())
                .build()
        });
        let names = self.private_dns_name_options.as_ref().map(|options| {
            PrivateDnsNameOptionsRequest::builder()
                .set_hostname_type(options.hostname_type.wire())
                .set_enable_resource_name_dns_a_record(options.enable_resource_name_dns_a_record)
                .set_enable_resource_name_dns_aaaa_record(options.enable_resource_name_dns_aaaa_record)
                .build()
        });
        call.set_cpu_options(cpu)
            .set_enclave_options(enclave)
            .set_capacity_reservation_specification(self.reservation())
            .set_maintenance_options(maintenance)
            .set_private_dns_name_options(names)
    }

    fn reservation(&self) -> Option<sdk::CapacityReservationSpecification> {
        let options = self.capacity_reservation_specification.as_ref()?;
        let target = options.capacity_reservation_target.as_ref().map(|target| {
            sdk::CapacityReservationTarget::builder()
                .set_capacity_reservation_id(target.capacity_reservation_id.clone())
                .set_capacity_reservation_resource_group_arn(
                    target.capacity_reservation_resource_group_arn.clone(),
                )
                .build()
        });
        Some(
            sdk::CapacityReservationSpecification::builder()
                .set_capacity_reservation_preference(options.capacity_reservation_preference.wire())
                .set_capacity_reservation_target(target)
                .build(),
        )
    }

    /// Whether EC2 must stop the instance for a change of its options.
    pub(super) fn must_stop(&self, there: &Self, due: &Due<'_>) -> bool {
        let kind = |of: &Self| of.private_dns_name_options.as_ref().and_then(|names| names.hostname_type);
        due.has("cpu_options")
            || due.has("capacity_reservation_specification")
            || (due.has("private_dns_name_options") && kind(self).is_some() && kind(self) != kind(there))
    }

    /// Changes the options that a stopped instance can change.
    pub(super) async fn tune(&self, client: &Client, id: &str, due: &Due<'_>) -> Result<()> {
        if due.has("cpu_options")
            && let Some(options) = &self.cpu_options
        {
            let call = client.ec2.modify_instance_cpu_options().instance_id(id);
            let call = call.set_core_count(options.core_count.wire());
            let call = call.set_threads_per_core(options.threads_per_core.wire());
            let call = call.set_nested_virtualization(options.nested_virtualization.wire());
            call.send().await.map_err(failed)?;
        }
        if due.has("capacity_reservation_specification")
            && let Some(wanted) = self.reservation()
        {
            let call = client.ec2.modify_instance_capacity_reservation_attributes().instance_id(id);
            call.capacity_reservation_specification(wanted).send().await.map_err(failed)?;
        }
        if due.has("private_dns_name_options") {
            self.rename(client, id).await?;
        }
        Ok(())
    }

    /// Changes the host name.
    pub(super) async fn rename(&self, client: &Client, id: &str) -> Result<()> {
        let Some(options) = &self.private_dns_name_options else { return Ok(()) };
        let call = client.ec2.modify_private_dns_name_options().instance_id(id);
        let call = call.set_private_dns_hostname_type(options.hostname_type.wire());
        let call = call.set_enable_resource_name_dns_a_record(options.enable_resource_name_dns_a_record);
        let call =
            call.set_enable_resource_name_dns_aaaa_record(options.enable_resource_name_dns_aaaa_record);
        call.send().await.map_err(failed)?;
        Ok(())
    }

    /// What EC2 does when the hardware fails.
    pub(super) fn recovery(&self) -> Option<AutoRecovery> {
        self.maintenance_options.as_ref().map(|options| options.auto_recovery)
    }
}
