//! Bad input: each mistake is an error with its file, line, field and what was expected. All are reported at once.

use crate::{KEY, stack_of, stack_with, text};
use landform_core::Stack;
use landform_kops::problem::Kind;
use landform_kops::{FixedLookup, MissingAddons, Options, Problem, Spec, cluster, validate};

/// The problems of a spec: those of reading, or else of validation, or else of making resources.
fn problems(text: &str) -> Vec<Problem> {
    match stack_of(text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.as_slice().to_vec(),
    }
}

/// Replaces a text in the spec of the public cluster. The text must exist.
fn slip(from: &str, to: &str) -> String {
    let text = text("public");
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// Asserts the first problem of a slip: its kind and field, its line, and words of its detail.
fn expect(text: &str, key: &str, line: u32, words: &str) {
    let problems = problems(text);
    let Some(first) = problems.first() else { panic!("{key}: no problem found") };
    let shown = problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(first.key(), key, "{shown}");
    assert_eq!(first.at.as_ref().map(|at| at.line), Some(line), "{shown}");
    assert!(first.to_string().contains(words), "{shown}");
}

#[test]
fn slips_of_the_pen() {
    expect(&slip("maxSize: 2", "maxSiz: 2"), "UnknownField::spec.maxSiz", 49, "did you mean \"maxSize\"?");
    expect(
        &slip("cni: {}", "cni: {useSecondaryIP: true}"),
        "UnknownField::spec.networking.cni.useSecondaryIP",
        16,
        "usesSecondaryIP",
    );
    expect(
        &slip("    zone: us-test-1a", "    zoen: us-test-1a"),
        "UnknownField::spec.subnets[0].zoen",
        19,
        "expected one of: name, zone",
    );
    expect(
        &slip("minSize: 2", "minSize: two"),
        "WrongType::spec.minSize",
        48,
        "\"two\": expected a whole number",
    );
    expect(
        &slip("associatePublicIp: true", "associatePublicIp: yup"),
        "WrongType::spec.associatePublicIp",
        50,
        "true or false",
    );
    expect(
        &slip("kind: InstanceGroup", "kind: InstanceGrup"),
        "UnknownKind::kind",
        33,
        "did you mean InstanceGroup?",
    );
    expect(&slip("role: Node", "role: Nodes"), "NotSupported::spec.role", 47, "did you mean Node?");
    expect(
        &slip("kops.k8s.io/v1alpha2", "kops.k8s.io/v1alpha3"),
        "NotSupported::apiVersion",
        2,
        "expected kops.k8s.io/v1alpha2",
    );
    expect(&slip("name: workers", "name: workers\n  name: workers"), "Duplicate::", 46, "twice");
    expect(&slip("spec:\n", "spec: [\n"), "Syntax::", 8, "not YAML");
    expect("", "Required::", 0, "no Cluster document");
    expect("hello\n", "Required::kind", 1, "expected one of Cluster");
}

#[test]
fn ranges() {
    expect(
        &slip("172.20.0.0/16", "172.20.1.0/16"),
        "Invalid::spec.networkCIDR",
        13,
        "did you mean 172.20.0.0/16?",
    );
    expect(
        &slip("172.20.32.0/19", "172.20.33.0/19"),
        "Invalid::spec.subnets[0].cidr",
        21,
        "did you mean 172.20.32.0/19?",
    );
    expect(
        &slip("172.20.32.0/19", "10.0.0.0/19"),
        "Forbidden::spec.subnets[0].cidr",
        21,
        "not inside the network's range 172.20.0.0/16",
    );
    expect(
        &slip("172.20.32.0/19", "172.20.32.0"),
        "Invalid::spec.subnets[0].cidr",
        21,
        "did you mean 172.20.32.0/32?",
    );
    expect(
        &slip("nonMasqueradeCIDR: 100.64.0.0/10", "nonMasqueradeCIDR: 172.16.0.0/12"),
        "Forbidden::spec.nonMasqueradeCIDR",
        14,
        "overlaps 172.20.0.0/16",
    );
    expect(
        &slip("  - 0.0.0.0/0\n", "  - 0.0.0.0/0\n  - 1.2.3.4\n"),
        "Invalid::spec.sshAccess[1]",
        13,
        "did you mean 1.2.3.4/32?",
    );
    let second = "  - cidr: 172.20.40.0/21\n    name: second\n    type: Public\n    zone: us-test-1b\n";
    let text = slip("    cidr: 172.20.32.0/19\n", &format!("    cidr: 172.20.32.0/19\n{second}"));
    expect(&text, "Forbidden::spec.subnets[1].cidr", 22, "overlaps 172.20.32.0/19 of subnet a");
    let exhausted = slip("172.20.32.0/19", "172.20.0.0/16").replace(second, "");
    let text = exhausted.replacen(
        "    cidr: 172.20.0.0/16\n",
        &format!("    cidr: 172.20.0.0/16\n{}", second.replace("cidr: 172.20.40.0/21\n    ", "")),
        1,
    );
    expect(&text, "Forbidden::spec.subnets", 17, "no part of 172.20.0.0/16 is left for subnet \"second\"");
}

#[test]
fn names_that_lead_nowhere() {
    expect(
        &slip("  subnets:\n  - a", "  subnets:\n  - x"),
        "NotFound::spec.subnets[0]",
        53,
        "expected one of: a",
    );
    expect(
        &slip("instanceGroup: control-a", "instanceGroup: control"),
        "NotFound::spec.etcdClusters[0].etcdMembers[0].instanceGroup",
        26,
        "no InstanceGroup is named \"control\"",
    );
    expect(
        &slip("zone: us-test-1a", "zone: us-test-9z"),
        "NotFound::spec.subnets[0].zone",
        19,
        "there is no zone",
    );
    expect(
        &slip("networkCIDR: 172.20.0.0/16", "networkID: vpc-unknown"),
        "NotFound::spec.networkID",
        13,
        "there is no network vpc-unknown",
    );
    let elsewhere = text("public").replace("public.example.com", "public.example.org");
    let problems = problems(&elsewhere);
    assert_eq!(problems[0].key(), "NotFound::spec.dnsZone");
}

#[test]
fn names_that_stand_twice() {
    let text = text("public");
    let (cluster, groups) = text.split_once("\n---\n").unwrap();
    let twice = format!("{cluster}\n---\n{groups}\n---\n{groups}");
    assert!(problems(&twice).iter().any(|problem| problem.key() == "Duplicate::metadata.name"));
    let second = format!("{text}\n---\n{}", text.replace("public", "other"));
    expect(&second, "Forbidden::", 58, "this is a second cluster");
    expect(
        &slip("kops.k8s.io/cluster: public.example.com", "kops.k8s.io/cluster: other.example.com"),
        "Invalid::metadata.labels.kops.k8s.io/cluster",
        37,
        "belongs to other.example.com",
    );
    let etcd = slip("name: events", "name: main");
    expect(&etcd, "Duplicate::spec.etcdClusters[1].name", 27, "another etcd cluster");
}

#[test]
fn what_a_cluster_cannot_do_without() {
    let text = text("public");
    let documents: Vec<&str> = text.split("\n---\n").collect();
    let keys = |documents: &[&str]| -> Vec<String> {
        problems(&documents.join("\n---\n")).iter().map(ToString::to_string).collect()
    };
    assert!(
        keys(&[documents[0], documents[2]])
            .iter()
            .any(|problem| problem.contains("no control plane: expected an InstanceGroup"))
    );
    assert!(keys(&documents[..2]).iter().any(|problem| problem.contains("no nodes")));
    assert!(keys(&documents[1..]).iter().any(|problem| problem.contains("no Cluster document")));
    expect(
        &slip("  networking:\n    cni: {}\n", ""),
        "Required::spec.networking",
        6,
        "expected a network plugin",
    );
    expect(
        &slip("cni: {}", "cni: {}\n    calico: {}"),
        "Forbidden::spec.networking.cni",
        16,
        "found cni, calico",
    );
    expect(&slip("  cloudProvider: aws\n", ""), "Required::spec.cloudProvider", 6, "expected the cloud");
    expect(
        &slip("  name: public.example.com", "  name: public"),
        "Invalid::metadata.name",
        5,
        "expected a full DNS name",
    );
}

#[test]
fn what_does_not_go_together() {
    let member = "    - name: a\n      instanceGroup: control-a\n";
    let even = slip(member, &format!("{member}    - name: b\n      instanceGroup: control-a\n"));
    expect(&even, "Invalid::spec.etcdClusters[0].etcdMembers", 24, "2 members: expected an odd number");
    expect(&slip("minSize: 2", "minSize: 3"), "Forbidden::spec.maxSize", 49, "expected at least minSize 3");
    let private = text("private").replace("    type: Utility", "    type: Public");
    expect(&private, "Forbidden::spec.subnets[0]", 20, "no Utility subnet");
    let internal = text("private")
        .replace("      type: Public\n", "      type: Internal\n      useForInternalApi: true\n");
    expect(&internal, "Forbidden::spec.api.loadBalancer.useForInternalApi", 14, "cannot reach itself");
    let more = slip("    type: Public", "    egress: nat-1\n    type: Public");
    expect(&more, "Forbidden::spec.subnets[0].egress", 20, "private subnets only");
    let gce = slip("cloudProvider: aws", "cloudProvider: gce")
        .replace("  networkCIDR: 172.20.0.0/16\n", "")
        .replace("    zone: us-test-1a\n", "    region: us-test1\n");
    expect(&gce, "Forbidden::spec.cloudProvider", 7, "expected aws");
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = slip("172.20.32.0/19", "172.20.33.0/19")
        .replace("maxSize: 2", "maxSize: 1")
        .replace("role: Master", "role: Bastion");
    let problems = problems(&text);
    let lines: Vec<_> = problems.iter().map(|problem| problem.at.as_ref().unwrap().line).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    let keys: Vec<_> = problems.iter().map(Problem::key).collect();
    assert!(keys.len() >= 4, "{keys:?}");
    for key in ["Required::", "Invalid::spec.subnets[0].cidr", "Forbidden::spec.maxSize"] {
        assert!(keys.iter().any(|found| found == key), "{keys:?}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let problems = Spec::load("/nowhere/cluster.yaml").unwrap_err();
    assert_eq!(problems.as_slice()[0].kind, Kind::Unreadable);
    assert!(problems.to_string().starts_with("/nowhere/cluster.yaml: "), "{problems}");
}

#[test]
fn a_key_that_is_none() {
    let spec = Spec::parse("cluster.yaml", &text("public")).unwrap();
    validate(&spec).unwrap();
    let options = Options { ssh_public_key: Some("not a key".into()), ..Options::default() };
    let problems = cluster(&mut Stack::new("x"), &spec, &options, &FixedLookup::kops_suite()).unwrap_err();
    assert!(problems.to_string().contains("expected a public key as in authorized_keys"), "{problems}");
}

#[test]
fn what_the_layer_does_not_make_yet() {
    let private = |egress: &str| {
        text("private").replacen("    type: Private", &format!("    type: Private\n    egress: {egress}"), 1)
    };
    expect(&private("i-0a1b2c3d"), "Forbidden::spec.subnets[0].egress", 23, "does not use NAT instances");
}

#[test]
fn blocks_of_a_network_without_ipv6() {
    let counted =
        |notation: &str| slip("    type: Public", &format!("    type: Public\n    ipv6CIDR: {notation}"));
    expect(&counted("/64#xyz"), "Invalid::spec.subnets[0].ipv6CIDR", 21, "/64#0 for the first /64");
    let shared = counted("/64#1").replace("  networkCIDR:", "  networkID: vpc-12345678\n  networkCIDR:");
    expect(&shared, "NotFound::spec.subnets[0].ipv6CIDR", 22, "vpc-12345678 has no IPv6 range");
}

#[test]
fn an_address_that_is_not_there() {
    let text =
        text("private").replacen("    type: Private", "    type: Private\n    publicIP: 203.0.113.9", 1);
    expect(&text, "NotFound::spec.subnets[0].publicIP", 23, "there is no address \"203.0.113.9\"");
}

#[test]
fn what_goes_wrong_with_the_defaults() {
    let text = slip("  nonMasqueradeCIDR: 100.64.0.0/10\n", "").replace("172.20.", "100.64.");
    expect(&text, "Forbidden::spec.nonMasqueradeCIDR", 6, "100.64.0.0/10 overlaps 100.64.0.0/16");
}

#[test]
fn documents_inside_documents() {
    let policies = slip(
        "  kubernetesVersion: 1.34.0",
        "  kubernetesVersion: 1.34.0\n  additionalPolicies:\n    node: '{}'",
    );
    expect(
        &policies,
        "Invalid::spec.additionalPolicies.node",
        11,
        "expected a JSON list of policy statements",
    );
    let inline = text("accounts").replacen("\"Effect\": \"Allow\",", "Effect: Allow,", 1);
    expect(
        &inline,
        "Invalid::spec.iam.serviceAccountExternalPermissions[2].aws.inlinePolicy",
        32,
        "not JSON",
    );
    let ports = slip(
        "  kubernetesVersion: 1.34.0",
        "  kubernetesVersion: 1.34.0\n  kubeAPIServer: {serviceNodePortRange: 32767-30000}",
    );
    expect(&ports, "Invalid::spec.kubeAPIServer.serviceNodePortRange", 10, "expected two ports");
    let lifetime = slip("maxInstanceLifetime: 48h20m", "maxInstanceLifetime: 2 days");
    expect(&lifetime, "Invalid::spec.maxInstanceLifetime", 51, "such as 48h20m");
    let store = slip("configBase: memfs://", "configBase: ftp://");
    expect(&store, "Invalid::spec.configBase", 8, "expected a bucket");
}

/// Whichever line is lost or garbled, there is a stack or an error with a position, and never a panic.
#[test]
fn no_slip_is_fatal() {
    for case in ["loaded", "accounts"] {
        let text = text(case);
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let garbled = line.rsplit_once(": ").map(|(key, _)| format!("{key}: -1x"));
            for instead in [Some(String::new()), garbled].into_iter().flatten() {
                let mut slipped: Vec<&str> = lines.clone();
                slipped[index] = &instead;
                match stack_of(&slipped.join("\n")) {
                    // The result may be a stack with other problems, which its check finds.
                    Ok((stack, _)) => drop(stack.check()),
                    Err(problems) => {
                        let placed = problems.as_slice().iter().all(|problem| problem.at.is_some());
                        assert!(placed, "{case} line {}: {problems}", index + 1);
                    }
                }
            }
        }
    }
}

#[test]
fn of_several_files_the_one_with_the_slip_is_named() {
    let all = text("public");
    let (cluster, groups) = all.split_once("\n---\n").unwrap();
    let spec = Spec::parse_all([("config", cluster), ("groups", groups)]).unwrap();
    assert_eq!(spec.groups.len(), Spec::parse("all", &all).unwrap().groups.len());
    let wrong = groups.replacen("maxSize: 2", "maxSiz: 2", 1);
    let told = Spec::parse_all([("config", cluster), ("groups", &wrong)]).unwrap_err().to_string();
    assert!(told.starts_with("groups:") && told.contains("maxSiz"), "{told}");
    let told = Spec::parse_all([("groups", groups), ("more", "")]).unwrap_err().to_string();
    assert!(told.starts_with("groups: the file has no Cluster document"), "{told}");
}

#[test]
fn numbers_are_quoted_as_they_were_written() {
    for (number, expected) in [
        ("1.50", "1.50: expected a whole number that is not negative"),
        ("1e3", "1e3: expected a whole number"),
        ("-0x10", "-0x10: expected a whole number"),
        ("99999999999999999999", "99999999999999999999: expected a whole number"),
        ("1.50 # a comment", "1.50: expected a whole number"),
        ("\"1.50\"", "\"1.50\": expected a whole number"),
        (".inf", ".inf: expected a finite number"),
        ("[1]", "a list: expected a whole number"),
    ] {
        let key = if number == ".inf" { "WrongType::" } else { "WrongType::spec.minSize" };
        expect(&slip("minSize: 2", &format!("minSize: {number}")), key, 48, expected);
    }
    for number in ["0x10", "1.50", "1e3", "0b11"] {
        let text = slip("associatePublicIp: true", &format!("associatePublicIp: {number}"));
        expect(&text, "WrongType::spec.associatePublicIp", 50, &format!(" {number}: expected true or false"));
        let text = slip("role: Node", &format!("role: {number}"));
        expect(&text, "NotSupported::spec.role", 47, &format!(" {number}; expected one of: ControlPlane"));
        let text = slip("kind: InstanceGroup", &format!("kind: {number}"));
        expect(&text, "UnknownKind::kind", 33, &format!("unknown kind \"{number}\""));
    }
    let alias = slip("role: Node", "role: Node\n  nodeLabels: {a: &size 1.50}").replacen(
        "minSize: 2",
        "minSize: *size",
        1,
    );
    let shown = problems(&alias).iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
    assert!(shown.contains("1.50: expected a whole number") || shown.contains("nodeLabels"), "{shown}");
    expect(
        &slip("cni: {}", "cni: 1.50"),
        "WrongType::spec.networking.cni",
        16,
        "1.50: expected a section of fields",
    );
}

#[test]
fn add_ons_that_are_not_made_are_refused() {
    let cluster = |line: &str| (slip("spec:\n", &format!("spec:\n  {line}\n")), line.to_owned());
    let plugin = |line: &str| (slip("cni: {}", line), line.to_owned());
    let group = |line: &str| (slip("role: Node", &format!("role: Node\n  {line}")), line.to_owned());
    for ((text, line), field, words) in [
        (
            plugin("calico: {}"),
            "networking.calico",
            "Calico: expected kindnet, flannel or kuberouter, or cni: {}",
        ),
        (plugin("cilium: {}"), "networking.cilium", "Cilium: expected kindnet"),
        (plugin("amazonvpc: {}"), "networking.amazonvpc", "Amazon VPC CNI: expected kindnet"),
        (
            plugin("kindnet: {adminNetworkPolicies: true}"),
            "networking.kindnet.adminNetworkPolicies",
            "remove the field",
        ),
        (cluster("certManager: {enabled: true}"), "certManager.enabled", "expected managed: false"),
        (
            cluster(
                "awsLoadBalancerController: {enabled: true}\n  certManager: {enabled: true, managed: false}",
            ),
            "awsLoadBalancerController.enabled",
            "install the add-on yourself",
        ),
        (cluster("authentication: {kopeio: {}}"), "authentication.kopeio", "kopeio authentication"),
        (
            group("containerd: {nvidiaGPU: {enabled: true, dcgmExporter: {enabled: true}}}"),
            "containerd.nvidiaGPU.dcgmExporter.enabled",
            "DCGM exporter",
        ),
    ] {
        let line = line.lines().next().unwrap();
        let line = 1 + text.lines().position(|found| found.trim() == line).unwrap();
        expect(&text, &format!("NotSupported::spec.{field}"), line.try_into().unwrap(), words);
        assert!(stack_with(&text, MissingAddons::LeftOut).is_ok(), "{text}");
    }
}

#[test]
fn a_second_public_key_for_ssh() {
    let document = "apiVersion: kops.k8s.io/v1alpha2\nkind: SSHCredential\nmetadata: {name: admin}\n";
    let credential = format!("---\n{document}spec:\n  publicKey: {KEY}\n");
    let make = |text: &str| {
        let spec = Spec::parse("cluster.yaml", text).unwrap();
        cluster(&mut Stack::new("x"), &spec, &Options::default(), &FixedLookup::kops_suite())
    };
    let one = text("public") + &credential;
    assert!(make(&one).is_ok());
    let two = one + &credential;
    let problems = make(&two).unwrap_err();
    let [problem] = problems.as_slice() else { panic!("{problems}") };
    assert_eq!(problem.key(), "Forbidden::spec.publicKey");
    assert_eq!(problem.at.as_ref().unwrap().line as usize, two.lines().count());
    assert!(problem.detail.contains("expected one"), "{problem}");
}

#[test]
fn no_text_of_a_file_steers_a_terminal() {
    let hostile = "a\u{1b}[31mb\u{9b}2J\u{202e}c";
    for text in [
        slip("role: Node", &format!("role: \"{}\"", "a\\e[31mb\\x9b2J\\u202ec")),
        slip("kind: InstanceGroup", "kind: \"a\\e[31mb\""),
        slip("role: Node", "\"a\\e[31mb\": 1"),
        slip("name: workers", "name: \"a\\e[31m\\nb\""),
        slip("spec:\n", "spec: [\u{1b}[31m\n"),
    ] {
        let found = match Spec::parse(&format!("{hostile}\n.yaml"), &text) {
            Ok(_) => problems(&text),
            Err(found) => found.as_slice().to_vec(),
        };
        assert!(!found.is_empty(), "{text}");
        for problem in found {
            let shown = problem.to_string();
            assert!(!shown.chars().any(landform_core::printable::steers), "{shown:?}");
        }
    }
}
