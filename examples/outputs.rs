//! Two stacks with a state each: one outputs the id of its network, the other makes a subnet in that network.
//!
//! `cargo run --example outputs`

use std::sync::Arc;

use landform::{
    Cidr, Engine, Id, Stack, aws,
    outputs::{StackOutputs, Stores},
    sim::Cloud,
    store::{MemoryStore, Store},
    view,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut base = Stack::new("base");
    let vpc = base.add("main", aws::Vpc::new("10.80.0.0/16".parse::<Cidr>()?));
    base.output("vpc_id", vpc.id());

    let mut apps = Stack::new("apps");
    // A data source, planned like any other. "base" may also be a URL, such as s3://states/base.
    let outputs = apps.read("base", StackOutputs::new("base", "base"));
    let vpc = outputs.get::<Id<aws::Vpc>>("vpc_id");
    apps.add("apps", aws::Subnet::ipv4(vpc, "10.80.1.0/24".parse::<Cidr>()?));

    let folder = tempfile::tempdir()?;
    let cloud = Cloud::open(folder.path()).types(aws::types()).build()?;
    let [base_state, apps_state]: [Arc<dyn Store>; 2] =
        [Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new())];
    let stores = Stores::new().with("base", base_state.clone());
    let engine = |state| Engine::builder().provider(cloud.provider("aws")).store(state);
    let base_engine = engine(base_state).open()?;
    let apps_engine = engine(apps_state).provider(stores.provider()).open()?;

    base_engine.apply(&base_engine.plan(&base).await?).await?.complete()?;
    let plan = apps_engine.plan(&apps).await?;
    println!("{}", view::text(&plan));
    apps_engine.apply(&plan).await?.complete()?;
    Ok(())
}
