//! The calls for classic load balancers. Their names identify them. Each part needs a separate call.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_elasticloadbalancing::types::{
    AccessLog, ConnectionDraining, ConnectionSettings, CrossZoneLoadBalancing, HealthCheck, Listener,
    LoadBalancerAttributes, LoadBalancerDescription as Sdk, Tag, TagKeyOnly,
};

use super::{Elb, ElbAccessLogs, ElbAttributes, ElbHealthCheck, ElbListener};
use crate::client::{error::built, prelude::*, tags::sdk_tag};

sdk_tag!(Tag, |tag| (tag.key, tag.value.unwrap_or_default()), |key, value| Tag::builder()
    .key(key)
    .value(value)
    .build()
    .ok());

#[async_trait]
impl Calls<Client> for Elb {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// With the same settings AWS answers with the existing load balancer.
    const REPEATED: Repeated = Repeated::MayBeAnothers;
    /// The maximum number of names in `DescribeTags`.
    const PAGE: usize = 20;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let names = which.ids_or(|balancer| balancer.name.as_str().into());
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        let balancers = in_halves(&names, |names| described(client, names)).await?;
        let names: Vec<String> = balancers.iter().filter_map(|one| one.load_balancer_name.clone()).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let attributes = each(&names, async |name| {
            let call = client.elb.describe_load_balancer_attributes().load_balancer_name(name);
            let found = call.send().await.map_err(failed)?.load_balancer_attributes;
            Ok(found.map(|found| (name.clone(), found)))
        });
        let (mut tags, attributes) = tokio::try_join!(tags_of(client, &names), attributes)?;
        let mut attributes: HashMap<String, LoadBalancerAttributes> = attributes.into_iter().collect();
        // A balancer deleted between the two calls has no attributes.
        let seen = balancers.into_iter().filter_map(|balancer| {
            let name = balancer.load_balancer_name.clone()?;
            Some(seen(client, balancer, attributes.remove(&name)?, tags.remove(&name)))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .elb
            .create_load_balancer()
            .load_balancer_name(&self.name)
            .set_listeners(Some(listeners(&self.listener)?))
            .set_subnets(self.subnets.wire())
            .set_security_groups(self.security_groups.wire())
            .set_scheme(self.internal.then(|| "internal".to_owned()))
            .set_tags(sent(&attempt.tags));
        call.send().await.map_err(failed)?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let (elb, name, now) = (&client.elb, &self.name, &seen.object.arguments);
        let mut next = Next::Done;
        if due.has("listener") {
            let [wanted, there] = [&self.listener, &now.listener].map(spelled_alike);
            let old: Vec<i32> = there.difference(&wanted).map(|listener| listener.lb_port.into()).collect();
            let new: BTreeSet<ElbListener> = wanted.difference(&there).cloned().collect();
            if !old.is_empty() {
                let call = elb.delete_load_balancer_listeners().load_balancer_name(name);
                call.set_load_balancer_ports(Some(old)).send().await.map_err(failed)?;
            }
            if !new.is_empty() {
                let call = elb.create_load_balancer_listeners().load_balancer_name(name);
                call.set_listeners(Some(listeners(&new)?)).send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        if due.has("subnets") {
            let (new, old) = apart(&self.subnets, &now.subnets);
            if new.is_some() {
                let call = elb.attach_load_balancer_to_subnets().load_balancer_name(name);
                call.set_subnets(new).send().await.map_err(failed)?;
            }
            if old.is_some() {
                let call = elb.detach_load_balancer_from_subnets().load_balancer_name(name);
                call.set_subnets(old).send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        if due.has("security_groups") {
            let call = elb.apply_security_groups_to_load_balancer().load_balancer_name(name);
            call.set_security_groups(self.security_groups.wire()).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if let Some(check) = self.health_check.as_ref().filter(|_| due.has("health_check")) {
            let check = HealthCheck::builder()
                .target(&check.target)
                .set_interval(check.interval.wire())
                .set_timeout(check.timeout.wire())
                .set_healthy_threshold(check.healthy_threshold.wire())
                .set_unhealthy_threshold(check.unhealthy_threshold.wire());
            let call = elb.configure_health_check().load_balancer_name(name);
            call.health_check(built(check.build())?).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if let Some(attributes) = self.attributes(due)? {
            let call = elb.modify_load_balancer_attributes().load_balancer_name(name);
            call.load_balancer_attributes(attributes).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        Ok(next)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.elb.delete_load_balancer().load_balancer_name(prior.id()).send().await.map_err(failed)?;
        Ok(Next::wait("waiting for the deletion of the load balancer"))
    }
}

impl Elb {
    /// The attributes that are due. `None` if there are none.
    fn attributes(&self, due: &Due<'_>) -> Result<Option<LoadBalancerAttributes>> {
        let mut all = LoadBalancerAttributes::builder();
        let mut any = false;
        if due.has("cross_zone_load_balancing") {
            let cross_zone =
                CrossZoneLoadBalancing::builder().enabled(self.cross_zone_load_balancing).build();
            (all, any) = (all.cross_zone_load_balancing(cross_zone), true);
        }
        if due.has("idle_timeout") {
            let settings = ConnectionSettings::builder().set_idle_timeout(self.idle_timeout.wire());
            (all, any) = (all.connection_settings(built(settings.build())?), true);
        }
        if due.has("connection_draining") || due.has("connection_draining_timeout") {
            let draining = ConnectionDraining::builder()
                .enabled(self.connection_draining)
                .set_timeout(self.connection_draining_timeout.wire())
                .build();
            (all, any) = (all.connection_draining(draining), true);
        }
        if due.has("access_logs") {
            let log = match &self.access_logs {
                Some(logs) => AccessLog::builder()
                    .enabled(logs.enabled)
                    .s3_bucket_name(&logs.bucket)
                    .set_s3_bucket_prefix(logs.bucket_prefix.wire())
                    .set_emit_interval(logs.interval.wire()),
                None => AccessLog::builder().enabled(false),
            };
            (all, any) = (all.access_log(log.build()), true);
        }
        Ok(any.then(|| all.build()))
    }
}

fn listeners(listeners: &BTreeSet<ElbListener>) -> Result<Vec<Listener>> {
    let sdk = listeners.iter().map(|listener| {
        let sdk = Listener::builder()
            .protocol(&listener.lb_protocol)
            .set_load_balancer_port(listener.lb_port.wire())
            .instance_protocol(&listener.instance_protocol)
            .set_instance_port(listener.instance_port.wire())
            .set_ssl_certificate_id(listener.ssl_certificate_id.wire());
        built(sdk.build())
    });
    sdk.collect()
}

/// Spells protocols in lower case, because AWS spells them in upper case.
fn spelled_alike(listeners: &BTreeSet<ElbListener>) -> BTreeSet<ElbListener> {
    let lower = listeners.iter().cloned().map(|listener| ElbListener {
        lb_protocol: listener.lb_protocol.to_lowercase(),
        instance_protocol: listener.instance_protocol.to_lowercase(),
        ..listener
    });
    lower.collect()
}

async fn described(client: &Client, names: &[&str]) -> Result<Vec<Sdk>> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let call = client.elb.describe_load_balancers().set_load_balancer_names(Some(names));
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

async fn tags_of(client: &Client, names: &[String]) -> Result<HashMap<String, Vec<Tag>>> {
    let call = client.elb.describe_tags().set_load_balancer_names(Some(names.to_vec()));
    let found = call.send().await.map_err(failed)?.tag_descriptions.unwrap_or_default();
    Ok(found.into_iter().filter_map(|one| one.load_balancer_name.zip(one.tags)).collect())
}

async fn tag(client: &Client, seen: &Seen<Elb>, change: &TagChange) -> Result<Next> {
    let key = |key: &String| TagKeyOnly::builder().key(key).build();
    write_tags!(change;
        set => client.elb.add_tags().load_balancer_names(seen.id()).set_tags(sent(&change.set)),
        remove => client
            .elb
            .remove_tags()
            .load_balancer_names(seen.id())
            .set_tags(Some(change.remove.iter().map(key).collect())),
    )
}

fn seen(
    client: &Client,
    balancer: Sdk,
    set: LoadBalancerAttributes,
    tags: Option<Vec<Tag>>,
) -> Result<Seen<Elb>> {
    let name: String = read(balancer.load_balancer_name.clone(), "load_balancer_name")?;
    let listeners = balancer.listener_descriptions.clone().unwrap_or_default().into_iter();
    let listeners = listeners.filter_map(|description| description.listener).map(|listener| {
        let port = |port: i32, field: &str| read::<u16, _>(Some(port), field);
        let protocol = listener.protocol.to_lowercase();
        Ok(ElbListener {
            lb_port: port(listener.load_balancer_port, "load_balancer_port")?,
            instance_port: port(listener.instance_port, "instance_port")?,
            instance_protocol: listener
                .instance_protocol
                .map_or(protocol.clone(), |text| text.to_lowercase()),
            lb_protocol: protocol,
            ssl_certificate_id: listener.ssl_certificate_id.filter(|id| !id.is_empty()),
        })
    });
    let number = |number: i32, field: &str| read::<u32, _>(Some(number), field);
    let check = balancer.health_check.clone().map(|check| {
        Ok::<_, Error>(ElbHealthCheck {
            target: check.target,
            interval: number(check.interval, "interval")?,
            timeout: number(check.timeout, "timeout")?,
            healthy_threshold: number(check.healthy_threshold, "healthy_threshold")?,
            unhealthy_threshold: number(check.unhealthy_threshold, "unhealthy_threshold")?,
        })
    });
    let logs = set.access_log.filter(|log| log.enabled).map(|log| {
        Ok::<_, Error>(ElbAccessLogs {
            bucket: read(log.s3_bucket_name, "s3_bucket_name")?,
            bucket_prefix: read(log.s3_bucket_prefix, "s3_bucket_prefix")?,
            enabled: log.enabled,
            interval: read(log.emit_interval.or(Some(60)), "emit_interval")?,
        })
    });
    let draining = set.connection_draining;
    let arguments = read!(balancer => Elb { name_prefix = None,
        name = name.clone(),
        listener = listeners.collect::<Result<_>>()?,
        subnets, security_groups,
        internal = balancer.scheme.as_deref() == Some("internal"),
        health_check = check.transpose()?,
        cross_zone_load_balancing = set.cross_zone_load_balancing.is_some_and(|cross_zone| cross_zone.enabled),
        idle_timeout = set.connection_settings.map_or(Ok(60), |one| number(one.idle_timeout, "idle_timeout"))?,
        connection_draining = draining.as_ref().is_some_and(|draining| draining.enabled),
        connection_draining_timeout =
            read(draining.and_then(|draining| draining.timeout).or(Some(300)), "timeout")?,
        access_logs = logs.transpose()?,
        tags = Default::default(),
    });
    let owner = balancer.source_security_group.and_then(|group| group.owner_alias);
    let attributes = ElbAttributes {
        arn: client.arn_of(
            "elasticloadbalancing",
            &owner.unwrap_or_default(),
            &format!("loadbalancer/{name}"),
        ),
        id: Id::new(name),
        dns_name: read(balancer.dns_name, "dns_name")?,
        // Only moto reports none.
        zone_id: balancer.canonical_hosted_zone_name_id.unwrap_or_default(),
    };
    Ok(Seen::new(arguments, attributes).tags(given(tags)))
}
