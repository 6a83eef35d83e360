//! The settings of add-ons.

use super::complete::{Context, fill};
use crate::spec::values::{Duration, NonNegative, Quantity};
use crate::spec::{
    Cloud, ClusterAutoscaler, ClusterSpec, Expander, NodeProblemDetector, NodeTerminationHandler,
};

pub(super) fn complete(cluster: &mut ClusterSpec, context: &Context) {
    if let Some(autoscaler) =
        cluster.cluster_autoscaler.as_mut().filter(|settings| settings.enabled == Some(true))
    {
        complete_autoscaler(autoscaler, context);
    }
    // Karpenter replaces its machines by itself.
    if cluster.is_on(Cloud::Aws) && !cluster.has_karpenter() {
        let handler = cluster.node_termination_handler.get_or_insert_with(NodeTerminationHandler::default);
        if *handler.enabled.get_or_insert(true) {
            complete_termination(handler);
        }
    }
    if let Some(detector) = &mut cluster.node_problem_detector {
        complete_detector(detector);
    }
    if let Some(karpenter) = &mut cluster.karpenter {
        fill(&mut karpenter.image, "public.ecr.aws/karpenter/controller:1.13.0");
        fill(&mut karpenter.log_encoding, "console");
        fill(&mut karpenter.log_level, "debug");
    }
}

fn quantities<const N: usize>(fields: [(&mut Option<Quantity>, Quantity); N]) {
    for (field, value) in fields {
        field.get_or_insert(value);
    }
}

fn complete_autoscaler(autoscaler: &mut ClusterAutoscaler, context: &Context) {
    let release = match context.version.minor() {
        (1, 32) => "v1.32.7",
        (1, 33) => "v1.33.5",
        (1, 34) => "v1.34.4",
        (1, 35) => "v1.35.1",
        _ => "v1.36.0",
    };
    let image = || format!("registry.k8s.io/autoscaling/cluster-autoscaler:{release}");
    autoscaler.image.get_or_insert_with(image);
    autoscaler.expander.get_or_insert(Expander::Random);
    let switches = [
        (&mut autoscaler.ignore_daemon_sets_utilization, false),
        (&mut autoscaler.skip_nodes_with_custom_controller_pods, true),
        (&mut autoscaler.skip_nodes_with_local_storage, true),
        (&mut autoscaler.skip_nodes_with_system_pods, true),
        (&mut autoscaler.balance_similar_node_groups, false),
        (&mut autoscaler.emit_per_nodegroup_metrics, false),
        (&mut autoscaler.aws_use_static_instance_list, false),
    ];
    for (field, value) in switches {
        field.get_or_insert(value);
    }
    autoscaler.scale_down_utilization_threshold.get_or_insert_with(|| NonNegative::HALF.into());
    let minutes = [
        (&mut autoscaler.new_pod_scale_up_delay, 0),
        (&mut autoscaler.scale_down_delay_after_add, 10),
        (&mut autoscaler.scale_down_unneeded_time, 10),
        (&mut autoscaler.scale_down_unready_time, 20),
        (&mut autoscaler.max_node_provision_time, 15),
    ];
    for (field, minutes) in minutes {
        field.get_or_insert_with(|| Duration::seconds(60 * minutes).into());
    }
    if autoscaler.expander == Some(Expander::Priority) {
        autoscaler.create_priority_expander_config = Some(true);
    }
}

fn complete_termination(handler: &mut NodeTerminationHandler) {
    let switches = [
        (&mut handler.delete_sqs_msg_if_node_not_found, false),
        (&mut handler.enable_spot_interruption_draining, true),
        (&mut handler.enable_scheduled_event_draining, true),
        (&mut handler.enable_rebalance_monitoring, false),
        (&mut handler.enable_rebalance_draining, false),
        (&mut handler.enable_out_of_service_taint, false),
        (&mut handler.prometheus_enable, false),
        (&mut handler.exclude_from_load_balancers, true),
        (&mut handler.taint_node, false),
    ];
    for (field, value) in switches {
        field.get_or_insert(value);
    }
    handler.managed_asg_tag.get_or_insert_with(|| "aws-node-termination-handler/managed".into());
    handler.pod_termination_grace_period.get_or_insert(-1);
    quantities([
        (&mut handler.cpu_request, Quantity::milli(50)),
        (&mut handler.memory_request, Quantity::mebi(64)),
    ]);
    handler.version.get_or_insert_with(|| "v1.25.5".into());
}

fn complete_detector(detector: &mut NodeProblemDetector) {
    detector.enabled.get_or_insert(false);
    quantities([
        (&mut detector.cpu_request, Quantity::milli(20)),
        (&mut detector.memory_request, Quantity::mebi(100)),
        (&mut detector.memory_limit, Quantity::mebi(100)),
    ]);
    let image = || "registry.k8s.io/node-problem-detector/node-problem-detector:v0.8.18".into();
    detector.image.get_or_insert_with(image);
}
