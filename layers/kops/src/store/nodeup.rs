//! `nodeupconfig.yaml`: what nodeup sets up on the machines of a group (kops `pkg/nodemodel`, `pkg/apis/nodeup`).
//!
//! Fields bear the names of kops's inner API, which differ here and there from those of specs.

use crate::populate::{Group, Populated};
use crate::spec::section::merged;
use crate::spec::{Assets, Authentication, ClusterSpec, Containerd, FileAsset, Hook, Role};
use crate::yaml;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where the scheduler of a machine finds its settings and its credentials.
const SCHEDULER_CONFIG: &str = "/var/lib/kube-scheduler/config.yaml";
const SCHEDULER_CREDENTIALS: &str = "/var/lib/kube-scheduler/kubeconfig";
/// Images of these places are pulled while a machine is prepared for a warm pool.
const WARM_IMAGES: [&str; 7] = [
    "registry.k8s.io/kube-proxy:",
    "registry.k8s.io/provider-aws/",
    "registry.k8s.io/sig-storage/csi-node-driver-registrar:",
    "registry.k8s.io/sig-storage/livenessprobe:",
    "quay.io/calico/",
    "quay.io/cilium/",
    "quay.io/coreos/flannel:",
];

/// What is known about a group's machines beside the spec.
pub(crate) struct Known<'a> {
    /// The images that the cluster's pods use.
    pub(crate) images: &'a BTreeSet<String>,
    /// The addresses at which the API is reached, where machines do not use DNS.
    pub(crate) api_addresses: &'a [String],
}

/// The document of a group.
pub(crate) fn document(populated: &Populated, group: &Group, known: &Known) -> String {
    yaml::document(&Value::Object(config(populated, group, known)))
}

fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A section under the names of the inner API.
fn renamed(section: &impl Serialize, names: &[(&str, &str)]) -> Value {
    let mut value = written(section);
    if let Value::Object(fields) = &mut value {
        for (from, to) in names {
            if let Some(field) = fields.remove(*from) {
                fields.insert((*to).into(), field);
            }
        }
    }
    value
}

fn config(populated: &Populated, group: &Group, known: &Known) -> Map<String, Value> {
    let cluster = populated.cluster();
    let serves_api = group.role.serves_api();
    let control_plane = group.role == Role::ControlPlane;
    let mut config = Map::new();
    let mut set = |name: &str, value: Value| drop(config.insert(name.into(), value));
    let files = populated.files.installed.iter();
    let files = files.map(|(architecture, files)| {
        (*architecture, files.iter().map(crate::files::File::compact).collect::<Vec<_>>())
    });
    set("Assets", json!(files.collect::<BTreeMap<_, _>>()));
    let (authorities, ids) = keys(populated, group);
    set("CAs", json!(authorities));
    set("KeypairIDs", json!(ids));
    set("ClusterName", populated.spec.name().into());
    set("KubernetesVersion", cluster.kubernetes_version.as_str().into());
    set("Hooks", json!([hooks(&group.spec.hooks, group.role), hooks(&cluster.hooks, group.role)]));
    set("KubeletConfig", kubelet(group));
    set("KubeProxy", proxy(cluster, group.role));
    set("Networking", networking(cluster, serves_api));
    let plugin = cluster.networking.as_ref();
    if plugin.is_some_and(|plugin| {
        plugin.amazonvpc.is_some() || plugin.cilium.as_ref().is_some_and(|cilium| cilium.ipam == "eni")
    }) {
        // There also where Karpenter chooses the type, and then empty.
        set("DefaultMachineType", group.spec.machine_type.split(',').next().unwrap_or_default().into());
    }
    let policy = group.spec.update_policy.as_deref().or(cluster.update_policy.as_deref());
    set("UpdatePolicy", policy.unwrap_or("automatic").into());
    set("usesNoneDNS", populated.without_dns().into());
    for (name, value) in optional(populated, group, known) {
        if !value.is_null() && value != json!("") && value != json!([]) {
            set(name, value);
        }
    }
    if serves_api {
        set("APIServerConfig", api_server(populated));
        let stores = json!({ "keypairs": cluster.key_store, "secrets": cluster.secret_store });
        set("configStore", stores);
    }
    if control_plane {
        let controllers = cluster.kube_controller_manager.clone().unwrap_or_default();
        let mut scheduler = cluster.kube_scheduler.clone().unwrap_or_default();
        // The scheduler has them from its own file.
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

/// The fields that are there only if they say something.
fn optional<'a>(populated: &Populated, group: &Group, known: &Known) -> Vec<(&'a str, Value)> {
    let cluster = populated.cluster();
    let spec = &group.spec;
    let serves_api = group.role.serves_api();
    let control_plane = group.role == Role::ControlPlane;
    let networking = cluster.networking.clone().unwrap_or_default();
    let cloud = cluster.cloud_config.clone().unwrap_or_default();
    let flags = cluster.kube_api_server.clone().unwrap_or_default();
    let containerd = containerd(cluster, group);
    let service =
        cluster.service_account_issuer_discovery.as_ref().and_then(|of| of.discovery_service.as_ref());
    let pool = populated.warm_pool(group);
    let hooked = pool.as_ref().is_some_and(|pool| pool.enable_lifecycle_hook);
    let mut all = vec![
        ("ApiserverAdditionalIPs", if serves_api { json!(known.api_addresses) } else { Value::Null }),
        ("ServiceNodePortRange", flags.service_node_port_range.into()),
        ("VolumeMounts", json!(spec.volume_mounts)),
        ("FileAssets", json!(file_assets(populated, group))),
        ("SysctlParameters", json!(kernel_parameters(cluster, group))),
        ("UsesKubenet", if_true(networking.uses_kubenet())),
        ("UseCiliumEtcd", if_true(populated.has_cilium_etcd())),
        ("InstallCNIAssets", if_true(cluster.installs_cni_plugins())),
        ("NTPUnmanaged", if_true(cluster.ntp.as_ref().and_then(|ntp| ntp.managed) == Some(false))),
        ("EnableLifecycleHook", if_true(hooked)),
        ("containerdConfig", written(&containerd)),
        ("packages", json!(cluster.packages.iter().chain(&spec.packages).collect::<Vec<_>>())),
        ("useIPBasedNodeNames", if_true(cluster.names_by_ip())),
        (
            "discoveryServiceWithUniverse",
            service.map_or(Value::Null, |service| json!({ "url": service.url })),
        ),
        ("NvidiaGPU", nvidia(cluster, group)),
        ("GVisor", gvisor(group)),
    ];
    if cluster.cloud_provider == "aws" && serves_api {
        all.extend([
            ("disableSecurityGroupIngress", json!(cloud.disable_security_group_ingress)),
            ("elbSecurityGroup", json!(cloud.elb_security_group)),
            ("nlbSecurityGroupMode", json!(cloud.nlb_security_group_mode)),
            ("nodeIPFamilies", json!(cloud.node_ip_families)),
        ]);
    }
    if cluster.cloud_provider == "aws"
        && (spec.warm_pool.is_some() || cluster.warm_pool.is_some())
        && !control_plane
    {
        all.push(("warmPoolImages", json!(warm_images(cluster, group, known))));
    }
    if cluster.cloud_provider == "gce" {
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
        let base = cluster.config_base.trim_end_matches('/');
        let etcd = cluster.etcd_clusters.iter().flat_map(|etcd| {
            let members = etcd.etcd_members.iter();
            let here = members.filter(|member| member.instance_group.as_deref() == Some(group.name.as_str()));
            here.map(|_| format!("{base}/manifests/etcd/{}-{}.yaml", etcd.name, group.name))
        });
        let names = cluster.etcd_clusters.iter().map(|etcd| etcd.name.as_str());
        all.extend([
            ("DNSZone", cluster.dns_zone.as_str().into()),
            ("EtcdClusterNames", json!(names.collect::<Vec<_>>())),
            ("etcdManifests", json!(etcd.collect::<Vec<_>>())),
            ("channelsManifest", format!("{base}/manifests/channels/kops-channels.yaml").into()),
        ]);
    }
    all
}

/// A truth that is told only if it holds.
fn if_true(truth: bool) -> Value {
    if truth { Value::Bool(true) } else { Value::Null }
}

/// The certificates that machines trust, and the ids of the keys that sign.
fn keys(populated: &Populated, group: &Group) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let (mut authorities, mut ids) = (BTreeMap::new(), BTreeMap::new());
    if group.role == Role::Bastion {
        return (authorities, ids);
    }
    for name in names_for(populated.cluster(), group.role) {
        let Some(keyset) = populated.keysets.get(&name) else { continue };
        ids.insert(name.clone(), keyset.primary.clone());
        // The public halves of these two are elsewhere, if anywhere.
        let signs_only = ["service-account", "discovery-ca"].contains(&name.as_str());
        // What nodes trust comes with their script.
        let with_script = name == "kubernetes-ca" && !group.role.serves_api();
        if !signs_only && !with_script {
            authorities.insert(name, keyset.certificates());
        }
    }
    (authorities, ids)
}

/// The names of the sets of keys that machines of a role need.
fn names_for(cluster: &ClusterSpec, role: Role) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["kubernetes-ca".to_owned()]);
    let control_plane = role == Role::ControlPlane;
    if role.serves_api() {
        names.extend(["apiserver-aggregator-ca", "service-account", "etcd-clients-ca"].map(String::from));
    }
    for etcd in &cluster.etcd_clusters {
        let of_kubernetes = ["main", "events", "leases"].contains(&etcd.name.as_str());
        if control_plane {
            names.extend([format!("etcd-manager-ca-{}", etcd.name), format!("etcd-peers-ca-{}", etcd.name)]);
        }
        if !of_kubernetes {
            names.insert(format!("etcd-clients-ca-{}", etcd.name));
        }
    }
    let discovery = cluster.service_account_issuer_discovery.as_ref();
    if control_plane && discovery.and_then(|of| of.discovery_service.as_ref()).is_some() {
        names.insert("discovery-ca".into());
    }
    names
}

/// The names of all sets of keys that a cluster needs.
pub(crate) fn keyset_names(cluster: &ClusterSpec) -> BTreeSet<String> {
    names_for(cluster, Role::ControlPlane)
}

fn hooks(hooks: &[Hook], role: Role) -> Value {
    let of_role = hooks.iter().filter(|hook| hook.roles.is_empty() || hook.roles.contains(&role));
    let all: Vec<Value> = of_role
        .map(|hook| {
            let mut value = written(&Hook { roles: Vec::new(), disabled: None, ..hook.clone() });
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
        of_role.map(|file| written(&FileAsset { roles: Vec::new(), ..file.clone() })).collect();
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
            all.extend(parameters.iter().cloned());
        }
    }
    all
}

fn kubelet(group: &Group) -> Value {
    let flags = group.spec.kubelet.clone().unwrap_or_default();
    renamed(
        &flags,
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

/// What machines must know of the network; of plugins no more than that they are there.
fn networking(cluster: &ClusterSpec, serves_api: bool) -> Value {
    let plugins = cluster.networking.clone().unwrap_or_default();
    let mut networking = Map::new();
    let mut set = |name: &str, value: Value| drop(networking.insert(name.into(), value));
    set("nonMasqueradeCIDR", cluster.non_masquerade_cidr.as_str().into());
    set("serviceClusterIPRange", cluster.service_cluster_ip_range.as_str().into());
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
        set("cilium", if cilium.ipam == "eni" { json!({ "ipam": "eni" }) } else { json!({}) });
    }
    if plugins.cni.as_ref().is_some_and(|cni| cni.uses_secondary_ip) {
        set("cni", json!({ "usesSecondaryIP": true }));
    }
    if let Some(proxy) = cluster.egress_proxy.as_ref().filter(|_| serves_api) {
        set("egressProxy", written(proxy));
    }
    Value::Object(networking)
}

fn api_server(populated: &Populated) -> Value {
    let cluster = populated.cluster();
    let api = cluster.api.clone().unwrap_or_default();
    let mut reached = Map::new();
    if !cluster.master_public_name.is_empty() {
        reached.insert("publicName".into(), cluster.master_public_name.as_str().into());
    }
    if !cluster.additional_sans.is_empty() {
        reached.insert("additionalSANs".into(), json!(cluster.additional_sans));
    }
    if api.dns.is_some() {
        reached.insert("dns".into(), json!({}));
    }
    if api.load_balancer.is_some_and(|balancer| balancer.use_for_internal_api) {
        reached.insert("loadBalancer".into(), json!({ "useForInternalAPI": true }));
    }
    let flags = cluster.kube_api_server.clone().unwrap_or_default();
    let mut config = json!({
        "API": reached,
        "ClusterDNSDomain": cluster.cluster_dns_domain,
        "KubeAPIServer": api_server_flags(&flags),
        "ServiceAccountPublicKeys":
            populated.keysets.get("service-account").map(crate::keys::Keyset::public_keys).unwrap_or_default(),
    });
    if let Some(users) = authentication(cluster) {
        config["Authentication"] = users;
    }
    if let Some(digest) = &populated.encryption_digest {
        config["EncryptionConfigSecretHash"] = digest.as_str().into();
    }
    config
}

fn api_server_flags(flags: &crate::spec::KubeApiServer) -> Value {
    let mut value = renamed(
        flags,
        &[
            ("authorizationRbacSuperUser", "authorizationRBACSuperUser"),
            ("authorizationWebhookCacheAuthorizedTtl", "authorizationWebhookCacheAuthorizedTTL"),
            ("authorizationWebhookCacheUnauthorizedTtl", "authorizationWebhookCacheUnauthorizedTTL"),
            ("etcdCaFile", "etcdCAFile"),
        ],
    );
    if let Value::Object(fields) = &mut value {
        // These stand with the authentication.
        fields.retain(|name, _| !name.starts_with("oidc") || name == "oidcCAFile");
    }
    value
}

/// How users are known. What the webhook reads stands in its manifest.
fn authentication(cluster: &ClusterSpec) -> Option<Value> {
    let given = cluster.authentication.clone();
    let flags = cluster.kube_api_server.clone().unwrap_or_default();
    let mut provider = Map::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_null() && value != json!([]) && value != json!({}) {
            provider.insert(name.into(), value);
        }
    };
    set("clientID", json!(flags.oidc_client_id));
    set(
        "groupsClaims",
        json!(
            flags
                .oidc_groups_claim
                .map(|claims| { claims.split(',').map(str::to_owned).collect::<Vec<_>>() })
        ),
    );
    set("groupsPrefix", json!(flags.oidc_groups_prefix));
    set("issuerURL", json!(flags.oidc_issuer_url));
    let claims = flags.oidc_required_claim.iter().filter_map(|claim| claim.split_once('='));
    set("requiredClaims", json!(claims.collect::<BTreeMap<_, _>>()));
    set("usernameClaim", json!(flags.oidc_username_claim));
    set("usernamePrefix", json!(flags.oidc_username_prefix));
    if given.is_none() && provider.is_empty() {
        return None;
    }
    let Authentication { kopeio, aws } = given.unwrap_or_default();
    let mut users = Map::new();
    if kopeio.is_some() {
        users.insert("kopeio".into(), json!({}));
    }
    if aws.is_some() {
        users.insert("aws".into(), json!({}));
    }
    if !provider.is_empty() {
        users.insert("oidc".into(), provider.into());
    }
    Some(users.into())
}

/// The settings of containerd: the group's over the cluster's.
fn containerd(cluster: &ClusterSpec, group: &Group) -> Containerd {
    let of_cluster = cluster.containerd.clone().unwrap_or_default();
    let mut settings = match &group.spec.containerd {
        Some(own) => merged(&of_cluster, own),
        None => of_cluster,
    };
    if !group.spec.containerd.as_ref().is_some_and(Containerd::has_gvisor) {
        settings.gvisor = None;
    }
    settings
}

fn nvidia(cluster: &ClusterSpec, group: &Group) -> Value {
    let of = |containerd: &Option<Containerd>| {
        containerd.as_ref().and_then(|containerd| containerd.nvidia_gpu.clone())
    };
    let mut drivers = match (of(&cluster.containerd), of(&group.spec.containerd)) {
        (None, None) => return Value::Null,
        (Some(only), None) | (None, Some(only)) => only,
        (Some(under), Some(over)) => merged(&under, &over),
    };
    if drivers.package.is_empty() {
        drivers.package = crate::populate::NVIDIA_DRIVER.into();
    }
    written(&drivers)
}

fn gvisor(group: &Group) -> Value {
    let own = group.spec.containerd.as_ref().filter(|containerd| containerd.has_gvisor());
    let Some(mut sandbox) = own.and_then(|containerd| containerd.gvisor.clone()) else { return Value::Null };
    if sandbox.platform.is_empty() {
        sandbox.platform = "systrap".into();
    }
    written(&sandbox)
}

/// The images that a machine of a warm pool pulls before it is needed.
fn warm_images(cluster: &ClusterSpec, group: &Group, known: &Known) -> BTreeSet<String> {
    let assets: Assets = cluster.assets.clone().unwrap_or_default();
    let prefixes = WARM_IMAGES.map(|prefix| assets.image(prefix));
    let proxy = cluster.kube_proxy.iter().map(|proxy| &proxy.image);
    let used = known
        .images
        .iter()
        .chain(proxy)
        .filter(|image| prefixes.iter().any(|prefix| image.starts_with(prefix)));
    let further = group.spec.warm_pool.iter().flat_map(|pool| &pool.additional_images);
    used.cloned().chain(further.map(|image| assets.image(image))).collect()
}
