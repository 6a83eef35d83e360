//! Rust types for a plugin's types: those of our own plugin over the wire, and those of a provider with 1,000 types.

#[allow(missing_docs)]
mod generated;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use landform::{
    Engine, Resource, ResourceType, Schema, Stack,
    schema::{Field, Kind, Nesting},
    serde_json::{Map, Value as Json, json},
    terraform::{
        Catalog, Launch, Plugin, UntypedError,
        bindings::{Bindings, References},
    },
};

use self::generated::{
    LandformMachine, LandformNetwork,
    landform_machine::{Billing, Disk, LandformMachineAttributes, Maintenance, Monitoring, Rule},
};
use crate::bench::BINARY;

const TYPES: [&str; 2] = ["landform_machine", "landform_network"];

fn references() -> References {
    References::new([("landform_machine.network_id", "landform_network.id")])
}

async fn catalog() -> Catalog {
    Catalog::of(&Plugin::open(BINARY).await.unwrap())
}

#[tokio::test]
async fn the_generator_writes_the_files_that_are_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/bindings/generated");
    let catalog = catalog().await;
    let bindings = Bindings::of(&catalog).references(references()).only(TYPES);
    if std::env::var_os("LANDFORM_WRITE_BINDINGS").is_some() {
        bindings.write(&folder).unwrap();
    }
    for (name, text) in bindings.files().unwrap() {
        let there = fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert_eq!(there, text, "{name}: write it again with LANDFORM_WRITE_BINDINGS=1");
    }
}

/// What a declaration can be checked against, without descriptions. Only the Rust type requires the id. Nesting has no
/// effect on plain values.
fn shape(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(|field| Field {
        doc: String::new(),
        required: field.required && field.name != "id",
        kind: kind(&field.kind),
        nesting: if holds_blocks(&field.kind) { field.nesting } else { Nesting::default() },
        ..field.clone()
    });
    Schema::new(fields).unwrap()
}

fn holds_blocks(kind: &Kind) -> bool {
    match kind {
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => holds_blocks(item),
        kind => matches!(kind, Kind::Block(_)),
    }
}

fn kind(of: &Kind) -> Kind {
    match of {
        Kind::List(item) => Kind::List(Box::new(kind(item))),
        Kind::Set(item) => Kind::Set(Box::new(kind(item))),
        Kind::Map(item) => Kind::Map(Box::new(kind(item))),
        Kind::Block(schema) => Kind::Block(shape(schema)),
        Kind::Text { .. } => Kind::text(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn generated_types_have_the_schemas_of_the_plugin() {
    let catalog = catalog().await;
    for own in [LandformNetwork::resource_type(), LandformMachine::resource_type()] {
        let hosted: &ResourceType = catalog.named(own.name_str()).unwrap();
        assert_eq!(shape(&own.arguments), shape(&hosted.arguments));
        assert_eq!(shape(&own.attributes), shape(&hosted.attributes));
        assert_eq!(own.version, hosted.version);
    }
    let network = &LandformMachine::resource_type().arguments.field("network_id").unwrap().kind;
    assert!(
        matches!(network, Kind::Text { refers_to: Some(name), .. } if name.as_str() == "landform_network")
    );
}

/// A stack of generated types.
fn stack(processors: u32) -> Stack {
    let mut stack = Stack::new("typed");
    let network = stack.add("a", LandformNetwork::new("base", "10.0.0.0/8").label("team", "net"));
    let machine = LandformMachine::new("one", &network)
        .processors(processors)
        .price(0.25)
        .script("echo hunter2")
        .password("hunter3")
        .groups(["web"])
        .disk([Disk::new(10).keep(true), Disk::new(20).kind("hdd")])
        .rule([Rule::new(443).from(["10.0.0.0/8"])])
        .monitoring(Monitoring::new().contact("ops"))
        .maintenance(Maintenance::new("monday"))
        .billing(Billing::new("7").shares([("net", 40)]))
        .notes(json!({ "any": [1, "two"] }));
    let machine = stack.add("a", machine);
    stack.output("network", network.id());
    stack.output("first_disk", machine.disk().at(0).fields().size());
    stack.output("contact", machine.monitoring().fields().contact());
    stack.output("at", machine.address_());
    stack
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stack_of_generated_types_lives_over_the_wire() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = Plugin::open(Launch::new(BINARY).sensitive_values_with([7; 32])).await.unwrap();
    let provider = plugin.configure(&json!({ "directory": folder.path().join("cloud") })).await.unwrap();
    let engine = Engine::builder().provider(provider).state_dir(folder.path().join("state")).open().unwrap();
    let plan = engine.plan(&stack(2)).await.unwrap();
    let text = plan.to_string();
    assert_eq!(plan.counts().added, 2, "{text}");
    assert!(!text.contains("hunter"), "{text}");
    let outputs = engine.apply(&plan).await.unwrap().complete().unwrap().outputs;
    let again = engine.plan(&stack(2)).await.unwrap();
    assert!(again.is_empty(), "{again}");

    let output =
        |name: &str| outputs.get(name).cloned().unwrap_or_else(|| panic!("no {name} in {outputs:?}"));
    assert!(output("network").as_str().unwrap().starts_with("net-"));
    assert_eq!((output("first_disk"), output("contact")), (json!(10), json!("ops")));
    assert!(!output("at").as_str().unwrap().is_empty());

    let plan = engine.plan(&stack(4)).await.unwrap();
    assert_eq!((plan.counts().changed, plan.counts().replaced), (1, 0), "{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let plan = engine.plan(&Stack::new("typed")).await.unwrap();
    assert_eq!(plan.counts().destroyed, 2, "{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
}

#[test]
fn answers_are_read_as_generated_types() {
    let answer = json!({ "id": "m-1", "address": "10.0.0.1", "generation": "3" });
    let read: LandformMachineAttributes = landform::serde_json::from_value(answer.clone()).unwrap();
    assert_eq!((read.id.as_str(), read.address_.as_deref()), ("m-1", Some("10.0.0.1")));
    assert_eq!(landform::serde_json::to_value(&read).unwrap(), answer);
}

#[tokio::test]
async fn a_declaration_by_name_is_checked_as_a_whole() {
    let catalog = catalog().await;
    let mut stack = Stack::new("untyped");
    let arguments =
        json!({ "name": "one", "disk": [{ "size": "big", "colour": 1 }], "rule": [{}], "script": 5 });
    let error = catalog.add(&mut stack, "landform_machine", "a", arguments).unwrap_err();
    let UntypedError::Arguments { violations, .. } = &error else { panic!("{error}") };
    let mut paths: Vec<String> = violations.iter().map(|wrong| wrong.path.to_string()).collect();
    paths.sort();
    assert_eq!(paths, ["disk[0].colour", "disk[0].size", "network_id", "rule[0].port", "script"]);
    assert!(error.to_string().starts_with("landform_machine.a: "), "{error}");
    assert!(stack.is_empty());
    let error = catalog.add(&mut stack, "landform_machin", "a", json!({})).unwrap_err();
    assert!(error.to_string().ends_with("did you mean \"landform_machine\"?"), "{error}");
    catalog.add(&mut stack, "landform_network", "a", json!({ "name": "n", "range": "10.0.0.0/8" })).unwrap();
    let id = json!({ "$ref": ["landform_network.a", "id"] });
    catalog.add(&mut stack, "landform_machine", "a", json!({ "name": "one", "network_id": id })).unwrap();
    stack.check().unwrap();
    assert_eq!(stack.len(), 2);
}

/// The output of `terraform providers schema -json` for a provider with 1,000 types in 40 services.
fn many() -> String {
    let attribute = |kind: Json, more: Json| {
        let mut attribute = json!({ "type": kind, "description": "One of many: see <this> and [that]." });
        attribute.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        attribute
    };
    let (required, optional) = (json!({ "required": true }), json!({ "optional": true }));
    let computed = json!({ "computed": true });
    let attributes = json!({
        "id": attribute(json!("string"), computed.clone()),
        "arn": attribute(json!("string"), computed.clone()),
        "name": attribute(json!("string"), required),
        "type": attribute(json!("string"), json!({ "optional": true, "computed": true })),
        "self": attribute(json!("bool"), json!({ "optional": true, "deprecated": true })),
        "parent_id": attribute(json!("string"), optional.clone()),
        "size": attribute(json!("number"), optional.clone()),
        "password": attribute(json!("string"), json!({ "optional": true, "sensitive": true })),
        "tags": attribute(json!(["map", "string"]), optional.clone()),
        "tag": attribute(json!("string"), optional.clone()),
        "ids": attribute(json!(["set", "string"]), optional.clone()),
        "endpoints": attribute(json!(["list", ["object", { "port": "number", "host": "string" }]]), computed),
        "any": attribute(json!("dynamic"), optional),
    });
    let rule = json!({ "nesting_mode": "set", "block": { "attributes": {
        "from": attribute(json!("number"), json!({ "required": true })),
        "option": attribute(json!("string"), json!({ "optional": true })),
    } } });
    let blocks = json!({
        "rule": rule,
        "option": { "nesting_mode": "list", "max_items": 1, "block": {
            "attributes": { "deep": attribute(json!("bool"), json!({ "optional": true })) },
            "block_types": { "rule": rule },
        } },
    });
    let types = (0..1000).map(|number| {
        let (service, place) = (number / 25, number % 25);
        let name =
            if place == 0 { format!("big_s{service}") } else { format!("big_s{service}_thing_{place}") };
        (name, json!({ "version": 1, "block": { "attributes": attributes, "block_types": blocks } }))
    });
    let types: Map<String, Json> = types.collect();
    let data = json!({ "big_s0": types["big_s0"] });
    json!({ "format_version": "1.0", "provider_schemas": { "registry.terraform.io/acme/big": {
        "resource_schemas": types, "data_source_schemas": data,
    } } })
    .to_string()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

#[test]
fn a_provider_with_1000_types_compiles_by_service() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let references = References::new([
        ("big_s0.parent_id", "big_s1_thing_3.id"),
        ("big_s1_thing_3.parent_id", "big_s2.arn"),
    ]);
    let catalog = Catalog::from_json(&many(), None).unwrap();
    let bindings = Bindings::of(&catalog).references(references).services().into_crate_with("big", &root());
    let first = bindings.write(folder.path()).unwrap();
    // The types, a file for each service, one for the data sources, lib.rs and Cargo.toml.
    assert_eq!(first.written.len(), 1001 + 40 + 1 + 2);
    let again = bindings.write(folder.path()).unwrap();
    assert_eq!((again.written.len(), again.unchanged, again.removed.len()), (0, first.written.len(), 0));
    let manifest = fs::read_to_string(at("Cargo.toml")).unwrap();
    assert!(manifest.contains("\ns0 = [\"s1\"]\ns1 = [\"s2\"]\ns10 = []\n"), "{manifest}");
    is_formatted(&["src/s0/s0.rs", "src/s1/s1_thing_3.rs", "src/s0/data/mod.rs", "src/lib.rs"].map(at));

    // A program of somebody else, with two of the services.
    fs::create_dir_all(at("examples")).unwrap();
    fs::write(at("examples/user.rs"), USER).unwrap();
    // The same versions as in this workspace, so that cargo needs no network.
    fs::copy(root().join("Cargo.lock"), at("Cargo.lock")).unwrap();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_"))
    {
        cargo.env_remove(name);
    }
    // The workspace's folder, which may have the dependencies already.
    let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
    cargo.current_dir(folder.path()).env("CARGO_TARGET_DIR", target).stdin(Stdio::null());
    cargo.args(["check", "--offline", "--features", "s0", "--example", "user"]);
    cargo.args(["--config", "profile.dev.debug=\"line-tables-only\""]);
    cargo.args(["--config", "profile.dev.package.\"*\".debug=false"]);
    let checked = cargo.output().unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success() && !said.contains("warning"), "{said}");
}

const USER: &str = r#"
use big::{s0::{S0, s0::Rule, data}, s1::S1Thing3};
use landform::{Id, Ref, Stack};

fn main() {
    let mut stack = Stack::new("big");
    let parent = stack.add("parent", S1Thing3::new("a").parent_id("arn:1"));
    let known = stack.read("known", data::S0::new("b"));
    let _: Ref<Id<S0>> = known.id();
    let one = S0::new("one")
        .parent_id(&parent)
        .r#type("t")
        .self_(true)
        .size(2)
        .password("hunter2")
        .tags([("a", "b")])
        .tag("c")
        .ids(["x"])
        .rule([Rule::new(1).option("o")]);
    let one = stack.add("one", one);
    stack.output("port", one.endpoints().at(0).fields().port());
    stack.check().unwrap();
}
"#;

/// Where rustfmt is not installed, there is nothing to compare with.
fn is_formatted(files: &[PathBuf]) {
    let ran = Command::new("rustfmt").args(["--edition", "2024", "--check"]).args(files).output();
    let Ok(ran) = ran else { return eprintln!("rustfmt is not installed: the format is not checked") };
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
}
