//! The calls for volumes. AWS optimises a volume in the background after a change of size or type. The volume stays
//! usable.

use aws_sdk_ec2::{
    primitives::DateTimeFormat as Format,
    types::{ResourceType, TagSpecification, VolumeState as Code},
};

use super::{EbsVolume, EbsVolumeAttributes};
use crate::{client::prelude::*, ec2::client::*};

#[async_trait]
impl Calls<Client> for EbsVolume {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_volumes().set_filters(by(which, "volume-id"));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let account = client.account().await?;
        let seen = found.into_iter().map(|volume| {
            let state = match &volume.state {
                Some(Code::Deleting | Code::Deleted) => State::Leaving,
                Some(Code::Error) => {
                    State::Failed(Error::new(ErrorKind::Internal, "AWS could not make the volume"))
                }
                state => State::busy_if(*state == Some(Code::Creating), "waiting for the volume"),
            };
            let id: String = read(volume.volume_id.clone(), "volume_id")?;
            let attributes = EbsVolumeAttributes {
                arn: client.arn(account, &format!("volume/{id}")),
                id: Id::new(id),
                create_time: volume.create_time.and_then(|time| time.fmt(Format::DateTime).ok()),
            };
            let arguments = read!(volume => EbsVolume {
                availability_zone, size, r#type: volume_type, iops, throughput, encrypted, kms_key_id,
                snapshot_id, multi_attach_enabled, volume_initialization_rate, outpost_arn, final_snapshot = false,
                tags = Default::default(),
            });
            Ok(Seen::new(arguments, attributes).tags(given(volume.tags)).state(state))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_volume()
            .client_token(attempt.request_id("create"))
            .availability_zone(&self.availability_zone)
            .set_size(self.size.wire())
            .set_volume_type(self.r#type.wire())
            .set_iops(self.iops.wire())
            .set_throughput(self.throughput.wire())
            .set_encrypted(self.encrypted.wire())
            .set_kms_key_id(self.kms_key_id.wire())
            .set_snapshot_id(self.snapshot_id.wire())
            .set_multi_attach_enabled(self.multi_attach_enabled)
            .set_volume_initialization_rate(self.volume_initialization_rate.wire())
            .set_outpost_arn(self.outpost_arn.wire())
            .tag_specifications(tagged_as(ResourceType::Volume, attempt));
        Made::answered(call.send().await.map_err(failed)?.volume_id)
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        Ok(changes!(self, due, failed;
            [size, r#type, iops, throughput] => client.ec2.modify_volume().volume_id(seen.id())
                .set_size(self.size.wire())
                .set_volume_type(self.r#type.wire())
                .set_iops(self.iops.wire())
                .set_throughput(self.throughput.wire()),
        ))
    }

    async fn remove(client: &Client, prior: &Observed<Self>, attempt: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.final_snapshot {
            snapshot(client, prior, attempt).await?;
        }
        client.ec2.delete_volume().volume_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// The tag that says which deletion made a snapshot.
const SNAPSHOT_TAG: &str = "landform:final-snapshot-of";

/// Makes the last snapshot of a volume, unless this deletion has made it already. AWS takes the content at the time of
/// the call, so the volume can go at once.
async fn snapshot(client: &Client, volume: &Observed<EbsVolume>, attempt: &Attempt<'_>) -> Result<()> {
    let call = client.ec2.describe_snapshots().owner_ids("self");
    let call = call.filters(filter(&format!("tag:{SNAPSHOT_TAG}"), [attempt.token().as_str()]));
    if call.send().await.map_err(failed)?.snapshots.is_some_and(|found| !found.is_empty()) {
        return Ok(());
    }
    let mut tags = volume.arguments.tags.clone();
    tags.insert(SNAPSHOT_TAG.into(), attempt.token().as_str().into());
    let tags = TagSpecification::builder().resource_type(ResourceType::Snapshot).set_tags(sent(&tags));
    let call = client.ec2.create_snapshot().volume_id(volume.id()).tag_specifications(tags.build());
    call.send().await.map_err(failed)?;
    Ok(())
}
