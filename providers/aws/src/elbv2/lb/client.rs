//! The calls for load balancers. Tags and attributes need separate calls.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_elasticloadbalancingv2::types::{
    LoadBalancer as Sdk, LoadBalancerAttribute, LoadBalancerSchemeEnum as Scheme,
    LoadBalancerStateEnum as Code, LoadBalancerTypeEnum, SubnetMapping as SdkMapping, Tag,
};

use super::{AccessLogs, Lb, LbAttributes, LoadBalancerType, SubnetMapping};
use crate::{
    client::{error::NO_REASON, prelude::*},
    elbv2::client::*,
};

words!(LoadBalancerType);

const CROSS_ZONE: &str = "load_balancing.cross_zone.enabled";
const PROTECTION: &str = "deletion_protection.enabled";
const IDLE: &str = "idle_timeout.timeout_seconds";
const HTTP2: &str = "routing.http2.enabled";
const INVALID_HEADERS: &str = "routing.http.drop_invalid_header_fields.enabled";
const HOST_HEADER: &str = "routing.http.preserve_host_header.enabled";
const LOGS: &str = "access_logs.s3.enabled";
const LOGS_BUCKET: &str = "access_logs.s3.bucket";
const LOGS_PREFIX: &str = "access_logs.s3.prefix";

#[async_trait]
impl Calls<Client> for Lb {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// With the same settings AWS answers with the existing load balancer.
    const REPEATED: Repeated = Repeated::MayBeAnothers;
    const PAGE: usize = PAGE;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let balancers = match which {
            Which::Ids(ids) => in_halves(ids, |ids| described(client, ids, &[])).await?,
            Which::Attempt(_, balancer) => {
                in_halves(&[&balancer.name], |names| described(client, &[], names)).await?
            }
        };
        let arns: Vec<String> = balancers.iter().filter_map(|one| one.load_balancer_arn.clone()).collect();
        if arns.is_empty() {
            return Ok(Vec::new());
        }
        let attributes = each(&arns, |arn| attributes(client, arn));
        let (mut tags, attributes) = tokio::try_join!(tags_of(client, &arns), attributes)?;
        let mut attributes: HashMap<String, _> = attributes.into_iter().collect();
        // A balancer deleted between the two calls has no attributes.
        let seen = balancers.into_iter().filter_map(|balancer| {
            let arn = balancer.load_balancer_arn.clone()?;
            Some(seen(balancer, &attributes.remove(&arn)?, tags.remove(&arn)))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let subnets = self.subnet_mapping.is_empty().then(|| self.subnets.wire()).flatten();
        let call = client
            .elbv2
            .create_load_balancer()
            .name(&self.name)
            .set_type(self.load_balancer_type.wire())
            .scheme(if self.internal { Scheme::Internal } else { Scheme::InternetFacing })
            .set_subnet_mappings(self.mappings())
            .set_subnets(subnets)
            .set_security_groups(self.security_groups.wire())
            .set_ip_address_type(self.ip_address_type.wire())
            .set_tags(sent(&attempt.tags));
        let made = call.send().await.map_err(failed)?.load_balancers;
        Made::answered(made.into_iter().flatten().find_map(|balancer| balancer.load_balancer_arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let arn = seen.id();
        let mut next = Next::Done;
        let attributes = self.attributes(due);
        if !attributes.is_empty() {
            let call = client.elbv2.modify_load_balancer_attributes().load_balancer_arn(arn);
            call.set_attributes(Some(attributes)).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("subnet_mapping") || due.has("subnets") {
            let call = client.elbv2.set_subnets().load_balancer_arn(arn);
            let call = match due.has("subnet_mapping") {
                true => call.set_subnet_mappings(self.mappings()),
                false => call.set_subnets(self.subnets.wire()),
            };
            call.send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("security_groups") {
            let groups = self.security_groups.iter().map(|group| group.as_str().to_owned()).collect();
            let call = client.elbv2.set_security_groups().load_balancer_arn(arn);
            call.set_security_groups(Some(groups)).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("ip_address_type") {
            let call = client.elbv2.set_ip_address_type().load_balancer_arn(arn);
            call.set_ip_address_type(self.ip_address_type.wire()).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        Ok(next)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.elbv2.delete_load_balancer().load_balancer_arn(prior.id()).send().await.map_err(failed)?;
        Ok(Next::wait("waiting for the deletion of the load balancer"))
    }
}

impl Lb {
    fn mappings(&self) -> Option<Vec<SdkMapping>> {
        let mappings: Vec<SdkMapping> = self
            .subnet_mapping
            .iter()
            .map(|mapping| {
                SdkMapping::builder()
                    .set_subnet_id(mapping.subnet_id.wire())
                    .set_allocation_id(mapping.allocation_id.wire())
                    .set_private_ipv4_address(mapping.private_ipv4_address.wire())
                    .set_ipv6_address(mapping.ipv6_address.wire())
                    .build()
            })
            .collect();
        (!mappings.is_empty()).then_some(mappings)
    }

    /// The attributes that are due. Those of the log are sent together.
    fn attributes(&self, due: &Due<'_>) -> Vec<LoadBalancerAttribute> {
        let logs = self.access_logs.as_ref();
        let enabled = logs.is_some_and(|logs| logs.enabled);
        let prefix = logs.map(|logs| logs.prefix.clone().unwrap_or_default());
        let cross_zone = self.enable_cross_zone_load_balancing.map(|on| on.to_string());
        let attributes = [
            ("enable_cross_zone_load_balancing", CROSS_ZONE, cross_zone),
            ("enable_deletion_protection", PROTECTION, Some(self.enable_deletion_protection.to_string())),
            ("idle_timeout", IDLE, Some(self.idle_timeout.to_string())),
            ("enable_http2", HTTP2, Some(self.enable_http2.to_string())),
            (
                "drop_invalid_header_fields",
                INVALID_HEADERS,
                Some(self.drop_invalid_header_fields.to_string()),
            ),
            ("preserve_host_header", HOST_HEADER, Some(self.preserve_host_header.to_string())),
            ("access_logs", LOGS, Some(enabled.to_string())),
            ("access_logs", LOGS_BUCKET, logs.map(|logs| logs.bucket.clone())),
            ("access_logs", LOGS_PREFIX, prefix),
        ];
        let due = attributes.into_iter().filter(|(field, _, value)| value.is_some() && due.has(field));
        due.map(|(_, key, value)| LoadBalancerAttribute::builder().key(key).set_value(value).build())
            .collect()
    }
}

async fn described(client: &Client, arns: &[&str], names: &[&str]) -> Result<Vec<Sdk>> {
    let texts = |all: &[&str]| (!all.is_empty()).then(|| all.iter().map(|&text| text.to_owned()).collect());
    let call =
        client.elbv2.describe_load_balancers().set_load_balancer_arns(texts(arns)).set_names(texts(names));
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

async fn attributes(client: &Client, arn: &str) -> Result<Option<(String, HashMap<String, String>)>> {
    let call = client.elbv2.describe_load_balancer_attributes().load_balancer_arn(arn);
    let found = call.send().await.map_err(failed)?.attributes.unwrap_or_default();
    Ok(Some((arn.to_owned(), found.into_iter().filter_map(|one| one.key.zip(one.value)).collect())))
}

fn seen(balancer: Sdk, set: &HashMap<String, String>, tags: Option<Vec<Tag>>) -> Result<Seen<Lb>> {
    let arn: String = read(balancer.load_balancer_arn.clone(), "load_balancer_arn")?;
    let state = state(&balancer);
    let zones = balancer.availability_zones.clone().unwrap_or_default();
    let mappings = zones.into_iter().map(|zone| {
        let address = zone.load_balancer_addresses.unwrap_or_default().into_iter().next();
        let (allocation, private, ipv6) = address.map_or((None, None, None), |address| {
            (address.allocation_id, address.private_ipv4_address, address.ipv6_address)
        });
        Ok(SubnetMapping {
            subnet_id: read(zone.subnet_id, "subnet_id")?,
            allocation_id: read(allocation, "allocation_id")?,
            private_ipv4_address: private,
            ipv6_address: ipv6,
        })
    });
    let subnet_mapping = mappings.collect::<Result<BTreeSet<_>>>()?;
    let bucket = attribute::<String>(set, LOGS_BUCKET).filter(|bucket| !bucket.is_empty());
    // A log that was never on counts as not declared.
    let access_logs = bucket.map(|bucket| AccessLogs {
        bucket,
        prefix: attribute::<String>(set, LOGS_PREFIX).filter(|prefix| !prefix.is_empty()),
        enabled: attribute(set, LOGS).unwrap_or_default(),
    });
    let kind = balancer.r#type.clone().unwrap_or(LoadBalancerTypeEnum::Application);
    let arguments = read!(balancer => Lb {
        name: load_balancer_name,
        load_balancer_type = read(Some(kind), "type")?,
        internal = balancer.scheme == Some(Scheme::Internal),
        subnets = subnet_mapping.iter().map(|mapping| mapping.subnet_id.clone()).collect(),
        subnet_mapping = subnet_mapping,
        security_groups, ip_address_type,
        enable_cross_zone_load_balancing = attribute(set, CROSS_ZONE),
        enable_deletion_protection = attribute(set, PROTECTION).unwrap_or_default(),
        idle_timeout = attribute(set, IDLE).unwrap_or(60),
        enable_http2 = attribute(set, HTTP2).unwrap_or(true),
        drop_invalid_header_fields = attribute(set, INVALID_HEADERS).unwrap_or_default(),
        preserve_host_header = attribute(set, HOST_HEADER).unwrap_or_default(),
        access_logs = access_logs,
        tags = Default::default(),
    });
    let attributes = LbAttributes {
        id: Id::new(&arn),
        arn,
        dns_name: read(balancer.dns_name, "dns_name")?,
        zone_id: read(balancer.canonical_hosted_zone_id, "canonical_hosted_zone_id")?,
        vpc_id: read(balancer.vpc_id, "vpc_id")?,
    };
    Ok(Seen::new(arguments, attributes).tags(given(tags)).state(state))
}

fn state(balancer: &Sdk) -> State {
    let state = balancer.state();
    match state.and_then(|state| state.code()) {
        Some(Code::Failed) => {
            let reason = state.and_then(|state| state.reason()).unwrap_or(NO_REASON);
            State::Failed(Error::new(ErrorKind::Internal, reason).operation("CreateLoadBalancer"))
        }
        code => State::busy_if(code == Some(&Code::Provisioning), "waiting for the load balancer"),
    }
}
