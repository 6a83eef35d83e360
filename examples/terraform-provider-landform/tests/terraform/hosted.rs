//! Plugins as providers of Landform: our own binary over the wire, and programs that are no plugins.

use std::{path::Path, sync::Arc, time::Duration};

use landform::{
    Engine, Provider, ResourceType, Schema, Stack,
    conformance::{Clause, Extent, Sample, check, invent},
    expr::Expr,
    schema::Kind,
    serde_json::{Map, Value as Json, json},
    sim::{Cloud, Latency},
    terraform::{Launch, Plugin, PluginError},
};

use landform_core::{Call, Known, Progress};

use crate::{bench::BINARY, ground::Ground};

const KEY: [u8; 32] = [7; 32];

async fn opened(launch: impl Into<Launch>, cloud: &Path) -> (Vec<Arc<ResourceType>>, Provider) {
    let plugin = Plugin::open(launch).await.unwrap();
    let types = plugin.types().cloned().collect();
    (types, plugin.configure(&json!({ "directory": cloud })).await.unwrap())
}

/// Arguments of a type in the form that its hosted twin has.
fn hosted(own: &Schema, twin: &Schema, given: &Json) -> Json {
    // No cloud remembers an empty value of any kind.
    let empty = |value: &Json| value.as_object().is_some_and(Map::is_empty);
    let any = |name: &str| matches!(own.field(name).unwrap().kind, Kind::Any);
    let given = given.as_object().unwrap().iter().filter(|(name, value)| !(any(name) && empty(value)));
    let fields = given.map(|(name, value)| {
        let (own, twin) = (&own.field(name).unwrap().kind, &twin.field(name).unwrap().kind);
        (name.clone(), hosted_kind(own, twin, value))
    });
    fields.collect::<Map<_, _>>().into()
}

fn hosted_kind(own: &Kind, twin: &Kind, value: &Json) -> Json {
    match (own, twin, value) {
        (Kind::Block(own), Kind::Block(twin), value) => hosted(own, twin, value),
        (Kind::Block(_), Kind::List(twin), value) => json!([hosted_kind(own, twin, value)]),
        (Kind::List(own) | Kind::Set(own), Kind::List(twin) | Kind::Set(twin), Json::Array(items)) => {
            items.iter().map(|it| hosted_kind(own, twin, it)).collect()
        }
        (Kind::Map(own), Kind::Map(twin), Json::Object(entries)) => {
            let entries = entries.iter().map(|(key, it)| (key.clone(), hosted_kind(own, twin, it)));
            entries.collect::<Map<_, _>>().into()
        }
        (Kind::Text { .. }, Kind::Number, Json::String(number)) => {
            landform::serde_json::from_str(number).unwrap()
        }
        (_, _, value) => value.clone(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_type_keeps_the_contract_over_the_wire() {
    let folder = tempfile::tempdir().unwrap();
    let types: Vec<Arc<ResourceType>> =
        terraform_provider_landform::types().into_iter().filter(|known| !known.is_data()).collect();
    let cloud = Cloud::open(folder.path()).types(types.clone()).latency(Latency::none()).build().unwrap();
    let launch = Launch::new(BINARY).sensitive_values_with(KEY);
    let (_, provider) = opened(launch, folder.path()).await;
    let mut ground = Ground { cloud: &cloud, types: &types, seeded: 0 };
    let mut broken = Vec::new();
    for own in &types {
        let driver = provider.driver(own.name_str()).unwrap();
        let twin = driver.resource_type();
        for extent in [Extent::Least, Extent::Most] {
            let name = ground.name();
            let invented = invent(own, extent, &name, &mut |other| ground.exists(other)).unwrap();
            let twin_of = |given: Json| hosted(&own.arguments, &twin.arguments, &given);
            let address = format!("{}.sample", own.name).parse().unwrap();
            let sample = Sample::new(address, name, twin_of(invented.arguments))
                .patience(Duration::from_secs(10))
                .changed(invented.changed.map(twin_of))
                .without(invented.without.map(twin_of));
            match check(&**driver, &sample, async |_| tokio::time::sleep(Duration::from_millis(1)).await)
                .await
            {
                Ok(verdict) => assert!(verdict.kept.contains(&Clause::Absent), "{verdict}"),
                Err(failure) => broken.push(format!("{extent:?}: {failure}")),
            }
        }
    }
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
    assert!(cloud.objects().unwrap().iter().all(|left| left.by.is_none()), "only the seeds are left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_has_the_identity_that_its_type_declares() {
    let folder = tempfile::tempdir().unwrap();
    let (_, provider) = opened(BINARY, folder.path()).await;
    let driver = provider.driver("landform_network").unwrap();
    let (address, token) = ("landform_network.a".parse().unwrap(), "attempt-1".parse().unwrap());
    let arguments = json!({ "name": "base", "range": "10.0.0.0/8", "labels": {} });
    let made = driver.create(Call::new(&address, &token), &arguments).await.unwrap();
    let Progress::Exists(made) = made else { panic!("{made:?}") };
    let identity = json!({ "version": 0, "identity": { "id": made.id } });
    assert_eq!(made.identity.as_ref().unwrap().value(), &identity);
    let known: [&dyn Known; 1] = [&made];
    let read = driver.read_many(&known).await.unwrap().pop().flatten().unwrap();
    assert_eq!(read.identity, made.identity);
    assert_eq!(driver.import(&made.id).await.unwrap().identity, made.identity);
}

fn stack(types: &[Arc<ResourceType>], name: &str, script: Option<&str>) -> Stack {
    let of = |name: &str| types.iter().find(|known| known.name_str() == name).unwrap();
    let mut stack = Stack::new("hosted");
    let network = stack.add_untyped(
        "a",
        of("landform_network"),
        json!({ "name": name, "range": "10.0.0.0/8", "labels": {} }),
    );
    let mut machine = std::collections::BTreeMap::from([
        ("network_id".to_owned(), Expr::reference(&network, "id".parse().unwrap())),
        ("name".to_owned(), "one".into()),
        ("disk".to_owned(), json!([{ "size": 10 }]).into()),
        ("rule".to_owned(), json!([{ "port": 443 }]).into()),
        ("price".to_owned(), json!(0.1).into()),
        ("password".to_owned(), "hunter3".into()),
    ]);
    machine.extend(script.map(|script| ("script".to_owned(), script.into())));
    let machine = stack.add_untyped("a", of("landform_machine"), Expr::map(machine));
    stack.output("address", Expr::reference(&machine, "address".parse().unwrap()));
    stack
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_engine_leads_a_hosted_provider_through_its_life() {
    let folder = tempfile::tempdir().unwrap();
    let (types, provider) =
        opened(Launch::new(BINARY).sensitive_values_with(KEY), &folder.path().join("cloud")).await;
    let state = folder.path().join("state");
    let engine = Engine::builder().provider(provider).state_dir(&state).open().unwrap();
    let wanted = stack(&types, "base", Some("echo hunter2"));
    let plan = engine.plan(&wanted).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let again = engine.plan(&wanted).await.unwrap();
    assert!(again.is_empty(), "{}", landform::view::text(&again));
    for file in walk(&state) {
        let content = std::fs::read(&file).unwrap();
        for secret in ["hunter2", "hunter3"] {
            assert!(!String::from_utf8_lossy(&content).contains(secret), "{secret} is in {}", file.display());
        }
    }
    // Only the plugin's plan knows that a name cannot be changed.
    let plan = engine.plan(&stack(&types, "other", Some("echo hunter2"))).await.unwrap();
    assert_eq!(plan.counts().replaced, 2, "{}", landform::view::text(&plan));
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let plan = engine.plan(&Stack::new("hosted")).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let left =
        Cloud::open(folder.path().join("cloud")).types(terraform_provider_landform::types()).build().unwrap();
    assert!(left.objects().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_sensitive_values_are_refused_before_anything_happens() {
    let folder = tempfile::tempdir().unwrap();
    let (types, provider) = opened(BINARY, &folder.path().join("cloud")).await;
    let engine = Engine::builder().provider(provider).state_dir(folder.path().join("state")).open().unwrap();
    let error = engine.plan(&stack(&types, "base", Some("echo hunter2"))).await.unwrap_err().to_string();
    assert!(error.contains("landform_machine.a") && error.contains("script"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    assert!(!folder.path().join("cloud").exists());
    let plan = engine.plan(&stack(&types, "base", None)).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries
        .flat_map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { vec![entry.path()] })
        .collect()
}

#[tokio::test]
async fn a_wrong_configuration_is_refused_with_its_field() {
    let error = Plugin::open(BINARY).await.unwrap().configure(&json!({ "folder": "x" })).await.unwrap_err();
    let PluginError::Configuration { violations, .. } = &error else { panic!("{error}") };
    let said: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|said| said.starts_with("folder: unknown field")), "{said:?}");
    for (configuration, expected) in [
        (json!({}), "directory: missing, expected at least one of directory, aws, google"),
        (json!({ "directory": "/dev/null/x" }), "directory"),
    ] {
        let error = Plugin::open(BINARY).await.unwrap().configure(&configuration).await.unwrap_err();
        assert!(matches!(error, PluginError::Refused { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// A program that is not a plugin, and writes the ids of its processes into a file.
fn program(folder: &Path, script: &str) -> Launch {
    let path = folder.join("program");
    let pids = folder.join("pids");
    let text = format!("#!/bin/sh\nsleep 300 &\necho $$ $! > {}\n{script}\n", pids.display());
    std::fs::write(&path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    Launch::new(path).patience(Duration::from_secs(3))
}

/// Whether none of the program's processes runs any more.
async fn all_ended(folder: &Path) -> bool {
    let pids = std::fs::read_to_string(folder.join("pids")).unwrap_or_default();
    let runs = |pid: &str| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        // A process that has ended may wait for someone to take note.
        status.is_ok_and(|status| !status.contains(") Z "))
    };
    for _ in 0..100 {
        if !pids.split_whitespace().any(runs) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_plugin_is_one_clear_error_and_leaves_no_process() {
    let silent = tempfile::tempdir().unwrap();
    let nobody = format!("echo '1|6|unix|{}/none|grpc|'\nsleep 300", silent.path().display());
    let cases: [(&str, &str); 7] = [
        ("echo hello; sleep 300", "is not a plugin of Terraform: its first line is \"hello\""),
        ("echo '1|4|unix|/x|grpc|'; sleep 300", "speaks version 4 of the plugin protocol, expected 5 or 6"),
        (
            "echo 'cannot open the database' >&2; exit 3",
            "ended at its start (exit status: 3), expected the first line of a plugin: cannot open the database",
        ),
        ("sleep 300", "did not say where it listens within 3 s"),
        ("head -c 100000 /dev/zero | tr '\\0' x; sleep 300", "is not a plugin of Terraform"),
        ("echo '1|6|unix|/x|grpc|!!!'; sleep 300", "cannot talk to"),
        (nobody.as_str(), "cannot talk to"),
    ];
    for (script, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let error = Plugin::open(program(folder.path(), script)).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{script}: {error}");
        assert!(all_ended(folder.path()).await, "{script} left a process");
    }
    let error = Plugin::open("/nowhere/terraform-provider-x").await.unwrap_err();
    assert_eq!(error.to_string(), "/nowhere/terraform-provider-x cannot be started");
}
