//! Reports fields of a spec that are accepted but have no effect. Refuses nothing.

use crate::problem::{Kind, Problem};
use crate::spec::{Cloud, CloudConfig, DnsServer, EtcdCluster, KubeDns, Kubelet, Spec};
use crate::validate::Report;

/// Why a field has no effect.
const GONE: &str = "kops no longer uses it";
const OTHER_CLOUD: &str = "it is for another cloud";

/// The fields of a spec that have no effect on the cluster, each with the reason.
pub fn unused(spec: &Spec) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut report = Report::of_cluster(spec, &mut found);
    for (path, given, why) in of_cluster(spec) {
        tell(&mut report, path, given, why);
    }
    for (field, given) in spec.cluster.spec.kube_dns.iter().flat_map(of_kube_dns) {
        tell(&mut report, &format!("spec.kubeDNS.{field}"), given, "only the provider KubeDNS reads it");
    }
    let on_google = spec.cluster.spec.is_on(Cloud::Gce);
    for (field, given, why) in
        spec.cluster.spec.cloud_config.iter().flat_map(|config| of_cloud(config, on_google))
    {
        tell(&mut report, &format!("spec.cloudConfig.{field}"), given, why);
    }
    for (index, etcd) in spec.cluster.spec.etcd_clusters.iter().enumerate() {
        for (field, given, why) in of_etcd(etcd) {
            tell(&mut report, &format!("spec.etcdClusters[{index}].{field}"), given, why);
        }
    }
    for (index, subnet) in spec.cluster.spec.subnets.iter().enumerate() {
        let path = format!("spec.subnets[{index}].region");
        tell(&mut report, &path, !subnet.region.is_empty() && !on_google, "the zone decides");
    }
    if on_google {
        of_google(spec, &mut report);
    }
    for group in &spec.groups {
        let mut report = Report::of_group(group, &mut found);
        let spec = &group.spec;
        let fields = [
            ("spec.zones", !spec.zones.is_empty() && !on_google, "the group's subnets decide"),
            (
                "spec.rootVolume",
                spec.root_volume.is_some(),
                "expected rootVolumeSize, rootVolumeType and so on",
            ),
            ("spec.rootVolumeDeleteOnTermination", spec.root_volume_delete_on_termination.is_some(), GONE),
            (
                "spec.kubelet.dockerDisableSharedPID",
                spec.kubelet.as_ref().is_some_and(|kubelet| kubelet.docker_disable_shared_pid.is_some()),
                GONE,
            ),
            ("spec.guestAccelerators", !spec.guest_accelerators.is_empty() && !on_google, OTHER_CLOUD),
            (
                "spec.additionalSecurityGroups",
                !spec.additional_security_groups.is_empty() && on_google,
                OTHER_CLOUD,
            ),
            ("spec.gcpProvisioningModel", spec.gcp_provisioning_model.is_some() && !on_google, OTHER_CLOUD),
        ];
        for (path, given, why) in fields {
            tell(&mut report, path, given, why);
        }
    }
    found
}

fn tell(report: &mut Report, path: &str, given: bool, why: &str) {
    if given {
        report.add(Kind::Unused, path, format!("the field has no effect: {why}"));
    }
}

fn of_cluster(spec: &Spec) -> Vec<(&'static str, bool, &'static str)> {
    let cluster = &spec.cluster.spec;
    let topology = cluster.topology.as_ref();
    let idle = topology.and_then(|topology| topology.bastion.as_ref()?.idle_timeout_seconds);
    let flannel = cluster.networking.as_ref().and_then(|plugins| plugins.flannel.as_ref());
    let offloading = flannel.is_some_and(|flannel| flannel.disable_tx_checksum_offloading);
    let shared_pid =
        |of: &Option<Kubelet>| of.as_ref().is_some_and(|of| of.docker_disable_shared_pid.is_some());
    let azure = cluster.cloud_controller_manager.as_ref();
    let azure = azure.is_some_and(|manager| !manager.azure_node_manager_image.is_empty());
    let jwks = cluster.kube_api_server.as_ref().is_some_and(|flags| flags.service_account_jwks_uri.is_some());
    let subnets = "the types of the subnets decide";
    vec![
        ("spec.masterInternalName", !cluster.master_internal_name.is_empty(), GONE),
        ("spec.configStore", !cluster.config_store.is_empty(), "expected configBase"),
        ("spec.containerRuntime", !cluster.container_runtime.is_empty(), "only containerd is left"),
        ("spec.project", !cluster.project.is_empty() && !cluster.is_on(Cloud::Gce), OTHER_CLOUD),
        ("spec.serviceOIDCProvider", cluster.service_oidc_provider.is_some(), GONE),
        ("spec.target", cluster.target.is_some(), "it is for kops's own Terraform output"),
        ("spec.kubelet.dockerDisableSharedPID", shared_pid(&cluster.kubelet), GONE),
        ("spec.masterKubelet.dockerDisableSharedPID", shared_pid(&cluster.master_kubelet), GONE),
        ("spec.networking.flannel.disableTxChecksumOffloading", offloading, GONE),
        ("spec.kubeAPIServer.serviceAccountJWKSURI", jwks, "it follows from the issuer"),
        ("spec.cloudControllerManager.azureNodeManagerImage", azure, OTHER_CLOUD),
        ("spec.topology.masters", topology.is_some_and(|of| of.masters.is_some()), subnets),
        ("spec.topology.nodes", topology.is_some_and(|of| of.nodes.is_some()), subnets),
        ("spec.topology.bastion.idleTimeoutSeconds", idle.is_some(), GONE),
    ]
}

/// What Google's load balancers and disks do not have.
fn of_google(spec: &Spec, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    if let Some(balancer) = cluster.api.as_ref().and_then(|api| api.load_balancer.as_ref()) {
        let path = "spec.api.loadBalancer";
        let subnets = "the subnets of the machines that serve the API decide";
        tell(report, &format!("{path}.subnets"), !balancer.subnets.is_empty(), subnets);
        let idle = balancer.idle_timeout_seconds.is_some();
        tell(report, &format!("{path}.idleTimeoutSeconds"), idle, OTHER_CLOUD);
    }
    let registry = cluster.iam.as_ref().is_some_and(|iam| iam.allow_container_registry);
    tell(report, "spec.iam.allowContainerRegistry", registry, OTHER_CLOUD);
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        for (member_index, member) in etcd.etcd_members.iter().enumerate() {
            let path = format!("spec.etcdClusters[{index}].etcdMembers[{member_index}].encryptedVolume");
            tell(report, &path, member.encrypted_volume.is_some(), "Google encrypts all disks");
        }
    }
}

fn of_etcd(etcd: &EtcdCluster) -> Vec<(&'static str, bool, &'static str)> {
    let of_members = "expected the field on the members";
    let image = etcd.backups.as_ref().is_some_and(|backups| !backups.image.is_empty());
    vec![
        ("enableEtcdTLS", etcd.enable_etcd_tls, GONE),
        ("enableTLSAuth", etcd.enable_tls_auth, GONE),
        ("backups.image", image, GONE),
        ("volumeIops", etcd.volume_iops.is_some(), of_members),
        ("volumeThroughput", etcd.volume_throughput.is_some(), of_members),
        ("volumeSize", etcd.volume_size.is_some(), of_members),
        ("type", etcd.r#type.is_some(), of_members),
    ]
}

/// The fields that CoreDNS does not read, and whether the spec sets them.
fn of_kube_dns(dns: &KubeDns) -> Vec<(&'static str, bool)> {
    if dns.provider == Some(DnsServer::KubeDns) {
        return Vec::new();
    }
    let absent = KubeDns::default();
    vec![
        ("image", dns.image != absent.image),
        ("replicas", dns.replicas != absent.replicas),
        ("cacheMaxSize", dns.cache_max_size != absent.cache_max_size),
        ("cacheMaxConcurrent", dns.cache_max_concurrent != absent.cache_max_concurrent),
        ("stubDomains", dns.stub_domains != absent.stub_domains),
    ]
}

fn of_cloud(config: &CloudConfig, on_google: bool) -> Vec<(&'static str, bool, &'static str)> {
    vec![
        ("vSphereUsername", config.vsphere_username.is_some(), OTHER_CLOUD),
        ("vSpherePassword", config.vsphere_password.is_some(), OTHER_CLOUD),
        ("vSphereServer", config.vsphere_server.is_some(), OTHER_CLOUD),
        ("vSphereDatacenter", config.vsphere_datacenter.is_some(), OTHER_CLOUD),
        ("vSphereResourcePool", config.vsphere_resource_pool.is_some(), OTHER_CLOUD),
        ("vSphereDatastore", config.vsphere_datastore.is_some(), OTHER_CLOUD),
        ("vSphereCoreDNSServer", config.vsphere_core_dns_server.is_some(), OTHER_CLOUD),
        ("gceServiceAccount", !config.gce_service_account.is_empty() && !on_google, OTHER_CLOUD),
        ("gceUseStartupScript", config.gce_use_startup_script.is_some() && !on_google, OTHER_CLOUD),
        ("openstack", config.openstack.is_some(), OTHER_CLOUD),
        ("azure", config.azure.is_some(), OTHER_CLOUD),
        ("gcpPDCSIDriver", config.gcp_pd_csi_driver.is_some() && !on_google, OTHER_CLOUD),
        ("spotinstProduct", config.spotinst_product.is_some(), GONE),
        ("multizone", config.multizone.is_some() && !on_google, OTHER_CLOUD),
        ("nodeTags", config.node_tags.is_some() && !on_google, OTHER_CLOUD),
        ("nodeInstancePrefix", config.node_instance_prefix.is_some() && !on_google, OTHER_CLOUD),
        ("spotinstOrientation", config.spotinst_orientation.is_some(), GONE),
    ]
}
