//! A state in a bucket, a database or a directory, encrypted with a passphrase.
//!
//! `LANDFORM_PASSPHRASE=… cargo run --example remote_state --features encryption,object-store -- s3://bucket/base`

use landform::{Cidr, Engine, Stack, aws, sim::Cloud, store::Encryption};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("expected the URL of a state, such as s3://bucket/prefix")?;
    let passphrase = std::env::var("LANDFORM_PASSPHRASE").map_err(|_| "set LANDFORM_PASSPHRASE")?;

    let mut stack = Stack::new("remote");
    stack.add("main", aws::Vpc::new("10.60.0.0/16".parse::<Cidr>()?));

    let cloud = Cloud::open("remote.cloud").types(aws::types()).build()?;
    let engine = Engine::builder()
        .provider(cloud.provider("aws"))
        .state(url)
        .encryption(Encryption::passphrase(passphrase))
        .open()?;
    let report = engine.apply(&engine.plan(&stack).await?).await?.complete()?;
    println!("{} added", report.counts.added);
    for run in engine.history("remote").await? {
        println!("run {}: {} by {}", run.seq, run.begin.operation, run.begin.who);
    }
    Ok(())
}
