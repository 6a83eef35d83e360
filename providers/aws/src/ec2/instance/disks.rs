//! The disks of instances: declared and present ones.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_ec2::types::{
    BlockDeviceMapping, EbsBlockDevice as SdkDevice, EbsInstanceBlockDevice, Instance as Sdk,
    InstanceBlockDeviceMapping, Volume,
};

use super::{EbsBlockDevice, Instance, RootBlockDevice};
use crate::{
    client::prelude::*,
    ec2::client::{PAGE, filter, some},
};

/// The volumes that are attached to these instances, by their ids.
pub(super) async fn volumes(client: &Client, instances: &[&str]) -> Result<HashMap<String, Volume>> {
    let found = each(instances.chunks(PAGE), async |instances| {
        let call = client.ec2.describe_volumes();
        let call = call.filters(filter("attachment.instance-id", instances.iter().copied()));
        let found: Vec<Volume> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        Ok(Some(found))
    });
    let found = found.await?.into_iter().flatten();
    Ok(found.filter_map(|volume| Some((volume.volume_id.clone()?, volume))).collect())
}

/// The disks for a new instance. `None` if the declaration sets none.
///
/// # Errors
/// Invalid if the declaration describes the root disk and gives no image that names it.
pub(super) async fn wanted(client: &Client, instance: &Instance) -> Result<Option<Vec<BlockDeviceMapping>>> {
    let mut all: Vec<BlockDeviceMapping> = instance.ebs_block_device.iter().map(further).collect();
    if let Some(root) = &instance.root_block_device {
        let Some(image) = &instance.ami else {
            let message = "expected an ami, because the image names the root disk";
            return Err(Error::new(ErrorKind::Invalid, message).at("root_block_device"));
        };
        let found = client.ec2.describe_images().image_ids(image).send().await.map_err(failed)?;
        let name = found.images.into_iter().flatten().find_map(|image| image.root_device_name);
        let name = name.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("the image {image} has no root disk")).at("ami")
        })?;
        all.push(BlockDeviceMapping::builder().device_name(name).ebs(root_device(root)).build());
    }
    Ok(some(all))
}

fn further(device: &EbsBlockDevice) -> BlockDeviceMapping {
    let ebs = SdkDevice::builder()
        .set_volume_size(device.volume_size.wire())
        .set_volume_type(device.volume_type.wire())
        .set_iops(device.iops.wire())
        .set_throughput(device.throughput.wire())
        .set_encrypted(device.encrypted.wire())
        .set_kms_key_id(device.kms_key_id.wire())
        .set_snapshot_id(device.snapshot_id.wire())
        .delete_on_termination(device.delete_on_termination);
    BlockDeviceMapping::builder().device_name(&device.device_name).ebs(ebs.build()).build()
}

fn root_device(root: &RootBlockDevice) -> SdkDevice {
    SdkDevice::builder()
        .set_volume_size(root.volume_size.wire())
        .set_volume_type(root.volume_type.wire())
        .set_iops(root.iops.wire())
        .set_throughput(root.throughput.wire())
        .set_encrypted(root.encrypted.wire())
        .set_kms_key_id(root.kms_key_id.wire())
        .delete_on_termination(root.delete_on_termination)
        .build()
}

/// The name of the root disk and its volume.
pub(super) fn root_of(instance: &Sdk) -> Option<(&str, &EbsInstanceBlockDevice)> {
    let name = instance.root_device_name()?;
    let mapping = instance.block_device_mappings().iter().find(|one| one.device_name() == Some(name))?;
    Some((name, mapping.ebs()?))
}

/// The present root disk. `None` while AWS makes it.
pub(super) fn root(instance: &Sdk, volumes: &HashMap<String, Volume>) -> Result<Option<RootBlockDevice>> {
    let Some((_, ebs)) = root_of(instance) else { return Ok(None) };
    let Some(volume) = ebs.volume_id().and_then(|id| volumes.get(id)).cloned() else { return Ok(None) };
    Ok(Some(read!(volume => RootBlockDevice {
        volume_size: size,
        volume_type, iops, throughput, encrypted, kms_key_id,
        delete_on_termination = ebs.delete_on_termination.unwrap_or_default(),
    })))
}

/// The present further disks.
pub(super) fn others(instance: &Sdk, volumes: &HashMap<String, Volume>) -> Result<BTreeSet<EbsBlockDevice>> {
    let root = instance.root_device_name();
    let mappings = instance.block_device_mappings().iter().filter(|one| one.device_name() != root);
    let seen = |mapping: &InstanceBlockDeviceMapping| {
        let ebs = mapping.ebs()?;
        let volume = volumes.get(ebs.volume_id()?)?.clone();
        Some((mapping.device_name.clone(), ebs.delete_on_termination.unwrap_or_default(), volume))
    };
    let devices = mappings.filter_map(seen).map(|(name, goes, volume)| {
        Ok(read!(volume => EbsBlockDevice {
            device_name = read(name, "device_name")?,
            volume_size: size,
            volume_type, iops, throughput, encrypted, kms_key_id, snapshot_id,
            delete_on_termination = goes,
        }))
    });
    devices.collect()
}
