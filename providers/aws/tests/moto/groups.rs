//! Groups beyond one sample: types by requirements, a template by its name, zones, hooks and traffic sources.

use landform_aws::{AutoscalingGroup, LaunchTemplate, LbTargetGroup, Vpc};
use landform_core::Observed;
use serde_json::json;

use super::{
    create,
    services::{conform, strict_world},
    typed, update,
};

#[tokio::test]
async fn groups_choose_types_by_requirements_and_templates_by_name() {
    let (_moto, strict, client, provider) = strict_world().await;
    let template =
        |name: &str| json!({ "name": name, "image_id": "ami-12c6146b", "instance_type": "t3.micro" });
    let one: Observed<LaunchTemplate> = create(&client, "one", &typed(template("one"))).await;
    create(&client, "two", &typed::<LaunchTemplate>(template("two"))).await;
    let vpc: Observed<Vpc> = create(&client, "one", &typed(json!({ "cidr_block": "10.0.0.0/16" }))).await;
    let mut target = Vec::new();
    for name in ["a", "b"] {
        let group = json!({ "name": name, "vpc_id": vpc.id(), "protocol": "HTTP", "port": 80 });
        let group: Observed<LbTargetGroup> = create(&client, name, &typed(group)).await;
        target.push(group.id().to_owned());
    }
    let needs = |more: u32, bare: &str| {
        json!({
            "name": "chosen", "min_size": 0, "max_size": 2, "availability_zones": ["us-east-2a"],
            "mixed_instances_policy": { "launch_template": {
                "launch_template_specification": { "launch_template_id": one.id() },
                "override": [{ "instance_requirements": {
                    "memory_mib": { "min": 1024 * more, "max": 8192 }, "vcpu_count": { "min": more },
                    "memory_gib_per_vcpu": { "min": 0.5, "max": more }, "network_interface_count": { "max": 4 },
                    "network_bandwidth_gbps": { "min": 1.5 }, "baseline_ebs_bandwidth_mbps": { "min": 500 },
                    "total_local_storage_gb": { "max": 100.5 }, "accelerator_count": { "max": 0 },
                    "accelerator_total_memory_mib": { "min": 1, "max": 2 }, "bare_metal": bare,
                    "burstable_performance": "included", "local_storage": "excluded",
                    "cpu_manufacturers": ["amd", "intel"], "instance_generations": ["current"],
                    "local_storage_types": ["ssd"], "accelerator_types": ["gpu"],
                    "accelerator_manufacturers": ["nvidia"], "accelerator_names": ["a100", "t4"],
                    "allowed_instance_types": ["m5.*"], "require_hibernate_support": more == 2,
                    "on_demand_max_price_percentage_over_lowest_price": 20,
                    "spot_max_price_percentage_over_lowest_price": 100 * more,
                } }],
            } },
        })
    };
    let named = |template: &str, source: &str| {
        json!({
            "name": "named", "min_size": 0, "max_size": 2, "availability_zones": ["us-east-2a"],
            "launch_template": { "name": template, "version": "1" },
            "traffic_source": [{ "identifier": source, "type": "elbv2" }], "context": format!("of {template}"),
            "force_delete_warm_pool": true,
        })
    };
    let kind = "aws_autoscaling_group";
    let samples = [
        (kind, needs(1, "included"), needs(2, "required")),
        (kind, named("one", &target[0]), named("two", &target[1])),
    ];
    conform(&strict, &provider, &samples).await;
}

#[tokio::test]
async fn a_group_has_its_first_hooks_from_the_start_and_loses_its_limits_again() {
    let (_moto, strict, client, _) = strict_world().await;
    let template = json!({ "name": "one", "image_id": "ami-12c6146b", "instance_type": "t3.micro" });
    create(&client, "one", &typed::<LaunchTemplate>(template)).await;
    let mut group: AutoscalingGroup = typed(json!({
        "name": "nodes", "min_size": 0, "max_size": 1, "availability_zones": ["us-east-2a"],
        "launch_template": { "name": "one" },
        "initial_lifecycle_hook": [{
            "name": "first", "lifecycle_transition": "autoscaling:EC2_INSTANCE_LAUNCHING", "heartbeat_timeout": 60,
        }],
        "instance_maintenance_policy": { "min_healthy_percentage": 90, "max_healthy_percentage": 120 },
        "placement_group": "near",
    }));
    let made = create(&client, "nodes", &group).await;
    assert_eq!(strict.count("PutLifecycleHook"), 0);
    let id = "nodes/first";
    let hook =
        landform_core::Manage::<landform_aws::AutoscalingLifecycleHook>::import(&client, id).await.unwrap();
    assert_eq!(hook.arguments.heartbeat_timeout, Some(60));
    assert_eq!(made.attributes.warm_pool_size, 0);
    group.instance_maintenance_policy = None;
    group.placement_group = None;
    let changed = update(&client, "nodes", &made, &group).await;
    assert_eq!(changed.arguments.instance_maintenance_policy, None);
    assert_eq!(changed.arguments.placement_group, None);
}
