//! Bad specs and network descriptions: the error says where, what, and what was expected. Nothing is created or
//! written.

use std::fs;

use crate::desk::{Desk, PRODUCTION, WORKING};

/// Checks that every command refuses a spec with one change, with these words.
fn spec(from: &str, to: &str, said: &[&str]) {
    let desk = Desk::new();
    desk.write_changed("bad.yml", WORKING, from, to);
    for command in ["plan", "apply --yes", "validate", "destroy --yes"] {
        desk.refuse(&format!("{command} --state it --cluster bad.yml"), said);
    }
}

/// Checks that a network description is refused with these words.
fn network(text: &str, said: &[&str]) {
    let desk = Desk::new();
    desk.write("network.yml", text);
    for command in ["plan", "apply --yes"] {
        desk.refuse(&format!("{command} --state it --network network.yml"), said);
    }
}

#[test]
fn an_unknown_field() {
    spec(
        "  channel: stable",
        "  chanel: stable",
        &["bad.yml:15:3: ", "spec.chanel", "unknown field", "\"channel\""],
    );
    network(
        "name: base\nregion: us-east-2\nzone: 3\n",
        &["network.yml:3:1: ", "unknown field `zone`", "zones"],
    );
}

#[test]
fn an_unknown_kind() {
    spec(
        "kind: InstanceGroup",
        "kind: InstanceGrup",
        &["bad.yml:85:7: kind: ", "\"InstanceGrup\"", "InstanceGroup?"],
    );
    spec(
        "kops.k8s.io/v1alpha2",
        "kops.k8s.io/v1alpha9",
        &["bad.yml:", "apiVersion", "v1alpha9", "kops.k8s.io/v1alpha2"],
    );
}

#[test]
fn a_wrong_type() {
    spec(
        "maxSize: 1",
        "maxSize: one",
        &["bad.yml:94:12: ", "master-us-east-2a: spec.maxSize", "\"one\"", "a whole number"],
    );
    network(
        "name: base\nregion: us-east-2\nzones: three\n",
        &["network.yml:3:", "\"three\"", "expected a number of zones, a list of their names", "zones: three"],
    );
}

#[test]
fn a_range_with_host_bits() {
    spec(
        "cidr: 10.20.132.0/22",
        "cidr: 10.20.133.0/22",
        &["bad.yml:59:11: ", "spec.subnets[0].cidr", "10.20.133.0/22", "did you mean 10.20.132.0/22?"],
    );
    network(
        "name: base\nregion: us-east-2\ncidr: 10.20.0.1/16\n",
        &[
            "network.yml:3:",
            "10.20.0.1/16 has host bits set",
            "did you mean 10.20.0.0/16?",
            "cidr: 10.20.0.1/16",
        ],
    );
}

#[test]
fn ranges_that_overlap() {
    spec(
        "cidr: 10.20.136.0/22",
        "cidr: 10.20.132.0/22",
        &["bad.yml:63:11: ", "spec.subnets[1].cidr: 10.20.132.0/22 overlaps", "of subnet us-east-2a"],
    );
    // With a subnet of the network.
    spec(
        "cidr: 10.20.136.0/22",
        "cidr: 10.20.0.0/22",
        &[
            "bad.yml:60",
            "cidr_block 10.20.0.0/22 overlaps",
            "aws_subnet.base-admin-us-east-2a",
            "expected ranges that do not overlap",
        ],
    );
    // With another cluster.
    let desk = Desk::new();
    desk.write_changed("bad.yml", PRODUCTION, "cidr: 10.20.164.0/22", "cidr: 10.20.132.0/22");
    desk.refuse(
        "apply --yes --state it --cluster working.yml --cluster bad.yml",
        &["bad.yml:", "10.20.132.0/22 overlaps", "aws_subnet.us-east-2a-working-example-com"],
    );
}

#[test]
fn a_range_outside_of_the_network() {
    spec(
        "cidr: 10.20.136.0/22",
        "cidr: 10.99.136.0/22",
        &["bad.yml:63:11: ", "10.99.136.0/22", "10.20.0.0/16"],
    );
}

#[test]
fn ranges_that_are_exhausted() {
    let beginning = "name: base\nregion: us-east-2\n";
    network(
        &format!("{beginning}cidr: 10.20.0.0/27\n"),
        &["network.yml: ", "sizes.admin: /33 is too small", "at most /28"],
    );
    network(
        &format!("{beginning}sizes: {{ cluster: 16 }}\n"),
        &["network.yml: ", "sizes.cluster", "10.20.128.0/17", "room for 0 blocks of /16"],
    );
    network(&format!("{beginning}sizes: {{ public: 18 }}\n"), &["network.yml: ", "sizes.public", "/18"]);
    network(&format!("{beginning}cidr: 10.0.0.0/8\n"), &["network.yml: ", "10.0.0.0/8", "16 to 28"]);
}

#[test]
fn a_name_that_stands_twice() {
    spec(
        "name: nodes",
        "name: master-us-east-2a",
        &["bad.yml:129:9: ", "metadata.name", "another InstanceGroup is named"],
    );
    let desk = Desk::new();
    let said = [
        "working.yml:7:9: metadata.name: cluster working.example.com is already described in working.yml:7:9",
    ];
    desk.refuse("apply --yes --state it --cluster working.yml --cluster working.yml", &said);
}

#[test]
fn a_spec_without_a_control_plane() {
    spec("role: Master", "role: Node", &["bad.yml:", "control-plane", "role Master"]);
    let (cluster, groups) = WORKING.split_once("---\n").unwrap();
    let nodes = groups.rsplit_once("---\n").unwrap().1;
    let desk = Desk::new();
    desk.write("bad.yml", format!("{cluster}---\n{nodes}"));
    desk.refuse("apply --yes --state it --cluster bad.yml", &["bad.yml:", "master-us-east-2a"]);
    desk.write("bad.yml", nodes);
    desk.refuse("apply --yes --state it --cluster bad.yml", &["bad.yml", "Cluster"]);
}

#[test]
fn a_reference_to_nothing() {
    spec(
        "  - us-east-2a\n",
        "  - us-east-2q\n",
        &["bad.yml:96:5: ", "no subnet is named \"us-east-2q\"", "expected one of: us-east-2a"],
    );
    spec(
        "zone: us-east-2b",
        "zone: us-east-2x",
        &["bad.yml:", "spec.subnets[1].zone", "there is no zone \"us-east-2x\""],
    );
    spec("dnsZone: example.com", "dnsZone: example.org", &["bad.yml:18:12: ", "spec.dnsZone", "example.org"]);
}

#[test]
fn a_file_that_is_missing_or_unreadable() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("folder")).unwrap();
    desk.write("bytes.yml", [0xff, 0xfe, 0x00]);
    desk.write("empty.yml", "");
    desk.write("broken.yml", "kind: [Cluster,");
    for (file, said) in [
        ("nowhere.yml", "No such file"),
        ("folder", "Is a directory"),
        ("bytes.yml", "UTF-8"),
        ("empty.yml", "Cluster"),
        ("broken.yml", ":1:"),
    ] {
        desk.refuse(&format!("apply --yes --state it --cluster {file}"), &[file, said]);
    }
    for (file, said) in [
        ("nowhere.yml", "No such file"),
        ("folder", "Is a directory"),
        ("bytes.yml", "UTF-8"),
        ("broken.yml", ":1:"),
    ] {
        desk.refuse(&format!("apply --yes --state it --network {file}"), &[file, said]);
    }
    desk.refuse("apply --yes --state it --ssh-key nowhere.pub", &["nowhere.pub", "No such file"]);
    desk.write("key.pub", "no key at all");
    desk.refuse(
        "apply --yes --state it --cluster working.yml --ssh-key key.pub",
        &["publicKey", "ssh-ed25519 AAAA"],
    );
}
