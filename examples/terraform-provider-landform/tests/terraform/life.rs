//! The life of resources under the real Terraform: create, no change, change, replace, import, drift, destroy.

use std::sync::Arc;

use landform::{
    ResourceType,
    conformance::{Extent, Invented},
    serde_json::{Map, Value as Json, json},
    sim::{Cloud, Fault, Latency, Operation},
};

use crate::{
    bench::{Bench, By, has_terraform, written},
    ground::Ground,
};

fn machine() -> Json {
    json!({
        "network_id": "${landform_network.a.id}", "name": "one", "price": 0.1, "script": "echo secret",
        "password": "hunter2", "groups": ["b", "a"],
        "disk": [{ "size": 10 }, { "size": 20, "kind": "hdd", "keep": true }],
        "rule": [{ "port": 443, "from": ["10.0.0.0/8"] }, { "port": 53, "protocol": "udp" }],
        "monitoring": [{ "contact": "ops" }], "maintenance": { "day": "sunday" },
        "billing": { "center": "7", "shares": { "ops": 60 } }, "notes": { "list": [1, "two"] },
    })
}

fn resources(machine: &Json) -> Json {
    json!({
        "landform_network": { "a": { "name": "base", "range": "10.0.0.0/8", "labels": { "team": "net" } } },
        "landform_machine": { "a": machine },
    })
}

#[test]
fn the_binary_is_a_plugin_of_terraform() {
    if !has_terraform() {
        return;
    }
    let bench = Bench::new(By::Binary);
    let mut machine = machine();
    bench.configure(
        &resources(&machine),
        &[("output", json!({ "address": { "value": "${landform_machine.a.address}" } }))],
    );
    let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
    assert!(said.contains("2 added"), "{said}");
    bench.same("after the creation");
    let state = bench.attributes("landform_machine", "a");
    assert_eq!(state["processors"], 2);
    assert_eq!(state["price"], 0.1);
    assert_eq!(state["password"], Json::Null);
    assert_eq!(state["disk"][0], json!({ "size": 10, "kind": "ssd", "keep": null }));
    assert_eq!(state["monitoring"][0]["interval"], 60);
    assert!(state["zone"].is_string());

    // In place: a value, a block, and what the configuration no longer says.
    machine["name"] = json!("two");
    machine["processors"] = json!(4);
    machine["disk"] = json!([{ "size": 15 }]);
    machine["rule"] = json!([{ "port": 443, "from": ["10.0.0.0/8"] }, { "port": 80 }]);
    machine.as_object_mut().unwrap().remove("monitoring");
    machine.as_object_mut().unwrap().remove("billing");
    bench.configure(&resources(&machine), &[]);
    let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
    assert!(said.contains("0 added, 1 changed, 0 destroyed"), "{said}");
    bench.same("after the change");
    let changed = bench.attributes("landform_machine", "a");
    assert_eq!(changed["id"], state["id"]);
    assert_eq!(changed["zone"], state["zone"], "the cloud's choice stays");
    machine.as_object_mut().unwrap().remove("processors");
    bench.configure(&resources(&machine), &[]);
    bench.ok(&["apply", "-auto-approve", "-input=false"]);
    assert_eq!(bench.attributes("landform_machine", "a")["processors"], 2, "the default is back");

    // Another spelling is no change.
    let mut spelled = resources(&machine);
    spelled["landform_machine"]["a"]["price"] = json!("0.10");
    bench.configure(&spelled, &[]);
    bench.same("with another spelling");

    // A replacement, also of what refers to the replaced one.
    let mut replaced = resources(&machine);
    replaced["landform_network"]["a"]["name"] = json!("other");
    bench.configure(&replaced, &[]);
    let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
    assert!(said.contains("2 added, 0 changed, 2 destroyed"), "{said}");
    bench.same("after the replacement");

    // Import, by command and by block.
    let network = bench.attributes("landform_network", "a");
    let machine_id = bench.attributes("landform_machine", "a")["id"].as_str().unwrap().to_owned();
    bench.ok(&["state", "rm", "landform_network.a", "landform_machine.a"]);
    bench.ok(&["import", "-input=false", "landform_network.a", network["id"].as_str().unwrap()]);
    assert_eq!(bench.attributes("landform_network", "a"), network);
    bench.configure(&replaced, &[("import", json!([{ "to": "landform_machine.a", "id": machine_id }]))]);
    let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
    assert!(said.contains("1 imported, 0 added"), "{said}");
    bench.configure(&replaced, &[]);
    bench.same("after the import");

    bench.ok(&["state", "rm", "landform_machine.a"]);
    let said = bench.fails(&["import", "-input=false", "landform_machine.a", "m-00000000"]);
    assert!(said.contains("Cannot import non-existent remote object"), "{said}");
    bench.ok(&["import", "-input=false", "landform_machine.a", machine_id.as_str()]);

    let said = bench.ok(&["destroy", "-auto-approve", "-input=false"]);
    assert!(said.contains("2 destroyed"), "{said}");
    let left = Cloud::open(bench.cloud()).types(terraform_provider_landform::types()).build().unwrap();
    assert!(left.objects().unwrap().is_empty());
    let sockets = std::fs::read_dir(bench.folder.path()).unwrap().flatten();
    let sockets: Vec<_> =
        sockets.filter(|it| it.file_name().to_string_lossy().contains("landform-plugin")).collect();
    assert!(sockets.is_empty(), "sockets are left: {sockets:?}");
}

#[test]
fn bad_input_is_refused_with_its_place() {
    if !has_terraform() {
        return;
    }
    let bench = Bench::new(By::Binary);
    let mut wrong = resources(&machine());
    wrong["landform_network"]["a"]["range"] = json!("10.0.0.0/40");
    bench.configure(&wrong, &[]);
    let said = bench.fails(&["validate"]);
    assert!(said.contains("Invalid value for range") && said.contains("main.tf.json line"), "{said}");
    bench.configure(&resources(&machine()), &[("provider", json!({ "landform": {} }))]);
    let said = bench.fails(&["plan", "-input=false"]);
    assert!(said.contains("directory"), "{said}");
    assert!(!bench.cloud().exists(), "nothing was touched");

    let output = std::process::Command::new(crate::bench::BINARY).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "this program is a plugin of Terraform, which starts it; it is not run by hand\n");
}

#[test]
fn a_default_inside_a_computed_block_is_no_change() {
    if !has_terraform() {
        return;
    }
    let bench = Bench::new(By::Binary);
    let nothing =
        json!([{ "minimum_healthy_targets_count": null, "minimum_healthy_targets_percentage": null }]);
    let group = json!({
        "name": "api", "port": 443, "protocol": "TCP", "vpc_id": "${aws_vpc.a.id}",
        "target_group_health": [{ "dns_failover": nothing, "unhealthy_state_routing": nothing }],
    });
    bench.configure(
        &json!({ "aws_vpc": { "a": { "cidr_block": "10.0.0.0/16" } }, "aws_lb_target_group": { "a": group } }),
        &[],
    );
    bench.ok(&["apply", "-auto-approve", "-input=false"]);
    bench.same("after the creation");
}

#[test]
fn a_resource_moves_from_another_provider_under_its_type_only() {
    if !has_terraform() {
        return;
    }
    let bench = Bench::new(By::Binary);
    let network = json!({ "name": "base", "range": "10.0.0.0/8" });
    let from = |source: &str| json!({ "required_providers": { "landform": { "source": source } } });
    bench.configure(
        &json!({ "landform_network": { "a": network } }),
        &[("terraform", from("other/landform"))],
    );
    bench.ok(&["apply", "-auto-approve", "-input=false"]);
    let id = bench.attributes("landform_network", "a")["id"].clone();

    let moved = json!([{ "from": "landform_network.a", "to": "landform_network.b" }]);
    bench.configure(&json!({ "landform_network": { "b": network } }), &[("moved", moved)]);
    let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
    assert!(said.contains("0 added, 0 changed, 0 destroyed"), "{said}");
    assert_eq!(bench.attributes("landform_network", "b")["id"], id);
    bench.same("after the move");

    let moved = json!([{ "from": "landform_network.b", "to": "landform_machine.b" }]);
    let machine = json!({ "network_id": id, "name": "one", "disk": [{ "size": 10 }] });
    bench.configure(&json!({ "landform_machine": { "b": machine } }), &[("moved", moved)]);
    let said = bench.fails(&["plan", "-input=false"]);
    assert!(said.contains("does not know how landform_network becomes"), "{said}");
}

/// One resource in its changing forms.
struct Sample {
    known: Arc<ResourceType>,
    name: &'static str,
    invented: Invented,
}

fn configured<'a>(samples: &'a [Sample], arguments: impl Fn(&'a Sample) -> &'a Json) -> Json {
    let mut all: Map<String, Json> = Map::new();
    for sample in samples {
        let of = all.entry(sample.known.name_str().to_owned()).or_insert_with(|| json!({}));
        of[sample.name] = written(&sample.known, arguments(sample));
    }
    all.into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_type_lives_under_terraform_without_a_complaint() {
    if !has_terraform() {
        return;
    }
    let types: Vec<Arc<ResourceType>> =
        terraform_provider_landform::types().into_iter().filter(|known| !known.is_data()).collect();
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("plugin");
    let bench = Bench::new(By::Socket(&socket));
    let cloud = Cloud::open(bench.cloud()).types(types.clone()).latency(Latency::none()).build().unwrap();
    let provider = terraform_provider_landform::offered(&cloud);
    let announced =
        provider.opened_by::<terraform_provider_landform::Configuration, _>(&Arc::new(Given(cloud.clone())));
    let serving = {
        let socket = socket.clone();
        tokio::spawn(async move { landform::terraform::serve_at(announced, &socket).await })
    };
    let mut ground = Ground { cloud: &cloud, types: &types, seeded: 0 };
    let mut samples = Vec::new();
    for known in &types {
        for (name, extent) in [("least", Extent::Least), ("most", Extent::Most)] {
            samples.push(Sample { known: known.clone(), name, invented: ground.sample(known, extent) });
        }
    }
    let seeds = cloud.objects().unwrap().len();
    let life = tokio::task::spawn_blocking(move || {
        bench.configure(&configured(&samples, |sample| &sample.invented.arguments), &[]);
        let said = bench.ok(&["apply", "-auto-approve", "-input=false", "-parallelism=40"]);
        assert!(said.contains(&format!("{} added", samples.len())), "{said}");
        cloud.reset_calls();
        bench.same("after the creation");

        bench.configure(
            &configured(&samples, |sample| {
                sample.invented.changed.as_ref().unwrap_or(&sample.invented.arguments)
            }),
            &[],
        );
        let said = bench.ok(&["apply", "-auto-approve", "-input=false", "-parallelism=40"]);
        let changed = said
            .rsplit("0 added, ")
            .next()
            .and_then(|rest| rest.split(' ').next())
            .and_then(|it| it.parse().ok());
        assert!(changed.is_some_and(|changed: usize| changed > samples.len() / 2), "{said}");
        assert!(said.contains(" changed, 0 destroyed"), "{said}");
        bench.same("after the change");

        bench.configure(
            &configured(&samples, |sample| {
                let Invented { arguments, changed, without } = &sample.invented;
                without.as_ref().or(changed.as_ref()).unwrap_or(arguments)
            }),
            &[],
        );
        bench.ok(&["apply", "-auto-approve", "-input=false", "-parallelism=40"]);
        bench.same("after fields were taken away");

        // Drift: every second resource disappears, and comes back.
        let state = bench.state();
        let instances = state["resources"].as_array().unwrap().iter().filter(|it| it["name"] == "least");
        let mut gone = 0;
        for resource in instances {
            let id = resource["instances"][0]["attributes"]["id"].as_str().unwrap();
            cloud.vanish(resource["type"].as_str().unwrap(), id).unwrap();
            gone += 1;
        }
        let said = bench.ok(&["apply", "-auto-approve", "-input=false", "-parallelism=40"]);
        assert!(said.contains(&format!("{gone} added, 0 changed, 0 destroyed")), "{said}");
        bench.same("after resources disappeared");

        let said = bench.ok(&["destroy", "-auto-approve", "-input=false", "-parallelism=40"]);
        assert!(said.contains(&format!("{} destroyed", samples.len())), "{said}");
        assert_eq!(cloud.objects().unwrap().len(), seeds, "only the seeds are left");
    });
    life.await.unwrap();
    serving.abort();
}

/// Opens a cloud that is there already, whatever the configuration says.
struct Given(Cloud);

#[landform::async_trait]
impl landform::Opens<terraform_provider_landform::Configuration> for Given {
    async fn open(
        &self,
        _: &terraform_provider_landform::Configuration,
    ) -> landform::ProviderResult<landform::Provider> {
        Ok(terraform_provider_landform::offered(&self.0))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_are_gathered() {
    if !has_terraform() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("plugin");
    let bench = Bench::new(By::Socket(&socket));
    let types = terraform_provider_landform::types();
    let cloud = Cloud::open(bench.cloud()).types(types).latency(Latency::none()).page(400).build().unwrap();
    let provider = terraform_provider_landform::offered(&cloud);
    let announced =
        provider.opened_by::<terraform_provider_landform::Configuration, _>(&Arc::new(Given(cloud.clone())));
    let serving = {
        let socket = socket.clone();
        tokio::spawn(async move { landform::terraform::serve_at(announced, &socket).await })
    };
    let reads = tokio::task::spawn_blocking(move || {
        let networks: Map<String, Json> = (0..300)
            .map(|place| (format!("n{place}"), json!({ "name": format!("n{place}"), "range": "10.0.0.0/8" })))
            .collect();
        bench.configure(&json!({ "landform_network": networks }), &[]);
        bench.ok(&["apply", "-auto-approve", "-input=false", "-parallelism=300"]);
        cloud.reset_calls();
        let output = bench.run(&["plan", "-detailed-exitcode", "-input=false", "-parallelism=300"]);
        assert_eq!(output.status.code(), Some(0));
        let all = cloud.calls();
        cloud.reset_calls();
        let output = bench.run(&["plan", "-detailed-exitcode", "-input=false"]);
        assert_eq!(output.status.code(), Some(0));
        let usual = cloud.calls().of(Operation::Read);
        // What was read ahead for one plan must not answer the next one.
        let gone = bench.attributes("landform_network", "n299")["id"].as_str().unwrap().to_owned();
        cloud.vanish("landform_network", &gone).unwrap();
        let output = bench.run(&["plan", "-detailed-exitcode", "-input=false"]);
        assert_eq!(output.status.code(), Some(2));
        let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
        assert!(said.contains("1 added, 0 changed, 0 destroyed"), "{said}");
        bench.same("after a network disappeared");
        (all.of(Operation::Read), usual)
    });
    let (wide, usual) = reads.await.unwrap();
    eprintln!("calls of a refresh of 300 resources: {wide}; with Terraform's usual ten at a time: {usual}");
    assert!(wide <= 4 && usual <= 4, "{wide} {usual}");
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_the_cloud_lose_nothing() {
    if !has_terraform() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("plugin");
    let bench = Bench::new(By::Socket(&socket));
    let types = terraform_provider_landform::types();
    let cloud = Cloud::open(bench.cloud()).types(types).latency(Latency::none()).build().unwrap();
    let provider = terraform_provider_landform::offered(&cloud);
    let announced =
        provider.opened_by::<terraform_provider_landform::Configuration, _>(&Arc::new(Given(cloud.clone())));
    let serving = {
        let socket = socket.clone();
        tokio::spawn(async move { landform::terraform::serve_at(announced, &socket).await })
    };
    let life = tokio::task::spawn_blocking(move || {
        bench.configure(&resources(&machine()), &[]);
        // Throttling and a lost answer cost time only.
        cloud.inject(Fault::throttled(Operation::Create).of("landform_network").times(2));
        cloud.inject(Fault::lost_reply(Operation::Create).of("landform_network").nth(3));
        // A part of the machine exists: Terraform records it as tainted, and replaces it.
        let problem = landform::ProviderError::new(landform::ErrorKind::Quota, "no disk is left");
        cloud.inject(Fault::partial(Operation::Create, problem).of("landform_machine"));
        let said = bench.fails(&["apply", "-auto-approve", "-input=false"]);
        assert!(said.contains("no disk is left"), "{said}");
        assert_eq!(cloud.objects().unwrap().len(), 2);
        let said = bench.ok(&["apply", "-auto-approve", "-input=false"]);
        assert!(said.contains("1 added, 0 changed, 1 destroyed"), "{said}");
        bench.same("after the faults");
        assert_eq!(cloud.objects().unwrap().len(), 2, "nothing is doubled");
    });
    life.await.unwrap();
    serving.abort();
}
