//! Takes over a Terraform state: everything that Terraform made becomes a resource of a stack.
//!
//! `cargo run --example from_terraform -- terraform.tfstate` works on the embedded cloud, in which it first seeds the
//! resources.

use std::{fs, sync::Arc};

use landform::{Cidr, Engine, Stack, aws, serde_json::json, sim::Cloud, store::MemoryStore, view};

fn declare() -> Result<Stack, Box<dyn std::error::Error>> {
    let mut stack = Stack::new("network");
    let vpc = stack.add("main", aws::Vpc::new("10.20.0.0/16".parse::<Cidr>()?));
    stack.add("apps", aws::Subnet::ipv4(&vpc, "10.20.1.0/24".parse::<Cidr>()?));
    Ok(stack)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("expected a file, such as terraform.tfstate")?;
    let state = view::read_tfstate(&fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?)
        .map_err(|error| format!("{file}: {error}"))?;

    let mut stack = declare()?;
    let taken = state.take_over(&mut stack);
    for address in &taken.undeclared {
        println!("{address} is not declared here and stays with Terraform");
    }
    for (address, why) in &taken.left_out {
        println!("{address} cannot be imported: {why}");
    }

    let folder = tempfile::tempdir()?;
    let cloud = Cloud::open(folder.path()).types(aws::types()).build()?;
    cloud.seed("aws_vpc", "vpc-0a1b2c3d4e5f60718", json!({ "cidr_block": "10.20.0.0/16" }))?;
    let subnet = json!({ "vpc_id": "vpc-0a1b2c3d4e5f60718", "cidr_block": "10.20.1.0/24" });
    cloud.seed("aws_subnet", "subnet-0a1b2c3d4e5f60718", subnet)?;
    let engine =
        Engine::builder().provider(cloud.provider("aws")).store(Arc::new(MemoryStore::new())).open()?;
    let plan = engine.plan(&stack).await?;
    println!("{}", view::text(&plan));
    engine.apply(&plan).await?.complete()?;
    Ok(())
}
