//! The integration with the cloud. Fields have the names of the API. The description of a flag names the flag. Data
//! only.

use super::NlbSecurityGroupMode;
use super::values::Quantity;
use serde_json::Value;
use std::collections::BTreeMap;

section! {
    /// Settings of the cloud provider's integration.
    pub struct CloudConfig {
        /// `manageStorageClasses`.
        pub manage_storage_classes: Option<bool>,
        /// `multizone`.
        pub multizone: Option<bool>,
        /// `nodeTags`.
        pub node_tags: Option<String>,
        /// `nodeInstancePrefix`.
        pub node_instance_prefix: Option<String>,
        /// `nodeIPFamilies`.
        #[serde(rename = "nodeIPFamilies")]
        pub node_ip_families: Vec<String>,
        /// `gceServiceAccount`.
        pub gce_service_account: String,
        /// `gceUseStartupScript`.
        pub gce_use_startup_script: Option<bool>,
        /// `disableSecurityGroupIngress`.
        pub disable_security_group_ingress: Option<bool>,
        /// `elbSecurityGroup`.
        pub elb_security_group: Option<String>,
        /// `nlbSecurityGroupMode`.
        pub nlb_security_group_mode: Option<NlbSecurityGroupMode>,
        /// `useIPBasedNodeNames`.
        #[serde(rename = "useIPBasedNodeNames")]
        pub use_ip_based_node_names: Option<bool>,
        /// `vSphereUsername`.
        #[serde(rename = "vSphereUsername", skip_serializing)]
        pub vsphere_username: Option<String>,
        /// `vSpherePassword`.
        #[serde(rename = "vSpherePassword", skip_serializing)]
        pub vsphere_password: Option<String>,
        /// `vSphereServer`.
        #[serde(rename = "vSphereServer", skip_serializing)]
        pub vsphere_server: Option<String>,
        /// `vSphereDatacenter`.
        #[serde(rename = "vSphereDatacenter", skip_serializing)]
        pub vsphere_datacenter: Option<String>,
        /// `vSphereResourcePool`.
        #[serde(rename = "vSphereResourcePool", skip_serializing)]
        pub vsphere_resource_pool: Option<String>,
        /// `vSphereDatastore`.
        #[serde(rename = "vSphereDatastore", skip_serializing)]
        pub vsphere_datastore: Option<String>,
        /// `vSphereCoreDNSServer`.
        #[serde(rename = "vSphereCoreDNSServer", skip_serializing)]
        pub vsphere_core_dns_server: Option<String>,
        /// `spotinstProduct`.
        pub spotinst_product: Option<String>,
        /// `spotinstOrientation`.
        pub spotinst_orientation: Option<String>,
        /// `openstack`.
        pub openstack: Option<Value>,
        /// `azure`.
        pub azure: Option<Value>,
        /// `awsEBSCSIDriver`.
        #[serde(rename = "awsEBSCSIDriver")]
        pub aws_ebs_csi_driver: Option<EbsCsiDriver>,
        /// `gcpPDCSIDriver`.
        #[serde(rename = "gcpPDCSIDriver")]
        pub gcp_pd_csi_driver: Option<PdCsiDriver>,
    }

    /// The driver of EBS volumes.
    pub struct EbsCsiDriver {
        /// `enabled`.
        #[serde(skip_serializing)]
        pub enabled: Option<bool>,
        /// `managed`.
        pub managed: Option<bool>,
        /// `version`.
        pub version: Option<String>,
        /// `kubeAPIQPS`.
        #[serde(rename = "kubeAPIQPS")]
        pub kube_api_qps: Option<Quantity>,
        /// `kubeAPIBurst`.
        #[serde(rename = "kubeAPIBurst")]
        pub kube_api_burst: Option<i32>,
        /// `hostNetwork`.
        pub host_network: bool,
        /// `volumeAttachLimit`.
        pub volume_attach_limit: Option<i64>,
        /// `podAnnotations`.
        pub pod_annotations: BTreeMap<String, String>,
    }

    /// The driver of persistent disks on GCE.
    pub struct PdCsiDriver {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `version`.
        pub version: Option<String>,
        /// `defaultStorageClassName`.
        pub default_storage_class_name: Option<String>,
    }
}
