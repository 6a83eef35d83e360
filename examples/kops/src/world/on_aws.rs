//! AWS: answers what the cluster layer asks, and replaces machines of Auto Scaling groups.

use landform::kops::lookup::Architecture;
use landform::kops::questions::Asking;
use landform::kops::selector::{Offer, Placement, Usage};
use landform::kops::spec::Role;
use landform::kops::{FixedLookup, Spec};
use landform::{KopsOnAws, Provider, Stack, async_trait, aws};

use crate::Failure;
use crate::fleet::DETACHED_TAG;
use crate::machines::{Machine, MachineGroup, Machinery, Status};
use crate::owned::Candidate;

use super::search;

/// The tags by which kops finds the groups of a cluster.
const CLUSTER_TAG: &str = "KubernetesCluster";
const GROUP_TAG: &str = "kops.k8s.io/instancegroup";

/// An account of AWS.
pub struct OnAws {
    cloud: KopsOnAws,
}

impl OnAws {
    /// Opens the account that the environment names, in the region of the cluster.
    pub async fn open(region: Option<&str>) -> Result<Self, Failure> {
        let client = match region {
            Some(region) => aws::Client::from_env_in(region).await?,
            None => aws::Client::from_env().await?,
        };
        Ok(Self { cloud: KopsOnAws::new(client) })
    }

    fn client(&self) -> &aws::Client {
        self.cloud.client()
    }

    pub fn provider(&self) -> Provider {
        self.client().clone().provider()
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

    pub async fn candidates(&self, spec: &Spec, declared: &Stack) -> Result<Vec<Candidate>, Failure> {
        search::candidates(self.client(), spec, declared).await
    }

    /// The types of machines that the region offers.
    pub async fn machine_types(&self) -> Result<Vec<Offer>, Failure> {
        let (types, mut zones) =
            futures::try_join!(self.client().all_machine_types(), self.client().zones_of_machine_types())?;
        let offer = |of: aws::operations::MachineType| Offer {
            cpus: of.vcpus,
            memory: of.memory_mib,
            gpus: of.gpus,
            gpu_memory: of.gpu_memory_mib,
            architectures: Architecture::of_ec2(&of.architectures),
            usage: Usage::of_ec2(&of.usage_classes),
            is_burstable: of.burstable,
            is_bare_metal: of.bare_metal,
            has_fpga: of.fpga,
            has_ena: of.ena,
            interfaces: of.interfaces,
            placements: Placement::of_ec2(&of.placements),
            zones: Some(zones.remove(&of.name).unwrap_or_default()),
            name: of.name,
        };
        Ok(types.into_iter().map(offer).collect())
    }
}

#[async_trait]
impl Machinery for OnAws {
    async fn groups(&self, spec: &Spec) -> Result<Vec<MachineGroup>, Failure> {
        let machines = self.client().machines(CLUSTER_TAG, spec.name()).await?;
        let mut found = Vec::new();
        for of in machines.groups {
            let Some(group) = of.tags.get(GROUP_TAG).and_then(|name| spec.group(name)) else { continue };
            let is_detached = |machine: &&aws::operations::Machine| {
                machine.tags.get(DETACHED_TAG).is_some_and(|group| *group == of.name)
            };
            let status = |machine: &aws::operations::Machine| {
                if machine.current { Status::UpToDate } else { Status::NeedsUpdate }
            };
            let detached = machines.ungrouped.iter().filter(is_detached);
            let machines = of.machines.iter().map(|machine| (machine, status(machine)));
            let machines = machines.chain(detached.map(|machine| (machine, Status::Detached)));
            found.push(MachineGroup {
                name: group.metadata.name.clone(),
                role: group.spec.role.unwrap_or(Role::Node),
                min: of.min as usize,
                target: of.desired as usize,
                max: of.max as usize,
                machines: machines
                    .map(|(machine, status)| Machine {
                        id: machine.id.clone(),
                        group: of.name.clone(),
                        status,
                        starting: false,
                        warm: machine.warm,
                        machine_type: machine.machine_type.clone(),
                        internal_ip: machine.private_ip.clone().unwrap_or_default(),
                        external_ip: machine.public_ip.clone().unwrap_or_default(),
                        node: None,
                    })
                    .collect(),
            });
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    async fn detach(&self, machine: &Machine) -> Result<(), Failure> {
        let mark = (DETACHED_TAG, machine.group.as_str());
        Ok(self.client().detach_machine(&machine.group, &machine.id, mark).await?)
    }

    async fn finish_detaching(&self, _: &Machine) -> Result<(), Failure> {
        // One call detaches a machine.
        Ok(())
    }

    async fn deregister(&self, machine: &Machine) -> Result<(), Failure> {
        Ok(self.client().deregister_machine(&machine.group, &machine.id).await?)
    }

    async fn terminate(&self, machine: &Machine) -> Result<(), Failure> {
        Ok(self.client().terminate_machine(&machine.id).await?)
    }
}
