//! Searches AWS for the resources of a cluster: by its tags, and by the ids that follow from its spec's stack.

use std::collections::BTreeSet;

use landform::kops::Spec;
use landform::{Object, Provider, Stack, TypeName, aws};
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::owned::{self, Candidate};

/// How often new resources may lead to further ones.
const ROUNDS: usize = 8;

/// A type and an id.
type Which = (TypeName, String);

/// The resources that may belong to a cluster.
pub async fn candidates(
    client: &aws::Client,
    spec: &Spec,
    declared: &Stack,
) -> Result<Vec<Candidate>, Failure> {
    let (cluster, owner) = (spec.name(), format!("kubernetes.io/cluster/{}", spec.name()));
    let (by_cluster, by_owner, groups) = futures::try_join!(
        client.tagged("KubernetesCluster", cluster),
        client.tagged(&owner, "owned"),
        client.machine_groups("KubernetesCluster", cluster),
    )?;
    // A group's machines go with it.
    let members: BTreeSet<&str> =
        groups.iter().flat_map(|group| &group.machines).map(|machine| machine.id.as_str()).collect();
    let tagged = by_cluster.into_iter().chain(by_owner).filter(|(_, id)| !members.contains(id.as_str()));
    let mut open: BTreeSet<Which> = tagged.filter_map(|(of, id)| Some((of.parse().ok()?, id))).collect();
    for node in declared.nodes().filter(|node| node.address.type_str() == "aws_sqs_queue") {
        let name = node.arguments.get("name").and_then(|name| Some(name.expose()?.as_str()?.to_owned()));
        if let Some(name) = name
            && let Some(url) = client.queue_url(&name).await?
        {
            open.insert((node.address.type_name(), url));
        }
    }
    let (provider, mut there, mut seen) = (client.clone().provider(), Vec::new(), BTreeSet::new());
    for _ in 0..ROUNDS {
        open.retain(|which| !seen.contains(which));
        if open.is_empty() {
            break;
        }
        let found = read(&provider, &open).await?;
        seen.append(&mut open);
        for rule in found.iter().filter(|found| found.type_name == "aws_cloudwatch_event_rule") {
            let targets = client.targets_of_rule(&rule.id).await?.into_iter();
            open.extend(targets.filter_map(|id| Some(("aws_cloudwatch_event_target".parse().ok()?, id))));
        }
        there.extend(found);
        open.extend(owned::wanted(cluster, declared, &there));
    }
    Ok(there)
}

/// The resources that exist, as few calls as their types need.
async fn read(provider: &Provider, which: &BTreeSet<Which>) -> Result<Vec<Candidate>, Failure> {
    let mut found = Vec::new();
    let types: BTreeSet<&TypeName> = which.iter().map(|(of, _)| of).collect();
    for type_name in types {
        let Some(driver) = provider.driver(type_name.as_str()) else { continue };
        let objects: Vec<Object> = which
            .iter()
            .filter(|(of, _)| of == type_name)
            .map(|(_, id)| Object::new(id.clone(), json!({}), json!({})))
            .collect();
        for page in objects.chunks(driver.abilities().page.max(1)) {
            let known: Vec<&dyn landform::Known> = page.iter().map(|object| object as _).collect();
            for object in driver.read_many(&known).await?.into_iter().flatten() {
                let mut fields = Map::new();
                for part in [object.attributes, object.arguments] {
                    if let Value::Object(part) = part {
                        fields.extend(part);
                    }
                }
                found.push(Candidate { type_name: type_name.clone(), id: object.id, fields });
            }
        }
    }
    Ok(found)
}
