//! Measures the journal on a local directory: `cargo run --release -p landform-state --example journal_speed [DIR]
//! [OBJECTS]`.
//!
//! Prints the latency of one durable append, the throughput of many at once, and how long a state of 100,000 objects
//! (about 1.2 kB each) takes to write, open from a snapshot, open from segments, and look through; with peak memory.

use std::{error::Error, path::PathBuf, sync::Arc, time::Instant};

use landform_state::{
    journal::{
        Claim, Intent, IntentAction, Journal, ObjectKey, ObjectState, Options, OutcomeResult, Record, Sealed,
        Writer,
    },
    store::LocalStore,
};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let root =
        arguments.next().map_or_else(|| std::env::temp_dir().join("landform-journal-speed"), PathBuf::from);
    let objects: usize = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let part = arguments.next();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    match part.as_deref() {
        None => {
            let _ = std::fs::remove_dir_all(&root);
            runtime.block_on(appends(root.join("appends"))).map_err(|error| error as Box<dyn Error>)?;
            runtime.block_on(fill(root.join("segments"), objects, false))?;
            runtime.block_on(fill(root.join("snapshot"), objects, true))?;
            // Each measurement runs in a separate process, so that the peak is the peak of opening alone.
            for name in ["segments", "snapshot"] {
                let place = root.to_string_lossy().into_owned();
                let arguments = [place, objects.to_string(), name.to_owned()];
                std::process::Command::new(std::env::current_exe()?).args(arguments).status()?;
            }
            Ok(std::fs::remove_dir_all(&root)?)
        }
        Some(part) => runtime.block_on(open(root.join(part))),
    }
}

async fn appends(root: PathBuf) -> Result<(), Box<dyn Error + Send + Sync>> {
    let writer =
        Arc::new(Journal::write(Arc::new(LocalStore::new(root)), "base", Claim::new("measure")).await?);
    let mut latencies = Vec::new();
    for number in 0..500 {
        let start = Instant::now();
        writer.append(Record::observed(key(number)?, object(number)?)).await?;
        latencies.push(start.elapsed());
    }
    latencies.sort();
    println!("append alone: median {:.2?}, p99 {:.2?}", latencies[250], latencies[495]);
    for concurrent in [8, 64, 512] {
        let start = Instant::now();
        let before = writer.state().seq();
        let tasks: Vec<_> =
            (0..concurrent).map(|task| tokio::spawn(effects(writer.clone(), task, concurrent))).collect();
        for task in tasks {
            task.await??;
        }
        let effects = concurrent * (8192 / concurrent);
        let commits = writer.state().seq() - before;
        let rate = effects as f64 / start.elapsed().as_secs_f64();
        println!(
            "{concurrent} at once, intent awaited and outcome enqueued: {rate:.0} effects/s in {commits} commits"
        );
    }
    writer.close().await?;
    Ok(())
}

/// A durable intent and an enqueued outcome, as an engine writes for each effect.
async fn effects(writer: Arc<Writer>, task: usize, tasks: usize) -> Result<(), Box<dyn Error + Send + Sync>> {
    for number in 0..8192 / tasks {
        let key = key(1_000_000 * tasks + task * 10_000 + number)?;
        let token: landform_core::Token = format!("t-{tasks}-{task}-{number}").parse()?;
        let intent = Intent {
            type_name: key.address.type_name(),
            key: key.clone(),
            action: IntentAction::Create,
            token: token.clone(),
            provider: "aws".into(),
            id: None,
            inputs: Sealed::without_secrets(&json!({ "cidr_block": "10.0.0.0/24" })),
            inputs_hash: "0123456789abcdef".into(),
            depends_on: Vec::new(),
            replace_triggered_by: Vec::new(),
            create_before_destroy: false,
            retain_on_delete: false,
        };
        writer.append(Record::Intent(Arc::new(intent))).await?;
        writer.enqueue(Record::outcome(key, token, OutcomeResult::Exists(Arc::new(object(number)?))))?;
    }
    Ok(())
}

async fn fill(root: PathBuf, objects: usize, compact: bool) -> Result<(), Box<dyn Error>> {
    let compact_bytes = if compact { 1 } else { u64::MAX };
    let options = Options { compact_bytes, keep_snapshots: 1, ..Options::default() };
    let start = Instant::now();
    let store = Arc::new(LocalStore::new(root));
    let quiet = Options { compact_bytes: u64::MAX, ..options.clone() };
    let writer = Journal::write_with(store.clone(), "base", Claim::new("fill"), quiet).await?;
    for number in 0..objects {
        writer.enqueue(Record::observed(key(number)?, object(number)?))?;
    }
    writer.flush().await?;
    println!("{objects} objects made, recorded and durable: {:.2?}", start.elapsed());
    writer.close().await?;
    if compact {
        let writer = Journal::write_with(store, "base", Claim::new("compact"), options).await?;
        let start = Instant::now();
        writer.close().await?;
        println!("snapshot of them written: {:.2?}", start.elapsed());
    }
    Ok(())
}

async fn open(root: PathBuf) -> Result<(), Box<dyn Error>> {
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let start = Instant::now();
    let journal = Journal::read(Arc::new(LocalStore::new(root)), "base").await?;
    println!("{} objects opened from {name}: {:.2?}, {}", journal.state().len(), start.elapsed(), memory());
    let start = Instant::now();
    let bytes: usize = journal.state().objects().map(|(_, object)| object.attributes.as_str().len()).sum();
    println!("  all visited in order, {bytes} bytes of attributes: {:.2?}", start.elapsed());
    let start = Instant::now();
    let mut fields = 0;
    for (_, object) in journal.state().objects() {
        fields += object.args.value()?.as_object().map_or(0, |map| map.len());
    }
    println!("  all arguments parsed, {fields} fields: {:.2?}", start.elapsed());
    let start = Instant::now();
    let mut copy = journal.state().clone();
    copy.apply(Record::forget(key(0)?))?;
    println!("  first record after a clone: {:.2?}, {}", start.elapsed(), memory());
    Ok(())
}

fn key(number: usize) -> Result<ObjectKey, landform_core::NameError> {
    format!("aws_subnet.private-{number:06}").parse()
}

fn object(number: usize) -> Result<ObjectState, landform_core::NameError> {
    let tags =
        json!({ "Name": format!("private-{number}"), "Cluster": "base.example.com", "Tier": "private" });
    let (a, b) = (number / 256 % 256, number % 256);
    Ok(ObjectState {
        type_name: "aws_subnet".parse()?,
        provider: "aws".into(),
        id: format!("subnet-{number:017x}"),
        schema_version: 1,
        args: Sealed::without_secrets(
            &json!({ "vpc_id": "vpc-0123456789abcdef0", "cidr_block": format!("10.{a}.{b}.0/24"),
            "availability_zone": "us-east-2a", "map_public_ip_on_launch": false, "tags": tags }),
        ),
        attributes: Sealed::without_secrets(&json!({
            "id": format!("subnet-{number:017x}"), "arn": format!("arn:aws:ec2:us-east-2:123456789012:subnet/subnet-{number:017x}"),
            "vpc_id": "vpc-0123456789abcdef0", "cidr_block": format!("10.{a}.{b}.0/24"), "owner_id": "123456789012",
            "availability_zone": "us-east-2a", "availability_zone_id": "use2-az1", "map_public_ip_on_launch": false,
            "assign_ipv6_address_on_creation": false, "enable_dns64": false, "ipv6_native": false, "outpost_arn": "",
            "enable_resource_name_dns_a_record_on_launch": false, "private_dns_hostname_type_on_launch": "ip-name",
            "ipv6_cidr_block": "", "ipv6_cidr_block_association_id": "", "customer_owned_ipv4_pool": "", "tags": tags,
            "tags_all": tags })),
        private: Default::default(),
        identity: None,
        depends_on: vec!["aws_vpc.main".parse()?, format!("aws_subnet.public-{:06}", number / 10).parse()?],
        tainted: false,
        create_before_destroy: false,
        retain_on_delete: false,
        token: format!("01hf-{number:020x}").parse()?,
        revised: None,
        triggers: Default::default(),
        read_at: Some(1_800_000_000),
    })
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024)
    };
    match (line("VmRSS"), line("VmHWM")) {
        (Some(now), Some(peak)) => format!("{now} MB now, {peak} MB at the peak"),
        _ => "memory unknown".into(),
    }
}
