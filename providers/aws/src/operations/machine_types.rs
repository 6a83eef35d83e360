//! The catalogue of a region's machine types.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_ec2::types::{Filter, InstanceTypeInfo, LocationType};

use crate::client::prelude::*;

/// How many values a filter takes.
const VALUES: usize = 200;

/// A type of machine (`DescribeInstanceTypes`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineType {
    /// Its name, such as `m5.large`.
    pub name: String,
    /// The number of virtual processors.
    pub vcpus: u32,
    /// The memory, in MiB.
    pub memory_mib: u64,
    /// The number of graphics processors.
    pub gpus: u32,
    /// The memory of all its graphics processors, in MiB.
    pub gpu_memory_mib: u64,
    /// Whether it has programmable hardware.
    pub fpga: bool,
    /// Whether it has the Elastic Network Adapter.
    pub ena: bool,
    /// The most network interfaces of a machine.
    pub interfaces: u32,
    /// The strategies of placement groups that it can be in: `cluster`, `partition`, `spread`.
    pub placements: Vec<String>,
    /// The number of the host's disks that it includes.
    pub local_disks: u32,
    /// The architectures of its processor, such as `x86_64` and `arm64`.
    pub architectures: Vec<String>,
    /// The ways to pay for it: `on-demand`, `spot`.
    pub usage_classes: Vec<String>,
    /// Whether its performance is burstable.
    pub burstable: bool,
    /// Whether it belongs to the current generation.
    pub current: bool,
    /// Whether it is bare metal.
    pub bare_metal: bool,
}

impl Client {
    /// The machine types with these names. Leaves out unknown names.
    ///
    /// # Errors
    /// Those of `ec2:DescribeInstanceTypes`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn machine_types(&self, names: &[String]) -> Result<Vec<MachineType>> {
        let found = each(names.chunks(VALUES), async |names| {
            // A filter ignores unknown names. The call's own list of names would make EC2 refuse all of them.
            let filter = Filter::builder().name("instance-type").set_values(Some(names.to_vec())).build();
            let pages = self.ec2.describe_instance_types().filters(filter).into_paginator();
            let found: Vec<InstanceTypeInfo> = pages.items().send().try_collect().await.map_err(failed)?;
            Ok(Some(found))
        });
        Ok(found.await?.into_iter().flatten().map(machine_type).collect())
    }

    /// All machine types that the region offers.
    ///
    /// # Errors
    /// Those of `ec2:DescribeInstanceTypes`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn all_machine_types(&self) -> Result<Vec<MachineType>> {
        let pages = self.ec2.describe_instance_types().into_paginator();
        let found: Vec<InstanceTypeInfo> = pages.items().send().try_collect().await.map_err(failed)?;
        Ok(found.into_iter().map(machine_type).collect())
    }
}

impl Client {
    /// The zones that have each machine type of the region.
    ///
    /// # Errors
    /// Those of `ec2:DescribeInstanceTypeOfferings`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn zones_of_machine_types(&self) -> Result<HashMap<String, BTreeSet<String>>> {
        let call = self.ec2.describe_instance_type_offerings().location_type(LocationType::AvailabilityZone);
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let mut zones: HashMap<String, BTreeSet<String>> = HashMap::new();
        for offer in found {
            if let (Some(machine_type), Some(zone)) = (offer.instance_type, offer.location) {
                zones.entry(machine_type.as_str().to_owned()).or_default().insert(zone);
            }
        }
        Ok(zones)
    }
}

fn machine_type(found: InstanceTypeInfo) -> MachineType {
    let number = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    let memory = found.memory_info.and_then(|memory| memory.size_in_mib);
    let gpu_memory = found.gpu_info.as_ref().and_then(|cards| cards.total_gpu_memory_in_mib);
    let cards = found.gpu_info.and_then(|cards| cards.gpus).unwrap_or_default();
    let network = found.network_info;
    let placements = found.placement_group_info.and_then(|groups| groups.supported_strategies);
    let disks = found.instance_storage_info.and_then(|storage| storage.disks).unwrap_or_default();
    let architectures = found.processor_info.and_then(|processor| processor.supported_architectures);
    MachineType {
        name: found.instance_type.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        vcpus: number(found.v_cpu_info.and_then(|processors| processors.default_v_cpus)),
        memory_mib: memory.and_then(|memory| u64::try_from(memory).ok()).unwrap_or(0),
        gpu_memory_mib: u64::from(number(gpu_memory)),
        fpga: found.fpga_info.is_some(),
        ena: network
            .as_ref()
            .and_then(|network| network.ena_support.as_ref())
            .is_some_and(|support| support.as_str() != "unsupported"),
        interfaces: number(network.and_then(|network| network.maximum_network_interfaces)),
        placements: placements.unwrap_or_default().iter().map(|of| of.as_str().to_owned()).collect(),
        gpus: cards.iter().map(|card| number(card.count)).sum(),
        local_disks: disks.iter().map(|disk| number(disk.count)).sum(),
        architectures: architectures.unwrap_or_default().iter().map(|of| of.as_str().to_owned()).collect(),
        usage_classes: found
            .supported_usage_classes
            .unwrap_or_default()
            .iter()
            .map(|class| class.as_str().to_owned())
            .collect(),
        burstable: found.burstable_performance_supported.unwrap_or(false),
        current: found.current_generation.unwrap_or(false),
        bare_metal: found.bare_metal.unwrap_or(false),
    }
}
