//! `data.aws_ec2_instance_type`.

use aws_sdk_ec2::{
    operation::describe_instance_types::DescribeInstanceTypesError,
    types::{InstanceType, InstanceTypeInfo as Sdk},
};

use super::{Ec2InstanceType, Ec2InstanceTypeAttributes};
use crate::client::{error::one, prelude::*};

#[async_trait]
impl DataSource<Ec2InstanceType> for Client {
    async fn read(&self, asked: &Ec2InstanceType) -> Result<Ec2InstanceTypeAttributes> {
        let call = self.ec2.describe_instance_types();
        let call = call.instance_types(InstanceType::from(asked.instance_type.as_str()));
        let found = match call.send().await.map_err(failed) {
            // EC2 answers this code for an unknown type.
            Err(error) if error.provider_code() == Some("InvalidInstanceType") => Vec::new(),
            answer => answer?.instance_types.unwrap_or_default(),
        };
        answer(one::<DescribeInstanceTypesError, _>(asked, found)?)
    }
}

fn answer(found: Sdk) -> Result<Ec2InstanceTypeAttributes> {
    let processors = found.v_cpu_info;
    let network = found.network_info;
    let store = found.ebs_info;
    let disks = found.instance_storage_info.and_then(|disks| disks.total_size_in_gb);
    let graphics = found.gpu_info.and_then(|cards| cards.total_gpu_memory_in_mib);
    let architectures = found.processor_info.and_then(|processor| processor.supported_architectures);
    Ok(read!(found => Ec2InstanceTypeAttributes {
        id: instance_type,
        bare_metal,
        burstable_performance_supported,
        current_generation,
        default_cores = read(processors.as_ref().and_then(|cpu| cpu.default_cores), "default_cores")?,
        default_threads_per_core =
            read(processors.as_ref().and_then(|cpu| cpu.default_threads_per_core), "default_threads_per_core")?,
        default_vcpus = read(processors.and_then(|cpu| cpu.default_v_cpus), "default_v_cpus")?,
        ebs_optimized_support =
            read(store.as_ref().and_then(|store| store.ebs_optimized_support.clone()), "ebs_optimized_support")?,
        ebs_nvme_support = read(store.and_then(|store| store.nvme_support), "nvme_support")?,
        ena_support = read(network.as_ref().and_then(|network| network.ena_support.clone()), "ena_support")?,
        hypervisor,
        instance_storage_supported,
        ipv6_supported = network.as_ref().and_then(|network| network.ipv6_supported).unwrap_or_default(),
        maximum_ipv4_addresses_per_interface = read(
            network.as_ref().and_then(|network| network.ipv4_addresses_per_interface),
            "ipv4_addresses_per_interface",
        )?,
        maximum_ipv6_addresses_per_interface = read(
            network.as_ref().and_then(|network| network.ipv6_addresses_per_interface),
            "ipv6_addresses_per_interface",
        )?,
        maximum_network_interfaces = read(
            network.as_ref().and_then(|network| network.maximum_network_interfaces),
            "maximum_network_interfaces",
        )?,
        memory_size = read(found.memory_info.and_then(|memory| memory.size_in_mib), "size_in_mib")?,
        network_performance = read(network.and_then(|network| network.network_performance), "network_performance")?,
        supported_architectures = read(architectures, "supported_architectures")?,
        supported_root_device_types,
        supported_usages_classes: supported_usage_classes,
        total_gpu_memory = graphics.map(|size| read(Some(size), "total_gpu_memory_in_mib")).transpose()?.unwrap_or(0),
        total_instance_storage = disks.map(|size| read(Some(size), "total_size_in_gb")).transpose()?.unwrap_or(0),
    }))
}
