//! What one changed line of a spec changes.

use crate::goldens::rendered;
use crate::{addresses, stack_of, text};
use landform_core::Stack;
use serde_json::{Value, json};

fn made(text: &str) -> Stack {
    let (stack, _) = stack_of(text).unwrap_or_else(|problems| panic!("{problems}"));
    stack.check().unwrap_or_else(|problems| panic!("{problems}"));
    stack
}

/// The addresses whose resources differ.
fn changed(before: &Stack, after: &Stack) -> Vec<String> {
    let (before, after) = (rendered(before), rendered(after));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    before
        .into_iter()
        .filter(|(address, value)| after[address] != *value)
        .map(|(address, _)| address)
        .collect()
}

#[test]
fn more_nodes_change_the_autoscaling_group_alone() {
    let text =
        text("privatecalico").replace("maxSize: 2", "maxSize: 30").replace("minSize: 2", "minSize: 30");
    let (before, after) = (made(&crate::text("privatecalico")), made(&text));
    let group = "aws_autoscaling_group.nodes-privatecalico-example-com";
    assert_eq!(changed(&before, &after), [group]);
    let (before, after) = (&rendered(&before)[group], &rendered(&after)[group]);
    let fields = before.as_object().unwrap().keys().filter(|field| before[*field] != after[*field]);
    assert_eq!(fields.collect::<Vec<_>>(), ["max_size", "min_size"]);
}

#[test]
fn the_order_of_documents_has_no_meaning() {
    let text = text("ha");
    let mut documents: Vec<&str> = text.split("\n---\n").collect();
    documents.reverse();
    assert_eq!(rendered(&made(&text)), rendered(&made(&documents.join("\n---\n"))));
}

#[test]
fn both_spellings_of_the_api_version_mean_the_same() {
    let short = text("complex").replace("kops.k8s.io/v1alpha2", "kops/v1alpha2");
    assert_eq!(rendered(&made(&text("complex"))), rendered(&made(&short)));
    assert_eq!(rendered(&made(&text("complex"))), rendered(&made(&text("complex-legacy"))));
}

#[test]
fn classic_where_the_spec_says_so() {
    let stack = made(&text("privatecalico").replace("class: Network", "class: Classic"));
    assert_eq!(addresses(&stack, "aws_lb"), ["aws_lb.bastion-privatecalico-example-com"]);
    assert_eq!(
        addresses(&stack, "aws_lb_target_group"),
        ["aws_lb_target_group.bastion-privatecalico-exa-hocohm"]
    );
    let all = rendered(&stack);
    let balancer = &all["aws_elb.api-privatecalico-example-com"];
    let listener =
        json!({ "instance_port": 443, "instance_protocol": "TCP", "lb_port": 443, "lb_protocol": "TCP" });
    assert_eq!(balancer["listener"], listener);
    assert_eq!(balancer["subnets"], json!(["${aws_subnet.utility-us-test-1a-privatecalico-example-com.id}"]));
    assert_eq!(balancer["name"], "api-privatecalico-example-0uch4k");
    let health = json!({ "target": "SSL:443", "interval": 10, "timeout": 5, "healthy_threshold": 2, "unhealthy_threshold": 2 });
    assert_eq!(balancer["health_check"], health);
    let masters = &all["aws_autoscaling_group.master-us-test-1a-masters-privatecalico-example-com"];
    assert_eq!(masters["load_balancers"], json!(["${aws_elb.api-privatecalico-example-com.id}"]));
    assert_eq!(masters.get("target_group_arns"), None);
    let alias = &all["aws_route53_record.api-privatecalico-example-com"]["alias"];
    assert_eq!(alias["name"], "${aws_elb.api-privatecalico-example-com.dns_name}");
}

#[test]
fn ranges_are_chosen_where_none_are_given() {
    let text = text("privatecalico")
        .replace("- cidr: 172.20.32.0/19\n    name", "- name")
        .replace("- cidr: 172.20.4.0/22\n    name", "- name");
    let all = rendered(&made(&text));
    assert_eq!(all["aws_subnet.us-test-1a-privatecalico-example-com"]["cidr_block"], "172.20.128.0/17");
    assert_eq!(all["aws_subnet.utility-us-test-1a-privatecalico-example-com"]["cidr_block"], "172.20.0.0/20");
}

#[test]
fn machines_get_what_the_role_needs_unless_the_spec_says_otherwise() {
    let lines = ["machineType: t3.micro", "minSize: 1", "maxSize: 1"];
    let text = text("privatecalico");
    let start = text.find("name: bastion").unwrap();
    let (head, bastion) = text.split_at(start);
    let bastion = bastion.lines().filter(|line| !lines.contains(&line.trim())).collect::<Vec<_>>().join("\n");
    let all = rendered(&made(&format!("{head}{bastion}")));
    let template = &all["aws_launch_template.bastion-privatecalico-example-com"];
    assert_eq!(template["instance_type"], "t2.micro");
    assert_eq!(template["block_device_mappings"]["ebs"]["volume_size"], 32);
    assert_eq!(all["aws_autoscaling_group.bastion-privatecalico-example-com"]["min_size"], 1);
}

#[test]
fn a_warm_pool_waits_for_its_machines() {
    let pool = "  warmPool:\n    enableLifecycleHook: true\n    minSize: 1\n  subnets:\n  - cidr";
    let all = rendered(&made(&text("minimal-aws").replacen("  subnets:\n  - cidr", pool, 1)));
    let nodes = &all["aws_autoscaling_group.nodes-minimal-aws-example-com"];
    assert_eq!(nodes["warm_pool"], json!({ "min_size": 1 }));
    assert_eq!(nodes["enabled_metrics"].as_array().map(Vec::len), Some(16));
    assert_eq!(all["aws_autoscaling_lifecycle_hook.kops-warmpool-nodes"]["heartbeat_timeout"], 600);
    assert!(!all.contains_key("aws_autoscaling_lifecycle_hook.kops-warmpool-master-us-test-1a"));
    let policy: &Value = &all["aws_iam_role_policy.nodes-minimal-aws-example-com"]["policy"];
    assert!(policy.to_string().contains("autoscaling:CompleteLifecycleAction"));
}

#[test]
fn a_kept_volume_is_kept() {
    let all = rendered(&made(&text("complex")));
    let devices = &all["aws_launch_template.nodes-complex-example-com"]["block_device_mappings"];
    assert_eq!(devices[1]["device_name"], "/dev/xvdd");
    assert_eq!(devices[1]["ebs"]["delete_on_termination"], false);
}

#[test]
fn nodes_know_their_line_in_the_spec() {
    let stack = made(&text("minimal-aws"));
    let at = |address: &str| stack.node(address).unwrap().origin.as_ref().unwrap().to_string();
    assert_eq!(at("aws_subnet.us-test-1a-minimal-aws-example-com"), "cluster.yaml:30");
    assert_eq!(at("aws_autoscaling_group.nodes-minimal-aws-example-com"), "cluster.yaml:44");
    assert_eq!(at("aws_ebs_volume.us-test-1a-etcd-events-minimal-aws-example-com"), "cluster.yaml:18");
}

#[test]
fn service_accounts_take_roles_of_their_own() {
    let all = rendered(&made(&text("many-addons-ccm-irsa")));
    let provider = &all["aws_iam_openid_connect_provider.minimal-example-com"];
    assert_eq!(provider["url"], "https://discovery.example.com/minimal.example.com");
    let role = &all["aws_iam_role.dns-controller-kube-system-sa-minimal-example-com"];
    let trust = &role["assume_role_policy"]["Statement"][0];
    assert_eq!(trust["Action"], "sts:AssumeRoleWithWebIdentity");
    let subject = json!({
        "discovery.example.com/minimal.example.com:sub": "system:serviceaccount:kube-system:dns-controller",
    });
    assert_eq!(trust["Condition"]["StringEquals"], subject);
    assert_eq!(role["tags"]["service-account.kops.k8s.io/name"], "dns-controller");
    let zone = |of: &str| {
        all[&format!("aws_iam_role_policy.{of}-minimal-example-com")]["policy"]
            .to_string()
            .contains("route53")
    };
    assert!(zone("dns-controller-kube-system-sa") && !zone("masters"));
}

#[test]
fn users_service_accounts_take_roles_too() {
    let all = rendered(&made(&text("irsa")));
    let attachment =
        "aws_iam_role_policy_attachment.external-myserviceaccount-default-sa-minimal-example-com-3197825879";
    assert_eq!(
        all[attachment]["role"],
        "${aws_iam_role.myserviceaccount-default-sa-minimal-example-com.name}"
    );
    let role = &all["aws_iam_role.myserviceaccount-test-wildcard-sa-minimal-example-com"];
    assert!(role["assume_role_policy"]["Statement"][0]["Condition"].get("StringLike").is_some());
}

#[test]
fn karpenter_makes_its_machines_itself() {
    let stack = made(&text("karpenter"));
    let groups = addresses(&stack, "aws_autoscaling_group");
    assert_eq!(
        groups,
        [
            "aws_autoscaling_group.master-us-test-1a-masters-minimal-example-com",
            "aws_autoscaling_group.nodes-minimal-example-com"
        ]
    );
    let subnet = &rendered(&stack)["aws_subnet.us-test-1a-minimal-example-com"];
    assert_eq!(subnet["tags"]["kops.k8s.io/instance-group/karpenter-nodes-default"], "true");
    assert!(stack.node("aws_iam_role.karpenter-kube-system-sa-minimal-example-com").is_some());
}
