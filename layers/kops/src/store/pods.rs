//! Pods that the kubelet of a machine runs by itself: etcd-manager, the check of the API server, and the pod that
//! applies add-ons (kops `pkg/model/components/{etcdmanager,kubeapiserver,channels}`).

use crate::names::{gce_cluster, gce_etcd_label};
use crate::populate::Populated;
use crate::spec::{Assets, EtcdCluster, EtcdManager, HttpProxy};
use crate::yaml;
use k8s_openapi::api::core::v1::{
    Container, EnvVar, EnvVarSource, HTTPGetAction, HostPathVolumeSource, ImageVolumeSource,
    ObjectFieldSelector, Pod, PodSpec, PodStatus, Probe, ResourceRequirements, SecurityContext, Toleration,
    Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::collections::BTreeMap;

/// The image of etcd-manager.
const ETCD_MANAGER: &str = "registry.k8s.io/etcd-manager/etcd-manager-slim:v3.0.20260707";
/// The newest etcd of each minor version; its image serves the earlier ones too.
const ETCD: [(u16, u16, u16); 3] = [(3, 5, 31), (3, 6, 12), (3, 7, 0)];
/// Where a machine keeps its credentials for what runs on it.
const CREDENTIALS: &str = "/var/lib/kops/kubeconfig";
/// The users as which pods run.
const CHANNELS_USER: i64 = 10013;
const HEALTHCHECK_USER: i64 = 10012;

/// The ports of an etcd cluster.
struct Ports {
    client: u16,
    peer: u16,
    grpc: u16,
    quarantined: u16,
}

impl Ports {
    fn of(etcd: &str) -> Self {
        let [client, peer, grpc, quarantined] = match etcd {
            "events" => [4002, 2381, 3997, 3995],
            "cilium" => [4003, 2382, 3991, 3992],
            "leases" => [4004, 2383, 4006, 4005],
            _ => [4001, 2380, 3996, 3994],
        };
        Self { client, peer, grpc, quarantined }
    }
}

fn written(mut pod: Pod) -> String {
    // What Kubernetes writes of a pod that does not run yet.
    pod.status = Some(PodStatus::default());
    yaml::document(&pod)
}

fn host_path(name: &str, path: &str, kind: &str) -> Volume {
    let host_path = HostPathVolumeSource { path: path.into(), type_: Some(kind.into()) };
    Volume { name: name.into(), host_path: Some(host_path), ..Volume::default() }
}

fn mount(name: &str, path: &str, read_only: bool) -> VolumeMount {
    VolumeMount {
        name: name.into(),
        mount_path: path.into(),
        read_only: read_only.then_some(true),
        ..VolumeMount::default()
    }
}

fn variable(name: &str, value: impl Into<String>) -> EnvVar {
    EnvVar { name: name.into(), value: Some(value.into()), value_from: None }
}

fn requests(cpu: &str, memory: &str) -> Option<ResourceRequirements> {
    let requests =
        [("cpu", cpu), ("memory", memory)].map(|(name, amount)| (name.into(), Quantity(amount.into())));
    Some(ResourceRequirements { requests: Some(requests.into()), ..ResourceRequirements::default() })
}

/// Lets a pod run where nothing else may.
fn critical() -> Option<Vec<Toleration>> {
    let toleration = Toleration {
        key: Some("CriticalAddonsOnly".into()),
        operator: Some("Exists".into()),
        ..Toleration::default()
    };
    Some(vec![toleration])
}

/// The environment of what runs on machines: the proxy and the region, by name.
pub(crate) fn environment(populated: &Populated) -> BTreeMap<String, String> {
    let cluster = populated.cluster();
    let mut all = BTreeMap::new();
    if let Some(proxy) = &cluster.egress_proxy {
        let url = proxy_url(&proxy.http_proxy);
        for name in ["http_proxy", "https_proxy"] {
            all.insert(name.to_owned(), url.clone());
        }
        for name in ["no_proxy", "NO_PROXY"] {
            all.insert(name.to_owned(), proxy.excludes.clone());
        }
    }
    if cluster.cloud_provider == "aws" && !populated.region.is_empty() {
        all.insert("AWS_REGION".into(), populated.region.clone());
    }
    all
}

/// The URL of a proxy.
pub(crate) fn proxy_url(proxy: &HttpProxy) -> String {
    let scheme = if proxy.host.starts_with("http://") { "" } else { "http://" };
    match proxy.port {
        0 => format!("{scheme}{}", proxy.host),
        port => format!("{scheme}{}:{port}", proxy.host),
    }
}

fn variables(populated: &Populated) -> Vec<EnvVar> {
    environment(populated).into_iter().map(|(name, value)| variable(&name, value)).collect()
}

/// The pod that runs a member of an etcd cluster.
pub(crate) fn etcd_manager(populated: &Populated, etcd: &EtcdCluster) -> String {
    let assets = populated.cluster().assets.clone().unwrap_or_default();
    let manager = etcd.manager.clone().unwrap_or_default();
    let image = if manager.image.is_empty() { ETCD_MANAGER } else { &manager.image };
    let name = if etcd.name == "main" { "etcd".to_owned() } else { format!("etcd-{}", etcd.name) };
    let (binaries, mounts) = binaries(etcd, &assets);
    let mut volumes = vec![
        host_path("rootfs", "/", "Directory"),
        host_path("run", "/run", "DirectoryOrCreate"),
        host_path("pki", &format!("/etc/kubernetes/pki/etcd-manager-{}", etcd.name), "DirectoryOrCreate"),
    ];
    volumes.extend(binaries);
    volumes.push(host_path("varlogetcd", &format!("/var/log/{name}.log"), "FileOrCreate"));
    let mut all_mounts = vec![
        mount("rootfs", "/rootfs", false),
        mount("run", "/run", false),
        mount("pki", "/etc/kubernetes/pki/etcd-manager", false),
    ];
    all_mounts.extend(mounts);
    all_mounts.push(mount("varlogetcd", "/var/log/etcd.log", false));
    if populated.cluster().use_host_certificates == Some(true) {
        volumes.push(host_path("etc-ssl-certs", "/etc/ssl/certs", "DirectoryOrCreate"));
        all_mounts.push(mount("etc-ssl-certs", "/etc/ssl/certs", true));
    }
    let amount = |given: &Option<crate::spec::values::Quantity>, default: &str| {
        given.as_ref().map_or_else(|| default.to_owned(), ToString::to_string)
    };
    let host = client_host(populated, etcd);
    let mut arguments =
        ["--log-file=/var/log/etcd.log", "--also-stdout", "/ko-app/etcd-manager"].map(String::from).to_vec();
    arguments.extend(manager_arguments(populated, etcd, &manager, &name, &host));
    let container = Container {
        name: "etcd-manager".into(),
        image: Some(assets.image(image)),
        command: Some(vec!["/go-runner".into()]),
        args: Some(arguments),
        env: Some(manager_variables(populated, &manager)),
        resources: requests(&amount(&etcd.cpu_request, "200m"), &amount(&etcd.memory_request, "100Mi")),
        security_context: Some(SecurityContext { privileged: Some(true), ..SecurityContext::default() }),
        volume_mounts: Some(all_mounts),
        ..Container::default()
    };
    let named =
        populated.has_api_servers().then(|| [("dns.alpha.kubernetes.io/internal".to_owned(), host)].into());
    written(Pod {
        metadata: ObjectMeta {
            name: Some(format!("etcd-manager-{}", etcd.name)),
            namespace: Some("kube-system".into()),
            labels: Some([("k8s-app".to_owned(), format!("etcd-manager-{}", etcd.name))].into()),
            annotations: named,
            ..ObjectMeta::default()
        },
        spec: Some(PodSpec {
            containers: vec![container],
            host_network: Some(true),
            host_pid: Some(true),
            priority_class_name: Some("system-cluster-critical".into()),
            tolerations: critical(),
            volumes: Some(volumes),
            ..PodSpec::default()
        }),
        status: None,
    })
}

/// The host by which clients know a member. It is the member itself, unless API servers are elsewhere.
fn client_host(populated: &Populated, etcd: &EtcdCluster) -> String {
    let cluster = populated.spec.name();
    match etcd.name.as_str() {
        name if populated.has_api_servers() => format!("{name}.etcd.internal.{cluster}"),
        "cilium" => format!("api.internal.{cluster}"),
        _ => "__name__".into(),
    }
}

/// The binaries of etcd, mounted from their images: every version of which a backup may be.
fn binaries(etcd: &EtcdCluster, assets: &Assets) -> (Vec<Volume>, Vec<VolumeMount>) {
    let volume = |version: &str, image: &str| Volume {
        name: format!("etcd-v{}", version.replace('.', "-")),
        image: Some(ImageVolumeSource {
            reference: Some(assets.image(image)),
            pull_policy: Some("IfNotPresent".into()),
        }),
        ..Volume::default()
    };
    let mount = |version: &str, from: &str| {
        mount(&format!("etcd-v{}", from.replace('.', "-")), &format!("/opt/etcd-v{version}"), false)
    };
    if !etcd.image.is_empty() {
        let version = etcd.version.trim_start_matches('v');
        return (vec![volume(version, &etcd.image)], vec![mount(version, version)]);
    }
    let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
    for (major, minor, newest) in ETCD {
        let newest_version = format!("{major}.{minor}.{newest}");
        volumes.push(volume(&newest_version, &format!("registry.k8s.io/etcd:v{newest_version}")));
        mounts.extend((0..=newest).map(|patch| mount(&format!("{major}.{minor}.{patch}"), &newest_version)));
    }
    (volumes, mounts)
}

/// Whether kops has the binaries of a version of etcd.
pub(crate) fn has_etcd(version: &str) -> bool {
    let parts: Vec<Option<u16>> =
        version.trim_start_matches('v').split('.').map(|part| part.parse().ok()).collect();
    let [Some(major), Some(minor), Some(patch)] = parts.as_slice() else { return false };
    ETCD.iter().any(|known| (known.0, known.1) == (*major, *minor) && *patch <= known.2)
}

/// The arguments of etcd-manager, by name.
fn manager_arguments(
    populated: &Populated,
    etcd: &EtcdCluster,
    manager: &EtcdManager,
    name: &str,
    host: &str,
) -> Vec<String> {
    let cluster = populated.spec.name();
    let ports = Ports::of(&etcd.name);
    let store = etcd.backups.as_ref().map(|backups| backups.backup_store.clone()).unwrap_or_default();
    let mut all = vec![
        ("backup-store", store),
        ("client-urls", format!("https://{host}:{}", ports.client)),
        ("cluster-name", name.to_owned()),
        ("containerized", "true".into()),
        ("dns-suffix", format!(".internal.{cluster}")),
        ("grpc-port", ports.grpc.to_string()),
        ("peer-urls", format!("https://__name__:{}", ports.peer)),
        ("quarantine-client-urls", format!("https://__name__:{}", ports.quarantined)),
        ("v", manager.log_level.unwrap_or(6).to_string()),
    ];
    if let Some(interval) = manager.backup_interval {
        all.push(("backup-interval", interval.to_string()));
    }
    if let Some(interval) = manager.discovery_poll_interval {
        all.push(("discovery-poll-interval", interval.to_string()));
    }
    let (provider, tag, tags) = match populated.cluster().cloud_provider.as_str() {
        "gce" => (
            "gce",
            gce_etcd_label(&etcd.name),
            [
                format!("k8s-io-cluster-name={}", gce_cluster(cluster)),
                gce_etcd_label(&etcd.name),
                "k8s-io-role-master=master".into(),
            ],
        ),
        _ => (
            "aws",
            format!("k8s.io/etcd/{}", etcd.name),
            [
                format!("kubernetes.io/cluster/{cluster}=owned"),
                format!("k8s.io/etcd/{}", etcd.name),
                "k8s.io/role/control-plane=1".into(),
            ],
        ),
    };
    all.push(("volume-provider", provider.into()));
    all.push(("volume-name-tag", tag));
    all.extend(tags.map(|tag| ("volume-tag", tag)));
    let mut all: Vec<String> = all.into_iter().map(|(name, value)| format!("--{name}={value}")).collect();
    all.sort();
    all
}

fn manager_variables(populated: &Populated, manager: &EtcdManager) -> Vec<EnvVar> {
    let mut all = variables(populated);
    if let Some(days) = manager.backup_retention_days {
        all.push(variable("ETCD_MANAGER_DAILY_BACKUPS_RETENTION", format!("{days}d")));
    }
    let lists = [
        ("ETCD_LISTEN_METRICS_URLS", &manager.listen_metrics_urls),
        ("ETCD_LISTEN_CLIENT_HTTP_URLS", &manager.listen_client_http_urls),
    ];
    for (name, urls) in lists.into_iter().filter(|(_, urls)| !urls.is_empty()) {
        all.push(variable(name, urls.join(",")));
    }
    all.extend(manager.env.iter().map(|given| EnvVar {
        name: given.name.clone(),
        value: (!given.value.is_empty()).then(|| given.value.clone()),
        value_from: None,
    }));
    all
}

/// What etcd-manager expects of its cluster: a file beside the backups.
pub(crate) fn etcd_control(etcd: &EtcdCluster) -> String {
    format!(
        "{{\n  \"memberCount\": {},\n  \"etcdVersion\": {}\n}}",
        etcd.etcd_members.len(),
        serde_json::Value::from(etcd.version.as_str())
    )
}

/// The part of the API server's pod that tells whether it is healthy.
pub(crate) fn healthcheck(populated: &Populated) -> String {
    let assets = populated.cluster().assets.clone().unwrap_or_default();
    let image = format!("registry.k8s.io/kops/kube-apiserver-healthcheck:{}", image_tag(populated));
    let arguments = [
        "--ca-cert=/secrets/ca.crt",
        "--client-cert=/secrets/client.crt",
        "--client-key=/secrets/client.key",
    ];
    let probe = Probe {
        http_get: Some(HTTPGetAction {
            host: Some("127.0.0.1".into()),
            path: Some("/.kube-apiserver-healthcheck/healthz".into()),
            port: IntOrString::Int(3990),
            ..HTTPGetAction::default()
        }),
        initial_delay_seconds: Some(5),
        timeout_seconds: Some(5),
        ..Probe::default()
    };
    let container = Container {
        name: "healthcheck".into(),
        image: Some(assets.image(&image)),
        args: Some(arguments.map(String::from).into()),
        liveness_probe: Some(probe),
        resources: Some(ResourceRequirements::default()),
        security_context: Some(user(HEALTHCHECK_USER)),
        volume_mounts: Some(vec![mount("healthcheck-secrets", "/secrets", true)]),
        ..Container::default()
    };
    let secrets = "/etc/kubernetes/kube-apiserver-healthcheck/secrets";
    written(Pod {
        metadata: ObjectMeta::default(),
        spec: Some(PodSpec {
            containers: vec![container],
            volumes: Some(vec![host_path("healthcheck-secrets", secrets, "Directory")]),
            ..PodSpec::default()
        }),
        status: None,
    })
}

fn user(id: i64) -> SecurityContext {
    SecurityContext { run_as_non_root: Some(true), run_as_user: Some(id), ..SecurityContext::default() }
}

/// The tag of kops's own images.
pub(crate) fn image_tag(populated: &Populated) -> String {
    populated.release.replace('+', "-")
}

/// The pod that applies the add-ons of the cluster's channels.
pub(crate) fn channels(populated: &Populated) -> String {
    let cluster = populated.cluster();
    let assets = cluster.assets.clone().unwrap_or_default();
    let base = cluster.config_base.trim_end_matches('/');
    let mut arguments: Vec<String> = [
        "apply",
        "channel",
        "--v=4",
        "--yes",
        "--interval=1m0s",
        "--node-labels=node-role.kubernetes.io/control-plane",
        "--node-name=$(NODE_NAME)",
    ]
    .map(String::from)
    .into();
    arguments.push(format!("{base}/addons/bootstrap-channel.yaml"));
    arguments.extend(cluster.addons.iter().map(|addon| addon.manifest.clone()));
    let node = EnvVar {
        name: "NODE_NAME".into(),
        value: None,
        value_from: Some(EnvVarSource {
            field_ref: Some(ObjectFieldSelector { field_path: "spec.nodeName".into(), api_version: None }),
            ..EnvVarSource::default()
        }),
    };
    let mut env = vec![node, variable("KUBECONFIG", CREDENTIALS), variable("HOME", "/tmp")];
    env.extend(variables(populated));
    let ready = Probe {
        http_get: Some(HTTPGetAction {
            host: Some("127.0.0.1".into()),
            path: Some("/readyz".into()),
            port: IntOrString::Int(3986),
            ..HTTPGetAction::default()
        }),
        initial_delay_seconds: Some(30),
        period_seconds: Some(10),
        failure_threshold: Some(2),
        ..Probe::default()
    };
    let container = Container {
        name: "kops-channels".into(),
        image: Some(assets.image(&format!("registry.k8s.io/kops/channels:{}", image_tag(populated)))),
        args: Some(arguments),
        env: Some(env),
        resources: requests("50m", "50Mi"),
        readiness_probe: Some(ready),
        security_context: Some(user(CHANNELS_USER)),
        volume_mounts: Some(vec![mount("kubeconfig", CREDENTIALS, true)]),
        ..Container::default()
    };
    written(Pod {
        metadata: ObjectMeta {
            name: Some("kops-channels".into()),
            namespace: Some("kube-system".into()),
            labels: Some([("k8s-app".to_owned(), "kops-channels".to_owned())].into()),
            ..ObjectMeta::default()
        },
        spec: Some(PodSpec {
            containers: vec![container],
            dns_policy: Some("Default".into()),
            host_network: Some(true),
            priority_class_name: Some("system-node-critical".into()),
            tolerations: critical(),
            volumes: Some(vec![host_path("kubeconfig", CREDENTIALS, "File")]),
            ..PodSpec::default()
        }),
        status: None,
    })
}
