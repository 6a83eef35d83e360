//! Reads the machine types of a zone.

use landform_core::{DataSource, Error, ErrorKind, Id, Result};
use landform_kit::{async_trait, rest::declared};
use serde_json::{Value as Json, json};

use super::{MachineTypes, MachineTypesAttributes};
use crate::client::Client;

#[async_trait]
impl DataSource<MachineTypes> for Client {
    async fn read(&self, asked: &MachineTypes) -> Result<MachineTypesAttributes> {
        let Some(zone) = asked.zone.as_deref().or(self.zone()) else {
            let message = "no zone is given: expected one in the question or the client";
            return Err(Error::new(ErrorKind::Invalid, message).at("zone"));
        };
        let project = asked.project.as_deref().unwrap_or(self.project());
        let path = format!("projects/{project}/zones/{zone}");
        let filter: Vec<_> = asked.filter.as_deref().map(|filter| ("filter", filter)).into_iter().collect();
        let mut found = self.all(&format!("{path}/machineTypes"), &filter).await?;
        found.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
        let machine_types = found.iter().map(shown).collect::<Vec<_>>();
        Ok(MachineTypesAttributes { id: Id::new(path), machine_types: declared(&machine_types.into())? })
    }
}

fn shown(of: &Json) -> Json {
    json!({
        "name": of["name"], "description": of["description"], "guest_cpus": of["guestCpus"],
        "memory_mb": of["memoryMb"], "is_shared_cpus": of["isSharedCpu"], "self_link": of["selfLink"],
    })
}
