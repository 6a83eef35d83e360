//! The calls for VPC endpoints. Creation and deletion take about a minute.

use std::collections::BTreeSet;

use aws_sdk_ec2::{
    operation::delete_vpc_endpoints::DeleteVpcEndpointsError,
    types::{DnsOptionsSpecification, ResourceType, VpcEndpoint as Sdk},
};

use super::{
    EndpointAddresses, EndpointDnsOptions, EndpointRecords, VpcEndpoint, VpcEndpointAttributes,
    VpcEndpointDnsEntry, VpcEndpointType,
};
use crate::{
    client::{
        error::{NO_REASON, inside},
        prelude::*,
    },
    ec2::client::*,
};

words!(VpcEndpointType, EndpointAddresses, EndpointRecords);

#[async_trait]
impl Calls<Client> for VpcEndpoint {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let found = match which {
            Which::Ids(ids) => in_halves(ids, |ids| described(client, ids)).await?,
            Which::Beside(_) | Which::Attempt(..) => {
                let call = client.ec2.describe_vpc_endpoints().set_filters(by(which, ""));
                call.into_paginator().items().send().try_collect().await.map_err(failed)?
            }
        };
        // AWS shows deleted endpoints for a while.
        let there = found.into_iter().filter(|endpoint| word(endpoint).as_deref() != Some("deleted"));
        there.map(|endpoint| seen(client, endpoint)).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_vpc_endpoint()
            .client_token(attempt.request_id("create"))
            .set_vpc_id(self.vpc_id.wire())
            .service_name(&self.service_name)
            .set_vpc_endpoint_type(self.vpc_endpoint_type.wire())
            .set_policy_document(self.policy.wire())
            .set_route_table_ids(self.route_table_ids.wire())
            .set_subnet_ids(self.subnet_ids.wire())
            .set_security_group_ids(self.security_group_ids.wire())
            .set_private_dns_enabled(self.private_dns_enabled)
            .set_ip_address_type(self.ip_address_type.wire())
            .set_dns_options(self.dns_options.as_ref().map(dns_request))
            .set_service_region(self.service_region.wire())
            .tag_specifications(tagged_as(ResourceType::VpcEndpoint, attempt));
        let made = call.send().await.map_err(failed)?.vpc_endpoint;
        Made::answered(made.and_then(|endpoint| endpoint.vpc_endpoint_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let now = &seen.object.arguments;
        let mut call = client.ec2.modify_vpc_endpoint().vpc_endpoint_id(seen.id());
        if due.has("policy") {
            call = call.set_policy_document(self.policy.wire());
        }
        if due.has("route_table_ids") {
            let (new, old) = apart(&self.route_table_ids, &now.route_table_ids);
            call = call.set_add_route_table_ids(new).set_remove_route_table_ids(old);
        }
        if due.has("subnet_ids") {
            let (new, old) = apart(&self.subnet_ids, &now.subnet_ids);
            call = call.set_add_subnet_ids(new).set_remove_subnet_ids(old);
        }
        if due.has("security_group_ids") {
            let (new, old) = apart(&self.security_group_ids, &now.security_group_ids);
            call = call.set_add_security_group_ids(new).set_remove_security_group_ids(old);
        }
        if due.has("private_dns_enabled") {
            call = call.set_private_dns_enabled(self.private_dns_enabled);
        }
        if due.has("ip_address_type") {
            call = call.set_ip_address_type(self.ip_address_type.wire());
        }
        if due.has("dns_options") {
            call = call.set_dns_options(self.dns_options.as_ref().map(dns_request));
        }
        call.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let call = client.ec2.delete_vpc_endpoints().vpc_endpoint_ids(prior.id());
        let refused = call.send().await.map_err(failed)?.unsuccessful.unwrap_or_default();
        match refused.into_iter().find_map(|one| one.error) {
            Some(error) => Err(inside::<DeleteVpcEndpointsError>(error.code(), error.message())),
            None => Ok(Next::wait("waiting for the deletion of the endpoint")),
        }
    }
}

fn dns_request(options: &EndpointDnsOptions) -> DnsOptionsSpecification {
    DnsOptionsSpecification::builder()
        .set_dns_record_ip_type(options.dns_record_ip_type.wire())
        .set_private_dns_only_for_inbound_resolver_endpoint(
            options.private_dns_only_for_inbound_resolver_endpoint,
        )
        .build()
}

async fn described(client: &Client, ids: &[&str]) -> Result<Vec<Sdk>> {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let call = client.ec2.describe_vpc_endpoints().set_vpc_endpoint_ids(Some(ids));
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

fn seen(client: &Client, endpoint: Sdk) -> Result<Seen<VpcEndpoint>> {
    let id: String = read(endpoint.vpc_endpoint_id.clone(), "vpc_endpoint_id")?;
    let state = state(&endpoint);
    let groups = endpoint.groups.clone().unwrap_or_default().into_iter().filter_map(|group| group.group_id);
    let entries =
        endpoint.dns_entries.clone().unwrap_or_default().into_iter().map(|entry| VpcEndpointDnsEntry {
            dns_name: entry.dns_name.unwrap_or_default(),
            hosted_zone_id: entry.hosted_zone_id.unwrap_or_default(),
        });
    let dns_entry = entries.collect();
    let interfaces: BTreeSet<String> = endpoint.network_interface_ids.clone().into_iter().flatten().collect();
    let owner_id = endpoint.owner_id.clone().unwrap_or_default();
    let (shown, requester_managed) = (word(&endpoint), endpoint.requester_managed);
    let dns = endpoint.dns_options.clone().map(|options| -> Result<_> {
        Ok(read!(options => EndpointDnsOptions {
            dns_record_ip_type, private_dns_only_for_inbound_resolver_endpoint,
        }))
    });
    let arguments = read!(endpoint => VpcEndpoint {
        vpc_id, service_name, vpc_endpoint_type,
        policy: policy_document,
        route_table_ids, subnet_ids,
        security_group_ids = groups.map(Id::new).collect(),
        private_dns_enabled,
        ip_address_type,
        dns_options = dns.transpose()?,
        service_region,
        tags = Default::default(),
    });
    let attributes = VpcEndpointAttributes {
        arn: client.arn(&owner_id, &format!("vpc-endpoint/{id}")),
        id: Id::new(id),
        owner_id,
        network_interface_ids: interfaces,
        dns_entry,
        state: shown,
        requester_managed,
    };
    Ok(Seen::new(arguments, attributes).tags(given(endpoint.tags)).state(state))
}

/// Its state in lower case, because the SDK and answers differ in case.
fn word(endpoint: &Sdk) -> Option<String> {
    Some(endpoint.state()?.as_str().to_ascii_lowercase())
}

fn state(endpoint: &Sdk) -> State {
    match word(endpoint).as_deref() {
        Some("pending") => State::Busy("waiting for the endpoint to become available".into()),
        Some("deleting") => State::Leaving,
        Some("failed" | "rejected" | "expired" | "partial") => {
            let said = endpoint.failure_reason().or(endpoint.last_error().and_then(|error| error.message()));
            State::Failed(Error::new(ErrorKind::Invalid, said.unwrap_or(NO_REASON)))
        }
        _ => State::Ready,
    }
}
