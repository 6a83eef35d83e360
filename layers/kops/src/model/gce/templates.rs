//! Instance templates: what a machine of a group is like (kops `autoscalinggroup.go`, `gcetasks/instancetemplate.go`).

use super::Model;
use super::groups::Parts;
use super::key;
use crate::names;
use crate::populate::Group;
use crate::spec::{Accelerator, Role, Subnet};
use landform_core::Node;
use landform_core::expr::Expr;
use landform_core::{Handle, Id, Input};
use landform_gce as gce;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The type of a boot disk that the spec says nothing about.
const DISK: &str = "pd-standard";
/// The number of hexadecimal digits at the end of a template's name.
const DIGITS: usize = 10;
/// The length of the range of a machine's pods, if they have alias addresses.
const PODS: i32 = 24;
/// The start of all OAuth scopes.
const SCOPES: &str = "https://www.googleapis.com/auth/";
/// The families of machine types with accelerators of their own, which cannot move to another host.
const ACCELERATED: [&str; 6] = ["a4x", "a4", "a3", "a2", "g2", "g4"];
/// The provisioning model of machines that Compute Engine may stop at any time.
const SPOT: &str = "SPOT";

impl Model<'_> {
    pub(super) fn template(&mut self, group: &Group, parts: &Parts) -> Handle<gce::InstanceTemplate> {
        let local = names::gce::template(&group.name, self.names.cluster);
        let prefix = names::gce::template_prefix(&group.name, self.names.cluster);
        let template = gce::InstanceTemplate::new(prefix.as_str(), group.spec.machine_type.as_str())
            .project(&*self.home.project)
            .can_ip_forward(!self.has_alias_addresses())
            .disk([boot_disk(group)])
            .network_interface([self.interface(group, parts)])
            .metadata(self.metadata(group, parts))
            .tags(self.tags(group.role))
            .labels(self.group_labels(group))
            .scheduling(scheduling(group))
            .with(accelerators(group), |template, accelerators| template.guest_accelerator(accelerators))
            .with(parts.accounts.email(group.role), |template, email| {
                let scopes = scopes(group.role).into_iter().map(|scope| format!("{SCOPES}{scope}"));
                template.service_account(gce::MachineAccount::new(email).scopes(scopes))
            });
        let template = self.add(&local, template);
        self.ground.adjust(&template, |node| {
            // A group that is in use needs its old template until it has the new one.
            node.lifecycle.create_before_destroy = true;
            name_by_content(node, &prefix);
        });
        template
    }

    fn interface(&self, group: &Group, parts: &Parts) -> gce::TemplateInterfaceBuilder {
        let subnet = group.spec.subnets.first().map_or("", String::as_str);
        let subnetwork: Option<&Input<Id<gce::Subnetwork>>> =
            parts.network.subnetwork(self.cluster(), subnet);
        let interface = gce::TemplateInterface::new()
            .network(&parts.network.id)
            .with(subnetwork, |interface, subnetwork| interface.subnetwork(subnetwork))
            .stack_type("IPV4_ONLY");
        let interface = if self.has_alias_addresses() {
            let flags = self.cluster().kube_controller_manager.as_ref();
            let length = flags.and_then(|flags| flags.node_cidr_mask_size).unwrap_or(PODS);
            let pods = gce::AliasRange::new(format!("/{length}")).subnetwork_range_name(self.name("pods"));
            interface.alias_ip_range([pods])
        } else {
            interface
        };
        if self.has_public_address(group) {
            interface.access_config([gce::TemplateAccess::new()])
        } else {
            interface
        }
    }

    fn has_public_address(&self, group: &Group) -> bool {
        let mut subnets = group.spec.subnets.iter().filter_map(|name| self.populated.spec.subnet(name));
        let public = subnets.next().map(Subnet::kind).is_some_and(|kind| kind.is_public());
        group.spec.associate_public_ip.unwrap_or(public || group.role == Role::Bastion)
    }

    /// What a machine reads about itself.
    fn metadata(&self, group: &Group, parts: &Parts) -> BTreeMap<String, String> {
        let mut metadata: BTreeMap<String, String> = [
            ("cluster-name".into(), self.names.cluster.into()),
            ("kops-k8s-io-instance-group-name".into(), group.name.clone()),
        ]
        .into();
        if let Some(script) = parts.boot.get(&group.name) {
            let config = self.cluster().cloud_config.as_ref();
            let by_agent = config.and_then(|config| config.gce_use_startup_script) == Some(true);
            // cloud-init reads user-data, and Google's guest agent reads startup-script.
            let key = if by_agent { "startup-script" } else { "user-data" };
            metadata.insert(key.into(), script.clone());
        }
        if group.role == Role::Node {
            metadata.insert("kube-env".into(), autoscaler(group));
        }
        metadata.extend(key::metadata(parts.keys, &group.spec.image).map(|keys| ("ssh-keys".into(), keys)));
        metadata
    }
}

/// The description of a future machine of an empty group for the cluster autoscaler.
fn autoscaler(group: &Group) -> String {
    let spec = &group.spec;
    let system = if spec.image.starts_with("cos-cloud/") { "cos" } else { "ubuntu" };
    let mut text = format!("AUTOSCALER_ENV_VARS: os_distribution={system};arch=amd64;os=linux");
    let listed = |items: Vec<String>| items.join(",");
    if !spec.node_labels.is_empty() {
        let labels = spec.node_labels.iter().map(|(key, value)| format!("{key}={value}"));
        text += &format!(";node_labels={}", listed(labels.collect()));
    }
    if !spec.taints.is_empty() {
        text += &format!(";node_taints={}", listed(spec.taints.iter().map(ToString::to_string).collect()));
    }
    text
}

fn boot_disk(group: &Group) -> gce::TemplateDiskBuilder {
    let spec = &group.spec;
    let size = match group.role {
        Role::ControlPlane => 64,
        Role::Node | Role::ApiServer => 128,
        Role::Bastion => 32,
    };
    let some = |number: Option<u32>| number.filter(|number| *number > 0);
    gce::TemplateDisk::new()
        .auto_delete(true)
        .boot(true)
        .device_name("persistent-disks-0")
        .disk_size_gb(some(spec.root_volume_size).unwrap_or(size))
        .disk_type(spec.root_volume_type.as_ref().map_or(DISK, AsRef::as_ref))
        .source_image(group.image.id.as_str())
        .mode(gce::DiskMode::ReadWrite)
        .r#type(gce::DiskLifetime::Persistent)
        .with(some(spec.root_volume_iops), |disk, iops| disk.provisioned_iops(iops))
        .with(some(spec.root_volume_throughput), |disk, throughput| disk.provisioned_throughput(throughput))
}

fn scheduling(group: &Group) -> gce::SchedulingBuilder {
    let spot = group.spec.gcp_provisioning_model.as_deref() == Some(SPOT);
    let family = group.spec.machine_type.split('-').next().unwrap_or_default();
    let moves = !spot && group.spec.guest_accelerators.is_empty() && !ACCELERATED.contains(&family);
    gce::Scheduling::new()
        .automatic_restart(!spot)
        .on_host_maintenance(if moves {
            gce::HostMaintenance::Migrate
        } else {
            gce::HostMaintenance::Terminate
        })
        .preemptible(spot)
        .provisioning_model(if spot {
            gce::ProvisioningModel::Spot
        } else {
            gce::ProvisioningModel::Standard
        })
}

/// The accelerators of a machine, if it has any.
fn accelerators(group: &Group) -> Option<Vec<gce::GuestAcceleratorBuilder>> {
    let accelerator = |of: &Accelerator| {
        let count = u32::try_from(of.accelerator_count).unwrap_or_default();
        gce::GuestAccelerator::new(of.accelerator_type.as_str(), count)
    };
    let all: Vec<_> = group.spec.guest_accelerators.iter().map(accelerator).collect();
    (!all.is_empty()).then_some(all)
}

/// The OAuth scopes of a role's machines. The control plane writes the backups of etcd.
fn scopes(role: Role) -> Vec<&'static str> {
    let storage = if role == Role::ControlPlane { "devstorage.read_write" } else { "devstorage.read_only" };
    let mut scopes = vec!["compute", "monitoring", "logging.write", "cloud-platform", storage];
    if role.serves_api() {
        scopes.push("ndev.clouddns.readwrite");
    }
    scopes
}

/// Gives a template a name that follows from its content: a template cannot change, and its successor exists beside it
/// for a while. Equal templates have equal names.
fn name_by_content(node: &mut Node, prefix: &str) {
    let content = serde_json::to_string(&node.arguments).unwrap_or_default();
    let digest = format!("{:x}", Sha256::digest(content));
    let name = format!("{prefix}-{}", &digest[..DIGITS]);
    match &mut node.arguments {
        Expr::Map(fields) => drop(fields.insert("name".into(), Expr::Literal(name.into()))),
        Expr::Literal(fields) => fields["name"] = name.into(),
        _ => {}
    }
}
