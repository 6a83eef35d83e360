//! etcd-manager, which runs the members of an etcd cluster and keeps their backups (kops
//! `pkg/model/components/etcdmanager`).

use super::pods::{variables, written};
use crate::names::gce;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::values::{self, EtcdVersion};
use crate::spec::{Assets, Cloud, EtcdCluster, EtcdManager, EtcdName};
use k8s_openapi::api::core::v1::{
    Container, EnvVar, ImageVolumeSource, Pod, PodSpec, SecurityContext, Volume, VolumeMount,
};

/// The image of etcd-manager.
const ETCD_MANAGER: &str = "registry.k8s.io/etcd-manager/etcd-manager-slim:v3.0.20260707";
/// The newest etcd of each minor version. Its image also has the earlier ones.
pub(crate) const ETCD: [EtcdVersion; 3] = [
    EtcdVersion { minor: 5, patch: 31 },
    EtcdVersion { minor: 6, patch: 12 },
    EtcdVersion { minor: 7, patch: 0 },
];

/// The ports of an etcd cluster.
struct Ports {
    client: u16,
    peer: u16,
    grpc: u16,
    quarantined: u16,
}

impl Ports {
    fn of(etcd: EtcdName) -> Self {
        let [client, peer, grpc, quarantined] = match etcd {
            EtcdName::Events => [4002, 2381, 3997, 3995],
            EtcdName::Cilium => [4003, 2382, 3991, 3992],
            EtcdName::Leases => [4004, 2383, 4006, 4005],
            EtcdName::Main => [4001, 2380, 3996, 3994],
        };
        Self { client, peer, grpc, quarantined }
    }
}

/// The pod that runs a member of an etcd cluster.
pub(super) fn manager(populated: &Populated, etcd: &EtcdCluster) -> String {
    let assets = populated.cluster().assets.clone().unwrap_or_default();
    let manager = etcd.manager.clone().unwrap_or_default();
    let image = if manager.image.is_empty() { ETCD_MANAGER } else { &manager.image };
    let name = match etcd.name() {
        EtcdName::Main => "etcd".to_owned(),
        other => format!("etcd-{other}"),
    };
    let (binaries, mounts) = binaries(etcd, &assets);
    let mut volumes = vec![
        host_path("rootfs", "/", "Directory"),
        host_path("run", "/run", "DirectoryOrCreate"),
        host_path("pki", &format!("/etc/kubernetes/pki/etcd-manager-{}", etcd.name()), "DirectoryOrCreate"),
    ];
    volumes.extend(binaries);
    volumes.push(host_path("varlogetcd", &format!("/var/log/{name}.log"), "FileOrCreate"));
    let mut all_mounts = vec![
        mount("rootfs", "/rootfs"),
        mount("run", "/run"),
        mount("pki", "/etc/kubernetes/pki/etcd-manager"),
    ];
    all_mounts.extend(mounts);
    all_mounts.push(mount("varlogetcd", "/var/log/etcd.log"));
    if populated.cluster().use_host_certificates == Some(true) {
        volumes.push(host_path("etc-ssl-certs", "/etc/ssl/certs", "DirectoryOrCreate"));
        all_mounts.push(mount_read_only("etc-ssl-certs", "/etc/ssl/certs"));
    }
    let (cpu, memory) = (amount(&etcd.cpu_request, "200m"), amount(&etcd.memory_request, "100Mi"));
    let host = client_host(populated, etcd);
    let mut arguments =
        ["--log-file=/var/log/etcd.log", "--also-stdout", "/ko-app/etcd-manager"].map(String::from).to_vec();
    arguments.extend(manager_arguments(populated, etcd, &manager, &name, &host));
    let container = Container {
        name: "etcd-manager".into(),
        image: text(assets.image(image)),
        command: texts(&["/go-runner"]),
        args: Some(arguments),
        env: Some(manager_variables(populated, &manager)),
        resources: resources(&[], &[("cpu", &cpu), ("memory", &memory)]),
        security_context: Some(SecurityContext { privileged: Some(true), ..SecurityContext::default() }),
        volume_mounts: Some(all_mounts),
        ..Container::default()
    };
    let pod = format!("etcd-manager-{}", etcd.name());
    let mut metadata = meta(&pod).in_namespace(SYSTEM).labels(&[("k8s-app", &pod)]);
    if populated.has_api_servers() {
        metadata = metadata.annotations(&[("dns.alpha.kubernetes.io/internal", &host)]);
    }
    written(Pod {
        metadata: metadata.done(),
        spec: Some(PodSpec {
            containers: vec![container],
            host_network: Some(true),
            host_pid: Some(true),
            priority_class_name: text("system-cluster-critical"),
            tolerations: Some(vec![tolerate("CriticalAddonsOnly", "")]),
            volumes: Some(volumes),
            ..PodSpec::default()
        }),
        status: None,
    })
}

/// The host name of a member for clients. It is the member itself, unless the cluster has separate API servers.
fn client_host(populated: &Populated, etcd: &EtcdCluster) -> String {
    let cluster = populated.spec.name();
    match etcd.name() {
        name if populated.has_api_servers() => format!("{name}.etcd.internal.{cluster}"),
        EtcdName::Cilium => format!("api.internal.{cluster}"),
        _ => "__name__".into(),
    }
}

/// The binaries of etcd, mounted from their images: every version that a backup may have.
fn binaries(etcd: &EtcdCluster, assets: &Assets) -> (Vec<Volume>, Vec<VolumeMount>) {
    let name = |version: &EtcdVersion| format!("etcd-v{}", version.to_string().replace('.', "-"));
    let volume = |version: &EtcdVersion, image: &str| Volume {
        name: name(version),
        image: Some(ImageVolumeSource {
            reference: text(assets.image(image)),
            pull_policy: text("IfNotPresent"),
        }),
        ..Volume::default()
    };
    let mount =
        |version: &EtcdVersion, from: &EtcdVersion| mount(&name(from), &format!("/opt/etcd-v{version}"));
    if let Some(version) = etcd.version.as_deref().filter(|_| !etcd.image.is_empty()) {
        return (vec![volume(version, &etcd.image)], vec![mount(version, version)]);
    }
    let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
    for newest in &ETCD {
        volumes.push(volume(newest, &format!("registry.k8s.io/etcd:v{newest}")));
        mounts.extend((0..=newest.patch).map(|patch| mount(&EtcdVersion { patch, ..*newest }, newest)));
    }
    (volumes, mounts)
}

/// Whether kops has the binaries of a version of etcd.
pub(crate) fn has_etcd(version: &EtcdVersion) -> bool {
    ETCD.iter().any(|newest| newest.minor == version.minor && version.patch <= newest.patch)
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
    let ports = Ports::of(etcd.name());
    let store = etcd.backups.as_ref().and_then(|backups| backups.backup_store.as_ref());
    let store = store.map(ToString::to_string).unwrap_or_default();
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
    let (provider, tag, tags) = match populated.cluster().cloud_provider {
        Some(Cloud::Gce) => (
            "gce",
            gce::etcd_label(etcd.name().as_str()),
            [
                format!("k8s-io-cluster-name={}", gce::cluster(cluster)),
                gce::etcd_label(etcd.name().as_str()),
                "k8s-io-role-master=master".into(),
            ],
        ),
        _ => (
            "aws",
            format!("k8s.io/etcd/{}", etcd.name()),
            [
                format!("kubernetes.io/cluster/{cluster}=owned"),
                format!("k8s.io/etcd/{}", etcd.name()),
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
        all.push(env("ETCD_MANAGER_DAILY_BACKUPS_RETENTION", format!("{days}d")));
    }
    let lists = [
        ("ETCD_LISTEN_METRICS_URLS", &manager.listen_metrics_urls),
        ("ETCD_LISTEN_CLIENT_HTTP_URLS", &manager.listen_client_http_urls),
    ];
    for (name, urls) in lists.into_iter().filter(|(_, urls)| !urls.is_empty()) {
        all.push(env(name, urls.join(",")));
    }
    all.extend(manager.env.iter().map(|given| EnvVar {
        name: given.name.clone(),
        value: (!given.value.is_empty()).then(|| given.value.clone()),
        value_from: None,
    }));
    all
}

/// The file beside the backups that tells etcd-manager the state to reach.
pub(super) fn control(etcd: &EtcdCluster) -> String {
    format!(
        "{{\n  \"memberCount\": {},\n  \"etcdVersion\": {}\n}}",
        etcd.etcd_members.len(),
        serde_json::Value::from(values::text(&etcd.version))
    )
}
