//! The calls for instances. A change that must stop an instance first marks it with a tag, so that the process that
//! continues the change starts it again.

use std::collections::HashMap;

use aws_sdk_ec2::types::{
    EbsInstanceBlockDeviceSpecification, IamInstanceProfileAssociationState as Association,
    IamInstanceProfileSpecification, Instance as Sdk, InstanceAttributeName as Attribute,
    InstanceBlockDeviceMappingSpecification, InstanceCreditSpecificationRequest,
    InstanceMetadataOptionsRequest, InstanceNetworkInterfaceSpecification, InstanceStateName as Code,
    LaunchTemplateSpecification, Placement, ResourceType, RunInstancesMonitoringEnabled, Tag, Volume,
};
use aws_smithy_types::base64;
use landform_core::{Forecast, Path, Proposal, expr::Resolved};
use landform_kit::{Text as _, senseless};

use super::{Instance, InstanceAttributes, ShutdownBehavior, disks};
use crate::{
    client::{STOPPED_TAG, error::NO_REASON, prelude::*},
    ec2::{CreditSpecification, MetadataOptions, client::*},
};

words!(ShutdownBehavior);

/// The maximum number of instances for which a look also reads the settings that EC2 shows for one instance per call.
const FEW: usize = 2;

#[async_trait]
impl Calls<Client> for Instance {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const SETTLES: bool = true;
    const FORECASTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let pages = client.ec2.describe_instances().filters(by(which, "instance-id")).into_paginator();
        let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
        let owned = found.into_iter().flat_map(|reservation| {
            let owner = reservation.owner_id.unwrap_or_default();
            reservation.instances.unwrap_or_default().into_iter().map(move |one| (owner.clone(), one))
        });
        let owned: Vec<(String, Sdk)> = owned.filter(|(_, one)| !is_past(one)).collect();
        if owned.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = owned.iter().filter_map(|(_, one)| one.instance_id()).collect();
        let alone = if ids.len() > FEW { &[][..] } else { &ids[..] };
        let (volumes, alone) = tokio::try_join!(
            disks::volumes(client, &ids),
            each(alone.iter().copied(), |id| shown_alone(client, id)),
        )?;
        let mut alone: HashMap<String, Alone> = alone.into_iter().collect();
        let seen = owned.iter().map(|(owner, one)| {
            let alone = one.instance_id().and_then(|id| alone.remove(id)).unwrap_or_default();
            seen(client, owner, one, &volumes, alone)
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call =
            client
                .ec2
                .run_instances()
                .min_count(1)
                .max_count(1)
                .client_token(attempt.request_id("create"))
                .set_image_id(self.ami.wire())
                .set_instance_type(self.instance_type.wire())
                .set_launch_template(self.template())
                .set_key_name(self.key_name.wire())
                .set_user_data(self.user_data_sent())
                .set_ebs_optimized(self.ebs_optimized)
                .set_monitoring(
                    self.monitoring.map(|on| RunInstancesMonitoringEnabled::builder().enabled(on).build()),
                )
                .set_placement(self.placement())
                .set_iam_instance_profile(
                    self.iam_instance_profile
                        .as_ref()
                        .map(|name| IamInstanceProfileSpecification::builder().name(name.as_str()).build()),
                )
                .set_disable_api_termination(self.disable_api_termination)
                .set_disable_api_stop(self.disable_api_stop)
                .set_instance_initiated_shutdown_behavior(self.instance_initiated_shutdown_behavior.wire())
                .set_hibernation_options(self.hibernation.map(|on| {
                    aws_sdk_ec2::types::HibernationOptionsRequest::builder().configured(on).build()
                }))
                .set_credit_specification(self.credit_specification.as_ref().map(|credits| {
                    aws_sdk_ec2::types::CreditSpecificationRequest::builder()
                        .cpu_credits(&credits.cpu_credits)
                        .build()
                }))
                .set_metadata_options(self.metadata_options.as_ref().map(metadata_request))
                .set_block_device_mappings(disks::wanted(client, self).await?)
                .tag_specifications(tagged_as(ResourceType::Instance, attempt));
        // A public address is a property of an interface. The call then gives all network settings with the interface.
        let call = match self.associate_public_ip_address {
            Some(public) => call.network_interfaces(self.interface(public)),
            None => call
                .set_subnet_id(self.subnet_id.wire())
                .set_security_group_ids(self.vpc_security_group_ids.wire())
                .set_private_ip_address(self.private_ip.wire())
                .set_ipv6_address_count(self.ipv6_address_count.wire()),
        };
        let made = call.send().await.map_err(failed)?.instances.unwrap_or_default();
        Made::answered(made.into_iter().next().and_then(|instance| instance.instance_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let id = seen.id();
        let there = &seen.object.arguments;
        let told = self.user_data_sent().unwrap_or_default();
        let tells = (due.has("user_data") || due.has("user_data_base64"))
            && told != there.user_data_sent().unwrap_or_default();
        if due.has("instance_type") || tells {
            if seen.object.attributes.instance_state != Code::Stopped.as_str() {
                return stop(client, id).await;
            }
            if due.has("instance_type") {
                let kind = self.instance_type.clone().unwrap_or_default();
                let call = client.ec2.modify_instance_attribute().instance_id(id);
                call.instance_type(value(&kind)).send().await.map_err(failed)?;
            }
            if tells {
                let told = base64::decode(told).map_err(|error| {
                    Error::new(ErrorKind::Invalid, error.to_string()).at("user_data_base64")
                })?;
                let told = aws_sdk_ec2::types::BlobAttributeValue::builder()
                    .value(aws_sdk_ec2::primitives::Blob::new(told));
                let call = client.ec2.modify_instance_attribute().instance_id(id);
                call.user_data(told.build()).send().await.map_err(failed)?;
            }
            return Ok(Next::Changed);
        }
        if due.has("iam_instance_profile") {
            self.identify(client, id).await?;
        }
        if due.has("root_block_device")
            && let Some(next) = self.change_root(client, seen).await?
        {
            return Ok(next);
        }
        let modify = || client.ec2.modify_instance_attribute().instance_id(id);
        let groups = self.vpc_security_group_ids.iter().map(ToString::to_string).collect();
        let options = self.metadata_options.as_ref();
        let shutdown = self.instance_initiated_shutdown_behavior.unwrap_or(ShutdownBehavior::Stop);
        let changed = changes!(self, due, failed;
            [vpc_security_group_ids] => modify().set_groups(Some(groups)),
            [source_dest_check] => modify().source_dest_check(flag(self.source_dest_check)),
            [disable_api_termination] =>
                modify().disable_api_termination(flag(self.disable_api_termination.unwrap_or_default())),
            [disable_api_stop] => modify().disable_api_stop(flag(self.disable_api_stop.unwrap_or_default())),
            [instance_initiated_shutdown_behavior] =>
                modify().instance_initiated_shutdown_behavior(value(&shutdown.text())),
            [metadata_options] => client.ec2.modify_instance_metadata_options().instance_id(id)
                .set_http_endpoint(options.and_then(|options| options.http_endpoint.wire()))
                .set_http_tokens(options.and_then(|options| options.http_tokens.wire()))
                .set_http_put_response_hop_limit(
                    options.and_then(|options| options.http_put_response_hop_limit.wire()),
                )
                .set_http_protocol_ipv6(options.and_then(|options| options.http_protocol_ipv6.wire()))
                .set_instance_metadata_tags(options.and_then(|options| options.instance_metadata_tags.wire())),
            [credit_specification] => client.ec2.modify_instance_credit_specification()
                .instance_credit_specifications(InstanceCreditSpecificationRequest::builder()
                    .instance_id(id)
                    .cpu_credits(self.credits())
                    .build()),
        );
        if due.has("monitoring") {
            if self.monitoring == Some(true) {
                client.ec2.monitor_instances().instance_ids(id).send().await.map_err(failed)?;
            } else {
                client.ec2.unmonitor_instances().instance_ids(id).send().await.map_err(failed)?;
            }
            return Ok(Next::Changed);
        }
        Ok(if due.has("iam_instance_profile") { Next::Changed } else { changed })
    }

    /// Restarts an instance that a change has stopped.
    async fn settle(client: &Client, seen: &Seen<Self>) -> Result<Next> {
        if !seen.tags.contains_key(STOPPED_TAG) {
            return Ok(Next::Done);
        }
        let id = seen.id();
        if seen.object.attributes.instance_state == Code::Stopped.as_str() {
            client.ec2.start_instances().instance_ids(id).send().await.map_err(failed)?;
            return Ok(Next::wait("waiting for the instance to start"));
        }
        let call = client.ec2.delete_tags().resources(id).tags(Tag::builder().key(STOPPED_TAG).build());
        call.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let call = client.ec2.terminate_instances().instance_ids(prior.id());
        let went = call.send().await.map_err(failed)?.terminating_instances.unwrap_or_default();
        let before = went.first().and_then(|one| one.previous_state()).and_then(|state| state.name());
        if before == Some(&Code::Terminated) {
            return Ok(Next::Done);
        }
        Ok(Next::wait("waiting for the instance to terminate"))
    }

    /// New user data replaces the instance if the declaration asks for it.
    async fn forecast(_: &Client, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        let replaces = proposal.wanted(&Path::field("user_data_replace_on_change"));
        let forecast = Forecast::new();
        if proposal.prior.is_none() || replaces != Resolved::Known(true.into()) {
            return Ok(forecast);
        }
        let told = ["user_data", "user_data_base64"].map(Path::field);
        let changed = told.into_iter().filter(|path| proposal.changes(path));
        Ok(changed.fold(forecast, Forecast::replaces))
    }
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
        let said =
            self.availability_zone.is_some() || self.tenancy.is_some() || self.placement_group.is_some();
        said.then(|| {
            Placement::builder()
                .set_availability_zone(self.availability_zone.wire())
                .set_tenancy(self.tenancy.wire())
                .set_group_name(self.placement_group.wire())
                .build()
        })
    }

    fn interface(&self, public: bool) -> InstanceNetworkInterfaceSpecification {
        InstanceNetworkInterfaceSpecification::builder()
            .device_index(0)
            .associate_public_ip_address(public)
            .delete_on_termination(true)
            .set_subnet_id(self.subnet_id.wire())
            .set_groups(self.vpc_security_group_ids.wire())
            .set_private_ip_address(self.private_ip.wire())
            .set_ipv6_address_count(self.ipv6_address_count.wire())
            .build()
    }

    /// The user data on the wire.
    fn user_data_sent(&self) -> Option<String> {
        let text = self.user_data.as_ref().filter(|text| !text.is_empty()).map(base64::encode);
        text.or_else(|| self.user_data_base64.clone())
    }

    fn credits(&self) -> &str {
        self.credit_specification.as_ref().map_or("standard", |credits| credits.cpu_credits.as_str())
    }

    /// Sets or removes its instance profile.
    async fn identify(&self, client: &Client, id: &str) -> Result<()> {
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
    async fn change_root(&self, client: &Client, seen: &Seen<Self>) -> Result<Option<Next>> {
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

/// The settings that EC2 shows for one instance per call.
#[derive(Default)]
struct Alone {
    user_data: Option<String>,
    disable_api_termination: Option<bool>,
    disable_api_stop: Option<bool>,
    shutdown: Option<ShutdownBehavior>,
}

async fn shown_alone(client: &Client, id: &str) -> Result<Option<(String, Alone)>> {
    let ask = |name| client.ec2.describe_instance_attribute().instance_id(id).attribute(name).send();
    let all = tokio::try_join!(
        ask(Attribute::UserData),
        ask(Attribute::DisableApiTermination),
        ask(Attribute::DisableApiStop),
        ask(Attribute::InstanceInitiatedShutdownBehavior),
    );
    let (told, terminate, stop, shutdown) = all.map_err(failed)?;
    let is = |flag: Option<aws_sdk_ec2::types::AttributeBooleanValue>| flag.and_then(|flag| flag.value);
    let text = |text: Option<aws_sdk_ec2::types::AttributeValue>| text.and_then(|text| text.value);
    let alone = Alone {
        user_data: text(told.user_data).filter(|text| !text.is_empty()),
        disable_api_termination: is(terminate.disable_api_termination),
        disable_api_stop: is(stop.disable_api_stop),
        shutdown: read(
            text(shutdown.instance_initiated_shutdown_behavior),
            "instance_initiated_shutdown_behavior",
        )?,
    };
    Ok(Some((id.to_owned(), alone)))
}

fn seen(
    client: &Client,
    owner: &str,
    instance: &Sdk,
    volumes: &HashMap<String, Volume>,
    alone: Alone,
) -> Result<Seen<Instance>> {
    let one = instance.clone();
    let id: String = read(one.instance_id, "instance_id")?;
    let interface = one.network_interfaces.as_deref().unwrap_or_default().first();
    let groups = one.security_groups.into_iter().flatten().filter_map(|group| group.group_id);
    let placement = one.placement.unwrap_or_else(|| Placement::builder().build());
    let profile = one.iam_instance_profile.and_then(|profile| profile.arn);
    let profile = profile.and_then(|arn| arn.rsplit('/').next().map(str::to_owned));
    let told = alone.user_data.as_deref().map(plain);
    let (text, bytes) = match told {
        Some(Some(text)) => (Some(text), None),
        Some(None) => (None, alone.user_data.clone()),
        None => (None, None),
    };
    let arguments = Instance {
        ami: one.image_id,
        instance_type: read(one.instance_type, "instance_type")?,
        launch_template: None,
        availability_zone: read(placement.availability_zone, "availability_zone")?,
        subnet_id: read(one.subnet_id, "subnet_id")?,
        vpc_security_group_ids: groups.map(Id::new).collect(),
        private_ip: read(one.private_ip_address, "private_ip_address")?,
        associate_public_ip_address: interface
            .map(|interface| interface.association().is_some_and(|address| address.public_ip().is_some())),
        ipv6_address_count: interface.and_then(|one| u32::try_from(one.ipv6_addresses().len()).ok()),
        source_dest_check: one.source_dest_check.unwrap_or(true),
        key_name: read(one.key_name, "key_name")?,
        iam_instance_profile: profile.map(Id::new),
        user_data: text,
        user_data_base64: bytes,
        user_data_replace_on_change: false,
        ebs_optimized: one.ebs_optimized,
        monitoring: one.monitoring.map(|monitoring| {
            use aws_sdk_ec2::types::MonitoringState::{Enabled, Pending};
            matches!(monitoring.state, Some(Enabled | Pending))
        }),
        tenancy: read(placement.tenancy, "tenancy")?,
        placement_group: read(placement.group_name, "group_name")?,
        disable_api_termination: alone.disable_api_termination,
        disable_api_stop: alone.disable_api_stop,
        instance_initiated_shutdown_behavior: alone.shutdown,
        hibernation: one.hibernation_options.and_then(|options| options.configured).filter(|on| *on),
        credit_specification: None::<CreditSpecification>,
        metadata_options: one.metadata_options.map(metadata).transpose()?,
        root_block_device: disks::root(instance, volumes)?,
        ebs_block_device: disks::others(instance, volumes)?,
        tags: Default::default(),
    };
    let state = instance.state().and_then(|state| state.name()).cloned();
    let attributes = InstanceAttributes {
        arn: client.arn(owner, &format!("instance/{id}")),
        id: Id::new(id),
        instance_state: state.as_ref().map(|state| state.as_str().to_owned()).unwrap_or_default(),
        primary_network_interface_id: interface.and_then(|one| one.network_interface_id.clone()),
        private_dns: instance.private_dns_name().unwrap_or_default().to_owned(),
        public_ip: read(one.public_ip_address, "public_ip_address")?,
        public_dns: read(one.public_dns_name, "public_dns_name")?,
    };
    Ok(Seen::new(arguments, attributes).tags(given(one.tags)).state(how_far(instance, state)))
}

/// Whether it is gone. EC2 shows a terminated instance for an hour. An instance that failed to start counts as present,
/// so that the error can give the reason.
fn is_past(instance: &Sdk) -> bool {
    instance.state().and_then(|state| state.name()) == Some(&Code::Terminated) && failure(instance).is_none()
}

/// The reason why EC2 could not start it.
fn failure(instance: &Sdk) -> Option<Error> {
    let reason = instance.state_reason()?;
    let code = reason.code().unwrap_or_default();
    let by_user = code.starts_with("Client.User") || code == "Client.InstanceInitiatedShutdown";
    let failed = !by_user && (code.starts_with("Client.") || code.starts_with("Server."));
    let message = reason.message().unwrap_or(NO_REASON);
    failed.then(|| Error::new(ErrorKind::Internal, message).operation("RunInstances").code(code))
}

fn how_far(instance: &Sdk, state: Option<Code>) -> State {
    match state {
        Some(Code::Running | Code::Stopped) => State::Ready,
        Some(Code::Terminated | Code::ShuttingDown) => {
            failure(instance).map_or(State::Leaving, State::Failed)
        }
        Some(Code::Stopping) => State::Busy("waiting for the instance to stop".into()),
        _ => State::Busy("waiting for the instance to run".into()),
    }
}

/// Stops an instance, and marks it so that it is started again.
async fn stop(client: &Client, id: &str) -> Result<Next> {
    let mark = Tag::builder().key(STOPPED_TAG).value("by a change").build();
    client.ec2.create_tags().resources(id).tags(mark).send().await.map_err(failed)?;
    client.ec2.stop_instances().instance_ids(id).send().await.map_err(failed)?;
    Ok(Next::wait("waiting for the instance to stop"))
}

fn value(text: &str) -> aws_sdk_ec2::types::AttributeValue {
    aws_sdk_ec2::types::AttributeValue::builder().value(text).build()
}

/// The user data as text. `None` if they are binary.
fn plain(told: &str) -> Option<String> {
    String::from_utf8(base64::decode(told).ok()?).ok()
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

fn metadata(options: aws_sdk_ec2::types::InstanceMetadataOptionsResponse) -> Result<MetadataOptions> {
    Ok(read!(options => MetadataOptions {
        http_endpoint, http_tokens, http_put_response_hop_limit, http_protocol_ipv6, instance_metadata_tags,
    }))
}
