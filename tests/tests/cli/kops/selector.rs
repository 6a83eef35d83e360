//! `toolbox instance-selector`: groups of machines from what the machines must have.

use landform::serde_json::{Value, json};

use super::{Clusters, NAME};

const SELECT: &str =
    "toolbox instance-selector --name working.example.com --machine-types types.json --ig-name";

/// Types as `aws ec2 describe-instance-types` prints them.
fn types() -> String {
    let item = |name: &str, architecture: &str, cpus: u32, gib: u32, usage: &[&str]| {
        json!({
            "InstanceType": name, "SupportedUsageClasses": usage, "BareMetal": false,
            "ProcessorInfo": { "SupportedArchitectures": [architecture] }, "VCpuInfo": { "DefaultVCpus": cpus },
            "MemoryInfo": { "SizeInMiB": gib * 1024 }, "BurstablePerformanceSupported": name.starts_with('t'),
            "NetworkInfo": { "MaximumNetworkInterfaces": 4, "EnaSupport": "required" },
        })
    };
    let (both, fixed) = (["on-demand", "spot"], ["on-demand"]);
    let items = [
        item("c5.large", "x86_64", 2, 4, &both),
        item("c5.xlarge", "x86_64", 4, 8, &both),
        item("c5a.xlarge", "x86_64", 4, 8, &both),
        item("c6g.xlarge", "arm64", 4, 8, &both),
        item("m5.xlarge", "x86_64", 4, 16, &both),
        item("t3.xlarge", "x86_64", 4, 16, &fixed),
    ];
    json!({ "InstanceTypes": items }).to_string()
}

impl Clusters {
    fn selected(&self, rest: &str) -> Value {
        let ran = self.succeed(&format!("{SELECT} {rest} --dry-run -o json"));
        landform::serde_json::from_str(&ran.out).unwrap()
    }
}

#[test]
fn groups_are_made_from_what_machines_must_have() {
    let clusters = Clusters::with_cluster();
    clusters.0.write("types.json", types());
    let spot =
        clusters.selected("spots --usage-class spot --flexible --node-count-max 9 --cluster-autoscaler");
    let expected = json!({
        "cloudLabels": {
            "k8s.io/cluster-autoscaler/enabled": "1",
            "k8s.io/cluster-autoscaler/working.example.com": "1",
            "kops.k8s.io/instance-selector": "1",
        },
        "machineType": "c5.xlarge",
        "maxSize": 9,
        "minSize": 2,
        "mixedInstancesPolicy": {
            "instances": ["c5.xlarge", "c5a.xlarge"],
            "onDemandAboveBase": 0,
            "onDemandBase": 0,
            "spotAllocationStrategy": "capacity-optimized",
        },
        "nodeLabels": { "kops.k8s.io/instancegroup": "spots" },
        "role": "Node",
        "subnets": ["us-east-2a", "us-east-2b", "us-east-2c"],
    });
    assert_eq!(spot["spec"], expected);
    assert_eq!(spot["metadata"]["labels"]["kops.k8s.io/cluster"], NAME);
    let instances = |made: &Value| made["spec"]["mixedInstancesPolicy"]["instances"].clone();
    let some = clusters
        .selected("a --vcpus-min 2 --vcpus-max 4 --memory-min 2048 --memory-max 8GiB --subnets us-east-2b");
    assert_eq!(
        (instances(&some), &some["spec"]["subnets"]),
        (json!(["c5.large", "c5.xlarge", "c5a.xlarge"]), &json!(["us-east-2b"]))
    );
    assert!(some["spec"]["mixedInstancesPolicy"].get("onDemandBase").is_none(), "{some}");
    let arm =
        clusters.selected("a --cpu-architecture arm64 --node-volume-size 20 --node-security-groups sg-1");
    assert_eq!((instances(&arm), &arm["spec"]["rootVolumeSize"]), (json!(["c6g.xlarge"]), &json!(20)));
    let like = clusters.selected("a --instance-type-base m5.xlarge --burst-support=false --max-results 1");
    assert_eq!(instances(&like), json!(["m5.xlarge"]));
    let list = clusters
        .selected("a --allow-list ^c5 --deny-list large$ --vcpus-to-memory-ratio 1:2 --deny-list \\.large");
    assert_eq!(instances(&list), json!(["c5.xlarge", "c5a.xlarge"]));
    let two = clusters.selected("a --ig-count 2 --vcpus 4");
    let names: Vec<&Value> = two.as_array().unwrap().iter().map(|made| &made["metadata"]["name"]).collect();
    assert_eq!(names, ["a1", "a2"]);
    assert_eq!(instances(&two[1]), json!(["m5.xlarge", "t3.xlarge"]), "the second has twice the memory");

    clusters.refuse(&format!("get ig --name {NAME} spots"), &["has no group spots"]);
    clusters
        .succeed(&format!("{SELECT} spots --flexible --usage-class spot"))
        .assert_says(&["kind: InstanceGroup"]);
    clusters.succeed(&format!("get ig --name {NAME} spots")).assert_says(&["c5.xlarge"]);
    let plan = clusters.succeed(&format!("update cluster {NAME}"));
    plan.assert_says(&["aws_autoscaling_group.spots-working-example-com", "c5a.xlarge"]);
}

#[test]
fn what_no_machine_has_is_refused() {
    let clusters = Clusters::with_cluster();
    clusters.0.write("types.json", types());
    clusters.refuse(&format!("{SELECT} nodes --vcpus 4"), &["already has a group nodes"]);
    clusters.refuse(&format!("{SELECT} a --vcpus 400"), &["group a: no machine type matches the options"]);
    clusters.refuse(&format!("{SELECT} a --subnets nowhere"), &["has no subnet nowhere"]);
    clusters.refuse(&format!("{SELECT} a --subnets us-east-2a,utility-us-east-2a"), &["not both"]);
    clusters.refuse(&format!("{SELECT} a --instance-type-base x9.large"), &["there is no type x9.large"]);
    clusters.0.write("types.json", "[]");
    clusters.refuse(&format!("{SELECT} a"), &["types.json", "describe-instance-types"]);
    let without = SELECT.replace("--machine-types types.json ", "");
    clusters.refuse(&format!("{without} a"), &["the embedded cloud has no list of machine types"]);
    for wrong in [
        "a.b",
        "a --memory much",
        "a --vcpus-to-memory-ratio 2",
        "a --allow-list (",
        "a --node-security-groups x",
    ] {
        let ran = clusters.run(&format!("{SELECT} {wrong}"));
        assert_eq!(ran.code, Some(2), "{wrong}: {ran:?}");
    }
}
