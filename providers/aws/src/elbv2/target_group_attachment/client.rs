//! The calls for targets. A group, an id and a port identify a target.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{
    TargetDescription, TargetHealthDescription as Sdk, TargetHealthStateEnum as Code,
};

use super::{LbTargetGroupAttachment, LbTargetGroupAttachmentAttributes};
use crate::client::prelude::*;

#[async_trait]
impl Calls<Client> for LbTargetGroupAttachment {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let asked: Vec<String> = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(_, target) => match target.port_of(client).await {
                Ok(port) => vec![target.identity(port)],
                Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(error),
            },
        };
        let mut groups: BTreeMap<&str, Vec<(&str, Parts<'_>)>> = BTreeMap::new();
        for id in &asked {
            if let Some(parts) = parts(id) {
                groups.entry(parts.group).or_default().push((id, parts));
            }
        }
        let seen = each(groups, async |(group, asked)| {
            let call = client.elbv2.describe_target_health().target_group_arn(group);
            let targets = call.send().await.map_err(failed)?.target_health_descriptions.unwrap_or_default();
            let found = asked.into_iter().filter_map(|(id, parts)| seen(id, &parts, &targets));
            Ok(Some(found.collect::<Vec<_>>()))
        });
        Ok(seen.await?.into_iter().flatten().collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let port = self.port_of(client).await?;
        let call = client.elbv2.register_targets().set_target_group_arn(self.target_group_arn.wire());
        call.targets(self.described(port)).send().await.map_err(failed)?;
        Ok(Made::id(self.identity(port)))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let target = &prior.arguments;
        let port = target.port_of(client).await?;
        let call = client.elbv2.deregister_targets().set_target_group_arn(target.target_group_arn.wire());
        call.targets(target.described(port)).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl LbTargetGroupAttachment {
    /// The port. The default is the target group's.
    async fn port_of(&self, client: &Client) -> Result<u16> {
        if let Some(port) = self.port {
            return Ok(port);
        }
        let call = client.elbv2.describe_target_groups().target_group_arns(self.target_group_arn.as_str());
        let groups = call.send().await.map_err(failed)?.target_groups.unwrap_or_default();
        read(groups.into_iter().find_map(|group| group.port), "port")
    }

    fn identity(&self, port: u16) -> String {
        format!("{}/{}/{port}", self.target_group_arn, self.target_id)
    }

    fn described(&self, port: u16) -> TargetDescription {
        TargetDescription::builder()
            .id(&self.target_id)
            .port(port.into())
            .set_availability_zone(self.availability_zone.clone())
            .build()
    }
}

/// The parts of an id.
struct Parts<'a> {
    group: &'a str,
    target: &'a str,
    port: u16,
}

/// The parts of an id. A target group's ARN has two slashes, a load balancer's ARN has three.
fn parts(id: &str) -> Option<Parts<'_>> {
    let (rest, port) = id.rsplit_once('/')?;
    let (at, _) = rest.match_indices('/').nth(2)?;
    Some(Parts { group: &rest[..at], target: &rest[at + 1..], port: port.parse().ok()? })
}

/// A registered target. A draining target does not count.
fn seen(id: &str, parts: &Parts<'_>, targets: &[Sdk]) -> Option<Seen<LbTargetGroupAttachment>> {
    let found = targets.iter().find(|one| {
        let state = one.target_health().and_then(|health| health.state());
        let target = one.target();
        target.and_then(|target| target.id()) == Some(parts.target)
            && target.and_then(|target| target.port()) == Some(parts.port.into())
            && state != Some(&Code::Draining)
    })?;
    let zone = found.target().and_then(|target| target.availability_zone());
    let arguments = LbTargetGroupAttachment {
        target_group_arn: Id::new(parts.group),
        target_id: parts.target.to_owned(),
        port: Some(parts.port),
        availability_zone: zone.map(str::to_owned),
    };
    Some(Seen::new(arguments, LbTargetGroupAttachmentAttributes { id: Id::new(id) }))
}
