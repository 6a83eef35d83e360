//! The machines of managed instance groups: reads them, and replaces single ones. Makes no machines. Groups do.

use std::collections::BTreeMap;

use landform_core::{Error, ErrorKind, Result};
use landform_kit::{each, existing, rest::Method, senseless};
use serde_json::{Value as Json, json};

use super::text;
use crate::client::{Client, begun, path_of};

/// The end of the label that names the size of a group while a machine is being detached from it.
const SIZE: &str = "-size";

/// A managed instance group of one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupManager {
    /// Its path, `projects/…/zones/…/instanceGroupManagers/…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// The number of machines that it keeps now.
    pub target: u32,
    /// The paths of the templates of its new machines.
    pub templates: Vec<String>,
}

/// An instance that a group has, or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its path, `projects/…/zones/…/instances/…`.
    pub id: String,
    /// The name of its type, such as `e2-small`. Empty if the instance does not exist yet.
    pub machine_type: String,
    /// Whether it was made from a template that its group uses now. Instances outside of groups are not.
    pub current: bool,
    /// What its group does with it: `NONE`, `CREATING`, `RECREATING`, `DELETING`, `ABANDONING` …
    pub action: String,
    /// Its internal address, if it has one.
    pub internal_ip: Option<String>,
    /// Its external address, if it has one.
    pub external_ip: Option<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

impl Client {
    /// The managed instance groups of the project's zones.
    ///
    /// # Errors
    /// Those of `compute.instanceGroupManagers.aggregatedList`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn group_managers(&self) -> Result<Vec<GroupManager>> {
        let all = self.all_regions(self.project(), "instanceGroupManagers", &[]).await?;
        let zonal = all.iter().filter(|one| one["zone"].is_string());
        Ok(zonal.filter_map(manager).collect())
    }

    /// The machines of groups, in the order of the groups, and the instances with a label that are in none of them.
    /// Takes one list of instances and one list of members for each group.
    ///
    /// # Errors
    /// Those of `compute.instances.aggregatedList` and `compute.instanceGroupManagers.listManagedInstances`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn machines(
        &self,
        groups: &[GroupManager],
        key: &str,
        value: &str,
    ) -> Result<(Vec<Vec<Machine>>, Vec<Machine>)> {
        let filter = format!("labels.{key} = {value}");
        let labelled = self.all_regions(self.project(), "instances", &[("filter", &filter)]).await?;
        let mut instances: BTreeMap<String, Json> = BTreeMap::new();
        for instance in labelled {
            if let Some(id) = path_of(&text(&instance, "selfLink")) {
                instances.insert(id.to_owned(), instance.clone());
            }
        }
        let members = each(groups, async |group| Ok(Some((&group.id, self.members(&group.id).await?))));
        let mut members: BTreeMap<&String, Vec<Json>> = members.await?.into_iter().collect();
        let mut found = Vec::new();
        for group in groups {
            let members = members.remove(&group.id).unwrap_or_default();
            let machine = |member: &Json| {
                let link = text(member, "instance");
                let id = path_of(&link)?;
                let template = text(&member["version"], "instanceTemplate");
                let mut machine = machine(id, instances.get(id));
                machine.current = path_of(&template)
                    .is_some_and(|template| group.templates.iter().any(|current| current == template));
                machine.action = text(member, "currentAction");
                Some(machine)
            };
            found.push(members.iter().filter_map(machine).collect::<Vec<_>>());
        }
        for machine in found.iter().flatten() {
            instances.remove(&machine.id);
        }
        let rest = instances.iter().map(|(id, instance)| machine(id, Some(instance)));
        Ok((found, rest.collect()))
    }

    /// Detaches a machine from its group, which starts another one. Marks the machine with a label first, so that a later
    /// run finds it also if this one is interrupted: [`Client::finish_detaching`] then does the rest.
    ///
    /// # Errors
    /// Those of `compute.instances.setLabels`, `compute.instanceGroupManagers.abandonInstances` and
    /// `compute.instanceGroupManagers.resize`. NotFound if the machine or the group does not exist.
    ///
    /// # Cancel safety
    /// Dropping the future may leave the machine marked and in its group: repeating the call continues. It may leave the
    /// machine detached and the group one machine short: [`Client::finish_detaching`] continues.
    pub async fn detach_machine(&self, group: &str, id: &str, mark: (&str, &str)) -> Result<()> {
        let size = self.send(Method::GET, group, &[], None).await?["targetSize"].as_u64().unwrap_or_default();
        let marks = [(mark.0.to_owned(), mark.1.to_owned()), (format!("{}{SIZE}", mark.0), size.to_string())];
        self.relabel(id, |labels| labels.extend(marks.clone())).await?;
        // The group is smaller by one afterwards.
        self.act(group, "abandonInstances", &[], Some(json!({ "instances": [id] }))).await?;
        self.finish_detaching(group, id, mark.0).await
    }

    /// Completes an interrupted [`Client::detach_machine`]: gives the group its size again. It does nothing if there is
    /// nothing to complete.
    ///
    /// # Errors
    /// Those of `compute.instances.get`, `compute.instances.setLabels` and `compute.instanceGroupManagers.resize`.
    ///
    /// # Cancel safety
    /// Repeating the call continues.
    pub async fn finish_detaching(&self, group: &str, id: &str, mark: &str) -> Result<()> {
        let size = format!("{mark}{SIZE}");
        let Some(instance) = existing(self.send(Method::GET, id, &[], None).await)? else { return Ok(()) };
        let wanted = instance["labels"][&size].as_str().and_then(|size| size.parse::<u64>().ok());
        let Some(wanted) = wanted else { return Ok(()) };
        let now = self.send(Method::GET, group, &[], None).await?["targetSize"].as_u64().unwrap_or_default();
        if now < wanted {
            self.act(group, "resize", &[("size", &wanted.to_string())], None).await?;
        }
        self.relabel(id, |labels| drop(labels.remove(&size))).await
    }

    /// Makes a machine of a group again, from the group's present template and under the same name.
    ///
    /// # Errors
    /// Those of `compute.instanceGroupManagers.recreateInstances`. Invalid if the group does not have the machine.
    ///
    /// # Cancel safety
    /// Dropping the future may leave the machine as it is or replace it.
    pub async fn recreate_machine(&self, group: &str, id: &str) -> Result<()> {
        self.act(group, "recreateInstances", &[], Some(json!({ "instances": [id] }))).await
    }

    /// Deletes a machine that is in no group. A machine that is gone is not an error.
    ///
    /// # Errors
    /// Those of `compute.instances.delete`.
    ///
    /// # Cancel safety
    /// Dropping the future may leave the machine or delete it. Repeating the call does no harm.
    pub async fn delete_machine(&self, id: &str) -> Result<()> {
        match self.send(Method::DELETE, id, &[], None).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            started => self.ended(started?).await,
        }
    }

    async fn members(&self, group: &str) -> Result<Vec<Json>> {
        let (mut found, mut page) = (Vec::new(), String::new());
        loop {
            let path = format!("{group}/listManagedInstances");
            let query: Vec<(&str, &str)> = match page.as_str() {
                "" => Vec::new(),
                page => vec![("pageToken", page)],
            };
            let mut answer = self.send(Method::POST, &path, &query, None).await?;
            if let Some(Json::Array(members)) = answer.get_mut("managedInstances").map(Json::take) {
                found.extend(members);
            }
            page = text(&answer, "nextPageToken");
            if page.is_empty() {
                return Ok(found);
            }
        }
    }

    /// Changes the labels of an instance. Somebody else may change them at the same time, so it tries again with the new
    /// fingerprint.
    async fn relabel(&self, id: &str, change: impl Fn(&mut BTreeMap<String, String>)) -> Result<()> {
        const TIMES: usize = 5;
        let mut problem = None;
        for _ in 0..TIMES {
            let instance = self.send(Method::GET, id, &[], None).await?;
            let mut labels = labels(&instance);
            let before = labels.clone();
            change(&mut labels);
            if labels == before {
                return Ok(());
            }
            let body = json!({ "labels": labels, "labelFingerprint": instance["labelFingerprint"] });
            match self.act(id, "setLabels", &[], Some(body)).await {
                Err(error) if error.kind() == ErrorKind::Conflict => problem = Some(error),
                done => return done,
            }
        }
        Err(problem.unwrap_or_else(|| Error::new(ErrorKind::Conflict, "the labels change all the time")))
    }

    /// Calls a method of a resource and waits until it has ended.
    async fn act(&self, path: &str, method: &str, query: &[(&str, &str)], body: Option<Json>) -> Result<()> {
        let started = self.send(Method::POST, &format!("{path}/{method}"), query, body).await?;
        self.ended(started).await
    }

    /// Waits for an operation. Google answers when it has ended, or after two minutes.
    async fn ended(&self, started: Json) -> Result<()> {
        let mut now = started;
        loop {
            let operation = begun(&now)?;
            if now["status"] == "DONE" {
                return Ok(());
            }
            now = self.send(Method::POST, &format!("{}/wait", operation.as_str()), &[], None).await?;
            if !now.is_object() {
                return Err(senseless("the answer of an operation's wait is empty"));
            }
        }
    }
}

fn manager(one: &Json) -> Option<GroupManager> {
    let versions = one["versions"].as_array().into_iter().flatten();
    let mut templates: Vec<String> = versions
        .chain([one])
        .filter_map(|of| Some(path_of(of["instanceTemplate"].as_str()?)?.to_owned()))
        .collect();
    templates.sort_unstable();
    templates.dedup();
    Some(GroupManager {
        id: path_of(one["selfLink"].as_str()?)?.to_owned(),
        name: text(one, "name"),
        zone: text(one, "zone").rsplit('/').next().unwrap_or_default().to_owned(),
        target: one["targetSize"].as_u64().and_then(|size| u32::try_from(size).ok()).unwrap_or_default(),
        templates,
    })
}

/// A machine by its path, and its instance if there is one.
fn machine(id: &str, instance: Option<&Json>) -> Machine {
    let instance = instance.unwrap_or(&Json::Null);
    let interface = &instance["networkInterfaces"][0];
    let address = |text: &Json| text.as_str().map(str::to_owned);
    Machine {
        id: id.to_owned(),
        machine_type: text(instance, "machineType").rsplit('/').next().unwrap_or_default().to_owned(),
        current: false,
        action: "NONE".to_owned(),
        internal_ip: address(&interface["networkIP"]),
        external_ip: address(&interface["accessConfigs"][0]["natIP"]),
        labels: labels(instance),
    }
}

fn labels(instance: &Json) -> BTreeMap<String, String> {
    let labels = instance["labels"].as_object().into_iter().flatten();
    labels.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}
