//! The whole life of resources of providers that others wrote, hosted. The environment names their binaries:
//! `LANDFORM_TERRAFORM_RANDOM` and `LANDFORM_TERRAFORM_LOCAL`. docs/terraform-plugin.md says how to build them.

use std::{path::PathBuf, sync::Arc};

use landform::{
    Engine, ErrorKind, Plan, Provider, ResourceType, Stack,
    serde_json::{Value as Json, json},
    terraform::Plugin,
};

/// The binary of a provider; `None` if the environment names none. Says so then.
pub(crate) fn binary(name: &str) -> Option<PathBuf> {
    let variable = format!("LANDFORM_TERRAFORM_{}", name.to_uppercase());
    let binary = std::env::var_os(&variable);
    if binary.is_none() {
        println!(
            "{variable} names no binary of the provider, so it is not hosted (docs/terraform-plugin.md)"
        );
    }
    binary.map(PathBuf::from)
}

/// A provider and its types; `None` if the environment names no binary of it.
async fn real(name: &str) -> Option<(Vec<Arc<ResourceType>>, Provider)> {
    let plugin = Plugin::open(binary(name)?.as_path()).await.unwrap();
    let types = plugin.types().cloned().collect();
    Some((types, plugin.configure(&json!({})).await.unwrap()))
}

fn stack(types: &[Arc<ResourceType>], resources: &[(&str, Json)]) -> Stack {
    let mut stack = Stack::new("real");
    for (name, arguments) in resources {
        let known = types.iter().find(|known| known.name_str() == *name).unwrap();
        stack.add_untyped("a", known, arguments.clone());
    }
    stack
}

/// Applies, and plans again: there must be no change.
async fn apply(engine: &Engine, stack: &Stack) -> Plan {
    let plan = engine.plan(stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let again = engine.plan(stack).await.unwrap();
    assert!(again.is_empty(), "{}", landform::view::text(&again));
    plan
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_lives_under_landform() {
    let Some((types, provider)) = real("random").await else { return };
    let integer = provider.driver("random_integer").unwrap().clone();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::builder().provider(provider).state_dir(folder.path()).open().unwrap();
    let resources = |keeper: &str| {
        stack(
            &types,
            &[
                ("random_pet", json!({ "length": 2, "keepers": { "for": keeper } })),
                ("random_integer", json!({ "min": 1, "max": 10 })),
                ("random_string", json!({ "length": 12, "special": false })),
            ],
        )
    };
    assert_eq!(apply(&engine, &resources("one")).await.counts().added, 3);
    let changed = apply(&engine, &resources("two")).await;
    assert_eq!(
        (changed.counts().replaced, changed.changes.len()),
        (1, 1),
        "{}",
        landform::view::text(&changed)
    );
    let imported = integer.import("7,1,10").await.unwrap();
    assert_eq!(imported.attributes["result"], 7);
    assert_eq!((&imported.arguments["min"], &imported.arguments["max"]), (&json!(1), &json!(10)));
    assert_eq!(apply(&engine, &stack(&types, &[])).await.counts().destroyed, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn local_lives_under_landform() {
    let Some((types, provider)) = real("local").await else { return };
    let driver = provider.driver("local_file").unwrap().clone();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("greeting");
    let engine = Engine::builder().provider(provider).state_dir(folder.path().join("state")).open().unwrap();
    let greeting =
        |content: &str| stack(&types, &[("local_file", json!({ "filename": file, "content": content }))]);
    assert_eq!(apply(&engine, &greeting("hello")).await.counts().added, 1);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "hello");
    assert_eq!(apply(&engine, &greeting("goodbye")).await.counts().replaced, 1);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "goodbye");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(apply(&engine, &greeting("goodbye")).await.counts().added, 1, "it comes back");
    let refused = driver.import("greeting").await.unwrap_err();
    assert_ne!(refused.kind(), ErrorKind::NotFound, "{refused}");
    apply(&engine, &stack(&types, &[])).await;
    assert!(!file.exists());
}
