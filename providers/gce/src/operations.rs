//! Questions and actions of tools that operate what a stack made: the machines of groups, the subnetworks of a network,
//! the zones of Cloud DNS, the properties of a machine type. They belong to no resource type: plans never show them, and
//! the engine never repeats them.

mod listed;
mod machines;

pub use machines::{GroupManager, Machine};

use landform_core::{ErrorKind, Meaning, Result};
use landform_kit::{existing, in_pages, rest::Method};
use serde_json::Value as Json;

use crate::{
    client::{
        Client,
        policy::{Guarded, policy},
        service::Service,
    },
    dns::managed_zone::client::list,
};

/// A type of machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineType {
    /// Its name.
    pub name: String,
    /// The architecture of its processors, as Google writes it: `X86_64`, `ARM64`. Empty if Google does not say.
    pub architecture: String,
    /// How many accelerators it includes.
    pub accelerators: u64,
    /// How many of the host's own disks it includes.
    pub local_disks: u64,
}

/// A zone of Cloud DNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedZone {
    /// Its number.
    pub id: String,
    /// Its name in the project.
    pub name: String,
    /// The name of its records' domain, without a dot at the end.
    pub dns_name: String,
    /// Whether only networks can resolve it.
    pub private: bool,
    /// The paths of the networks that see a private zone.
    pub networks: Vec<String>,
}

/// A subnetwork as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingSubnetwork {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Its primary range, in text.
    pub range: String,
    /// Its secondary ranges, in text.
    pub secondary: Vec<String>,
}

impl Client {
    /// A type of machine, as a zone has it. `None` if the zone does not have it.
    ///
    /// # Errors
    /// Those of `compute.machineTypes.get`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn machine_type_in(&self, zone: &str, name: &str) -> Result<Option<MachineType>> {
        let path = format!("projects/{}/zones/{zone}/machineTypes/{name}", self.project());
        let found = existing(self.send(Method::GET, &path, &[], None).await)?;
        Ok(found.map(|found| MachineType {
            name: text(&found, "name"),
            architecture: text(&found, "architecture"),
            accelerators: sum(&found["accelerators"], "guestAcceleratorCount"),
            local_disks: sum(&found["bundledLocalSsds"], "partitionCount"),
        }))
    }

    /// The zones of Cloud DNS with a name, or the one with a number.
    ///
    /// # Errors
    /// Those of `dns.managedZones.list`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn managed_zones(&self, name_or_id: &str) -> Result<Vec<ManagedZone>> {
        let wanted = Meaning::DnsName.canonical(name_or_id).into_owned();
        let zones = in_pages(|page| list(self, self.project(), page)).await?;
        let zones = zones.iter().map(|zone| {
            let networks = zone["privateVisibilityConfig"]["networks"].as_array().into_iter().flatten();
            let path = |network: &Json| {
                let link = network["networkUrl"].as_str()?;
                Some(crate::client::path_of(link).unwrap_or(link).to_owned())
            };
            ManagedZone {
                id: text(zone, "id"),
                name: text(zone, "name"),
                dns_name: Meaning::DnsName.canonical(&text(zone, "dnsName")).into_owned(),
                private: zone["visibility"] == "private",
                networks: networks.filter_map(path).collect(),
            }
        });
        Ok(zones.filter(|zone| zone.dns_name == wanted || zone.id == name_or_id).collect())
    }

    /// The subnetworks of a network in all regions. `None` if there is no such network.
    ///
    /// # Errors
    /// Those of `compute.networks.get` and `compute.subnetworks.aggregatedList`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn subnetworks_of(
        &self,
        project: &str,
        network: &str,
    ) -> Result<Option<Vec<ExistingSubnetwork>>> {
        let path = format!("projects/{project}/global/networks/{network}");
        if existing(self.send(Method::GET, &path, &[], None).await)?.is_none() {
            return Ok(None);
        }
        let all = self.all_regions(project, "subnetworks", &[]).await?;
        let inside = all.iter().filter(|one| crate::client::path_of(&text(one, "network")) == Some(&*path));
        let found = inside.map(|one| ExistingSubnetwork {
            name: text(one, "name"),
            region: text(one, "region").rsplit('/').next().unwrap_or_default().to_owned(),
            range: text(one, "ipCidrRange"),
            secondary: one["secondaryIpRanges"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|range| text(range, "ipCidrRange"))
                .collect(),
        });
        Ok(Some(found.collect()))
    }

    /// The IP address that is reserved under a name in a region. `None` if there is no such reservation.
    ///
    /// # Errors
    /// Those of `compute.addresses.get`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn reserved_address(&self, region: &str, name: &str) -> Result<Option<String>> {
        let path = format!("projects/{}/regions/{region}/addresses/{name}", self.project());
        let found = existing(self.send(Method::GET, &path, &[], None).await)?;
        Ok(found.map(|found| text(&found, "address")).filter(|address| !address.is_empty()))
    }

    /// Whether everyone may read the objects of a bucket. `None` if there is no such bucket.
    ///
    /// # Errors
    /// Those of `storage.buckets.getIamPolicy`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn may_everyone_read(&self, bucket: &str) -> Result<Option<bool>> {
        let found = existing(policy(self, Guarded::Bucket(bucket)).await)?;
        let everyone = |binding: &Json| {
            let members = binding["members"].as_array();
            members.is_some_and(|members| members.iter().any(|member| member == "allUsers"))
        };
        Ok(found.map(|found| found["bindings"].as_array().is_some_and(|all| all.iter().any(everyone))))
    }

    /// The location of a bucket, in small letters: a region such as `us-central1`, or `us`. `None` if there is no such
    /// bucket.
    ///
    /// # Errors
    /// Those of `storage.buckets.get`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn bucket_location(&self, bucket: &str) -> Result<Option<String>> {
        let url = self.url_at(Service::Storage, ["b", bucket]);
        let found = existing(self.ask(Method::GET, url, &[], None, ErrorKind::Conflict).await)?;
        Ok(found.map(|found| text(&found, "location").to_ascii_lowercase()))
    }
}

fn text(of: &Json, field: &str) -> String {
    of[field].as_str().unwrap_or_default().to_owned()
}

/// The sum of a number over the items of a list, or of one object.
fn sum(of: &Json, field: &str) -> u64 {
    match of {
        Json::Array(items) => items.iter().filter_map(|item| item[field].as_u64()).sum(),
        one => one[field].as_u64().unwrap_or_default(),
    }
}
