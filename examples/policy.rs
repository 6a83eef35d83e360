//! A policy: a closure that sees each change of a plan and may refuse it. A refusal fails the plan.
//!
//! `cargo run --example policy`

use std::sync::Arc;

use landform::{
    Change, ChangeKind, Cidr, Engine, PlanOptions, Policy, Stack, aws, sim::Cloud, store::MemoryStore,
};

fn declare(tags: &[(&str, &str)], with_vpc: bool) -> Result<Stack, Box<dyn std::error::Error>> {
    let mut stack = Stack::new("policy");
    if with_vpc {
        let vpc = aws::Vpc::new("10.70.0.0/16".parse::<Cidr>()?);
        stack.add("main", tags.iter().fold(vpc, |vpc, (key, value)| vpc.tag(*key, *value)));
    }
    Ok(stack)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let cloud = Cloud::open(folder.path()).types(aws::types()).build()?;
    let engine =
        Engine::builder().provider(cloud.provider("aws")).store(Arc::new(MemoryStore::new())).open()?;

    let owned: Policy = Arc::new(|change: &Change| match &change.after {
        Some(after) if change.kind == ChangeKind::Create && !format!("{after:?}").contains("owner") => {
            Err("every resource needs the tag \"owner\"".to_owned())
        }
        _ => Ok(()),
    });
    let kept: Policy = Arc::new(|change: &Change| match change.kind {
        ChangeKind::Delete | ChangeKind::Replace(_) => {
            Err("this policy forbids the deletion of a network".to_owned())
        }
        _ => Ok(()),
    });
    let options = PlanOptions { policies: vec![owned, kept], ..PlanOptions::default() };

    for stack in [declare(&[], true)?, declare(&[("owner", "net")], true)?, declare(&[], false)?] {
        match engine.plan_with(&stack, &options).await {
            Ok(plan) => {
                let report = engine.apply(&plan).await?.complete()?;
                println!("applied: {} added", report.counts.added);
            }
            Err(error) => println!("refused: {error}"),
        }
    }
    Ok(())
}
