//! Machines of the embedded cloud: its Auto Scaling groups make and remove instances, as on AWS. Every instance holds
//! the version of its launch template.

pub mod google;

use std::collections::{BTreeMap, HashMap};

use landform::sim::{Cloud, Existing, Fleet};
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::machines::{Machine, MachineGroup, Machinery, Status};
use landform::async_trait;
use landform::kops::Spec;
use landform::kops::spec::Role;

/// The types of groups and of their members.
const GROUPS: &str = "aws_autoscaling_group";
const MEMBERS: &str = "aws_instance";
const TEMPLATES: &str = "aws_launch_template";
/// The tag that AWS gives the members of a group.
const GROUP_TAG: &str = "aws:autoscaling:groupName";
/// The tag that kops gives a machine that it detaches: the group's name in the cloud.
pub const DETACHED_TAG: &str = "kops.k8s.io/detached-from-asg";

/// How Auto Scaling groups make and remove instances.
pub struct AutoScaling;

impl Fleet for AutoScaling {
    fn groups(&self) -> &str {
        GROUPS
    }

    fn members(&self) -> &str {
        MEMBERS
    }

    fn group_of(&self, member: &Existing) -> Option<String> {
        member.arguments.get("tags")?.get(GROUP_TAG)?.as_str().map(str::to_owned)
    }

    fn size(&self, group: &Existing, now: usize) -> usize {
        let given = |name: &str| group.arguments.get(name).and_then(Value::as_u64);
        let bounds = [given("min_size").unwrap_or(0), given("max_size").unwrap_or(u64::MAX)];
        let wanted = given("desired_capacity").unwrap_or(now as u64).max(bounds[0]).min(bounds[1]);
        usize::try_from(wanted).unwrap_or(usize::MAX)
    }

    fn member(
        &self,
        group: &Existing,
        members: &[Existing],
        look: &dyn Fn(&str, &str) -> Option<Existing>,
    ) -> Value {
        let template = template(&group.arguments, |id| look(TEMPLATES, id));
        let made_from = template.as_ref().and_then(|(id, _)| look(TEMPLATES, id));
        let of_template = |name: &str| made_from.as_ref().and_then(|of| of.arguments.get(name)).cloned();
        let mut tags: Map<String, Value> = Map::new();
        for tag in group.arguments.get("tag").and_then(Value::as_array).into_iter().flatten() {
            if tag["propagate_at_launch"] == true
                && let Some(key) = tag["key"].as_str()
            {
                tags.insert(key.to_owned(), tag["value"].clone());
            }
        }
        tags.insert(GROUP_TAG.to_owned(), group.id.clone().into());
        let mut arguments = json!({ "subnet_id": subnet(group, members), "tags": tags });
        if let Some((id, version)) = template {
            arguments["launch_template"] = json!({ "id": id, "version": version });
        }
        let overridden = group
            .arguments
            .get("mixed_instances_policy")
            .and_then(|mixed| mixed["launch_template"]["override"].get(0)?.get("instance_type").cloned());
        let profile = of_template("iam_instance_profile");
        if let Some(profile) = profile.as_ref().and_then(|profile| profile["name"].as_str()) {
            arguments["iam_instance_profile"] = profile.into();
        }
        let interface = of_template("network_interfaces").and_then(|interfaces| interfaces.get(0).cloned());
        if let Some(interface) = interface {
            for (name, from) in [
                ("vpc_security_group_ids", "security_groups"),
                ("associate_public_ip_address", "associate_public_ip_address"),
            ] {
                if let Some(value) = interface.get(from).filter(|value| !value.is_null()) {
                    arguments[name] = value.clone();
                }
            }
        }
        let fields = [("ami", "image_id"), ("instance_type", "instance_type"), ("key_name", "key_name")];
        for (name, from) in fields {
            let value = overridden.clone().filter(|_| name == "instance_type").or_else(|| of_template(from));
            if let Some(value) = value {
                arguments[name] = value;
            }
        }
        arguments
    }
}

/// The subnet with the fewest members.
fn subnet(group: &Existing, members: &[Existing]) -> Option<String> {
    let subnets = group.arguments.get("vpc_zone_identifier").and_then(Value::as_array)?;
    let taken = |subnet: &&str| {
        members
            .iter()
            .filter(|member| member.arguments.get("subnet_id").is_some_and(|id| id == *subnet))
            .count()
    };
    subnets.iter().filter_map(Value::as_str).min_by_key(taken).map(str::to_owned)
}

/// The launch template of a group's new members, and the number of its version.
fn template(group: &Map<String, Value>, look: impl Fn(&str) -> Option<Existing>) -> Option<(String, String)> {
    let (id, version) = match group.get("launch_template").filter(|given| given.is_object()) {
        Some(given) => (given["id"].as_str()?, given["version"].as_str()),
        None => {
            let mixed = &group.get("mixed_instances_policy")?["launch_template"];
            let given = &mixed["launch_template_specification"];
            (given["launch_template_id"].as_str()?, given["version"].as_str())
        }
    };
    let number = match version.unwrap_or("$Default") {
        "$Latest" => "latest_version",
        "$Default" => "default_version",
        number => return Some((id.to_owned(), number.to_owned())),
    };
    let template = look(id)?;
    let number = template.attributes.get(number)?.as_str()?.to_owned();
    Some((id.to_owned(), number))
}

/// Auto Scaling groups of the embedded cloud.
pub struct OnEmbedded(pub Cloud);

#[async_trait]
impl Machinery for OnEmbedded {
    async fn groups(&self, spec: &Spec) -> Result<Vec<MachineGroup>, Failure> {
        groups(&self.0, spec)
    }

    async fn detach(&self, machine: &Machine) -> Result<(), Failure> {
        detach(&self.0, machine)
    }

    async fn finish_detaching(&self, _: &Machine) -> Result<(), Failure> {
        // A detachment is one transaction.
        Ok(())
    }

    async fn deregister(&self, _: &Machine) -> Result<(), Failure> {
        // The embedded cloud sends no packets.
        Ok(())
    }

    async fn terminate(&self, machine: &Machine) -> Result<(), Failure> {
        terminate(&self.0, MEMBERS, machine)
    }
}

fn groups(cloud: &Cloud, spec: &Spec) -> Result<Vec<MachineGroup>, Failure> {
    let is_group = |object: &Existing| object.type_name == GROUPS && !object.deleting;
    if cloud.objects()?.iter().any(is_group) {
        // Another tool may have changed a group. The embedded cloud brings its machines up to date.
        cloud.settle()?;
    }
    let objects: Vec<Existing> = cloud.objects()?.into_iter().filter(|object| !object.deleting).collect();
    let templates: HashMap<&str, &Existing> = objects
        .iter()
        .filter(|object| object.type_name == TEMPLATES)
        .map(|template| (template.id.as_str(), template))
        .collect();
    let look = |id: &str| templates.get(id).map(|template| (*template).clone());
    // Members by their group, including detached ones.
    let mut members: BTreeMap<&str, Vec<(&Existing, bool)>> = BTreeMap::new();
    for object in objects.iter().filter(|object| object.type_name == MEMBERS) {
        let Some(tags) = object.arguments.get("tags") else { continue };
        if let Some(group) = tags[GROUP_TAG].as_str() {
            members.entry(group).or_default().push((object, false));
        } else if let Some(group) = tags[DETACHED_TAG].as_str() {
            members.entry(group).or_default().push((object, true));
        }
    }
    let mut found = Vec::new();
    for object in objects.iter().filter(|object| object.type_name == GROUPS) {
        let tag = |key: &str| {
            let tags = object.arguments.get("tag").and_then(Value::as_array)?;
            tags.iter().find(|tag| tag["key"] == key)?["value"].as_str()
        };
        if tag("KubernetesCluster") != Some(spec.name()) {
            continue;
        }
        let Some(group) = tag("kops.k8s.io/instancegroup").and_then(|name| spec.group(name)) else {
            continue;
        };
        let current = template(&object.arguments, look);
        let machines = members.get(object.id.as_str()).into_iter().flatten();
        let machines: Vec<Machine> =
            machines.map(|(member, detached)| machine(object, member, *detached, current.as_ref())).collect();
        let attached = machines.iter().filter(|machine| machine.status != Status::Detached).count();
        let size = |name: &str| {
            let size = object.arguments.get(name).and_then(Value::as_u64).unwrap_or(0);
            usize::try_from(size).unwrap_or(usize::MAX)
        };
        found.push(MachineGroup {
            name: group.metadata.name.clone(),
            role: group.spec.role.unwrap_or(Role::Node),
            min: size("min_size"),
            target: AutoScaling.size(object, attached),
            max: size("max_size"),
            machines,
        });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn machine(
    group: &Existing,
    member: &Existing,
    detached: bool,
    current: Option<&(String, String)>,
) -> Machine {
    let text = |fields: &Map<String, Value>, name: &str| {
        fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let made_from = member
        .arguments
        .get("launch_template")
        .and_then(|given| Some((given["id"].as_str()?.to_owned(), given["version"].as_str()?.to_owned())));
    let status = match detached {
        true => Status::Detached,
        false if made_from.as_ref() == current => Status::UpToDate,
        false => Status::NeedsUpdate,
    };
    Machine {
        id: member.id.clone(),
        group: group.id.clone(),
        status,
        starting: false,
        warm: false,
        machine_type: text(&member.arguments, "instance_type"),
        internal_ip: text(&member.arguments, "private_ip"),
        external_ip: text(&member.attributes, "public_ip"),
        node: None,
    }
}

fn detach(cloud: &Cloud, machine: &Machine) -> Result<(), Failure> {
    let change = |arguments: &mut Map<String, Value>| {
        if let Some(tags) = arguments.get_mut("tags").and_then(Value::as_object_mut) {
            tags.remove(GROUP_TAG);
            tags.insert(DETACHED_TAG.to_owned(), machine.group.clone().into());
        }
    };
    Ok(cloud.tamper(MEMBERS, &machine.id, change)?)
}

/// Ends a machine of the embedded cloud.
fn terminate(cloud: &Cloud, type_name: &str, machine: &Machine) -> Result<(), Failure> {
    match cloud.vanish(type_name, &machine.id) {
        Err(error) if error.kind() == landform::ErrorKind::NotFound => Ok(()),
        ended => Ok(ended?),
    }
}
