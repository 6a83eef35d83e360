//! The part of a cluster that an update changes: a phase, some instance groups, and what lifecycle overrides leave. Plans
//! this part.

use std::collections::{BTreeMap, BTreeSet};

use landform::kops::Spec;
use landform::kops::spec::Role;
use landform::{Address, Change, ChangeKind, Engine, Plan, PlanOptions, Stack, view};

use crate::Failure;
use crate::arguments::{GroupChoice, Phase, UpdateCluster};

/// kops's names for kinds of resources, each with its types.
const TASKS: [(&str, &[&str]); 39] = [
    ("Address", &["google_compute_address"]),
    ("AutoscalingGroup", &["aws_autoscaling_group"]),
    ("AutoscalingLifecycleHook", &["aws_autoscaling_lifecycle_hook"]),
    ("BackendService", &["google_compute_region_backend_service"]),
    ("ClassicLoadBalancer", &["aws_elb"]),
    ("DHCPOptions", &["aws_vpc_dhcp_options"]),
    ("DNSName", &["aws_route53_record"]),
    ("DNSZone", &["aws_route53_zone", "aws_route53_zone_association"]),
    ("Disk", &["google_compute_disk"]),
    ("EBSVolume", &["aws_ebs_volume"]),
    ("ElasticIP", &["aws_eip"]),
    ("FirewallRule", &["google_compute_firewall"]),
    ("ForwardingRule", &["google_compute_forwarding_rule"]),
    ("HTTPHealthcheck", &["google_compute_http_health_check"]),
    ("HealthCheck", &["google_compute_region_health_check"]),
    ("IAMInstanceProfile", &["aws_iam_instance_profile"]),
    ("IAMOIDCProvider", &["aws_iam_openid_connect_provider"]),
    ("IAMRole", &["aws_iam_role"]),
    ("IAMRolePolicy", &["aws_iam_role_policy", "aws_iam_role_policy_attachment"]),
    ("InstanceGroupManager", &["google_compute_instance_group_manager"]),
    ("InstanceTemplate", &["google_compute_instance_template"]),
    ("InternetGateway", &["aws_internet_gateway", "aws_egress_only_internet_gateway"]),
    ("LaunchTemplate", &["aws_launch_template"]),
    ("ManagedFile", &["aws_s3_object", "google_storage_bucket_object"]),
    ("NatGateway", &["aws_nat_gateway"]),
    ("Network", &["google_compute_network"]),
    ("NetworkLoadBalancer", &["aws_lb", "aws_lb_listener"]),
    ("ProjectIAMBinding", &["google_project_iam_member"]),
    ("Route", &["aws_route"]),
    ("RouteTable", &["aws_route_table", "aws_route_table_association"]),
    ("Router", &["google_compute_router", "google_compute_router_nat"]),
    ("SSHKey", &["aws_key_pair"]),
    ("SecurityGroup", &["aws_security_group", "aws_security_group_rule"]),
    ("ServiceAccount", &["google_service_account"]),
    ("StorageBucketIAM", &["google_storage_bucket_iam_member"]),
    ("Subnet", &["aws_subnet", "google_compute_subnetwork"]),
    ("TargetGroup", &["aws_lb_target_group"]),
    ("TargetPool", &["google_compute_target_pool"]),
    ("VPC", &["aws_vpc", "aws_vpc_dhcp_options_association", "aws_vpc_ipv4_cidr_block_association"]),
];

/// The kinds of the first two phases. The other kinds belong to `cluster`.
const NETWORK: [&str; 11] = [
    "DHCPOptions",
    "ElasticIP",
    "InternetGateway",
    "NatGateway",
    "Network",
    "Route",
    "RouteTable",
    "Router",
    "Subnet",
    "VPC",
    "DNSZone",
];
const SECURITY: [&str; 10] = [
    "FirewallRule",
    "IAMInstanceProfile",
    "IAMOIDCProvider",
    "IAMRole",
    "IAMRolePolicy",
    "ProjectIAMBinding",
    "SSHKey",
    "SecurityGroup",
    "ServiceAccount",
    "StorageBucketIAM",
];

/// The types that only `--prune` deletes, because machines that are not replaced yet may still need them.
const PRUNED: [&str; 3] = ["aws_lb", "aws_lb_listener", "aws_lb_target_group"];

/// What is declared for a cluster.
pub struct Declared {
    pub stack: Stack,
    /// The resources of each group of machines, which an update of the group changes together.
    pub groups: BTreeMap<String, Vec<Address>>,
}

/// How an update treats a kind of resources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lifecycle {
    /// It makes them as declared. This is the default.
    Sync,
    /// It leaves them alone.
    Ignore,
    /// It refuses to start if one of them is missing or not as declared.
    ExistsAndValidates,
    /// It refuses to start if one of them is missing. It warns of the others that are not as declared, and leaves them
    /// alone.
    ExistsAndWarnIfChanges,
}

/// The part of a cluster that an update changes.
#[derive(Clone)]
pub struct Selection {
    phase: Option<Phase>,
    /// The groups that stay as they are.
    left_out: Vec<String>,
    lifecycles: Vec<(&'static [&'static str], Lifecycle)>,
    prune: bool,
}

impl Selection {
    /// Reads the command line.
    ///
    /// # Errors
    /// The spec has no group with one of the names, or a lifecycle override is wrong.
    pub fn of(spec: &Spec, options: &UpdateCluster) -> Result<Self, Failure> {
        let groups = wanted(spec, &options.groups)?;
        let all = spec.groups.iter().map(|group| &group.metadata.name);
        let left_out = all.filter(|name| !groups.contains(name)).cloned().collect();
        let lifecycles = options.lifecycle_overrides.iter().map(|given| lifecycle(given));
        let lifecycles: Vec<_> = lifecycles.collect::<Result<_, Failure>>()?;
        Ok(Self { phase: options.phase, left_out, lifecycles, prune: options.prune })
    }

    /// The same part without any group.
    pub fn without_groups(&self, spec: &Spec) -> Self {
        let left_out = spec.groups.iter().map(|group| group.metadata.name.clone()).collect();
        Self { left_out, ..self.clone() }
    }

    /// Plans the part. Warnings go to standard error.
    pub async fn plan(&self, engine: &Engine, declared: &Declared) -> Result<Plan, Failure> {
        let mut options = self.options(declared);
        if self.phase.is_some() && options.targets.is_empty() {
            return Err("the cluster has nothing in this phase".into());
        }
        let plan = engine.plan_with(&declared.stack, &options).await?;
        let kept = self.kept(&plan)?;
        if kept.is_empty() {
            return Ok(plan);
        }
        options.targets.retain(|target| !kept.contains(target));
        options.excludes.extend(kept);
        Ok(engine.plan_with(&declared.stack, &options).await?)
    }

    fn options(&self, declared: &Declared) -> PlanOptions {
        let mut options = PlanOptions::default();
        let left_out = self.left_out.iter().filter_map(|name| declared.groups.get(name));
        options.excludes.extend(left_out.flatten().cloned());
        let addresses = || declared.stack.nodes().map(|node| &node.address);
        let ignored = |address: &&Address| self.lifecycle(address.type_str()) == Lifecycle::Ignore;
        options.excludes.extend(addresses().filter(ignored).cloned());
        if let Some(phase) = self.phase {
            let excluded: BTreeSet<&Address> = options.excludes.iter().collect();
            let targets = addresses()
                .filter(|address| phase_of(address.type_str()) == phase && !excluded.contains(address));
            options.targets = targets.cloned().collect();
        }
        options
    }

    /// The lifecycle of a type. The last one that the command line gives counts.
    fn lifecycle(&self, type_name: &str) -> Lifecycle {
        let given = self.lifecycles.iter().rev().find(|(types, _)| types.contains(&type_name));
        given.map_or(Lifecycle::Sync, |(_, lifecycle)| *lifecycle)
    }

    /// The resources that a plan would change and the user keeps.
    fn kept(&self, plan: &Plan) -> Result<Vec<Address>, Failure> {
        let (mut kept, mut refused, mut pruned) = (Vec::new(), Vec::new(), Vec::new());
        for change in &plan.changes {
            let type_name = change.address.type_str();
            match self.lifecycle(type_name) {
                Lifecycle::ExistsAndValidates => refused.push(told(change)),
                Lifecycle::ExistsAndWarnIfChanges if change.kind == ChangeKind::Create => {
                    refused.push(told(change));
                }
                Lifecycle::ExistsAndWarnIfChanges => {
                    eprintln!("warning: {}; the update does not change it", told(change));
                    kept.push(change.address.clone());
                }
                Lifecycle::Ignore => kept.push(change.address.clone()),
                Lifecycle::Sync
                    if change.kind == ChangeKind::Delete && !self.prune && PRUNED.contains(&type_name) =>
                {
                    pruned.push(change.address.to_string());
                    kept.push(change.address.clone());
                }
                Lifecycle::Sync => {}
            }
        }
        if !pruned.is_empty() {
            println!("Items will be deleted only when the --prune flag is specified:");
            for address in pruned {
                println!("  {}", landform::Printable(address).in_a_line());
            }
            println!();
        }
        if refused.is_empty() {
            return Ok(kept);
        }
        Err(format!("--lifecycle-overrides: {}", refused.join("; ")).into())
    }
}

fn told(change: &Change) -> String {
    format!("{} {}", change.address, view::mismatch(change))
}

/// The names of the groups that the command line chooses.
pub fn wanted(spec: &Spec, GroupChoice { names, roles }: &GroupChoice) -> Result<Vec<String>, Failure> {
    if let Some(absent) = names.iter().find(|group| spec.group(group).is_none()) {
        return Err(format!("{} has no group {absent}", spec.name()).into());
    }
    let roles: Vec<Role> = roles.iter().map(|role| role.role()).collect();
    let named = |name: &String| names.is_empty() || names.contains(name);
    let of_role = |role: Option<Role>| roles.is_empty() || role.is_some_and(|role| roles.contains(&role));
    let groups = spec.groups.iter().filter(|group| named(&group.metadata.name) && of_role(group.spec.role));
    Ok(groups.map(|group| group.metadata.name.clone()).collect())
}

fn phase_of(type_name: &str) -> Phase {
    let is_of =
        |kinds: &[&str]| TASKS.iter().any(|(kind, types)| kinds.contains(kind) && types.contains(&type_name));
    if is_of(&NETWORK) {
        Phase::Network
    } else if is_of(&SECURITY) {
        Phase::Security
    } else {
        Phase::Cluster
    }
}

/// Reads `KIND=LIFECYCLE`.
fn lifecycle(given: &str) -> Result<(&'static [&'static str], Lifecycle), Failure> {
    let place = format!("--lifecycle-overrides: {given:?}");
    let (kind, lifecycle) = given
        .split_once('=')
        .ok_or_else(|| format!("{place}: expected KIND=LIFECYCLE, such as SecurityGroup=Ignore"))?;
    let types = TASKS.iter().find(|(task, _)| task.eq_ignore_ascii_case(kind)).map(|(_, types)| *types);
    let types = types.ok_or_else(|| {
        let known: Vec<&str> = TASKS.iter().map(|(task, _)| *task).collect();
        format!("{place}: expected one of the kinds {}", known.join(", "))
    })?;
    let lifecycle = match lifecycle {
        "Ignore" => Lifecycle::Ignore,
        "ExistsAndValidates" => Lifecycle::ExistsAndValidates,
        "ExistsAndWarnIfChanges" => Lifecycle::ExistsAndWarnIfChanges,
        "Sync" => Lifecycle::Sync,
        "WarnIfInsufficientAccess" => {
            return Err(format!(
                "{place}: WarnIfInsufficientAccess is not supported, because a missing permission always fails the update"
            )
            .into());
        }
        _ => {
            let known = "Sync, Ignore, ExistsAndValidates or ExistsAndWarnIfChanges";
            return Err(format!("{place}: expected the lifecycle {known}").into());
        }
    };
    Ok((types, lifecycle))
}
