//! Adopts an existing VPC: somebody made it by hand, it becomes a resource of a stack, and nothing is made twice.
//!
//! `cargo run --example adopt`

use std::sync::Arc;

use landform::{Cidr, Engine, Stack, aws, serde_json::json, sim::Cloud, store::MemoryStore, view};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let cloud = Cloud::open(folder.path()).types(aws::types()).build()?;
    // Somebody made this VPC by hand, long ago.
    cloud.seed("aws_vpc", "vpc-0123456789abcdef0", json!({ "cidr_block": "10.90.0.0/16" }))?;
    let engine =
        Engine::builder().provider(cloud.provider("aws")).store(Arc::new(MemoryStore::new())).open()?;

    let mut stack = Stack::new("adopt");
    stack.add("main", aws::Vpc::new("10.90.0.0/16".parse::<Cidr>()?).tag("Name", "main"));
    let undeclared = stack.import([("aws_vpc.main".parse()?, "vpc-0123456789abcdef0".to_owned())]);
    assert!(undeclared.is_empty());

    let plan = engine.plan(&stack).await?;
    println!("{}", view::text(&plan));
    let report = engine.apply(&plan).await?.complete()?;
    println!("{} added, {} adopted", report.counts.added, report.counts.adopted);
    // The import can stay in the stack. It has nothing left to do.
    println!("{}", view::text(&engine.plan(&stack).await?));
    Ok(())
}
