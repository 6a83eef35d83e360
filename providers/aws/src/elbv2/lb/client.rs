//! The calls for load balancers. Tags and attributes need separate calls.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_elasticloadbalancingv2::types::{
    IpamPools as SdkPools, LoadBalancer as Sdk, LoadBalancerAttribute, LoadBalancerSchemeEnum as Scheme,
    LoadBalancerStateEnum as Code, LoadBalancerTypeEnum, MinimumLoadBalancerCapacity as SdkCapacity,
    RemoveIpamPoolEnum, SubnetMapping as SdkMapping, Tag,
};

use super::{
    ClientRouting, DesyncMitigation, ForwardedFor, IpamPools, Lb, LbAttributes, LoadBalancerType,
    MinimumCapacity, SubnetMapping,
};
use crate::{
    client::{error::NO_REASON, prelude::*},
    elbv2::client::*,
};

words!(LoadBalancerType);

const NAT: &str = "enable_prefix_for_ipv6_source_nat";
const PRIVATE_LINK: &str = "enforce_security_group_inbound_rules_on_private_link_traffic";

#[async_trait]
impl Calls<Client> for Lb {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// With the same settings AWS answers with the existing load balancer.
    const REPEATED: Repeated = Repeated::MayBeAnothers;
    const PAGE: usize = PAGE;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let balancers = match which {
            Which::Ids(ids) | Which::Beside(ids) => in_halves(ids, |ids| described(client, ids, &[])).await?,
            Which::Attempt(_, balancer) => {
                in_halves(&[&balancer.name], |names| described(client, &[], names)).await?
            }
        };
        let arns: Vec<String> = balancers.iter().filter_map(|one| one.load_balancer_arn.clone()).collect();
        if arns.is_empty() {
            return Ok(Vec::new());
        }
        let attributes = each(&arns, |arn| attributes(client, arn));
        let capacities = each(&arns, |arn| capacity(client, arn));
        let (mut tags, attributes, capacities) =
            tokio::try_join!(tags_of(client, &arns), attributes, capacities)?;
        let mut attributes: HashMap<String, _> = attributes.into_iter().collect();
        let capacities: HashMap<String, _> = capacities.into_iter().collect();
        // A balancer deleted between the two calls has no attributes.
        let seen = balancers.into_iter().filter_map(|balancer| {
            let arn = balancer.load_balancer_arn.clone()?;
            let capacity = capacities.get(&arn).copied();
            Some(seen(balancer, &attributes.remove(&arn)?, capacity, tags.remove(&arn)))
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
            .set_ipam_pools(self.pools())
            .set_customer_owned_ipv4_pool(self.customer_owned_ipv4_pool.wire())
            .set_enable_prefix_for_ipv6_source_nat(self.enable_prefix_for_ipv6_source_nat.wire())
            .set_tags(sent(&attempt.tags));
        let made = call.send().await.map_err(failed)?.load_balancers;
        Made::answered(made.into_iter().flatten().find_map(|balancer| balancer.load_balancer_arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let arn = seen.id();
        let mut next = Next::Done;
        let attributes: Vec<_> = due_pairs(self.settings(), due)
            .map(|(key, value)| LoadBalancerAttribute::builder().key(key).value(value).build())
            .collect();
        if !attributes.is_empty() {
            let call = client.elbv2.modify_load_balancer_attributes().load_balancer_arn(arn);
            call.set_attributes(Some(attributes)).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if ["subnet_mapping", "subnets", NAT].iter().any(|field| due.has(field)) {
            let call = client.elbv2.set_subnets().load_balancer_arn(arn);
            let call = match due.has("subnets") || self.subnet_mapping.is_empty() {
                true => call.set_subnets(self.subnets.wire()),
                false => call.set_subnet_mappings(self.mappings()),
            };
            let nat = self.enable_prefix_for_ipv6_source_nat.as_ref().filter(|_| due.has(NAT));
            let call = call.set_enable_prefix_for_ipv6_source_nat(nat.and_then(Wire::wire));
            call.send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("security_groups") || due.has(PRIVATE_LINK) {
            let groups = self.security_groups.iter().map(|group| group.as_str().to_owned()).collect();
            let call = client.elbv2.set_security_groups().load_balancer_arn(arn);
            let enforced = self.enforce_security_group_inbound_rules_on_private_link_traffic.wire();
            let call = call.set_enforce_security_group_inbound_rules_on_private_link_traffic(enforced);
            call.set_security_groups(Some(groups)).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("ip_address_type") {
            let call = client.elbv2.set_ip_address_type().load_balancer_arn(arn);
            call.set_ip_address_type(self.ip_address_type.wire()).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("ipam_pools") {
            let call = client.elbv2.modify_ip_pools().load_balancer_arn(arn).set_ipam_pools(self.pools());
            let removed = self.ipam_pools.is_none().then(|| vec![RemoveIpamPoolEnum::Ipv4]);
            call.set_remove_ipam_pools(removed).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("minimum_load_balancer_capacity") {
            let call = client.elbv2.modify_capacity_reservation().load_balancer_arn(arn);
            let call = match &self.minimum_load_balancer_capacity {
                Some(least) => call.minimum_load_balancer_capacity(
                    SdkCapacity::builder().set_capacity_units(least.capacity_units.wire()).build(),
                ),
                None => call.reset_capacity_reservation(true),
            };
            call.send().await.map_err(failed)?;
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
    fn pools(&self) -> Option<SdkPools> {
        let pools = self.ipam_pools.as_ref()?;
        Some(SdkPools::builder().ipv4_ipam_pool_id(&pools.ipv4_ipam_pool_id).build())
    }

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

/// The reserved capacity. Gateway load balancers have none.
async fn capacity(client: &Client, arn: &str) -> Result<Option<(String, u32)>> {
    if arn.contains(":loadbalancer/gwy/") {
        return Ok(None);
    }
    let found = client.elbv2.describe_capacity_reservation().load_balancer_arn(arn).send().await;
    let least = found.map_err(failed)?.minimum_load_balancer_capacity;
    let units = least.and_then(|least| least.capacity_units).and_then(|units| u32::try_from(units).ok());
    Ok(units.filter(|units| *units > 0).map(|units| (arn.to_owned(), units)))
}

fn seen(
    balancer: Sdk,
    set: &HashMap<String, String>,
    capacity: Option<u32>,
    tags: Option<Vec<Tag>>,
) -> Result<Seen<Lb>> {
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
    let pool = balancer.ipam_pools.clone().and_then(|pools| pools.ipv4_ipam_pool_id);
    let kind = balancer.r#type.clone().unwrap_or(LoadBalancerTypeEnum::Application);
    let arguments = read!(balancer => Lb { name_prefix = None,
        name: load_balancer_name,
        load_balancer_type = read(Some(kind), "type")?,
        internal = balancer.scheme == Some(Scheme::Internal),
        subnets = subnet_mapping.iter().map(|mapping| mapping.subnet_id.clone()).collect(),
        subnet_mapping = subnet_mapping,
        security_groups, ip_address_type,
        ipam_pools = pool.map(|ipv4_ipam_pool_id| IpamPools { ipv4_ipam_pool_id }),
        customer_owned_ipv4_pool, enable_prefix_for_ipv6_source_nat,
        enforce_security_group_inbound_rules_on_private_link_traffic,
        minimum_load_balancer_capacity = capacity.map(|capacity_units| MinimumCapacity { capacity_units }),
        enable_cross_zone_load_balancing = None,
        enable_deletion_protection = false,
        idle_timeout = 0,
        enable_http2 = false,
        drop_invalid_header_fields = false,
        preserve_host_header = false,
        client_keep_alive = 0,
        desync_mitigation_mode = DesyncMitigation::Defensive,
        dns_record_client_routing_policy = ClientRouting::AnyAvailabilityZone,
        enable_tls_version_and_cipher_suite_headers = false,
        enable_waf_fail_open = false,
        enable_xff_client_port = false,
        xff_header_processing_mode = ForwardedFor::Append,
        enable_zonal_shift = false,
        secondary_ips_auto_assigned_per_subnet = None,
        access_logs = None,
        connection_logs = None,
        health_check_logs = None,
        tags = Default::default(),
    });
    let attributes = LbAttributes {
        id: Id::new(&arn),
        arn_suffix: suffix(&arn),
        arn,
        dns_name: read(balancer.dns_name, "dns_name")?,
        zone_id: read(balancer.canonical_hosted_zone_id, "canonical_hosted_zone_id")?,
        vpc_id: read(balancer.vpc_id, "vpc_id")?,
    };
    Ok(Seen::new(arguments.with_settings(set)?, attributes).tags(given(tags)).state(state))
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
