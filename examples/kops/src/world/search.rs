//! Searches AWS for the resources of a cluster: by its tags, by the ids that follow from its spec's stack, and by the names
//! that every cluster gives.

use std::collections::BTreeSet;

use landform::kops::Spec;
use landform::kops::names::Names;
use landform::{ProviderError, Stack, aws};

use crate::Failure;
use crate::owned::{self, Candidate};

use super::reading::{Which, read};

/// The events of the node termination handler, each with a rule.
const EVENTS: [&str; 5] = [
    "ASGLifecycle",
    "SpotInterruption",
    "InstanceStateChange",
    "InstanceScheduledChange",
    "RebalanceRecommendation",
];

/// The resources that may belong to a cluster.
pub async fn candidates(
    client: &aws::Client,
    spec: &Spec,
    declared: &Stack,
) -> Result<Vec<Candidate>, Failure> {
    let (cluster, owner) = (spec.name(), format!("kubernetes.io/cluster/{}", spec.name()));
    let (by_cluster, by_owner, machines, queue) = futures::try_join!(
        client.tagged("KubernetesCluster", cluster),
        client.tagged(&owner, "owned"),
        client.machines("KubernetesCluster", cluster),
        queue(client, cluster),
    )?;
    // A group's machines go with it.
    let members: BTreeSet<&str> =
        machines.groups.iter().flat_map(|group| &group.machines).map(|machine| machine.id.as_str()).collect();
    let tagged = by_cluster.into_iter().chain(by_owner).filter(|(_, id)| !members.contains(id.as_str()));
    let mut open: BTreeSet<Which> = which(tagged).chain(queue).collect();
    if declared.nodes().next().is_none() {
        // Without a spec, ids do not follow from it.
        open.extend(which(untagged(client, cluster).await?));
    }
    let (provider, mut there, mut seen) = (client.clone().provider(), Vec::new(), BTreeSet::new());
    loop {
        // A resource is read once, so the rounds end.
        open.retain(|which| !seen.contains(which));
        if open.is_empty() {
            return Ok(there);
        }
        let found = read(&provider, &open).await?;
        seen.append(&mut open);
        there.extend(found.iter().cloned());
        open.extend(owned::wanted(cluster, declared, &there));
        open.extend(which(parts(client, spec, declared, &there, &found).await?));
    }
}

/// Types and ids as the search keeps them.
fn which(listed: impl IntoIterator<Item = (&'static str, String)>) -> impl Iterator<Item = Which> {
    listed.into_iter().filter_map(|(of, id)| Some((of.parse().ok()?, id)))
}

/// The queue of a cluster. Its id is a URL, which only SQS knows.
async fn queue(client: &aws::Client, cluster: &str) -> Result<Option<Which>, ProviderError> {
    let url = client.queue_url(&Names { cluster }.queue()).await?;
    Ok(url.and_then(|url| Some(("aws_sqs_queue".parse().ok()?, url))))
}

/// What may belong to a cluster in services that cannot be asked by tags.
async fn untagged(client: &aws::Client, cluster: &str) -> Result<Vec<(&'static str, String)>, Failure> {
    let rules = EVENTS.map(|event| ("aws_cloudwatch_event_rule", Names { cluster }.event_rule(event)));
    let beginning = owned::key_pairs(cluster);
    let (identities, key_pairs) = futures::try_join!(client.identities(), client.key_pairs(&beginning))?;
    let mut found: Vec<_> = rules.into_iter().chain(identities).chain(key_pairs).collect();
    // The zone of a cluster's names has one of the names above the cluster's, or this name itself.
    let mut zone = Some(cluster);
    while let Some(name) = zone {
        for zone in client.hosted_zones(name).await? {
            found.extend(client.records_below(&zone.id, cluster).await?);
        }
        zone = name.split_once('.').map(|(_, above)| above);
    }
    Ok(found)
}

/// The parts of newly found resources that the spec does not declare: AWS deletes a role, a security group, a rule of
/// events or a route table only after its parts.
async fn parts(
    client: &aws::Client,
    spec: &Spec,
    declared: &Stack,
    there: &[Candidate],
    new: &[Candidate],
) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut found = Vec::new();
    for rule in new.iter().filter(|one| one.type_name == "aws_cloudwatch_event_rule") {
        let targets = client.targets_of_rule(&rule.id).await?.into_iter();
        found.extend(targets.map(|id| ("aws_cloudwatch_event_target", id)));
    }
    let owned = owned::owned(spec.name(), spec.cluster.spec.base(), declared, there);
    let undeclared = owned.into_iter().filter(|one| declared.node(one.address.as_str()).is_none());
    let (mut roles, mut groups) = (Vec::new(), Vec::new());
    for one in undeclared.filter(|one| new.iter().any(|new| new.id == one.id)) {
        match one.address.type_str() {
            "aws_iam_role" => roles.push(one.id),
            "aws_security_group" => groups.push(one.id),
            // The association of a subnet has the subnet's id.
            "aws_subnet" => found.push(("aws_route_table_association", one.id)),
            _ => {}
        }
    }
    for role in roles {
        found.extend(client.policies_of_role(&role).await?);
    }
    found.extend(client.rules_of_security_groups(&groups).await?);
    Ok(found)
}
