//! Instances as EC2 shows them, in the declaration's terms.

use std::collections::HashMap;

use aws_sdk_ec2::types::{
    Instance as Sdk, InstanceAttributeName as Attribute, InstanceStateName as Code, Placement, Volume,
};
use aws_smithy_types::base64;

use super::{Instance, InstanceAttributes, InstanceMarket, ShutdownBehavior, disks, tuning};
use crate::{
    client::{error::NO_REASON, prelude::*},
    ec2::{CreditSpecification, MetadataOptions},
};

/// The settings that EC2 shows for one instance per call.
#[derive(Default)]
pub(super) struct Alone {
    user_data: Option<String>,
    disable_api_termination: Option<bool>,
    disable_api_stop: Option<bool>,
    shutdown: Option<ShutdownBehavior>,
}

pub(super) async fn shown_alone(client: &Client, id: &str) -> Result<Option<(String, Alone)>> {
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

pub(super) fn seen(
    client: &Client,
    owner: &str,
    instance: &Sdk,
    volumes: &HashMap<String, Volume>,
    market: Option<InstanceMarket>,
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
    let options = tuning::seen(instance)?;
    let arguments = Instance {
        ami: one.image_id,
        instance_type: read(one.instance_type, "instance_type")?,
        launch_template: None,
        instance_market_options: market,
        network_interface: Default::default(),
        availability_zone: read(placement.availability_zone, "availability_zone")?,
        subnet_id: read(one.subnet_id, "subnet_id")?,
        vpc_security_group_ids: groups.map(Id::new).collect(),
        private_ip: read(one.private_ip_address, "private_ip_address")?,
        associate_public_ip_address: interface
            .map(|interface| interface.association().is_some_and(|address| address.public_ip().is_some())),
        ipv6_addresses: interface
            .iter()
            .flat_map(|one| one.ipv6_addresses())
            .filter_map(|one| one.ipv6_address.clone())
            .collect(),
        secondary_private_ips: interface
            .iter()
            .flat_map(|one| one.private_ip_addresses())
            .filter(|one| one.primary == Some(false))
            .filter_map(|one| one.private_ip_address.clone())
            .collect(),
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
        placement_partition_number: placement.partition_number.and_then(|one| u32::try_from(one).ok()),
        host_id: read(placement.host_id, "host_id")?,
        host_resource_group_arn: read(placement.host_resource_group_arn, "host_resource_group_arn")?,
        cpu_options: options.cpu,
        enclave_options: options.enclave,
        capacity_reservation_specification: options.reservation,
        maintenance_options: options.maintenance,
        private_dns_name_options: options.names,
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
        instance_lifecycle: read(one.instance_lifecycle, "instance_lifecycle")?,
        spot_instance_request_id: one.spot_instance_request_id,
        private_dns: instance.private_dns_name().unwrap_or_default().to_owned(),
        public_ip: read(one.public_ip_address, "public_ip_address")?,
        public_dns: read(one.public_dns_name, "public_dns_name")?,
    };
    Ok(Seen::new(arguments, attributes).tags(given(one.tags)).state(how_far(instance, state)))
}

/// Whether it is gone. EC2 shows a terminated instance for an hour. An instance that failed to start counts as present,
/// so that the error can give the reason.
pub(super) fn is_past(instance: &Sdk) -> bool {
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

/// The user data as text. `None` if they are binary.
fn plain(told: &str) -> Option<String> {
    String::from_utf8(base64::decode(told).ok()?).ok()
}

fn metadata(options: aws_sdk_ec2::types::InstanceMetadataOptionsResponse) -> Result<MetadataOptions> {
    Ok(read!(options => MetadataOptions {
        http_endpoint, http_tokens, http_put_response_hop_limit, http_protocol_ipv6, instance_metadata_tags,
    }))
}
