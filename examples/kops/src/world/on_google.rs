//! Google Cloud: answers what the cluster layer asks, and finds what a cluster has there.

use std::collections::BTreeSet;

use landform::kops::questions::Asking;
use landform::kops::{FixedLookup, Spec, names};
use landform::{KopsOnGoogle, Provider, Stack, async_trait, gce};

use crate::Failure;
use crate::fleet::google::DETACHED_LABEL;
use crate::machines::{Machine, MachineGroup, Machinery, Status, by_group};
use crate::owned::{self, Candidate};

use super::google_search;
use super::reading::{Which, read};

/// The type of machines, and the label with the name of their cluster.
const MACHINES: &str = "google_compute_instance";
const CLUSTER_LABEL: &str = "k8s-io-cluster-name";

/// A project of Google Cloud.
pub struct OnGoogle {
    cloud: KopsOnGoogle,
}

impl OnGoogle {
    /// Opens the project that the environment names, in the region of the cluster.
    pub async fn open(spec: &Spec) -> Result<Self, Failure> {
        let (name, cluster) = (spec.name(), &spec.cluster.spec);
        let region = cluster.subnets.first().map(|subnet| subnet.region.as_str());
        let region = region.filter(|region| !region.is_empty());
        let region = region.ok_or_else(|| format!("{name}: spec.subnets[0].region: expected a region"))?;
        let client = gce::Client::from_env().await?;
        let (given, own) = (cluster.project.as_str(), client.project());
        if !given.is_empty() && given != own {
            return Err(format!(
                "{name}: spec.project is {given:?}, but the environment names {own:?}, expected one project in both"
            )
            .into());
        }
        Ok(Self { cloud: KopsOnGoogle::new(client, region) })
    }

    pub fn provider(&self) -> Provider {
        self.cloud.client().clone().provider()
    }

    /// The facts that every cluster needs.
    pub async fn lookup(&self) -> Result<FixedLookup, Failure> {
        Ok(self.cloud.lookup().await?)
    }

    /// The answers to what `ask` asks.
    pub async fn answer(
        &self,
        lookup: FixedLookup,
        ask: impl Fn(&Asking<'_>) + Send,
    ) -> Result<FixedLookup, Failure> {
        Ok(self.cloud.answer(lookup, ask).await?)
    }

    /// The resources whose ids follow from the spec's stack, and the machines that a rolling update has detached. Names on
    /// Google are ids, so this finds all that the stack declares.
    pub async fn candidates(&self, spec: &Spec, declared: &Stack) -> Result<Vec<Candidate>, Failure> {
        let (_, all) =
            self.cloud.client().machines(&[], CLUSTER_LABEL, &names::gce::cluster(spec.name())).await?;
        let detached = all.iter().filter(|machine| machine.labels.contains_key(DETACHED_LABEL));
        let type_name = MACHINES.parse::<landform::TypeName>()?;
        let detached: BTreeSet<Which> =
            detached.map(|machine| (type_name.clone(), machine.id.clone())).collect();
        let (provider, mut seen) = (self.provider(), BTreeSet::<Which>::new());
        let mut there = read(&provider, &detached).await?;
        if declared.nodes().next().is_none() {
            // Without a spec, ids do not follow from it.
            let open = google_search::resources(self.cloud.client(), spec.name()).await?;
            for mut found in read(&provider, &open).await? {
                found.is_chosen = true;
                there.push(found);
            }
            return Ok(there);
        }
        loop {
            // A resource is read once, so the rounds end.
            let mut open: BTreeSet<Which> =
                owned::wanted(spec.name(), declared, &there).into_iter().collect();
            open.retain(|which| !seen.contains(which));
            if open.is_empty() {
                return Ok(there);
            }
            there.extend(read(&provider, &open).await?);
            seen.append(&mut open);
        }
    }
}

#[async_trait]
impl Machinery for OnGoogle {
    async fn groups(&self, spec: &Spec) -> Result<Vec<MachineGroup>, Failure> {
        let client = self.cloud.client();
        let mut managers = client.group_managers().await?;
        managers.retain(|manager| by_group(spec, &manager.zone, &manager.name).is_some());
        let cluster = names::gce::cluster(spec.name());
        let (members, ungrouped) = client.machines(&managers, CLUSTER_LABEL, &cluster).await?;
        let zones = managers.iter().zip(members).filter_map(|(manager, members)| {
            let is_detached = |machine: &&gce::operations::Machine| {
                machine.labels.get(DETACHED_LABEL).is_some_and(|group| *group == manager.name)
                    && zone_of(&machine.id) == zone_of(&manager.id)
            };
            let own = members.iter().filter(|machine| machine.action != "DELETING");
            let own = own.map(|machine| (machine, status(machine)));
            let detached = ungrouped.iter().filter(is_detached);
            let all = own.chain(detached.map(|machine| (machine, Status::Detached)));
            let machines: Vec<Machine> = all.map(|(of, status)| machine(&manager.id, of, status)).collect();
            Some((by_group(spec, &manager.zone, &manager.name)?, manager.target as usize, machines))
        });
        Ok(MachineGroup::of_zones(spec, zones))
    }

    async fn detach(&self, machine: &Machine) -> Result<(), Failure> {
        let mark = (DETACHED_LABEL, machine.group_name());
        Ok(self.cloud.client().detach_machine(&machine.group, &machine.id, mark).await?)
    }

    async fn finish_detaching(&self, machine: &Machine) -> Result<(), Failure> {
        let client = self.cloud.client();
        Ok(client.finish_detaching(&machine.group, &machine.id, DETACHED_LABEL).await?)
    }

    async fn deregister(&self, _: &Machine) -> Result<(), Failure> {
        // A group's backend follows from its members. The load balancer drains the connections of one that leaves.
        Ok(())
    }

    async fn terminate(&self, machine: &Machine) -> Result<(), Failure> {
        let client = self.cloud.client();
        match machine.status {
            Status::Detached => {
                self.finish_detaching(machine).await?;
                Ok(client.delete_machine(&machine.id).await?)
            }
            Status::UpToDate | Status::NeedsUpdate => {
                Ok(client.recreate_machine(&machine.group, &machine.id).await?)
            }
        }
    }
}

/// Whether a member of a group matches it. A member that is made again already has the group's template.
fn status(machine: &gce::operations::Machine) -> Status {
    match machine.action.as_str() {
        "ABANDONING" => Status::Detached,
        "RECREATING" => Status::UpToDate,
        _ if machine.current => Status::UpToDate,
        _ => Status::NeedsUpdate,
    }
}

fn machine(group: &str, of: &gce::operations::Machine, status: Status) -> Machine {
    Machine {
        id: of.id.clone(),
        group: group.to_owned(),
        status,
        starting: matches!(of.action.as_str(), "CREATING" | "CREATING_WITHOUT_RETRIES" | "RECREATING"),
        warm: false,
        machine_type: of.machine_type.clone(),
        internal_ip: of.internal_ip.clone().unwrap_or_default(),
        external_ip: of.external_ip.clone().unwrap_or_default(),
        node: None,
    }
}

/// The zone in the path of a resource.
fn zone_of(path: &str) -> Option<&str> {
    path.split_once("/zones/")?.1.split('/').next()
}
