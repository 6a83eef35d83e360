//! The effects of one changed line of a spec.

use crate::rendered::rendered;
use crate::{addresses, stack_with, text};
use landform_core::Stack;
use landform_kops::{FixedLookup, MissingAddons, Options, Spec, cluster};
use serde_json::{Value, json};

fn made(text: &str) -> Stack {
    // The caller installs Karpenter.
    let (stack, _) = stack_with(text, MissingAddons::LeftOut).unwrap_or_else(|problems| panic!("{problems}"));
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
    let text = text("private").replace("maxSize: 2", "maxSize: 30").replace("minSize: 2", "minSize: 30");
    let (before, after) = (made(&crate::text("private")), made(&text));
    let group = "aws_autoscaling_group.workers-private-example-com";
    assert_eq!(changed(&before, &after), [group]);
    let (before, after) = (&rendered(&before)[group], &rendered(&after)[group]);
    let fields = before.as_object().unwrap().keys().filter(|field| before[*field] != after[*field]);
    assert_eq!(fields.collect::<Vec<_>>(), ["max_size", "min_size"]);
}

#[test]
fn the_order_of_documents_has_no_meaning() {
    let text = text("private");
    let mut documents: Vec<&str> = text.split("\n---\n").collect();
    documents.reverse();
    assert_eq!(rendered(&made(&text)), rendered(&made(&documents.join("\n---\n"))));
}

#[test]
fn both_spellings_of_the_api_version_mean_the_same() {
    let short = text("loaded").replace("kops.k8s.io/v1alpha2", "kops/v1alpha2");
    assert_eq!(rendered(&made(&text("loaded"))), rendered(&made(&short)));
}

#[test]
fn classic_where_the_spec_says_so() {
    let stack = made(&text("private").replace("class: Network", "class: Classic"));
    assert_eq!(addresses(&stack, "aws_lb"), ["aws_lb.bastion-private-example-com"]);
    assert_eq!(
        addresses(&stack, "aws_lb_target_group"),
        ["aws_lb_target_group.bastion-private-example-c-nc71l4"]
    );
    let all = rendered(&stack);
    let balancer = &all["aws_elb.api-private-example-com"];
    let listener =
        json!({ "instance_port": 443, "instance_protocol": "TCP", "lb_port": 443, "lb_protocol": "TCP" });
    assert_eq!(balancer["listener"], listener);
    assert_eq!(balancer["subnets"], json!(["${aws_subnet.utility-a-private-example-com.id}"]));
    assert_eq!(balancer["name"], "api-private-example-com-jsr826");
    let health = json!({ "target": "SSL:443", "interval": 10, "timeout": 5, "healthy_threshold": 2, "unhealthy_threshold": 2 });
    assert_eq!(balancer["health_check"], health);
    let masters = &all["aws_autoscaling_group.control-a-masters-private-example-com"];
    assert_eq!(masters["load_balancers"], json!(["${aws_elb.api-private-example-com.id}"]));
    assert_eq!(masters.get("target_group_arns"), None);
    let alias = &all["aws_route53_record.api-private-example-com"]["alias"];
    assert_eq!(alias["name"], "${aws_elb.api-private-example-com.dns_name}");
}

#[test]
fn ranges_are_chosen_where_none_are_given() {
    let text =
        text("private").replace("    cidr: 172.20.32.0/19\n", "").replace("    cidr: 172.20.4.0/22\n", "");
    let all = rendered(&made(&text));
    assert_eq!(all["aws_subnet.a-private-example-com"]["cidr_block"], "172.20.128.0/17");
    assert_eq!(all["aws_subnet.utility-a-private-example-com"]["cidr_block"], "172.20.0.0/20");
}

#[test]
fn machines_get_what_the_role_needs_unless_the_spec_says_otherwise() {
    let all = rendered(&made(&text("private")));
    let template = &all["aws_launch_template.bastion-private-example-com"];
    assert_eq!(template["instance_type"], "t2.micro");
    assert_eq!(template["block_device_mappings"]["ebs"]["volume_size"], 32);
    assert_eq!(all["aws_autoscaling_group.bastion-private-example-com"]["min_size"], 1);
}

#[test]
fn a_warm_pool_waits_for_its_machines() {
    let pool = "  warmPool:\n    enableLifecycleHook: true\n    minSize: 1\n  subnets:\n  - name";
    let all = rendered(&made(&text("public").replacen("  subnets:\n  - name", pool, 1)));
    let nodes = &all["aws_autoscaling_group.workers-public-example-com"];
    assert_eq!(nodes["warm_pool"], json!({ "min_size": 1 }));
    assert_eq!(nodes["enabled_metrics"].as_array().map(Vec::len), Some(16));
    assert_eq!(all["aws_autoscaling_lifecycle_hook.kops-warmpool-workers"]["heartbeat_timeout"], 600);
    assert!(!all.contains_key("aws_autoscaling_lifecycle_hook.kops-warmpool-control-a"));
    let policy: &Value = &all["aws_iam_role_policy.nodes-public-example-com"]["policy"];
    assert!(policy.to_string().contains("autoscaling:CompleteLifecycleAction"));
}

#[test]
fn a_kept_volume_is_kept() {
    let all = rendered(&made(&text("loaded")));
    let devices = &all["aws_launch_template.workers-loaded-example-com"]["block_device_mappings"];
    assert_eq!(devices[1]["device_name"], "/dev/xvdd");
    assert_eq!(devices[1]["ebs"]["delete_on_termination"], false);
}

#[test]
fn nodes_know_their_line_in_the_spec() {
    let stack = made(&text("public"));
    let at = |address: &str| stack.node(address).unwrap().origin.as_ref().unwrap().to_string();
    assert_eq!(at("aws_subnet.a-public-example-com"), "cluster.yaml:18");
    assert_eq!(at("aws_autoscaling_group.workers-public-example-com"), "cluster.yaml:46");
    assert_eq!(at("aws_ebs_volume.a-etcd-events-public-example-com"), "cluster.yaml:29");
}

#[test]
fn service_accounts_take_roles_of_their_own() {
    let all = rendered(&made(&text("accounts")));
    let provider = &all["aws_iam_openid_connect_provider.accounts-example-com"];
    assert_eq!(provider["url"], "https://discovery.example.com/accounts.example.com");
    let role = &all["aws_iam_role.dns-controller-kube-system-sa-accounts-example-com"];
    let trust = &role["assume_role_policy"]["Statement"][0];
    assert_eq!(trust["Action"], "sts:AssumeRoleWithWebIdentity");
    let subject = json!({
        "discovery.example.com/accounts.example.com:sub": "system:serviceaccount:kube-system:dns-controller",
    });
    assert_eq!(trust["Condition"]["StringEquals"], subject);
    assert_eq!(role["tags"]["service-account.kops.k8s.io/name"], "dns-controller");
    let zone = |of: &str| {
        all[&format!("aws_iam_role_policy.{of}-accounts-example-com")]["policy"]
            .to_string()
            .contains("route53")
    };
    assert!(zone("dns-controller-kube-system-sa") && !zone("masters"));
}

#[test]
fn users_service_accounts_take_roles_too() {
    let all = rendered(&made(&text("accounts")));
    let attachment = "aws_iam_role_policy_attachment.external-reader-default-sa-accounts-example-com-";
    let (_, attachment) = all.iter().find(|(address, _)| address.starts_with(attachment)).unwrap();
    assert_eq!(attachment["role"], "${aws_iam_role.reader-default-sa-accounts-example-com.name}");
    assert_eq!(attachment["policy_arn"], "arn:aws-test:iam::000000000000:policy/Reader");
    let role = &all["aws_iam_role.tester-test-wildcard-sa-accounts-example-com"];
    assert!(role["assume_role_policy"]["Statement"][0]["Condition"].get("StringLike").is_some());
}

#[test]
fn karpenter_makes_its_machines_itself() {
    let stack = made(&text("accounts"));
    let groups = addresses(&stack, "aws_autoscaling_group");
    assert_eq!(
        groups,
        [
            "aws_autoscaling_group.control-a-masters-accounts-example-com",
            "aws_autoscaling_group.workers-accounts-example-com"
        ]
    );
    let subnet = &rendered(&stack)["aws_subnet.a-accounts-example-com"];
    assert_eq!(subnet["tags"]["kops.k8s.io/instance-group/elastic"], "true");
    assert!(stack.node("aws_iam_role.karpenter-kube-system-sa-accounts-example-com").is_some());
}

#[test]
fn a_key_is_named_by_its_fingerprint() {
    let all = rendered(&made(&text("public")));
    // The output of `ssh-keygen -l -E md5`.
    let pairs = "96:0c:38:94:70:2b:10:2f:a8:93:11:90:78:05:4a:63";
    let key = &all[&format!("aws_key_pair.kubernetes-public-example-com-{}", pairs.replace(':', ""))];
    assert_eq!(key["key_name"], format!("kubernetes.public.example.com-{pairs}"));
    assert_eq!(key["public_key"], crate::KEY);
}

#[test]
fn a_block_of_the_networks_ipv6_range_is_counted_out() {
    let all = rendered(&made(&text("public").replacen(
        "    type: Public",
        "    type: Public\n    ipv6CIDR: /64#1f",
        1,
    )));
    let subnet = &all["aws_subnet.a-public-example-com"];
    let length = "64 - local.vpc_ipv6_cidr_length";
    assert_eq!(
        subnet["ipv6_cidr_block"],
        format!("${{cidrsubnet(local.vpc_ipv6_cidr_block, {length}, 31)}}")
    );
}

#[test]
fn a_nat_gateway_has_the_address_that_the_spec_names() {
    let mut lookup = FixedLookup::kops_suite();
    lookup.allocations.insert("203.0.113.9".into(), "eipalloc-0a1b2c3d".into());
    let text =
        text("private").replacen("    type: Private", "    type: Private\n    publicIP: 203.0.113.9", 1);
    let spec = Spec::parse("cluster.yaml", &text).unwrap();
    let mut stack = Stack::new("cluster");
    cluster(&mut stack, &spec, &Options::default(), &lookup).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(addresses(&stack, "aws_eip").is_empty());
    let nat = &rendered(&stack)["aws_nat_gateway.us-test-1a-private-example-com"];
    assert_eq!(nat["allocation_id"], "eipalloc-0a1b2c3d");
}
