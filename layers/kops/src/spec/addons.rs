//! Switches and settings of add-ons. Fields have the names of the API. The description of a flag names the flag. Data
//! only.

use super::values::{Duration, IdentityArn, NonNegative, Quantity, Written};
use super::{Expander, PresentOnly};
use std::collections::BTreeMap;

section! {
    /// Settings of time synchronisation.
    pub struct Ntp {
        /// `managed`.
        pub managed: Option<bool>,
    }

    /// The node termination handler add-on.
    pub struct NodeTerminationHandler {
        /// `deleteSQSMsgIfNodeNotFound`.
        #[serde(rename = "deleteSQSMsgIfNodeNotFound")]
        pub delete_sqs_msg_if_node_not_found: Option<bool>,
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `enableSpotInterruptionDraining`.
        pub enable_spot_interruption_draining: Option<bool>,
        /// `enableScheduledEventDraining`.
        pub enable_scheduled_event_draining: Option<bool>,
        /// `enableRebalanceMonitoring`.
        pub enable_rebalance_monitoring: Option<bool>,
        /// `enableRebalanceDraining`.
        pub enable_rebalance_draining: Option<bool>,
        /// `enableOutOfServiceTaint`.
        pub enable_out_of_service_taint: Option<bool>,
        /// `prometheusEnable`.
        pub prometheus_enable: Option<bool>,
        /// `enableSQSTerminationDraining`.
        #[serde(rename = "enableSQSTerminationDraining")]
        pub enable_sqs_termination_draining: Option<bool>,
        /// `excludeFromLoadBalancers`.
        pub exclude_from_load_balancers: Option<bool>,
        /// `managedASGTag`.
        #[serde(rename = "managedASGTag")]
        pub managed_asg_tag: Option<String>,
        /// `podTerminationGracePeriod`.
        pub pod_termination_grace_period: Option<i32>,
        /// `taintNode`.
        pub taint_node: Option<bool>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `version`.
        pub version: Option<String>,
        /// `webhookTemplate`.
        pub webhook_template: Option<String>,
        /// `webhookURL`.
        #[serde(rename = "webhookURL")]
        pub webhook_url: Option<String>,
    }

    /// The node problem detector add-on.
    pub struct NodeProblemDetector {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `image`.
        pub image: Option<String>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
        /// `cpuLimit`.
        pub cpu_limit: Option<Quantity>,
    }

    /// The metrics server add-on.
    pub struct MetricsServer {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `image`.
        pub image: Option<String>,
        /// `insecure`.
        pub insecure: Option<bool>,
    }

    /// The cert-manager add-on.
    pub struct CertManager {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `managed`.
        pub managed: Option<bool>,
        /// `image`.
        pub image: Option<String>,
        /// `defaultIssuer`.
        pub default_issuer: Option<String>,
        /// `nameservers`.
        pub nameservers: Vec<String>,
        /// `hostedZoneIDs`.
        #[serde(rename = "hostedZoneIDs")]
        pub hosted_zone_ids: Vec<String>,
        /// `featureGates`.
        pub feature_gates: BTreeMap<String, bool>,
    }

    /// The AWS load balancer controller add-on.
    pub struct LoadBalancerController {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `version`.
        pub version: Option<String>,
        /// `enableWAF`.
        #[serde(rename = "enableWAF")]
        pub enable_waf: bool,
        /// `enableWAFv2`.
        #[serde(rename = "enableWAFv2")]
        pub enable_waf_v2: bool,
        /// `enableShield`.
        pub enable_shield: bool,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `cpuLimit`.
        pub cpu_limit: Option<Quantity>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
    }

    /// The cluster autoscaler add-on.
    pub struct ClusterAutoscaler {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `expander`.
        pub expander: Option<Expander>,
        /// `balanceSimilarNodeGroups`.
        pub balance_similar_node_groups: Option<bool>,
        /// `emitPerNodegroupMetrics`.
        pub emit_per_nodegroup_metrics: Option<bool>,
        /// `awsUseStaticInstanceList`.
        pub aws_use_static_instance_list: Option<bool>,
        /// `ignoreDaemonSetsUtilization`.
        pub ignore_daemon_sets_utilization: Option<bool>,
        /// `scaleDownUtilizationThreshold`.
        pub scale_down_utilization_threshold: Option<Written<NonNegative>>,
        /// `skipNodesWithCustomControllerPods`.
        pub skip_nodes_with_custom_controller_pods: Option<bool>,
        /// `skipNodesWithSystemPods`.
        pub skip_nodes_with_system_pods: Option<bool>,
        /// `skipNodesWithLocalStorage`.
        pub skip_nodes_with_local_storage: Option<bool>,
        /// `newPodScaleUpDelay`.
        pub new_pod_scale_up_delay: Option<Written<Duration>>,
        /// `scaleDownDelayAfterAdd`.
        pub scale_down_delay_after_add: Option<Written<Duration>>,
        /// `scaleDownUnneededTime`.
        pub scale_down_unneeded_time: Option<Written<Duration>>,
        /// `scaleDownUnreadyTime`.
        pub scale_down_unready_time: Option<Written<Duration>>,
        /// `cordonNodeBeforeTerminating`.
        pub cordon_node_before_terminating: Option<bool>,
        /// `image`.
        pub image: Option<String>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `maxNodeProvisionTime`.
        pub max_node_provision_time: Option<Written<Duration>>,
        /// `podAnnotations`.
        pub pod_annotations: BTreeMap<String, String>,
        /// `createPriorityExpanderConfig`.
        pub create_priority_expander_config: Option<bool>,
        /// `customPriorityExpanderConfig`.
        pub custom_priority_expander_config: BTreeMap<String, Vec<String>>,
    }

    /// The volume snapshot controller add-on.
    pub struct SnapshotController {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `installDefaultClass`.
        pub install_default_class: bool,
    }

    /// The Karpenter add-on.
    pub struct Karpenter {
        /// `enabled`.
        pub enabled: bool,
        /// `logEncoding`.
        pub log_encoding: String,
        /// `logLevel`.
        pub log_level: String,
        /// `image`.
        pub image: String,
        /// `featureGates`.
        pub feature_gates: String,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
    }

    /// The pod identity webhook add-on.
    pub struct PodIdentityWebhook {
        /// `enabled`.
        pub enabled: bool,
        /// `replicas`.
        pub replicas: i64,
    }

    /// How users are authenticated.
    pub struct Authentication {
        /// `kopeio`.
        pub kopeio: Option<PresentOnly>,
        /// `aws`.
        pub aws: Option<AwsAuthentication>,
    }

    /// Users by their IAM identity.
    pub struct AwsAuthentication {
        /// `image`.
        pub image: String,
        /// `backendMode`.
        pub backend_mode: String,
        /// `clusterID`.
        #[serde(rename = "clusterID")]
        pub cluster_id: String,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
        /// `cpuLimit`.
        pub cpu_limit: Option<Quantity>,
        /// `identityMappings`.
        pub identity_mappings: Vec<AwsIdentityMapping>,
    }

    /// The Kubernetes user of an IAM identity.
    pub struct AwsIdentityMapping {
        /// `arn`.
        pub arn: Option<IdentityArn>,
        /// `username`.
        pub username: String,
        /// `groups`.
        pub groups: Vec<String>,
    }
}
