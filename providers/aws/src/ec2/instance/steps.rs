//! The steps of a change that take several calls: to stop an instance, to give it another profile, to change its root disk.

use aws_sdk_ec2::types::{
    EbsInstanceBlockDeviceSpecification, IamInstanceProfileAssociationState as Association,
    IamInstanceProfileSpecification, InstanceBlockDeviceMappingSpecification, Tag,
};
use landform_kit::senseless;

use super::{Instance, disks};
use crate::{
    client::{STOPPED_TAG, prelude::*},
    ec2::client::filter,
};

impl Instance {
    pub(super) fn credits(&self) -> &str {
        self.credit_specification.as_ref().map_or("standard", |credits| credits.cpu_credits.as_str())
    }

    /// Sets or removes its instance profile.
    pub(super) async fn identify(&self, client: &Client, id: &str) -> Result<()> {
        let call = client.ec2.describe_iam_instance_profile_associations();
        let found = call.filters(filter("instance-id", [id])).send().await.map_err(failed)?;
        let now = found
            .iam_instance_profile_associations
            .into_iter()
            .flatten()
            .find(|one| matches!(one.state, Some(Association::Associated | Association::Associating)));
        let now = now.and_then(|one| one.association_id);
        let profile = self
            .iam_instance_profile
            .as_ref()
            .map(|name| IamInstanceProfileSpecification::builder().name(name.as_str()).build());
        match (now, profile) {
            (Some(now), Some(profile)) => {
                let call = client.ec2.replace_iam_instance_profile_association().association_id(now);
                call.iam_instance_profile(profile).send().await.map_err(failed)?;
            }
            (None, Some(profile)) => {
                let call = client.ec2.associate_iam_instance_profile().instance_id(id);
                call.iam_instance_profile(profile).send().await.map_err(failed)?;
            }
            (Some(now), None) => {
                let call = client.ec2.disassociate_iam_instance_profile().association_id(now);
                call.send().await.map_err(failed)?;
            }
            (None, None) => {}
        }
        Ok(())
    }

    /// Changes the root disk. `None` if there is nothing to change.
    pub(super) async fn change_root(&self, client: &Client, seen: &Seen<Self>) -> Result<Option<Next>> {
        let (Some(wanted), Some(there)) = (&self.root_block_device, &seen.object.arguments.root_block_device)
        else {
            return Ok(None);
        };
        let found = client.ec2.describe_instances().instance_ids(seen.id()).send().await.map_err(failed)?;
        let instances =
            found.reservations.into_iter().flatten().flat_map(|one| one.instances.unwrap_or_default());
        let instance = instances.into_iter().next().ok_or_else(|| senseless("the answer has no instance"))?;
        let Some((name, ebs)) = disks::root_of(&instance) else { return Ok(None) };
        let stays = |wanted: &Option<u32>, there: &Option<u32>| wanted.is_none() || wanted == there;
        let same = stays(&wanted.volume_size, &there.volume_size)
            && stays(&wanted.iops, &there.iops)
            && stays(&wanted.throughput, &there.throughput)
            && (wanted.volume_type.is_none() || wanted.volume_type == there.volume_type);
        if !same {
            let call = client.ec2.modify_volume().set_volume_id(ebs.volume_id.clone());
            let call = call.set_size(wanted.volume_size.wire()).set_volume_type(wanted.volume_type.wire());
            let call = call.set_iops(wanted.iops.wire()).set_throughput(wanted.throughput.wire());
            call.send().await.map_err(failed)?;
        }
        if wanted.delete_on_termination != there.delete_on_termination {
            let goes = wanted.delete_on_termination;
            let ebs = EbsInstanceBlockDeviceSpecification::builder().delete_on_termination(goes).build();
            let device = InstanceBlockDeviceMappingSpecification::builder().device_name(name).ebs(ebs);
            let call = client.ec2.modify_instance_attribute().instance_id(seen.id());
            call.block_device_mappings(device.build()).send().await.map_err(failed)?;
        }
        Ok(Some(Next::Changed))
    }
}

/// Stops an instance, and marks it so that it is started again.
pub(super) async fn stop(client: &Client, id: &str) -> Result<Next> {
    let mark = Tag::builder().key(STOPPED_TAG).value("by a change").build();
    client.ec2.create_tags().resources(id).tags(mark).send().await.map_err(failed)?;
    client.ec2.stop_instances().instance_ids(id).send().await.map_err(failed)?;
    Ok(Next::wait("waiting for the instance to stop"))
}
