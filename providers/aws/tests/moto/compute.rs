//! Samples of the types of EC2, Auto Scaling and load balancing: arguments to create with, and arguments to change to.

use landform_aws::{
    AutoscalingGroup, Elb, LaunchTemplate, Lb, LbListener, LbTargetGroup, NetworkAcl, SecurityGroup, Subnet,
    Vpc, VpcDhcpOptions,
};
use landform_core::Observed;
use serde_json::{Value as Json, json};

use super::{Aws, Base, create, typed};

/// A type, the arguments to create with, and the arguments to change to.
pub type Sample = (&'static str, Json, Json);

/// The resources that the samples refer to.
struct Ground {
    group: Observed<SecurityGroup>,
    peer: Observed<SecurityGroup>,
    second: Observed<Subnet>,
    template: Observed<LaunchTemplate>,
    plain: Observed<AutoscalingGroup>,
    tcp: Observed<LbTargetGroup>,
    http: Observed<LbTargetGroup>,
    lb: Observed<Lb>,
    listener: Observed<LbListener>,
    classic: Observed<Elb>,
    other: Observed<Vpc>,
    options: Observed<VpcDhcpOptions>,
    acl: Observed<NetworkAcl>,
}

async fn ground(client: &Aws, base: &Base) -> Ground {
    let vpc = base.vpc.id();
    let subnet = base.subnet.id();
    let group = create(client, "rules", &typed(json!({ "vpc_id": vpc, "name": "rules" }))).await;
    let peer = create(client, "peer", &typed(json!({ "vpc_id": vpc, "name": "peer" }))).await;
    let second = json!({ "vpc_id": vpc, "cidr_block": "10.0.128.0/20", "availability_zone": "us-east-2c" });
    let second: Observed<Subnet> = create(client, "second", &typed(second)).await;
    let template = json!({ "name": "base", "image_id": "ami-12c6146b", "instance_type": "t3.micro" });
    let template: Observed<LaunchTemplate> = create(client, "base", &typed(template)).await;
    let plain = json!({
        "name": "plain", "min_size": 0, "max_size": 1, "vpc_zone_identifier": [subnet],
        "launch_template": { "id": template.id() },
    });
    let plain = create(client, "plain", &typed(plain)).await;
    let target = |name: &str, protocol: &str| {
        typed(json!({ "name": name, "vpc_id": vpc, "protocol": protocol, "port": 80 }))
    };
    let tcp = create(client, "tcp", &target("tcp", "TCP")).await;
    let http = create(client, "http", &target("http", "HTTP")).await;
    let lb = json!({ "name": "base", "subnets": [subnet, second.id()], "internal": true });
    let lb: Observed<Lb> = create(client, "base", &typed(lb)).await;
    let listener = json!({
        "load_balancer_arn": lb.id(), "port": 80, "protocol": "HTTP",
        "default_action": [{ "type": "forward", "target_group_arn": http.id() }],
    });
    let listener = create(client, "base", &typed(listener)).await;
    let port =
        json!({ "lb_port": 80, "lb_protocol": "http", "instance_port": 80, "instance_protocol": "http" });
    let classic = json!({ "name": "base", "listener": [port], "subnets": [subnet], "internal": true });
    let classic = create(client, "base", &typed(classic)).await;
    let other = create(client, "other-vpc", &typed(json!({ "cidr_block": "10.8.0.0/16" }))).await;
    let options = create(client, "options", &typed(json!({ "domain_name": "example.com" }))).await;
    let acl = create(client, "acl", &typed(json!({ "vpc_id": vpc }))).await;
    Ground { group, peer, second, template, plain, tcp, http, lb, listener, classic, other, options, acl }
}

/// Makes the resources that the samples refer to, and returns the samples.
pub async fn samples(client: &Aws, base: &Base) -> Vec<Sample> {
    let on = ground(client, base).await;
    let mut all = rules(&on);
    all.extend(groups(&on, base));
    all.extend(balancers(&on, base));
    all.extend(networks(&on, base));
    all.extend(machines(&on, base));
    all
}

fn tags() -> (Json, Json) {
    (json!({ "Name": "a", "Old": "yes" }), json!({ "Name": "b", "New": "yes" }))
}

fn rules(on: &Ground) -> Vec<Sample> {
    let (group, peer) = (on.group.id(), on.peer.id());
    let (tags, changed) = tags();
    let rule = |description: &str| {
        json!({
            "security_group_id": group, "type": "ingress", "protocol": "6", "from_port": 8000, "to_port": 8010,
            "cidr_blocks": ["10.0.0.0/16", "10.4.0.0/16"], "ipv6_cidr_blocks": ["2001:db8::/32"],
            "source_security_group_id": peer, "description": description,
        })
    };
    vec![
        ("aws_security_group_rule", rule("of old"), rule("of new")),
        (
            "aws_vpc_security_group_ingress_rule",
            json!({
                "security_group_id": group, "ip_protocol": "tcp", "from_port": 22, "to_port": 22,
                "cidr_ipv4": "10.0.0.0/8", "description": "ssh", "tags": tags,
            }),
            json!({
                "security_group_id": group, "ip_protocol": "tcp", "from_port": 22, "to_port": 23,
                "cidr_ipv4": "10.0.0.0/9", "description": "shells", "tags": changed,
            }),
        ),
        (
            "aws_vpc_security_group_egress_rule",
            json!({
                "security_group_id": group, "ip_protocol": "udp", "from_port": 53, "to_port": 53,
                "cidr_ipv4": "0.0.0.0/0", "tags": tags,
            }),
            json!({
                "security_group_id": group, "ip_protocol": "17", "from_port": 53, "to_port": 54,
                "cidr_ipv4": "0.0.0.0/0", "tags": changed,
            }),
        ),
    ]
}

fn networks(on: &Ground, base: &Base) -> Vec<Sample> {
    let (tags, changed) = tags();
    let vpc = base.vpc.id();
    let options = |tags: &Json| {
        json!({
            "domain_name": "example.org", "domain_name_servers": ["10.0.0.2", "10.0.0.3"],
            "ntp_servers": ["10.0.0.4"], "netbios_node_type": "2", "tags": tags,
        })
    };
    let association = json!({ "vpc_id": vpc, "dhcp_options_id": on.options.id() });
    let acl = |subnets: Json, tags: &Json| json!({ "vpc_id": vpc, "subnet_ids": subnets, "tags": tags });
    let rule = json!({
        "network_acl_id": on.acl.id(), "rule_number": 100, "protocol": "tcp", "rule_action": "allow",
        "cidr_block": "10.0.0.0/8", "from_port": 22, "to_port": 23,
    });
    // The route tables do not change, because moto cannot delete an endpoint whose tables have changed.
    let endpoint = |action: &str, tags: &Json| {
        let allow = json!({ "Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*" });
        let policy = json!({ "Version": "2012-10-17", "Statement": [allow] }).to_string();
        json!({
            "vpc_id": vpc, "service_name": "com.amazonaws.us-east-2.s3", "policy": policy, "tags": tags,
            "route_table_ids": [base.table.id()],
        })
    };
    let peering = |tags: &Json| json!({ "vpc_id": vpc, "peer_vpc_id": on.other.id(), "auto_accept": true, "tags": tags });
    let (subnet, second) = (base.subnet.id(), on.second.id());
    vec![
        ("aws_vpc_dhcp_options", options(&tags), options(&changed)),
        ("aws_vpc_dhcp_options_association", association.clone(), association),
        ("aws_network_acl", acl(json!([subnet]), &tags), acl(json!([second]), &changed)),
        ("aws_network_acl_rule", rule.clone(), rule),
        ("aws_vpc_endpoint", endpoint("s3:Get*", &tags), endpoint("s3:List*", &changed)),
        ("aws_vpc_peering_connection", peering(&tags), peering(&changed)),
    ]
}

fn machines(on: &Ground, base: &Base) -> Vec<Sample> {
    let (tags, changed) = tags();
    let machine = |kind: &str, group: &str, told: &str, on: bool, size: u32, tags: &Json| {
        json!({
            "ami": "ami-12c6146b", "instance_type": kind, "subnet_id": base.subnet.id(), "tags": tags,
            "vpc_security_group_ids": [group], "user_data": told, "source_dest_check": on, "monitoring": on,
            "metadata_options": { "http_tokens": if on { "required" } else { "optional" } },
            "root_block_device": { "volume_size": size, "volume_type": "gp3" },
        })
    };
    let group =
        |tags: &Json| json!({ "name": "apart", "strategy": "spread", "spread_level": "rack", "tags": tags });
    let main = |table: &str| json!({ "vpc_id": base.vpc.id(), "route_table_id": table });
    vec![
        (
            "aws_instance",
            machine("t3.micro", on.group.id(), "#!/bin/sh\n", false, 16, &tags),
            machine("t3.small", on.peer.id(), "#!/bin/sh -e\n", true, 32, &changed),
        ),
        ("aws_placement_group", group(&tags), group(&changed)),
        ("aws_main_route_table_association", main(base.table.id()), main(base.other.id())),
    ]
}

fn groups(on: &Ground, base: &Base) -> Vec<Sample> {
    let (tags, changed) = tags();
    let template = |kind: &str, tags: &Json, says: Json| {
        let mut template = json!({
            "name": "nodes", "description": "of nodes", "image_id": "ami-12c6146b", "instance_type": kind,
            "key_name": "ada", "user_data": "IyEvYmluL3NoCg==", "ebs_optimized": true,
            "block_device_mappings": [
                { "device_name": "/dev/xvda", "ebs": {
                    "volume_size": 64, "volume_type": "gp3", "iops": 3000, "throughput": 125, "encrypted": true,
                    "delete_on_termination": true,
                } },
                { "device_name": "/dev/xvdb", "virtual_name": "ephemeral0" },
            ],
            "network_interfaces": [{
                "associate_public_ip_address": false, "delete_on_termination": true, "device_index": 0,
                "ipv6_address_count": 1, "security_groups": [on.group.id(), on.peer.id()],
            }],
            "iam_instance_profile": { "name": "nodes" },
            "credit_specification": { "cpu_credits": "standard" },
            "instance_market_options": { "market_type": "spot", "spot_options": { "max_price": "0.10" } },
            "metadata_options": { "http_tokens": "required", "http_put_response_hop_limit": 3 },
            "monitoring": { "enabled": true }, "placement": { "tenancy": "default" },
            "tag_specifications": [{ "resource_type": "instance", "tags": { "Name": "node" } }],
            "tags": tags,
        });
        let more = says.as_object().cloned().unwrap_or_default();
        template.as_object_mut().unwrap().extend(more);
        template
    };
    let group = |most: u32, grace: u32, tag: Json, suspended: Json| {
        json!({
            "name": "nodes", "min_size": 1, "max_size": most, "desired_capacity": 1,
            "vpc_zone_identifier": [base.subnet.id(), on.second.id()],
            "mixed_instances_policy": {
                "launch_template": {
                    "launch_template_specification": {
                        "launch_template_id": on.template.id(), "version": on.template.attributes.latest_version,
                    },
                    "override": [
                        { "instance_type": "m5.large" },
                        { "instance_type": "m5.xlarge", "launch_template_specification": {
                            "launch_template_name": "base", "version": "1",
                        } },
                    ],
                },
                "instances_distribution": {
                    "on_demand_base_capacity": 1, "on_demand_percentage_above_base_capacity": 50,
                    "spot_allocation_strategy": "capacity-optimized",
                },
            },
            "enabled_metrics": ["GroupDesiredCapacity", "GroupMaxSize"], "health_check_grace_period": grace,
            "health_check_type": "EC2", "default_cooldown": 60, "capacity_rebalance": true,
            "protect_from_scale_in": true, "suspended_processes": suspended,
            "termination_policies": ["OldestInstance", "Default"], "target_group_arns": [on.tcp.id()],
            "load_balancers": [on.classic.id()],
            "warm_pool": {
                "min_size": 1, "pool_state": "Stopped", "instance_reuse_policy": { "reuse_on_scale_in": most == 2 },
            },
            "availability_zone_distribution": {
                "capacity_distribution_strategy": if most == 2 { "balanced-only" } else { "balanced-best-effort" },
            },
            "capacity_reservation_specification": {
                "capacity_reservation_preference": "capacity-reservations-first",
                "capacity_reservation_target": { "capacity_reservation_ids": [format!("cr-{most}")] },
            },
            "instance_maintenance_policy": { "min_healthy_percentage": 30 * most, "max_healthy_percentage": 120 },
            "desired_capacity_type": "units", "placement_group": format!("spread-{most}"), "tag": tag,
        })
    };
    let tag = |key: &str, value: &str, propagate: bool| json!({ "key": key, "value": value, "propagate_at_launch": propagate });
    let hook = |timeout: u32, result: &str| {
        json!({
            "autoscaling_group_name": "plain", "name": "drain", "heartbeat_timeout": timeout,
            "lifecycle_transition": "autoscaling:EC2_INSTANCE_TERMINATING", "default_result": result,
            // moto reports these two values for every hook.
            "role_arn": "arn:aws:iam::1234567890:role/my-auto-scaling-role",
            "notification_target_arn": "arn:aws:sqs:us-east-1:123456789012:my-queue",
        })
    };
    let attachment = json!({ "autoscaling_group_name": "plain", "lb_target_group_arn": on.http.id() });
    assert_eq!(on.plain.id(), "plain");
    vec![
        (
            "aws_launch_template",
            template("t3.micro", &tags, json!({})),
            template(
                "t3.small",
                &changed,
                json!({ "update_default_version": true, "user_data": "IyEvYmluL3NoCg" }),
            ),
        ),
        (
            "aws_autoscaling_group",
            group(2, 120, json!([tag("Name", "a", true), tag("Old", "yes", false)]), json!(["AZRebalance"])),
            group(
                3,
                300,
                json!([tag("Name", "b", true), tag("New", "yes", true)]),
                json!(["ReplaceUnhealthy"]),
            ),
        ),
        ("aws_autoscaling_attachment", attachment.clone(), attachment),
        ("aws_autoscaling_lifecycle_hook", hook(300, "ABANDON"), hook(600, "CONTINUE")),
    ]
}

fn balancers(on: &Ground, base: &Base) -> Vec<Sample> {
    let (tags, changed) = tags();
    let (subnet, second) = (base.subnet.id(), on.second.id());
    let lb = |idle: u32, groups: Json, logs: Json, tags: &Json| {
        json!({
            "name": "web", "load_balancer_type": "application", "internal": true, "subnets": [subnet, second],
            "security_groups": groups, "idle_timeout": idle, "drop_invalid_header_fields": idle < 80,
            "access_logs": logs, "connection_logs": { "bucket": "logs", "prefix": "web", "enabled": idle < 80 },
            "health_check_logs": logs, "client_keep_alive": 60 * idle, "tags": tags,
            "desync_mitigation_mode": if idle < 80 { "strictest" } else { "monitor" },
            "enable_tls_version_and_cipher_suite_headers": idle < 80, "enable_waf_fail_open": idle < 80,
            "enable_xff_client_port": idle < 80, "enable_zonal_shift": idle < 80,
            "xff_header_processing_mode": if idle < 80 { "preserve" } else { "remove" },
            "minimum_load_balancer_capacity": { "capacity_units": 2 * idle },
            "ipam_pools": { "ipv4_ipam_pool_id": format!("ipam-pool-{idle}") },
        })
    };
    let listener = |port: u16, action: Json, tags: &Json| {
        json!({
            "load_balancer_arn": on.lb.id(), "port": port, "protocol": "HTTPS", "default_action": action,
            "routing_http_response_server_enabled": port == 8080,
            "routing_http_response_x_frame_options_header_value": format!("ALLOW-FROM {port}"),
            "routing_http_request_x_amzn_tls_version_header_name": format!("X-Version-{port}"),
            "mutual_authentication": {
                "mode": "verify", "trust_store_arn": "arn:aws:elasticloadbalancing:us-east-2:1:truststore/a/1",
                "ignore_client_certificate_expiry": port == 8080, "advertise_trust_store_ca_names": "on",
            },
            "certificate_arn": "arn:aws:iam::123456789012:server-certificate/of-tests", "tags": tags,
        })
    };
    let login = json!({ "type": "authenticate-cognito", "order": 1, "authenticate_cognito": {
        "user_pool_arn": "arn:aws:cognito-idp:us-east-2:123456789012:userpool/a", "user_pool_client_id": "web",
        "user_pool_domain": "login", "on_unauthenticated_request": "deny", "session_timeout": 3600,
        "authentication_request_extra_params": { "prompt": "login" },
    } });
    let token = json!({ "type": "jwt-validation", "order": 1, "jwt_validation": {
        "issuer": "https://id.example.com", "jwks_endpoint": "https://id.example.com/keys",
        "additional_claim": [{ "format": "string-array", "name": "groups", "values": ["a", "b"] }],
    } });
    let forward = json!({ "type": "forward", "target_group_arn": on.http.id() });
    let second_step = json!({ "type": "forward", "order": 2, "target_group_arn": on.http.id() });
    let redirect = json!({ "type": "redirect", "order": 2, "redirect": { "status_code": "HTTP_301", "protocol": "HTTPS" } });
    let fixed = json!({
        "type": "fixed-response",
        "fixed_response": { "content_type": "text/plain", "message_body": "no", "status_code": "404" },
    });
    let rule = |priority: u32, action: &Json, condition: Json, tags: &Json| {
        json!({
            "listener_arn": on.listener.id(), "priority": priority, "action": [action], "condition": condition,
            "transform": [
                { "type": "url-rewrite", "url_rewrite_config": { "rewrite": {
                    "regex": "^/v1/(.*)$", "replace": format!("/v{priority}/$1"),
                } } },
            ],
            "tags": tags,
        })
    };
    let hosts = json!([
        { "host_header": { "values": ["a.example.com", "*.example.org"] } },
        { "path_pattern": { "regex_values": ["^/api/[0-9]+$"] } },
    ]);
    let header = json!([{ "http_header": { "http_header_name": "X-Kind", "values": ["a", "b"] } }]);
    let target = json!({ "target_group_arn": on.tcp.id(), "target_id": "10.0.0.9", "port": 8080 });
    let port = |port: u16, protocol: &str| json!({ "lb_port": port, "lb_protocol": protocol, "instance_port": 8080, "instance_protocol": "tcp" });
    let classic = |ports: Json, interval: u32, idle: u32, subnets: Json, tags: &Json| {
        json!({
            "name": "classic", "internal": true, "listener": ports, "subnets": subnets,
            "security_groups": [on.group.id()], "idle_timeout": idle, "connection_draining": idle > 60,
            "health_check": {
                "target": "TCP:8080", "interval": interval, "timeout": 5, "healthy_threshold": 2,
                "unhealthy_threshold": 2,
            },
            "tags": tags,
        })
    };
    vec![
        (
            "aws_lb",
            lb(
                75,
                json!([on.group.id()]),
                json!({ "bucket": "logs", "prefix": "web", "enabled": true }),
                &tags,
            ),
            lb(90, json!([on.peer.id()]), json!({ "bucket": "logs", "enabled": true }), &changed),
        ),
        (
            "aws_lb_listener",
            listener(8080, json!([login, second_step]), &tags),
            listener(8081, json!([token, redirect]), &changed),
        ),
        ("aws_lb_listener_rule", rule(5, &forward, hosts, &tags), rule(7, &fixed, header, &changed)),
        ("aws_lb_target_group_attachment", target.clone(), target),
        (
            "aws_elb",
            classic(json!([port(80, "tcp"), port(443, "TCP")]), 10, 60, json!([subnet]), &tags),
            classic(json!([port(80, "tcp"), port(8443, "tcp")]), 20, 120, json!([subnet, second]), &changed),
        ),
    ]
}
