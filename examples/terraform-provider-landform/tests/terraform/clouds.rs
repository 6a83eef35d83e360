//! Resources of real clouds under the real Terraform: the plugin's own binary calls AWS, as moto serves it behind the
//! strict proxy, and Google Cloud, as the emulator serves it.

use landform::serde_json::{Map, Value as Json, json};
use landform_gce_emulator::{Emulator, Settings};
use landform_testkit::{moto::Moto, strict::Strict};

use crate::bench::{Bench, By, has_terraform};

/// The configuration of the plugin for AWS at this URL.
fn at(url: &str) -> (&'static str, Json) {
    let aws = json!({
        "region": "us-east-2", "endpoint": url, "access_key": "test", "secret_key": "test",
        "default_tags": { "tags": { "stack": "base" } },
    });
    ("provider", json!({ "landform": { "aws": aws } }))
}

fn trust(service: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": service } }],
    })
    .to_string()
}

/// A network with what surrounds it. `team` is a tag of everything that has tags. The object waits for the versioning:
/// without a version, its deletion leaves a marker, and moto answers 500 when a marker is deleted.
fn network(team: &str) -> Json {
    let tags = json!({ "team": team });
    json!({
        "aws_vpc": { "a": { "cidr_block": "10.20.0.0/16", "enable_dns_hostnames": true, "tags": tags } },
        "aws_vpc_dhcp_options": { "a": { "domain_name": "example.com", "domain_name_servers": ["AmazonProvidedDNS"], "tags": tags } },
        "aws_vpc_dhcp_options_association": { "a": { "vpc_id": "${aws_vpc.a.id}", "dhcp_options_id": "${aws_vpc_dhcp_options.a.id}" } },
        "aws_subnet": {
            "public": { "vpc_id": "${aws_vpc.a.id}", "cidr_block": "10.20.0.0/24", "availability_zone": "us-east-2a", "map_public_ip_on_launch": true, "tags": tags },
            "private": { "vpc_id": "${aws_vpc.a.id}", "cidr_block": "10.20.1.0/24", "availability_zone": "us-east-2b", "tags": tags },
        },
        "aws_internet_gateway": { "a": { "vpc_id": "${aws_vpc.a.id}", "tags": tags } },
        "aws_eip": { "nat": { "domain": "vpc", "tags": tags } },
        "aws_nat_gateway": { "a": { "subnet_id": "${aws_subnet.public.id}", "allocation_id": "${aws_eip.nat.id}", "tags": tags, "depends_on": ["aws_internet_gateway.a"] } },
        "aws_route_table": { "public": { "vpc_id": "${aws_vpc.a.id}", "tags": tags }, "private": { "vpc_id": "${aws_vpc.a.id}", "tags": tags } },
        "aws_route": {
            "public": { "route_table_id": "${aws_route_table.public.id}", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.a.id}" },
            "private": { "route_table_id": "${aws_route_table.private.id}", "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.a.id}" },
        },
        "aws_route_table_association": {
            "public": { "subnet_id": "${aws_subnet.public.id}", "route_table_id": "${aws_route_table.public.id}" },
            "private": { "subnet_id": "${aws_subnet.private.id}", "route_table_id": "${aws_route_table.private.id}" },
        },
        "aws_security_group": { "nodes": { "name": "nodes", "description": "nodes", "vpc_id": "${aws_vpc.a.id}", "tags": tags } },
        "aws_security_group_rule": { "egress": { "type": "egress", "security_group_id": "${aws_security_group.nodes.id}", "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"] } },
        "aws_vpc_security_group_ingress_rule": { "https": { "security_group_id": "${aws_security_group.nodes.id}", "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.20.0.0/16", "tags": tags } },
        "aws_iam_role": { "nodes": { "name": "nodes", "assume_role_policy": trust("ec2.amazonaws.com"), "tags": tags } },
        "aws_iam_role_policy": { "nodes": { "name": "read", "role": "${aws_iam_role.nodes.name}", "policy": json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ["ec2:DescribeInstances"], "Resource": "*" }] }).to_string() } },
        "aws_iam_instance_profile": { "nodes": { "name": "nodes", "role": "${aws_iam_role.nodes.name}", "tags": tags } },
        "aws_launch_template": { "nodes": {
            "name": "nodes", "image_id": "ami-12c6146b", "instance_type": "t3.medium", "tags": tags,
            "iam_instance_profile": { "name": "${aws_iam_instance_profile.nodes.name}" },
            "network_interfaces": [{ "associate_public_ip_address": "false", "security_groups": ["${aws_security_group.nodes.id}"] }],
            "metadata_options": { "http_tokens": "required" },
        } },
        "aws_autoscaling_group": { "nodes": {
            "name": "nodes", "min_size": 0, "max_size": 3, "desired_capacity": 0,
            "vpc_zone_identifier": ["${aws_subnet.private.id}"],
            "launch_template": { "id": "${aws_launch_template.nodes.id}", "version": "$Latest" },
            "tag": [{ "key": "team", "value": team, "propagate_at_launch": true }],
        } },
        "aws_lb": { "api": { "name": "api", "internal": true, "load_balancer_type": "network", "subnets": ["${aws_subnet.private.id}"], "tags": tags } },
        "aws_lb_target_group": { "api": { "name": "api", "port": 443, "protocol": "TCP", "vpc_id": "${aws_vpc.a.id}", "tags": tags } },
        "aws_lb_listener": { "api": { "load_balancer_arn": "${aws_lb.api.arn}", "port": 443, "protocol": "TCP", "default_action": [{ "type": "forward", "target_group_arn": "${aws_lb_target_group.api.arn}" }], "tags": tags } },
        "aws_s3_bucket": { "state": { "bucket": "landform-terraform-state", "force_destroy": true, "tags": tags } },
        "aws_s3_bucket_versioning": { "state": { "bucket": "${aws_s3_bucket.state.id}", "versioning_configuration": { "status": "Enabled" } } },
        "aws_s3_object": { "state": { "bucket": "${aws_s3_bucket.state.id}", "key": "greeting", "content": "hello", "tags": tags, "depends_on": ["aws_s3_bucket_versioning.state"] } },
        "aws_sqs_queue": { "events": { "name": "events", "tags": tags } },
        "aws_cloudwatch_log_group": { "a": { "name": "/base", "retention_in_days": 7, "tags": tags } },
        "aws_key_pair": { "admin": { "key_name": "admin", "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHGZnJ2dbR7dUJ2nQpVZ3QzcNw4VjUZTTQ+eGm5Ul0pW", "tags": tags } },
        "aws_ebs_volume": { "data": { "availability_zone": "us-east-2a", "size": 4, "type": "gp3", "tags": tags } },
    })
}

#[test]
fn a_network_on_aws_lives_under_terraform() {
    if !has_terraform() {
        return;
    }
    let moto = Moto::start();
    let strict = Strict::before(&moto.url());
    let bench = Bench::new(By::Binary);
    let apply = |stack: &Json| {
        bench.configure(stack, &[at(&strict.url())]);
        bench.ok(&["apply", "-auto-approve", "-input=false"])
    };
    let first = network("one");
    let number: usize = first.as_object().unwrap().values().map(|of| of.as_object().unwrap().len()).sum();
    let said = apply(&first);
    assert!(said.contains(&format!("{number} added, 0 changed, 0 destroyed")), "{said}");
    bench.same("after the creation");
    let tags = "import boto3; e = boto3.client('ec2'); print(sorted((t['Key'], t['Value']) for t in \
                e.describe_vpcs(Filters=[{'Name': 'cidr', 'Values': ['10.20.0.0/16']}])['Vpcs'][0]['Tags'] \
                if not t['Key'].startswith('landform:')))";
    assert_eq!(moto.run(tags).trim(), "[('stack', 'base'), ('team', 'one')]");

    let said = apply(&network("two"));
    assert!(said.contains("0 added, ") && said.contains(" changed, 0 destroyed"), "{said}");
    bench.same("after the change");
    assert_eq!(moto.run(tags).trim(), "[('stack', 'base'), ('team', 'two')]");

    // Drift that another program made is found and mended.
    moto.run("import boto3; e = boto3.client('ec2'); v = e.describe_vpcs(Filters=[{'Name': 'cidr', 'Values': ['10.20.0.0/16']}])['Vpcs'][0]['VpcId']; e.modify_vpc_attribute(VpcId=v, EnableDnsHostnames={'Value': False})");
    let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
    assert!(said.contains("0 added, 1 changed, 0 destroyed"), "{said}");
    bench.same("after the drift");

    let said = bench.ok(&["destroy", "-auto-approve", "-input=false"]);
    assert!(said.contains(&format!("{number} destroyed")), "{said}");
    let left = moto.run(
        "import boto3; e = boto3.client('ec2'); print(len([v for v in e.describe_vpcs()['Vpcs'] if not v['IsDefault']]), \
         len(e.describe_nat_gateways(Filters=[{'Name': 'state', 'Values': ['available']}])['NatGateways']), \
         len(e.describe_addresses()['Addresses']), len(boto3.client('s3').list_buckets()['Buckets']), \
         len(boto3.client('autoscaling').describe_auto_scaling_groups()['AutoScalingGroups']), \
         len(boto3.client('elbv2').describe_load_balancers()['LoadBalancers']))",
    );
    assert_eq!(left.trim(), "0 0 0 0 0 0", "nothing is left");
}

/// Terraform asks for one resource at a time, ten at once. The plugin needs few calls all the same.
#[test]
fn a_refresh_of_300_resources_on_aws_takes_few_calls() {
    if !has_terraform() {
        return;
    }
    let moto = Moto::start();
    let strict = Strict::before(&moto.url());
    let bench = Bench::new(By::Binary);
    let subnets: Map<String, Json> = (0..300)
        .map(|n| {
            let range = format!("10.0.{}.{}/25", n / 2, n % 2 * 128);
            (format!("n{n}"), json!({ "vpc_id": "${aws_vpc.a.id}", "cidr_block": range }))
        })
        .collect();
    let stack = json!({ "aws_vpc": { "a": { "cidr_block": "10.0.0.0/16" } }, "aws_subnet": subnets });
    bench.configure(&stack, &[at(&strict.url())]);
    bench.ok(&["apply", "-auto-approve", "-input=false", "-parallelism=100"]);
    strict.forget();
    bench.same("after the creation");
    let calls = strict.count("DescribeSubnets");
    eprintln!("calls of a refresh of 300 subnets: {calls}");
    assert!(calls <= 4, "{:?}", strict.calls());
}

/// The configuration of the plugin for Google Cloud at this emulator.
fn at_google(emulator: &Emulator) -> (&'static str, Json) {
    let google = json!({
        "project": "landform-test", "region": "us-central1", "zone": "us-central1-a",
        "compute_custom_endpoint": emulator.compute_endpoint(), "default_labels": { "stack": "base" },
    });
    ("provider", json!({ "landform": { "google": google } }))
}

/// A network with what surrounds it. `team` is a label of everything that has labels.
fn network_on_google(team: &str) -> Json {
    let labels = json!({ "team": team });
    json!({
        "google_compute_network": { "a": { "name": "base", "auto_create_subnetworks": false } },
        "google_compute_subnetwork": { "nodes": {
            "name": "nodes", "network": "${google_compute_network.a.id}", "ip_cidr_range": "10.0.16.0/20",
            "secondary_ip_range": [{ "range_name": "pods", "ip_cidr_range": "10.8.0.0/14" }],
        } },
        "google_compute_router": { "a": { "name": "base", "network": "${google_compute_network.a.id}" } },
        "google_compute_router_nat": { "a": {
            "name": "base", "router": "${google_compute_router.a.name}", "nat_ip_allocate_option": "AUTO_ONLY",
            "source_subnetwork_ip_ranges_to_nat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
        } },
        "google_compute_firewall": { "ssh": {
            "name": "ssh", "network": "${google_compute_network.a.id}", "source_ranges": ["10.0.0.0/8"],
            "allow": [{ "protocol": "tcp", "ports": ["22"] }],
        } },
        "google_compute_address": { "api": { "name": "api", "labels": labels } },
        "google_compute_disk": { "data": { "name": "data", "size": 10, "type": "pd-ssd", "labels": labels } },
        "google_compute_instance_template": { "nodes": {
            "name": "nodes", "machine_type": "e2-medium", "labels": labels,
            "disk": [{ "source_image": "projects/debian-cloud/global/images/family/debian-12", "boot": true }],
            "network_interface": [{ "subnetwork": "${google_compute_subnetwork.nodes.id}" }],
        } },
        "google_compute_health_check": { "api": { "name": "api", "tcp_health_check": { "port": 443 } } },
        "google_service_account": { "nodes": { "account_id": "nodes-of-base" } },
        "google_storage_bucket": { "state": { "name": "landform-terraform-state", "location": "US", "force_destroy": true, "labels": labels } },
        "google_storage_bucket_object": { "greeting": { "bucket": "${google_storage_bucket.state.name}", "name": "greeting", "content": "hello" } },
        "google_dns_managed_zone": { "a": { "name": "base", "dns_name": "example.com.", "labels": labels } },
        "google_dns_record_set": { "api": { "managed_zone": "${google_dns_managed_zone.a.name}", "name": "api.example.com.", "type": "A", "ttl": 60, "rrdatas": ["192.0.2.1"] } },
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_on_google_lives_under_terraform() {
    if !has_terraform() {
        return;
    }
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let before = emulator.resources();
    let emulator = tokio::task::spawn_blocking(move || {
        let bench = Bench::new(By::Binary);
        let apply = |stack: &Json| {
            bench.configure(stack, &[at_google(&emulator)]);
            bench.ok(&["apply", "-auto-approve", "-input=false"])
        };
        let first = network_on_google("one");
        let number: usize = first.as_object().unwrap().values().map(|of| of.as_object().unwrap().len()).sum();
        let said = apply(&first);
        assert!(said.contains(&format!("{number} added, 0 changed, 0 destroyed")), "{said}");
        bench.same("after the creation");
        let address = "projects/landform-test/regions/us-central1/addresses/api";
        let labels = |emulator: &Emulator| emulator.get(address).unwrap()["labels"].clone();
        assert_eq!(
            (&labels(&emulator)["stack"], &labels(&emulator)["team"]),
            (&json!("base"), &json!("one"))
        );

        let said = apply(&network_on_google("two"));
        assert!(said.contains(" destroyed") && !said.contains("0 changed"), "{said}");
        bench.same("after the change");
        assert_eq!(labels(&emulator)["team"], "two");

        let said = bench.ok(&["destroy", "-auto-approve", "-input=false"]);
        assert!(said.contains(&format!("{number} destroyed")), "{said}");
        emulator
    });
    assert_eq!(emulator.await.unwrap().resources(), before, "nothing is left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_of_300_resources_on_google_takes_few_calls() {
    if !has_terraform() {
        return;
    }
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let calls = tokio::task::spawn_blocking(move || {
        let bench = Bench::new(By::Binary);
        let addresses: Map<String, Json> =
            (0..300).map(|n| (format!("n{n}"), json!({ "name": format!("n{n}") }))).collect();
        bench.configure(&json!({ "google_compute_address": addresses }), &[at_google(&emulator)]);
        bench.ok(&["apply", "-auto-approve", "-input=false", "-parallelism=100"]);
        emulator.forget_calls();
        bench.same("after the creation");
        emulator.calls()
    });
    let calls = calls.await.unwrap();
    eprintln!("calls of a refresh of 300 addresses: {calls:?}");
    assert!(calls.values().sum::<u64>() <= 4, "{calls:?}");
}

#[test]
fn a_type_of_a_cloud_that_is_not_configured_is_refused() {
    if !has_terraform() {
        return;
    }
    let moto = Moto::start();
    let bench = Bench::new(By::Binary);
    bench.configure(&json!({ "google_compute_network": { "a": { "name": "base" } } }), &[at(&moto.url())]);
    let said = bench.fails(&["apply", "-auto-approve", "-input=false"]);
    assert!(said.contains("The provider is not configured for this type"), "{said}");

    let none = ("provider", json!({ "landform": {} }));
    bench.configure(&json!({ "aws_vpc": { "a": { "cidr_block": "10.0.0.0/16" } } }), &[none]);
    let said = bench.fails(&["plan", "-input=false"]);
    assert!(said.contains("directory") && said.contains("aws") && said.contains("google"), "{said}");

    // What belongs to the embedded cloud has no effect on others, and half a key opens nothing.
    for (more, expected) in [
        (
            json!({ "latency": 1, "google": { "project": "p" } }),
            "directory: missing, expected a value with latency",
        ),
        (json!({ "aws": { "region": "us-east-2", "access_key": "a" } }), "secret_key: missing"),
        (json!({ "aws": { "region": "us-east-2", "token": "t" } }), "token: given without an access key"),
    ] {
        let wrong = ("provider", json!({ "landform": more }));
        bench.configure(&json!({ "aws_vpc": { "a": { "cidr_block": "10.0.0.0/16" } } }), &[wrong]);
        let said = bench.fails(&["plan", "-input=false"]).replace('\n', " ");
        assert!(said.contains(expected), "{said}");
    }
}
