//! `nodeupconfig.yaml`: what nodeup sets up on the machines of a group (kops `pkg/nodemodel`, `pkg/apis/nodeup`).
//!
//! Fields have the names of kops's internal API, some of which differ from those of specs.

mod api_server;
mod containers;

use super::keys;
use crate::files::File;
use crate::populate::{Group, Populated};
use crate::spec::values::text;
use crate::spec::{
    Cloud, CloudConfig, ClusterSpec, FileAsset, Hook, Kubelet, Networking, Role, UpdatePolicy,
};
use crate::yaml;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where the scheduler of a machine finds its settings and its credentials.
const SCHEDULER_CONFIG: &str = "/var/lib/kube-scheduler/config.yaml";
const SCHEDULER_CREDENTIALS: &str = "/var/lib/kube-scheduler/kubeconfig";

/// The document of a group. `images` are those that the cluster's pods use.
pub(super) fn document(populated: &Populated, group: &Group, images: &BTreeSet<String>) -> String {
    yaml::document(&Value::Object(config(populated, group, images)))
}

/// A section with the field names of the internal API.
fn renamed(section: &impl Serialize, names: &[(&str, &str)]) -> Value {
    let mut value = json!(section);
    if let Value::Object(fields) = &mut value {
        for (from, to) in names {
            if let Some(field) = fields.remove(*from) {
                fields.insert((*to).into(), field);
            }
        }
    }
    value
}

fn config(populated: &Populated, group: &Group, images: &BTreeSet<String>) -> Map<String, Value> {
    let cluster = populated.cluster();
    let serves_api = group.role.serves_api();
    let control_plane = group.role == Role::ControlPlane;
    let mut config = Map::new();
    let mut set = |name: &str, value: Value| drop(config.insert(name.into(), value));
    let files = populated.files.installed.iter();
    let files = files
        .map(|(architecture, files)| (*architecture, files.iter().map(File::compact).collect::<Vec<_>>()));
    set("Assets", json!(files.collect::<BTreeMap<_, _>>()));
    let (authorities, ids) = keys::of_group(populated, group);
    set("CAs", json!(authorities));
    set("KeypairIDs", json!(ids));
    set("ClusterName", populated.spec.name().into());
    set("KubernetesVersion", text(&cluster.kubernetes_version).into());
    set("Hooks", json!([hooks(&group.spec.hooks, group.role), hooks(&cluster.hooks, group.role)]));
    set("KubeletConfig", kubelet(group));
    set("KubeProxy", proxy(cluster, group.role));
    set("Networking", networking(cluster, serves_api));
    if cluster.has_plugin(Networking::uses_interface_addresses) {
        // kops sets the field even if Karpenter chooses the type. It is empty then.
        set("DefaultMachineType", group.spec.first_machine_type().into());
    }
    let policy = group.spec.update_policy.or(cluster.update_policy);
    set("UpdatePolicy", json!(policy.unwrap_or(UpdatePolicy::Automatic)));
    set("usesNoneDNS", populated.without_dns().into());
    for (name, value) in optional(populated, group, images) {
        if !value.is_null() && value != json!("") && value != json!([]) {
            set(name, value);
        }
    }
    if serves_api {
        set("APIServerConfig", api_server::api_server(populated));
        let stores = json!({ "keypairs": cluster.key_store, "secrets": cluster.secret_store });
        set("configStore", stores);
    }
    if control_plane {
        let controllers = cluster.kube_controller_manager.clone().unwrap_or_default();
        let mut scheduler = cluster.kube_scheduler.clone().unwrap_or_default();
        // The scheduler reads them from its own file.
        (scheduler.qps, scheduler.burst) = (None, 0);
        set(
            "ControlPlaneConfig",
            json!({
                "KubeControllerManager": renamed(&controllers, &[("concurrentRcSyncs", "concurrentRCSyncs")]),
                "KubeScheduler": scheduler,
            }),
        );
    }
    config
}

/// The fields that are left out if they are empty.
fn optional(populated: &Populated, group: &Group, images: &BTreeSet<String>) -> Vec<(&'static str, Value)> {
    let cluster = populated.cluster();
    let spec = &group.spec;
    let serves_api = group.role.serves_api();
    let control_plane = group.role == Role::ControlPlane;
    let absent = CloudConfig::default();
    let cloud = cluster.cloud_config.as_ref().unwrap_or(&absent);
    let ports = cluster.kube_api_server.as_ref().map_or("", |flags| text(&flags.service_node_port_range));
    let service =
        cluster.service_account_issuer_discovery.as_ref().and_then(|of| of.discovery_service.as_ref());
    let pool = populated.warm_pool(group);
    let hooked = pool.as_ref().is_some_and(|pool| pool.enable_lifecycle_hook);
    let mut all = vec![
        ("ApiserverAdditionalIPs", if serves_api { json!(populated.api_addresses) } else { Value::Null }),
        ("ServiceNodePortRange", ports.into()),
        ("VolumeMounts", json!(spec.volume_mounts)),
        ("FileAssets", json!(file_assets(populated, group))),
        ("SysctlParameters", json!(kernel_parameters(cluster, group))),
        ("UsesKubenet", if_true(cluster.has_plugin(Networking::uses_kubenet))),
        ("UseCiliumEtcd", if_true(populated.has_cilium_etcd())),
        ("InstallCNIAssets", if_true(cluster.installs_cni_plugins())),
        ("NTPUnmanaged", if_true(cluster.ntp.as_ref().and_then(|ntp| ntp.managed) == Some(false))),
        ("EnableLifecycleHook", if_true(hooked)),
        ("containerdConfig", json!(containers::containerd(cluster, group))),
        ("packages", json!(cluster.packages.iter().chain(&spec.packages).collect::<Vec<_>>())),
        ("useIPBasedNodeNames", if_true(cluster.names_by_ip())),
        (
            "discoveryServiceWithUniverse",
            service.map_or(Value::Null, |service| json!({ "url": service.url })),
        ),
        ("NvidiaGPU", containers::nvidia(cluster, group)),
        ("GVisor", containers::gvisor(group)),
    ];
    if cluster.is_on(Cloud::Aws) && serves_api {
        all.extend([
            ("disableSecurityGroupIngress", json!(cloud.disable_security_group_ingress)),
            ("elbSecurityGroup", json!(cloud.elb_security_group)),
            ("nlbSecurityGroupMode", json!(cloud.nlb_security_group_mode)),
            ("nodeIPFamilies", json!(cloud.node_ip_families)),
        ]);
    }
    if cluster.is_on(Cloud::Aws)
        && (spec.warm_pool.is_some() || cluster.warm_pool.is_some())
        && !control_plane
    {
        all.push(("warmPoolImages", json!(containers::warm_images(cluster, group, images))));
    }
    if cluster.is_on(Cloud::Gce) {
        all.extend([
            ("multizone", json!(cloud.multizone)),
            ("nodeTags", json!(cloud.node_tags)),
            ("nodeInstancePrefix", json!(cloud.node_instance_prefix)),
        ]);
    }
    if serves_api {
        all.push((
            "staticManifests",
            json!([{
                "key": "kube-apiserver-healthcheck",
                "path": "manifests/static/kube-apiserver-healthcheck.yaml",
            }]),
        ));
    }
    if control_plane {
        let base = cluster.base();
        let etcd = cluster.etcd_clusters.iter().flat_map(|etcd| {
            let members = etcd.etcd_members.iter();
            let here = members.filter(|member| member.instance_group.as_deref() == Some(group.name.as_str()));
            here.map(|_| format!("{base}/manifests/etcd/{}-{}.yaml", etcd.name(), group.name))
        });
        let names = cluster.etcd_clusters.iter().map(|etcd| etcd.name().as_str());
        all.extend([
            ("DNSZone", cluster.dns_zone.as_str().into()),
            ("EtcdClusterNames", json!(names.collect::<Vec<_>>())),
            ("etcdManifests", json!(etcd.collect::<Vec<_>>())),
            ("channelsManifest", format!("{base}/manifests/channels/kops-channels.yaml").into()),
        ]);
    }
    all
}

/// `true`, or null instead of `false`.
fn if_true(truth: bool) -> Value {
    if truth { Value::Bool(true) } else { Value::Null }
}

fn hooks(hooks: &[Hook], role: Role) -> Value {
    let of_role = hooks.iter().filter(|hook| hook.roles.is_empty() || hook.roles.contains(&role));
    let all: Vec<Value> = of_role
        .map(|hook| {
            let mut value = json!(Hook { roles: Vec::new(), disabled: None, ..hook.clone() });
            if let (Some(disabled), Value::Object(fields)) = (hook.disabled, &mut value) {
                fields.insert("enabled".into(), (!disabled).into());
            }
            value
        })
        .collect();
    if all.is_empty() { Value::Null } else { all.into() }
}

/// The files to write: the group's, the cluster's, and those of the control plane itself.
fn file_assets(populated: &Populated, group: &Group) -> Vec<Value> {
    let given = group.spec.file_assets.iter().chain(&populated.cluster().file_assets);
    let of_role = given.filter(|file| file.roles.is_empty() || file.roles.contains(&group.role));
    let mut files: Vec<Value> =
        of_role.map(|file| json!(FileAsset { roles: Vec::new(), ..file.clone() })).collect();
    if group.role.serves_api() {
        files.push(json!({ "content": scheduler(populated), "path": SCHEDULER_CONFIG }));
    }
    files
}

/// The scheduler's own file: the user's, if there is one, with its credentials.
fn scheduler(populated: &Populated) -> String {
    let users =
        populated.spec.additional.iter().find(|object| object["kind"] == "KubeSchedulerConfiguration");
    let mut file = users.cloned().unwrap_or_else(
        || json!({ "apiVersion": "kubescheduler.config.k8s.io/v1", "kind": "KubeSchedulerConfiguration" }),
    );
    let flags = populated.cluster().kube_scheduler.clone().unwrap_or_default();
    file["clientConnection"]["kubeconfig"] = SCHEDULER_CREDENTIALS.into();
    if let Some(rate) = flags.qps.as_ref().and_then(|qps| qps.number()) {
        file["clientConnection"]["qps"] = rate;
    }
    if flags.burst != 0 {
        file["clientConnection"]["burst"] = flags.burst.into();
    }
    yaml::document(&file)
}

fn kernel_parameters(cluster: &ClusterSpec, group: &Group) -> Vec<String> {
    let mut all = Vec::new();
    for (whose, parameters) in
        [("instance group", &group.spec.sysctl_parameters), ("cluster", &cluster.sysctl_parameters)]
    {
        if !parameters.is_empty() {
            all.push(format!("# Custom sysctl parameters from {whose} spec"));
            all.push(String::new());
            all.extend(parameters.iter().map(ToString::to_string));
        }
    }
    all
}

fn kubelet(group: &Group) -> Value {
    let absent = Kubelet::default();
    renamed(
        group.spec.kubelet.as_ref().unwrap_or(&absent),
        &[
            ("authenticationTokenWebhookCacheTtl", "authenticationTokenWebhookCacheTTL"),
            ("clientCaFile", "clientCAFile"),
        ],
    )
}

fn proxy(cluster: &ClusterSpec, role: Role) -> Value {
    let flags = cluster.kube_proxy.clone().unwrap_or_default();
    let isolated = role == Role::ControlPlane && cluster.isolate_masters == Some(true);
    match flags.enabled == Some(false) || isolated {
        true => Value::Null,
        false => renamed(&flags, &[("ipvsExcludeCidrs", "ipvsExcludeCIDRs")]),
    }
}

/// The network settings of machines. Of most plugins, machines need only the name.
fn networking(cluster: &ClusterSpec, serves_api: bool) -> Value {
    let absent = Networking::default();
    let plugins = cluster.networking.as_ref().unwrap_or(&absent);
    let mut networking = Map::new();
    let mut set = |name: &str, value: Value| drop(networking.insert(name.into(), value));
    set("nonMasqueradeCIDR", text(&cluster.non_masquerade_cidr).into());
    set("serviceClusterIPRange", text(&cluster.service_cluster_ip_range).into());
    let present = [
        ("amazonVPC", plugins.amazonvpc.is_some()),
        ("flannel", plugins.flannel.is_some()),
        ("kubeRouter", plugins.kuberouter.is_some()),
        ("kindnet", plugins.kindnet.is_some()),
    ];
    for (name, _) in present.into_iter().filter(|(_, present)| *present) {
        set(name, json!({}));
    }
    if let Some(calico) = &plugins.calico {
        let encrypted = calico.wireguard_enabled;
        set("calico", encrypted.map_or_else(|| json!({}), |on| json!({ "wireguardEnabled": on })));
    }
    if let Some(cilium) = &plugins.cilium {
        set("cilium", if cilium.uses_interfaces() { json!({ "ipam": "eni" }) } else { json!({}) });
    }
    if plugins.cni.as_ref().is_some_and(|cni| cni.uses_secondary_ip) {
        set("cni", json!({ "usesSecondaryIP": true }));
    }
    if let Some(proxy) = cluster.egress_proxy.as_ref().filter(|_| serves_api) {
        set("egressProxy", json!(proxy));
    }
    Value::Object(networking)
}
