//! A cluster on Google on the embedded cloud: applied once, it is as planned, and a change reaches what it names.

use crate::google::{lookup, slip, stack_of};
use crate::text;
use landform_core::Stack;
use landform_engine::{Engine, Plan};
use landform_sim::{Cloud, Latency};
use landform_state::store::MemoryStore;
use serde_json::json;
use std::sync::Arc;

async fn plan(engine: &Engine, stack: &Stack) -> Plan {
    engine.plan(stack).await.unwrap_or_else(|error| panic!("{error}"))
}

async fn apply(engine: &Engine, stack: &Stack) -> Plan {
    let planned = plan(engine, stack).await;
    engine.apply(&planned).await.unwrap().complete().unwrap_or_else(|report| panic!("{report:?}"));
    let left = plan(engine, stack).await;
    assert!(left.is_empty(), "something is left to do: {:?}", left.changes);
    planned
}

#[tokio::test(start_paused = true)]
async fn a_cluster_is_made_grows_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let types = [landform_gce::types()].concat();
    let cloud = Cloud::open(directory.path()).types(types).latency(Latency::none()).build().unwrap();
    let bucket = json!({ "name": "clusters", "location": "US", "project": "my-project" });
    cloud.seed("google_storage_bucket", "clusters", bucket).unwrap();
    let before = cloud.objects().unwrap().len();
    let engine = Engine::builder().provider(cloud.provider("google")).store(Arc::new(MemoryStore::new()));
    let engine = engine.open().unwrap();
    let (three, _) = stack_of(&text("google"), &lookup()).unwrap();
    apply(&engine, &three).await;
    assert_eq!(cloud.objects().unwrap().len(), before + three.len());

    let (thirty, handles) = stack_of(&slip("minSize: &size 3", "minSize: &size 30"), &lookup()).unwrap();
    let grown = apply(&engine, &thirty).await;
    let changed: Vec<String> = grown.changes.iter().map(|change| change.address.to_string()).collect();
    let expected: Vec<String> =
        handles.groups["workers"].values().map(|manager| manager.address().to_string()).collect();
    assert_eq!(changed, expected);

    let larger = slip("role: Node", "role: Node\n  machineType: e2-standard-8");
    apply(&engine, &stack_of(&larger, &lookup()).unwrap().0).await;

    let gone = engine.plan_destroy(&thirty).await.unwrap();
    engine.apply(&gone).await.unwrap().complete().unwrap_or_else(|report| panic!("{report:?}"));
    assert_eq!(cloud.objects().unwrap().len(), before);
}
