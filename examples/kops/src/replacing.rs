//! Replaces machines one after the other: drains one, terminates it, and checks the cluster before the next (kops
//! `pkg/instancegroups`). The cloud shows which machines are old, so a second run continues a killed one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use landform::kops::spec::{Manager, Role};
use landform::kops::{Pace, Spec};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::Failure;
use crate::arguments::Conduct;
use crate::health;
use crate::kubernetes::Kubernetes;
use crate::machines::{Machine, MachineGroup, Status};
use crate::question::{self, Answers};
use crate::world::{World, is_on_google};

/// The pause between two checks of a healthy cluster.
const STEADY: Duration = Duration::from_secs(10);
/// The shortest and the longest pause between checks of an unhealthy cluster.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];

/// The answers to the question whether to continue.
#[derive(Clone, Copy)]
enum Continue {
    Yes,
    No,
    /// Yes, and no more questions.
    Always,
}

const CONTINUE: Answers<'static, Continue> = &[
    (&["", "y", "yes"], Continue::Yes),
    (&["n", "no"], Continue::No),
    (&["a", "always", "alwaysyes"], Continue::Always),
];

/// Why a replacement stopped early.
#[derive(Debug)]
pub enum Stop {
    /// The cluster was not healthy in time.
    NotValid(String),
    /// A machine was not replaced.
    Failed(Failure),
    /// The user stopped it.
    Unwanted,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotValid(message) => f.write_str(message),
            Self::Failed(failure) => write!(f, "{failure}"),
            Self::Unwanted => f.write_str("stopped by the user"),
        }
    }
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Replaces the machines of groups.
pub struct Replacing {
    pub spec: Spec,
    pub world: World,
    /// The cluster's Kubernetes API. With `None`, nothing is drained or checked.
    pub kubernetes: Option<Kubernetes>,
    pub conduct: Conduct,
    /// Whether to ask the user after each machine.
    pub asks: AtomicBool,
    /// Whether to replace machines that are up to date.
    pub force: bool,
}

impl Replacing {
    /// Replaces the machines of a group that are not up to date. Waits at least `interval` after each.
    pub async fn group(self: &Arc<Self>, group: &MachineGroup, interval: Duration) -> Result<(), Stop> {
        let mut update: Vec<Machine> = group.outdated().cloned().collect();
        let none_ready = group.ready().next().is_none();
        if self.force {
            update.extend(group.ready().cloned());
        }
        if update.is_empty() {
            return Ok(());
        }
        if group.role != Role::Bastion {
            self.valid(group, "", 1).await?;
            self.schedule(&update).await?;
        }
        for machine in update.iter().filter(|machine| machine.warm) {
            say(format_args!("Terminating {} of the warm pool of {}", machine.id, group.name));
            self.world.machinery().terminate(machine).await?;
        }
        update.retain(|machine| !machine.warm);
        // Detached machines come last, because their replacements already run.
        update.sort_by_key(|machine| machine.status == Status::Detached);
        let Some(of_spec) = self.spec.group(&group.name) else { return Ok(()) };
        let mut pace = Pace::of(&self.spec.cluster.spec, &of_spec.spec, group.machines.len(), update.len());
        if of_spec.spec.manager == Some(Manager::Karpenter) {
            pace.surge = 0;
        }
        if self.asks.load(Ordering::Relaxed) {
            pace = Pace { surge: pace.surge.min(1), at_once: 1, ..pace };
        }
        let mut proven = !none_ready;
        if self.kubernetes.is_some() {
            self.surge(group, &mut update, pace.surge, interval, &mut proven).await?;
        }
        if !pace.terminates {
            say(format_args!("The spec of {} says to detach machines and not to terminate them", group.name));
            return Ok(());
        }
        self.end_all(group, update, pace.at_once, proven, interval).await
    }

    /// Detaches machines, so that their replacements start before they end. Begins with the last one of the list.
    async fn surge(
        &self,
        group: &MachineGroup,
        update: &mut [Machine],
        surge: usize,
        interval: Duration,
        proven: &mut bool,
    ) -> Result<(), Stop> {
        let (mut detached, all) = (0, update.len());
        for (tried, machine) in update.iter_mut().rev().enumerate() {
            if detached >= surge {
                break;
            }
            if machine.status == Status::Detached {
                self.world.machinery().finish_detaching(machine).await?;
                detached += 1;
                continue;
            }
            say(format_args!("Detaching {} from {}", shown(machine), group.name));
            if let Err(error) = self.world.machinery().detach(machine).await {
                eprintln!("warning: {} was not detached: {error}", machine.id);
                continue;
            }
            machine.status = Status::Detached;
            detached += 1;
            // If no machine matches the new spec yet, the first one must prove it.
            if detached == surge || !*proven || tried + 1 == all {
                wait(interval).await;
                self.valid(group, " after detaching an instance", self.conduct.validate_count).await?;
                *proven = true;
            }
        }
        Ok(())
    }

    /// Terminates machines, this number at the same time.
    async fn end_all(
        self: &Arc<Self>,
        group: &MachineGroup,
        update: Vec<Machine>,
        at_once: usize,
        mut proven: bool,
        interval: Duration,
    ) -> Result<(), Stop> {
        let after = " after terminating an instance";
        let mut ending: JoinSet<Result<(), Failure>> = JoinSet::new();
        for machine in update {
            let (replacing, role) = (self.clone(), group.role);
            let name = shown(&machine);
            ending.spawn(async move { replacing.end(&machine, role, interval).await });
            if ending.len() < at_once && proven {
                continue;
            }
            self.one(&mut ending).await?;
            self.valid(group, after, self.conduct.validate_count).await?;
            proven = true;
            self.ask(&name)?;
            while let Some(ended) = ending.try_join_next() {
                self.settled(&mut ending, ended).await?;
            }
        }
        if ending.is_empty() {
            return Ok(());
        }
        while !ending.is_empty() {
            self.one(&mut ending).await?;
        }
        self.valid(group, after, self.conduct.validate_count).await
    }

    async fn one(&self, ending: &mut JoinSet<Result<(), Failure>>) -> Result<(), Stop> {
        match ending.join_next().await {
            Some(ended) => self.settled(ending, ended).await,
            None => Ok(()),
        }
    }

    /// Takes the result of one machine. After a failure, it waits for the others that have begun.
    async fn settled(
        &self,
        ending: &mut JoinSet<Result<(), Failure>>,
        ended: Result<Result<(), Failure>, tokio::task::JoinError>,
    ) -> Result<(), Stop> {
        let ended = ended.map_err(Failure::from).and_then(|ended| ended);
        if ended.is_err() {
            while ending.join_next().await.is_some() {}
        }
        Ok(ended?)
    }

    /// Detaches a machine if the user wants it and it is possible, then terminates it.
    pub async fn single(&self, group: &MachineGroup, machine: &Machine, surge: bool) -> Result<(), Stop> {
        let mut machine = machine.clone();
        let manager = self.spec.group(&group.name).and_then(|group| group.spec.manager);
        if surge && group.role == Role::ControlPlane {
            say(format_args!("A machine of the control plane cannot be detached, so it is terminated first"));
        } else if surge && manager != Some(Manager::Karpenter) && machine.status != Status::Detached {
            say(format_args!("Detaching {} from {}", shown(&machine), group.name));
            self.world.machinery().detach(&machine).await?;
            machine.status = Status::Detached;
            self.valid(group, " after detaching an instance", self.conduct.validate_count).await?;
        }
        Ok(self.end(&machine, group.role, Duration::ZERO).await?)
    }

    /// Drains a machine, terminates it, and waits.
    async fn end(&self, machine: &Machine, role: Role, interval: Duration) -> Result<(), Failure> {
        match (&self.kubernetes, &machine.node) {
            (Some(kubernetes), Some(node)) if role != Role::Bastion => {
                say(format_args!("Draining {}", shown(machine)));
                if let Err(error) = self.drain(kubernetes, machine, node, role).await {
                    if self.conduct.fail_on_drain_error {
                        return Err(format!("{}: {error}", shown(machine)).into());
                    }
                    eprintln!("warning: {}: {error}", shown(machine));
                }
            }
            (Some(_), None) if role != Role::Bastion => {
                say(format_args!("{} is not a node of the cluster, so it is not drained", machine.id));
            }
            _ => {}
        }
        say(format_args!("Terminating {}", shown(machine)));
        self.world.machinery().terminate(machine).await?;
        wait(interval).await;
        Ok(())
    }

    async fn drain(
        &self,
        kubernetes: &Kubernetes,
        machine: &Machine,
        node: &k8s_openapi::api::core::v1::Node,
        role: Role,
    ) -> Result<(), Failure> {
        kubernetes.cordon(node).await?;
        // The only API server cannot serve its own drain.
        if !matches!(role, Role::ControlPlane | Role::ApiServer) || self.api_servers() > 1 {
            self.world.machinery().deregister(machine).await?;
        }
        kubernetes.drain(node, self.conduct.drain_timeout).await?;
        wait(self.conduct.post_drain_delay).await;
        if is_on_google(&self.spec) {
            // The next machine has the same name. Without this, its node would be ready before the machine is.
            kubernetes.forget(node).await?;
        }
        Ok(())
    }

    /// The least number of machines that serve the API.
    fn api_servers(&self) -> u32 {
        let serve = |role| matches!(role, Some(Role::ControlPlane | Role::ApiServer));
        let groups = self.spec.groups.iter().filter(|group| serve(group.spec.role));
        groups.map(|group| group.spec.min_size.unwrap_or(1)).sum()
    }

    /// Asks the scheduler to prefer other machines than these.
    async fn schedule(&self, update: &[Machine]) -> Result<(), Stop> {
        let Some(kubernetes) = &self.kubernetes else { return Ok(()) };
        for node in update.iter().filter_map(|machine| machine.node.as_ref()) {
            if let Err(error) = kubernetes.schedule_for_update(node).await {
                if self.conduct.fail_on_drain_error {
                    return Err(error.into());
                }
                eprintln!("warning: {error}");
            }
        }
        Ok(())
    }

    /// Waits until the cluster is healthy for a group, this number of checks in a row.
    async fn valid(&self, group: &MachineGroup, when: &str, times: u32) -> Result<(), Stop> {
        let Some(kubernetes) = self.kubernetes.as_ref().filter(|_| group.role != Role::Bastion) else {
            return Ok(());
        };
        let until = Instant::now() + self.conduct.validation_timeout;
        let (mut in_a_row, mut pause) = (0, AGAIN[0]);
        while in_a_row < times {
            let trouble = match health::check(&self.spec, &self.world, kubernetes, 0).await {
                Ok(health) => {
                    let concerns =
                        |fault: &&health::Fault| self.concerns(fault.group.as_deref(), &group.name);
                    let faults: Vec<String> =
                        health.faults.iter().filter(concerns).map(|fault| fault.message.clone()).collect();
                    faults.join(", ")
                }
                Err(error) => error.to_string(),
            };
            if trouble.is_empty() {
                in_a_row += 1;
                if in_a_row < times {
                    sleep(STEADY).await;
                }
                continue;
            }
            in_a_row = 0;
            if Instant::now() + pause > until {
                let told = format!("the cluster did not validate{when}: {trouble}");
                if self.conduct.fail_on_validate_error {
                    return Err(Stop::NotValid(told));
                }
                eprintln!("warning: {told}");
                return Ok(());
            }
            say(format_args!("The cluster does not validate yet{when}: {trouble}"));
            sleep(pause).await;
            pause = (pause * 2).min(AGAIN[1]);
        }
        Ok(())
    }

    /// Whether a problem of one group stops the replacement of another. A problem of the control plane always does.
    fn concerns(&self, faulty: Option<&str>, group: &str) -> bool {
        let Some(faulty) = faulty else { return true };
        let controls =
            |of: &str| self.spec.group(of).is_some_and(|of| of.spec.role == Some(Role::ControlPlane));
        faulty == group || controls(faulty)
    }

    /// Asks the user whether to continue, if the options say so.
    fn ask(&self, replaced: &str) -> Result<(), Stop> {
        if !self.asks.load(Ordering::Relaxed) {
            return Ok(());
        }
        let question = format!("{replaced} is replaced. Continue? (Y)es, (N)o, (A)lwaysYes: [Y]");
        match question::ask(&question, CONTINUE)? {
            Some(Continue::Yes) => Ok(()),
            Some(Continue::Always) => {
                self.asks.store(false, Ordering::Relaxed);
                Ok(())
            }
            Some(Continue::No) | None => Err(Stop::Unwanted),
        }
    }
}

/// A machine in messages.
pub fn shown(machine: &Machine) -> String {
    match machine.node_name() {
        "" => machine.id.clone(),
        node => format!("{} ({node})", machine.id),
    }
}

fn say(what: fmt::Arguments<'_>) {
    println!("{}", landform::Printable(what).in_a_line());
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}
