//! The fields of a spec that are accepted and have no effect, so that users hear of them. Refuses nothing.

use crate::problem::{Kind, Problem};
use crate::spec::{CloudConfig, Spec};
use crate::validate::Report;

/// Why a field has no effect.
const GONE: &str = "kops no longer uses it";
const OTHER_CLOUD: &str = "it is for another cloud";

/// The fields of a spec for AWS that have no effect on the cluster, each with the reason.
pub fn unused(spec: &Spec) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut report = Report::of_cluster(spec, &mut found);
    for (path, given, why) in of_cluster(spec) {
        tell(&mut report, path, given, why);
    }
    let config = spec.cluster.spec.cloud_config.clone().unwrap_or_default();
    for (field, given, why) in of_cloud(&config) {
        tell(&mut report, &format!("spec.cloudConfig.{field}"), given, why);
    }
    for (index, subnet) in spec.cluster.spec.subnets.iter().enumerate() {
        let path = format!("spec.subnets[{index}].region");
        tell(&mut report, &path, !subnet.region.is_empty(), "the zone says it");
    }
    for group in &spec.groups {
        let mut report = Report::of_group(group, &mut found);
        let spec = &group.spec;
        let fields = [
            ("spec.zones", !spec.zones.is_empty(), "the group's subnets say it"),
            (
                "spec.rootVolume",
                spec.root_volume.is_some(),
                "expected rootVolumeSize, rootVolumeType and so on",
            ),
            ("spec.rootVolumeDeleteOnTermination", spec.root_volume_delete_on_termination.is_some(), GONE),
            ("spec.guestAccelerators", !spec.guest_accelerators.is_empty(), OTHER_CLOUD),
            ("spec.gcpProvisioningModel", spec.gcp_provisioning_model.is_some(), OTHER_CLOUD),
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
    let topology = cluster.topology.clone().unwrap_or_default();
    let idle = topology.bastion.and_then(|bastion| bastion.idle_timeout_seconds);
    let subnets = "the types of the subnets say it";
    vec![
        ("spec.masterInternalName", !cluster.master_internal_name.is_empty(), GONE),
        ("spec.configStore", !cluster.config_store.is_empty(), "expected configBase"),
        ("spec.containerRuntime", !cluster.container_runtime.is_empty(), "only containerd is left"),
        ("spec.project", !cluster.project.is_empty(), OTHER_CLOUD),
        ("spec.serviceOIDCProvider", cluster.service_oidc_provider.is_some(), GONE),
        ("spec.target", cluster.target.is_some(), "it is for kops's own Terraform output"),
        ("spec.topology.masters", !topology.masters.is_empty(), subnets),
        ("spec.topology.nodes", !topology.nodes.is_empty(), subnets),
        ("spec.topology.bastion.idleTimeoutSeconds", idle.is_some(), GONE),
    ]
}

fn of_cloud(config: &CloudConfig) -> Vec<(&'static str, bool, &'static str)> {
    vec![
        ("vSphereUsername", config.vsphere_username.is_some(), OTHER_CLOUD),
        ("vSpherePassword", config.vsphere_password.is_some(), OTHER_CLOUD),
        ("vSphereServer", config.vsphere_server.is_some(), OTHER_CLOUD),
        ("vSphereDatacenter", config.vsphere_datacenter.is_some(), OTHER_CLOUD),
        ("vSphereResourcePool", config.vsphere_resource_pool.is_some(), OTHER_CLOUD),
        ("vSphereDatastore", config.vsphere_datastore.is_some(), OTHER_CLOUD),
        ("vSphereCoreDNSServer", config.vsphere_core_dns_server.is_some(), OTHER_CLOUD),
        ("gceServiceAccount", !config.gce_service_account.is_empty(), OTHER_CLOUD),
        ("gceUseStartupScript", config.gce_use_startup_script.is_some(), OTHER_CLOUD),
        ("openstack", config.openstack.is_some(), OTHER_CLOUD),
        ("azure", config.azure.is_some(), OTHER_CLOUD),
        ("gcpPDCSIDriver", config.gcp_pd_csi_driver.is_some(), OTHER_CLOUD),
        ("spotinstProduct", config.spotinst_product.is_some(), GONE),
        ("spotinstOrientation", config.spotinst_orientation.is_some(), GONE),
    ]
}
