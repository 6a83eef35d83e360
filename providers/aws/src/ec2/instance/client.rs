//! The calls for instances. A change that must stop an instance first marks it with a tag, so that the process that
//! continues the change starts it again.

use std::collections::HashMap;

use aws_sdk_ec2::types::{
    Instance as Sdk, InstanceCreditSpecificationRequest, InstanceStateName as Code, Tag,
};
use aws_smithy_types::base64;
use landform_core::{Forecast, Path, Proposal, expr::Resolved};
use landform_kit::Text as _;

use super::{
    Instance, ShutdownBehavior, disks, launch, offered,
    seen::{Alone, is_past, seen, shown_alone},
    spot,
    steps::stop,
};
use crate::{
    client::{STOPPED_TAG, prelude::*},
    ec2::client::*,
};

words!(ShutdownBehavior);

/// The maximum number of instances for which a look also reads the settings that EC2 shows for one instance per call.
const FEW: usize = 2;

#[async_trait]
impl Calls<Client> for Instance {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;
    const SETTLES: bool = true;
    const FORECASTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let pages = client.ec2.describe_instances().set_filters(by(which, "instance-id")).into_paginator();
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
        let (volumes, requests, alone) = tokio::try_join!(
            disks::volumes(client, &ids),
            spot::requests(client, &owned),
            each(alone.iter().copied(), |id| shown_alone(client, id)),
        )?;
        let mut alone: HashMap<String, Alone> = alone.into_iter().collect();
        let seen = owned.iter().map(|(owner, one)| {
            let alone = one.instance_id().and_then(|id| alone.remove(id)).unwrap_or_default();
            seen(client, owner, one, &volumes, spot::market(one, &requests)?, alone)
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = launch::request(self, client, attempt).await?;
        let made = call.send().await.map_err(failed)?.instances.unwrap_or_default();
        Made::answered(made.into_iter().next().and_then(|instance| instance.instance_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let id = seen.id();
        let there = &seen.object.arguments;
        let told = self.user_data_sent().unwrap_or_default();
        let tells = (due.has("user_data") || due.has("user_data_base64"))
            && told != there.user_data_sent().unwrap_or_default();
        let tunes = self.must_stop(there, due);
        if due.has("instance_type") || tells || tunes {
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
            if tunes {
                self.tune(client, id, due).await?;
            }
            return Ok(Next::Changed);
        }
        if due.has("iam_instance_profile") {
            self.identify(client, id).await?;
        }
        if due.has("secondary_private_ips")
            && let Some(interface) = &seen.object.attributes.primary_network_interface_id
        {
            let (wanted, there) = (&self.secondary_private_ips, &there.secondary_private_ips);
            if let Some(new) = some(wanted.difference(there).cloned()) {
                let call = client.ec2.assign_private_ip_addresses().network_interface_id(interface);
                call.set_private_ip_addresses(Some(new)).send().await.map_err(failed)?;
            }
            if let Some(old) = some(there.difference(wanted).cloned()) {
                let call = client.ec2.unassign_private_ip_addresses().network_interface_id(interface);
                call.set_private_ip_addresses(Some(old)).send().await.map_err(failed)?;
            }
            return Ok(Next::Changed);
        }
        if due.has("private_dns_name_options") {
            self.rename(client, id).await?;
            return Ok(Next::Changed);
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
            [maintenance_options] => client.ec2.modify_instance_maintenance_options().instance_id(id)
                .set_auto_recovery(self.recovery().wire()),
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
        if let Some(request) = &prior.attributes.spot_instance_request_id {
            spot::cancel(client, request).await?;
        }
        let call = client.ec2.terminate_instances().instance_ids(prior.id());
        let went = call.send().await.map_err(failed)?.terminating_instances.unwrap_or_default();
        let before = went.first().and_then(|one| one.previous_state()).and_then(|state| state.name());
        if before == Some(&Code::Terminated) {
            return Ok(Next::Done);
        }
        Ok(Next::wait("waiting for the instance to terminate"))
    }

    /// New user data replaces the instance if the declaration asks for it.
    async fn forecast(client: &Client, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        offered::check(client, &proposal).await?;
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

fn value(text: &str) -> aws_sdk_ec2::types::AttributeValue {
    aws_sdk_ec2::types::AttributeValue::builder().value(text).build()
}
