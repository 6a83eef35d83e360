//! Machines of the embedded cloud: its managed instance groups make and remove instances, as on Google. Every instance
//! names its group and its template in its metadata.

use std::collections::BTreeMap;

use landform::async_trait;
use landform::kops::Spec;
use landform::sim::{Cloud, Existing, Fleet};
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::machines::{Machine, MachineGroup, Machinery, Status, by_group};

/// The types of groups and of their members.
const GROUPS: &str = "google_compute_instance_group_manager";
const MEMBERS: &str = "google_compute_instance";
const TEMPLATES: &str = "google_compute_instance_template";
/// The metadata that Google gives the members of a group.
const CREATED_BY: &str = "created-by";
const TEMPLATE: &str = "instance-template";
/// The label of a machine that a rolling update detaches: the group's name.
pub const DETACHED_LABEL: &str = "kops-k8s-io-detached-from";

/// How managed instance groups make and remove instances.
pub struct ManagedGroups;

impl Fleet for ManagedGroups {
    fn groups(&self) -> &str {
        GROUPS
    }

    fn members(&self) -> &str {
        MEMBERS
    }

    fn group_of(&self, member: &Existing) -> Option<String> {
        metadata(member, CREATED_BY).map(str::to_owned)
    }

    fn size(&self, group: &Existing, now: usize) -> usize {
        let size = group.arguments.get("target_size").and_then(Value::as_u64);
        size.and_then(|size| usize::try_from(size).ok()).unwrap_or(now)
    }

    fn member(
        &self,
        group: &Existing,
        _: &[Existing],
        look: &dyn Fn(&str, &str) -> Option<Existing>,
    ) -> Value {
        let text = |name: &str| group.arguments.get(name).and_then(Value::as_str).unwrap_or_default();
        let (project, zone, base) = (text("project"), text("zone"), text("base_instance_name"));
        let path = |name: &str| format!("projects/{project}/zones/{zone}/instances/{name}");
        // A machine that is made again has its old name, as on Google. Names are unique among all zones, as nodes need it.
        let letter = zone.rsplit('-').next().unwrap_or_default();
        let names = (0..=u32::MAX).map(|number| format!("{base}-{letter}{number:03}"));
        let name = names.into_iter().find(|name| look(MEMBERS, &path(name)).is_none());
        let template = template(group).unwrap_or_default();
        let made_from = look(TEMPLATES, template);
        let of_template = |name: &str| made_from.as_ref().and_then(|of| of.arguments.get(name)).cloned();
        let mut metadata = of_template("metadata").unwrap_or_else(|| json!({}));
        metadata[CREATED_BY] = group.id.clone().into();
        metadata[TEMPLATE] = template.into();
        let disk = of_template("disk").unwrap_or_default();
        let boot = json!({
            "image": disk[0]["source_image"], "size": disk[0]["disk_size_gb"], "type": disk[0]["disk_type"],
        });
        let mut arguments = json!({
            "name": name, "project": project, "zone": zone, "metadata": metadata,
            "boot_disk": { "initialize_params": boot },
        });
        for field in
            ["machine_type", "network_interface", "labels", "tags", "can_ip_forward", "service_account"]
        {
            if let Some(value) = of_template(field).filter(|value| !value.is_null()) {
                arguments[field] = value;
            }
        }
        arguments
    }
}

/// The template of a group's new members.
fn template(group: &Existing) -> Option<&str> {
    group.arguments.get("version")?[0]["instance_template"].as_str()
}

fn metadata<'a>(member: &'a Existing, key: &str) -> Option<&'a str> {
    member.arguments.get("metadata")?.get(key)?.as_str()
}

fn label<'a>(member: &'a Existing, key: &str) -> Option<&'a str> {
    member.arguments.get("labels")?.get(key)?.as_str()
}

/// Managed instance groups of the embedded cloud.
pub struct OnEmbedded(pub Cloud);

#[async_trait]
impl Machinery for OnEmbedded {
    async fn groups(&self, spec: &Spec) -> Result<Vec<MachineGroup>, Failure> {
        let is_group = |object: &Existing| object.type_name == GROUPS && !object.deleting;
        if self.0.objects()?.iter().any(is_group) {
            // Another tool may have changed a group. The embedded cloud brings its machines up to date.
            self.0.settle()?;
        }
        let objects: Vec<Existing> =
            self.0.objects()?.into_iter().filter(|object| !object.deleting).collect();
        let mut members: BTreeMap<&str, Vec<&Existing>> = BTreeMap::new();
        for object in objects.iter().filter(|object| object.type_name == MEMBERS) {
            if let Some(group) = metadata(object, CREATED_BY).or_else(|| label(object, DETACHED_LABEL)) {
                members.entry(group).or_default().push(object);
            }
        }
        let mut found = Vec::new();
        for group in objects.iter().filter(|object| object.type_name == GROUPS) {
            let text = |name: &str| group.arguments.get(name).and_then(Value::as_str).unwrap_or_default();
            let Some(name) = by_group(spec, text("zone"), text("name")) else { continue };
            let own = members.get(group.id.as_str()).into_iter().flatten();
            let detached = members.get(text("name")).into_iter().flatten();
            let machines: Vec<Machine> = own.chain(detached).map(|member| machine(group, member)).collect();
            let attached = machines.iter().filter(|machine| machine.status != Status::Detached).count();
            found.push((name, ManagedGroups.size(group, attached), machines));
        }
        Ok(MachineGroup::of_zones(spec, found))
    }

    async fn detach(&self, machine: &Machine) -> Result<(), Failure> {
        let change = |arguments: &mut Map<String, Value>| {
            if let Some(metadata) = arguments.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.remove(CREATED_BY);
            }
            let labels = arguments.entry("labels").or_insert_with(|| json!({}));
            labels[DETACHED_LABEL] = machine.group_name().into();
        };
        Ok(self.0.tamper(MEMBERS, &machine.id, change)?)
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
        super::terminate(&self.0, MEMBERS, machine)
    }
}

fn machine(group: &Existing, member: &Existing) -> Machine {
    let made_from = metadata(member, TEMPLATE);
    let status = match metadata(member, CREATED_BY) {
        None => Status::Detached,
        Some(_) if made_from == template(group) => Status::UpToDate,
        Some(_) => Status::NeedsUpdate,
    };
    let interface = member.arguments.get("network_interface").map(|all| &all[0]).unwrap_or(&Value::Null);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Machine {
        id: member.id.clone(),
        group: group.id.clone(),
        status,
        starting: false,
        warm: false,
        machine_type: text(member.arguments.get("machine_type").unwrap_or(&Value::Null)),
        internal_ip: text(&interface["network_ip"]),
        external_ip: text(&interface["access_config"][0]["nat_ip"]),
        node: None,
    }
}
