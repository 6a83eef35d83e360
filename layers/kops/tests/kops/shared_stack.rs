//! Clusters that share a stack: they use existing resources and never declare them. No names depend on other clusters.

use crate::rendered::rendered;
use crate::{KEY, addresses, text};
use landform_aws as aws;
use landform_core::{Cidr, Handle, Stack};
use landform_kops::{ClusterHandles, Existing, FixedLookup, Options, Spec, cluster};

const ZONES: [&str; 3] = ["us-test-1a", "us-test-1b", "us-test-1c"];

struct Base {
    vpc: Handle<aws::Vpc>,
    gateway: Handle<aws::InternetGateway>,
    nats: Vec<Handle<aws::NatGateway>>,
}

/// A network as the base layer makes it: an internet gateway, and in each zone a public subnet with a NAT gateway.
fn base(stack: &mut Stack) -> Base {
    let range = |text: String| text.parse::<Cidr>().unwrap();
    let vpc = stack.add("main", aws::Vpc::new(range("10.20.0.0/16".into())));
    let gateway = stack.add("main", aws::InternetGateway::new(&vpc));
    let nats = ZONES.iter().enumerate().map(|(index, zone)| {
        let block = range(format!("10.20.{index}.0/24"));
        let public =
            stack.add(&format!("public-{zone}"), aws::Subnet::ipv4(&vpc, block).availability_zone(*zone));
        let address = stack.add(&format!("nat-{zone}"), aws::Eip::new());
        stack.add(&format!("nat-{zone}"), aws::NatGateway::public(&public, &address))
    });
    let nats = nats.collect();
    Base { vpc, gateway, nats }
}

/// A private cluster in three zones in the second half of the base network. Each cluster has another `place`.
fn spec(name: &str, place: u8) -> String {
    let mut subnets = String::new();
    let mut groups = String::new();
    let mut members = String::new();
    for (index, zone) in ZONES.iter().enumerate() {
        let private = place as usize + 16 * index;
        let utility = place as usize + 48 + index;
        subnets +=
            &format!("  - {{name: {zone}, zone: {zone}, type: Private, cidr: 10.20.{private}.0/20}}\n");
        subnets += &format!(
            "  - {{name: utility-{zone}, zone: {zone}, type: Utility, cidr: 10.20.{utility}.0/24}}\n"
        );
        members += &format!("    - {{name: \"{index}\", instanceGroup: master-{zone}}}\n");
        groups += &format!(
            "---\napiVersion: kops/v1alpha2\nkind: InstanceGroup\nmetadata: {{name: master-{zone}}}\nspec: {{role: Master, subnets: [{zone}]}}\n"
        );
    }
    format!(
        "apiVersion: kops/v1alpha2\nkind: Cluster\nmetadata: {{name: {name}}}\nspec:\n  cloudProvider: aws\n  configBase: s3://state/{name}\n  networking: {{kindnet: {{}}}}\n  api: {{loadBalancer: {{class: Network}}}}\n  sshAccess: [10.0.0.0/8]\n  kubernetesApiAccess: [0.0.0.0/0]\n  etcdClusters:\n  - name: main\n    etcdMembers:\n{members}  subnets:\n{subnets}{groups}---\napiVersion: kops/v1alpha2\nkind: InstanceGroup\nmetadata: {{name: nodes}}\nspec: {{role: Node, minSize: 3, maxSize: 3, subnets: [us-test-1a, us-test-1b, us-test-1c]}}\n"
    )
}

fn add(stack: &mut Stack, base: &Base, text: &str) -> ClusterHandles {
    let spec = Spec::parse("cluster.yaml", text).unwrap_or_else(|problems| panic!("{problems}"));
    let existing = Existing {
        vpc: Some((&base.vpc).into()),
        network_cidr: Some("10.20.0.0/16".parse().unwrap()),
        internet_gateway: Some((&base.gateway).into()),
        nat_gateways: ZONES
            .iter()
            .zip(&base.nats)
            .map(|(zone, nat)| (zone.to_string(), nat.into()))
            .collect(),
        ..Existing::default()
    };
    let options =
        Options { existing: Some(existing), ssh_public_key: Some(KEY.into()), ..Options::default() };
    cluster(stack, &spec, &options, &FixedLookup::kops_suite())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn two_clusters_use_one_network_and_add_no_gateway() {
    let mut stack = Stack::new("all");
    let base = base(&mut stack);
    let alone = stack.len();
    let one = add(&mut stack, &base, &spec("one.example.com", 64));
    let with_one = stack.len();
    add(&mut stack, &base, &spec("two.example.com", 128));
    stack.check().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(stack.len() - with_one, with_one - alone);
    for (of_type, count) in
        [("aws_vpc", 1), ("aws_internet_gateway", 1), ("aws_nat_gateway", 3), ("aws_eip", 3)]
    {
        assert_eq!(addresses(&stack, of_type).len(), count, "{of_type}");
    }
    let all = rendered(&stack);
    for zone in ZONES {
        let route = &all[&format!("aws_route.route-private-{zone}-0-0-0-0--0-one-example-com")];
        assert_eq!(route["nat_gateway_id"], format!("${{aws_nat_gateway.nat-{zone}.id}}"));
        let subnet = &all[&format!("aws_subnet.{zone}-one-example-com")];
        assert_eq!(subnet["vpc_id"], "${aws_vpc.main.id}");
    }
    let public = &all["aws_route.route-0-0-0-0--0-one-example-com"];
    assert_eq!(public["gateway_id"], "${aws_internet_gateway.main.id}");
    assert_eq!(one.subnets.len(), 6);
    assert_eq!(one.api_name.as_deref(), Some("api.one.example.com"));
    assert!(one.api_balancer.is_some(), "a private control plane gets a load balancer");
}

#[test]
fn a_cluster_is_the_same_with_and_without_its_neighbour() {
    let both = {
        let mut stack = Stack::new("all");
        let base = base(&mut stack);
        add(&mut stack, &base, &spec("one.example.com", 64));
        add(&mut stack, &base, &spec("two.example.com", 128));
        rendered(&stack)
    };
    let mut stack = Stack::new("all");
    let base = base(&mut stack);
    add(&mut stack, &base, &spec("two.example.com", 128));
    let alone = rendered(&stack);
    assert!(alone.iter().all(|(address, value)| both.get(address) == Some(value)));
    let of_one = both.keys().filter(|address| !alone.contains_key(*address));
    assert!(of_one.clone().count() > 50);
    for address in of_one {
        let hashed = address.starts_with("aws_lb_target_group.");
        assert!(hashed || address.contains("one-example-com"), "{address} does not tell its cluster");
    }
}

#[test]
fn given_subnets_are_used() {
    let mut stack = Stack::new("all");
    let base = base(&mut stack);
    let text = text("public")
        .replace("  networkCIDR: 172.20.0.0/16\n", "")
        .replace("    cidr: 172.20.32.0/19\n", "");
    let spec = Spec::parse("cluster.yaml", &text).unwrap();
    let public: Handle<aws::Subnet> =
        stack.add("given", aws::Subnet::ipv4(&base.vpc, "10.20.200.0/24".parse::<Cidr>().unwrap()));
    let existing = Existing {
        vpc: Some((&base.vpc).into()),
        network_cidr: Some("10.20.0.0/16".parse().unwrap()),
        subnets: [("a".to_string(), (&public).into())].into(),
        ..Existing::default()
    };
    let options = Options { existing: Some(existing), ..Options::default() };
    let before = addresses(&stack, "aws_subnet");
    cluster(&mut stack, &spec, &options, &FixedLookup::kops_suite())
        .unwrap_or_else(|problems| panic!("{problems}"));
    stack.check().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(addresses(&stack, "aws_subnet"), before);
    assert!(addresses(&stack, "aws_route_table").is_empty());
    let group = &rendered(&stack)["aws_autoscaling_group.workers-public-example-com"];
    assert_eq!(group["vpc_zone_identifier"], serde_json::json!(["${aws_subnet.given.id}"]));
}

#[test]
fn a_stack_is_left_alone_when_a_spec_is_wrong() {
    let mut stack = Stack::new("all");
    let base = base(&mut stack);
    let spec = Spec::parse("cluster.yaml", &spec("one.example.com", 64)).unwrap();
    let existing = Existing {
        vpc: Some((&base.vpc).into()),
        network_cidr: Some("10.20.0.0/16".parse().unwrap()),
        ..Existing::default()
    };
    let options = Options { existing: Some(existing), ..Options::default() };
    let before = stack.len();
    let problems = cluster(&mut stack, &spec, &options, &FixedLookup::kops_suite()).unwrap_err();
    assert_eq!(problems.as_slice()[0].key(), "NotFound::spec.subnets");
    assert!(problems.to_string().contains("no internet gateway"), "{problems}");
    assert_eq!(stack.len(), before);
}

/// The form of the companion repository's spec: an existing network and NAT gateways, all by id.
#[test]
fn a_network_named_by_id_is_used() {
    let mut text = spec("one.example.com", 64)
        .replace("  cloudProvider: aws\n", "  cloudProvider: aws\n  networkID: vpc-0a1b2c3d\n");
    for zone in ZONES {
        let subnet = format!("{{name: {zone}, ");
        text = text.replace(&subnet, &format!("{subnet}egress: nat-{zone}, "));
    }
    let spec = Spec::parse("cluster.yaml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let lookup = FixedLookup::kops_suite().network("vpc-0a1b2c3d", "10.20.0.0/16".parse().unwrap());
    let mut stack = Stack::new("one");
    cluster(&mut stack, &spec, &Options::default(), &lookup).unwrap_or_else(|problems| panic!("{problems}"));
    stack.check().unwrap_or_else(|problems| panic!("{problems}"));
    for never in ["aws_vpc", "aws_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_vpc_dhcp_options"] {
        assert!(addresses(&stack, never).is_empty(), "{never}");
    }
    let all = rendered(&stack);
    assert_eq!(all["aws_subnet.us-test-1b-one-example-com"]["vpc_id"], "vpc-0a1b2c3d");
    assert_eq!(all["aws_route.route-private-us-test-1b-0-0-0-0--0"]["nat_gateway_id"], "nat-us-test-1b");
    assert_eq!(all["aws_route.route-0-0-0-0--0"]["gateway_id"], "igw-1");
}
