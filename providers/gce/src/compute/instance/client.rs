//! The calls for instances. A change that must stop an instance first marks it with a label, so that the process that
//! continues the change starts it again.

use std::collections::{BTreeMap, BTreeSet};

use landform_kit::rest::Method;

use super::{Instance, InstanceDisk};
use crate::{
    client::{STOPPED_LABEL, path_of, prelude::*},
    compute::instance_template::client::{as_items, as_map},
};

/// The fields that change only while an instance does not run, and the methods that change them.
const STOPPED: [(&str, &str); 4] = [
    ("machine_type", "setMachineType"),
    ("service_account", "setServiceAccount"),
    ("min_cpu_platform", "setMinCpuPlatform"),
    ("shielded_instance_config", "updateShieldedInstanceConfig"),
];

impl Entry for Instance {
    const TABLE: Table = Table {
        collection: "instances",
        scope: Scope::Zone,
        renamed: &[
            ("boot_disk.initialize_params.size", "diskSizeGb"),
            ("boot_disk.initialize_params.type", "diskType"),
            ("boot_disk.initialize_params.image", "sourceImage"),
            ("network_interface", "networkInterfaces"),
            ("network_interface.network_ip", "networkIP"),
            ("network_interface.access_config", "accessConfigs"),
            ("network_interface.access_config.nat_ip", "natIP"),
            ("network_interface.alias_ip_range", "aliasIpRanges"),
            ("metadata", "metadata.items"),
            ("tags", "tags.items"),
            ("service_account", "serviceAccounts"),
        ],
        changes: &[],
    };

    fn sent(body: &mut Map<String, Json>, place: &Place) {
        body.remove("allowStoppingForUpdate");
        if let Some(Json::String(kind)) = body.get_mut("machineType")
            && !kind.contains('/')
        {
            *kind = format!("{}/machineTypes/{kind}", place.scope());
        }
        let mut disks = Vec::new();
        if let Some(mut boot) = body.remove("bootDisk") {
            boot["boot"] = true.into();
            if let Some(Json::String(kind)) = boot.pointer_mut("/initializeParams/diskType")
                && !kind.contains('/')
            {
                *kind = format!("{}/diskTypes/{kind}", place.scope());
            }
            disks.push(boot);
        }
        if let Some(Json::Array(others)) = body.remove("attachedDisk") {
            disks.extend(others.into_iter().map(attached));
        }
        body.insert("disks".to_owned(), disks.into());
        if let Some(metadata) = body.get_mut("metadata") {
            as_items(metadata);
        }
        if let Some(account) = body.get_mut("serviceAccounts") {
            *account = json!([account.take()]);
        }
    }

    fn shown(answer: &mut Map<String, Json>) {
        if let Some(Json::String(kind)) = answer.get_mut("machineType")
            && let Some((_, name)) = kind.rsplit_once('/')
        {
            *kind = name.to_owned();
        }
        let disks = answer.remove("disks");
        let disks = disks.as_ref().and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let is_boot = |disk: &&Json| disk["boot"] == true;
        if let Some(boot) = disks.iter().find(is_boot) {
            answer.insert("bootDisk".to_owned(), boot.clone());
        }
        let others: Json = disks.iter().filter(|disk| !is_boot(disk)).cloned().collect();
        answer.insert("attachedDisk".to_owned(), others);
        for (field, name) in [("metadata", "metadataFingerprint"), ("tags", "tagsFingerprint")] {
            let print = answer.get(field).map(|of| of["fingerprint"].clone()).unwrap_or_default();
            answer.insert(name.to_owned(), print);
        }
        if let Some(metadata) = answer.get_mut("metadata") {
            as_map(metadata);
        }
        for (from, to) in [("id", "instanceId"), ("status", "currentStatus")] {
            let value = answer.get(from).cloned().unwrap_or_default();
            answer.insert(to.to_owned(), value);
        }
        if let Some(Json::Array(accounts)) = answer.get_mut("serviceAccounts") {
            let first = accounts.drain(..).next();
            answer.insert("serviceAccounts".to_owned(), first.unwrap_or_default());
        }
    }
}

#[async_trait]
impl Calls<Client> for Instance {
    const REPEATED: Repeated = Repeated::IsRecognised;
    /// One list shows all instances of a zone.
    const PAGE: usize = 5000;
    const LISTS: bool = true;
    const TAGS: Option<Tagging<Client, Self>> = tagged!(labels, table::label);
    /// Guest agents and Google's own tools write metadata too.
    const SHARED: Option<Shared<Self>> = shared!(metadata);
    const SETTLES: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        table::look(client, which).await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        table::make(self, client, attempt).await
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let there = &seen.object.attributes;
        if let Some((field, method)) = STOPPED.iter().find(|(field, _)| due.has(field)) {
            return match there.current_status.as_str() {
                "TERMINATED" => self.set(client, seen, due, field, method).await,
                _ if self.allow_stopping_for_update != Some(true) => {
                    let message = format!(
                        "{field} changes only while the instance does not run: set allow_stopping_for_update, or \
                         stop it"
                    );
                    Err(Error::new(ErrorKind::Invalid, message))
                }
                _ if !seen.tags.contains_key(STOPPED_LABEL) => mark(client, seen, true).await,
                _ => call(client, seen, "stop", &due.attempt.request_id("stop"), &[], json!({})).await,
            };
        }
        if due.has("metadata") {
            let print = &there.metadata_fingerprint;
            let mut metadata = json!({ "items": self.metadata });
            as_items(&mut metadata);
            metadata["fingerprint"] = print.as_str().into();
            let request = due.attempt.request_id(&format!("setMetadata {print}"));
            return call(client, seen, "setMetadata", &request, &[], metadata).await;
        }
        if due.has("tags") {
            let print = &there.tags_fingerprint;
            let tags = json!({ "items": self.tags, "fingerprint": print });
            let request = due.attempt.request_id(&format!("setTags {print}"));
            return call(client, seen, "setTags", &request, &[], tags).await;
        }
        if due.has("scheduling") {
            return self.set(client, seen, due, "scheduling", "setScheduling").await;
        }
        if due.has("deletion_protection") {
            let on = if self.deletion_protection { "true" } else { "false" };
            let request = due.attempt.request_id(&format!("setDeletionProtection {on}"));
            let query = [("deletionProtection", on)];
            return call(client, seen, "setDeletionProtection", &request, &query, json!({})).await;
        }
        if due.has("attached_disk") {
            return self.attach(client, seen, due).await;
        }
        Ok(Next::Done)
    }

    /// Starts an instance that a change has stopped.
    async fn settle(client: &Client, seen: &Seen<Self>) -> Result<Next> {
        match (seen.tags.contains_key(STOPPED_LABEL), seen.object.attributes.current_status.as_str()) {
            (false, _) => Ok(Next::Done),
            (true, "TERMINATED") => {
                let operation =
                    client.send(Method::POST, &format!("{}/start", seen.id()), &[], Some(json!({}))).await?;
                Ok(Next::Started(begun(&operation)?))
            }
            (true, _) => mark(client, seen, false).await,
        }
    }

    async fn remove(client: &Client, prior: &Observed<Self>, attempt: &Attempt<'_>) -> Result<Next> {
        table::remove::<Self>(client, prior.id(), attempt).await
    }
}

impl Instance {
    /// Sets one field by its method. The body of most methods is the field's value.
    async fn set(
        &self,
        client: &Client,
        seen: &Seen<Self>,
        due: &Due<'_>,
        field: &str,
        method: &str,
    ) -> Result<Next> {
        let place = Place::parse(seen.id(), Scope::Zone, "instances")?;
        let mut body = table::spelt(self, Self::TABLE.renamed)?;
        Self::sent(&mut body, &place);
        let body = match field {
            "machine_type" => json!({ "machineType": body["machineType"] }),
            "min_cpu_platform" => json!({ "minCpuPlatform": body.get("minCpuPlatform") }),
            "service_account" => match body.remove("serviceAccounts") {
                Some(mut accounts) => accounts[0].take(),
                // No account.
                None => json!({}),
            },
            _ => body.remove(&table::wire_name(&[], field)).unwrap_or_default(),
        };
        let request = due.attempt.request_id(method);
        if field == "shielded_instance_config" {
            let path = format!("{}/{method}", seen.id());
            let query = [("requestId", request.as_str())];
            let operation = client.send(Method::PATCH, &path, &query, Some(body)).await?;
            return Ok(Next::Started(begun(&operation)?));
        }
        call(client, seen, method, &request, &[], body).await
    }

    /// Detaches a disk that the declaration does not have, else attaches one that the instance does not have.
    async fn attach(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let there = &seen.object.arguments.attached_disk;
        if let Some(gone) = there.iter().find(|disk| !has(&self.attached_disk, disk)) {
            let device = gone.device_name.clone().unwrap_or_default();
            let request = due.attempt.request_id(&format!("detachDisk {}", gone.source));
            let query = [("deviceName", device.as_str())];
            return call(client, seen, "detachDisk", &request, &query, json!({})).await;
        }
        let Some(new) = self.attached_disk.iter().find(|disk| !has(there, disk)) else {
            return Ok(Next::Done);
        };
        let mut body = json!({ "source": new.source, "mode": new.mode });
        if let Some(device) = &new.device_name {
            body["deviceName"] = device.as_str().into();
        }
        let request = due.attempt.request_id(&format!("attachDisk {}", new.source));
        call(client, seen, "attachDisk", &request, &[], attached(body)).await
    }
}

/// Whether a list has a disk with the same source, mode and device.
fn has(disks: &BTreeSet<InstanceDisk>, wanted: &InstanceDisk) -> bool {
    let source = |disk: &InstanceDisk| path_of(&disk.source).unwrap_or(&disk.source).to_owned();
    disks.iter().any(|disk| {
        let devices = (disk.device_name.as_deref(), wanted.device_name.as_deref());
        let same_device = matches!(devices, (None, _) | (_, None)) || devices.0 == devices.1;
        source(disk) == source(wanted) && disk.mode == wanted.mode && same_device
    })
}

/// A further disk stays when its instance goes, because it is a resource of its own.
fn attached(mut disk: Json) -> Json {
    disk["boot"] = false.into();
    disk["autoDelete"] = false.into();
    disk
}

/// Adds or removes the label of an instance that a change stops.
async fn mark(client: &Client, seen: &Seen<Instance>, stopped: bool) -> Result<Next> {
    let mut all: BTreeMap<String, String> = seen.tags.clone();
    match stopped {
        true => all.insert(STOPPED_LABEL.to_owned(), "true".to_owned()),
        false => all.remove(STOPPED_LABEL),
    };
    let change = landform_kit::TagChange { all, ..Default::default() };
    table::label(client, seen, &change).await
}

async fn call(
    client: &Client,
    seen: &Seen<Instance>,
    method: &str,
    request: &str,
    query: &[(&str, &str)],
    body: Json,
) -> Result<Next> {
    let query: Vec<_> = [("requestId", request)].into_iter().chain(query.iter().copied()).collect();
    let path = format!("{}/{method}", seen.id());
    let operation = client.send(Method::POST, &path, &query, Some(body)).await?;
    Ok(Next::Started(begun(&operation)?))
}
