//! Converts the requirements for instance types between the declaration and the wire.

use aws_sdk_autoscaling::types::{
    self as sdk, AcceleratorCountRequest, AcceleratorTotalMemoryMiBRequest, BaselineEbsBandwidthMbpsRequest,
    MemoryGiBPerVCpuRequest, MemoryMiBRequest, NetworkBandwidthGbpsRequest, NetworkInterfaceCountRequest,
    TotalLocalStorageGbRequest, VCpuCountRequest,
};
use landform_core::Number;
use landform_kit::senseless;

use super::requirements::*;
use crate::client::prelude::*;

/// A range for the wire.
macro_rules! range {
    ($needs:ident.$field:ident as $type:ident) => {
        $needs
            .$field
            .as_ref()
            .map(|range| $type::builder().set_min(bound(&range.min)).set_max(bound(&range.max)).build())
    };
}

pub(super) fn request(needs: &InstanceRequirements) -> sdk::InstanceRequirements {
    let memory = MemoryMiBRequest::builder().set_min(needs.memory_mib.min.wire());
    let cpus = VCpuCountRequest::builder().set_min(needs.vcpu_count.min.wire());
    sdk::InstanceRequirements::builder()
        .memory_mib(memory.set_max(needs.memory_mib.max.wire()).build())
        .v_cpu_count(cpus.set_max(needs.vcpu_count.max.wire()).build())
        .set_memory_gib_per_v_cpu(range!(needs.memory_gib_per_vcpu as MemoryGiBPerVCpuRequest))
        .set_network_interface_count(range!(needs.network_interface_count as NetworkInterfaceCountRequest))
        .set_network_bandwidth_gbps(range!(needs.network_bandwidth_gbps as NetworkBandwidthGbpsRequest))
        .set_baseline_ebs_bandwidth_mbps(range!(
            needs.baseline_ebs_bandwidth_mbps as BaselineEbsBandwidthMbpsRequest
        ))
        .set_total_local_storage_gb(range!(needs.total_local_storage_gb as TotalLocalStorageGbRequest))
        .set_accelerator_count(range!(needs.accelerator_count as AcceleratorCountRequest))
        .set_accelerator_total_memory_mib(range!(
            needs.accelerator_total_memory_mib as AcceleratorTotalMemoryMiBRequest
        ))
        .set_bare_metal(needs.bare_metal.wire())
        .set_burstable_performance(needs.burstable_performance.wire())
        .set_local_storage(needs.local_storage.wire())
        .set_cpu_manufacturers(needs.cpu_manufacturers.wire())
        .set_instance_generations(needs.instance_generations.wire())
        .set_local_storage_types(needs.local_storage_types.wire())
        .set_accelerator_types(needs.accelerator_types.wire())
        .set_accelerator_manufacturers(needs.accelerator_manufacturers.wire())
        .set_accelerator_names(needs.accelerator_names.wire())
        .set_allowed_instance_types(needs.allowed_instance_types.wire())
        .set_excluded_instance_types(needs.excluded_instance_types.wire())
        .set_require_hibernate_support(needs.require_hibernate_support)
        .set_on_demand_max_price_percentage_over_lowest_price(
            needs.on_demand_max_price_percentage_over_lowest_price.wire(),
        )
        .set_spot_max_price_percentage_over_lowest_price(
            needs.spot_max_price_percentage_over_lowest_price.wire(),
        )
        .set_max_spot_price_as_percentage_of_optimal_on_demand_price(
            needs.max_spot_price_as_percentage_of_optimal_on_demand_price.wire(),
        )
        .build()
}

pub(super) fn requirements(needs: sdk::InstanceRequirements) -> Result<InstanceRequirements> {
    /// A range from the wire.
    macro_rules! bounds {
        ($field:ident as $type:ident) => {
            match needs.$field {
                Some(range) => Some($type { min: shown(range.min)?, max: shown(range.max)? }),
                None => None,
            }
        };
    }
    let memory = needs.memory_mib.map_or((None, None), |range| (range.min, range.max));
    let cpus = needs.v_cpu_count.map_or((None, None), |range| (range.min, range.max));
    let range = |(min, max): (Option<i32>, Option<i32>)| {
        Ok::<_, Error>(Range { min: read(min.or(Some(0)), "min")?, max: read(max, "max")? })
    };
    Ok(read!(needs => InstanceRequirements {
        memory_mib = range(memory)?,
        vcpu_count = range(cpus)?,
        memory_gib_per_vcpu = bounds!(memory_gib_per_v_cpu as DecimalBounds),
        network_interface_count = bounds!(network_interface_count as Bounds),
        network_bandwidth_gbps = bounds!(network_bandwidth_gbps as DecimalBounds),
        baseline_ebs_bandwidth_mbps = bounds!(baseline_ebs_bandwidth_mbps as Bounds),
        total_local_storage_gb = bounds!(total_local_storage_gb as DecimalBounds),
        accelerator_count = bounds!(accelerator_count as Bounds),
        accelerator_total_memory_mib = bounds!(accelerator_total_memory_mib as Bounds),
        bare_metal, burstable_performance, local_storage,
        cpu_manufacturers, instance_generations, local_storage_types, accelerator_types,
        accelerator_manufacturers, accelerator_names, allowed_instance_types, excluded_instance_types,
        require_hibernate_support,
        on_demand_max_price_percentage_over_lowest_price,
        spot_max_price_percentage_over_lowest_price,
        max_spot_price_as_percentage_of_optimal_on_demand_price,
    }))
}

/// An end of a range in the two forms.
trait Bound<W>: Sized {
    fn sent(&self) -> W;
    fn seen(wire: W) -> Result<Self>;
}

impl Bound<i32> for u32 {
    fn sent(&self) -> i32 {
        i32::try_from(*self).unwrap_or(i32::MAX)
    }

    fn seen(wire: i32) -> Result<Self> {
        read(Some(wire), "range")
    }
}

impl Bound<f64> for Number {
    fn sent(&self) -> f64 {
        self.as_f64().unwrap_or(f64::MAX)
    }

    fn seen(wire: f64) -> Result<Self> {
        serde_json::Number::from_f64(wire)
            .map(Self::from)
            .ok_or_else(|| senseless("the answer has a number that is not finite"))
    }
}

fn bound<W>(end: &Option<impl Bound<W>>) -> Option<W> {
    end.as_ref().map(Bound::sent)
}

fn shown<W, T: Bound<W>>(end: Option<W>) -> Result<Option<T>> {
    end.map(T::seen).transpose()
}
