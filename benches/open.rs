//! Measures how long it takes to open a state of 100,000 resources. Run with `cargo bench -p landform-benches --bench
//! open`.
#![allow(missing_docs)]

use std::{error::Error, path::Path, sync::Arc, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use landform::{
    Token,
    journal::{
        Claim, Intent, IntentAction, Journal, ObjectKey, ObjectState, Options, OutcomeResult, Record, Sealed,
        Writer,
    },
    store::LocalStore,
};
use serde_json::json;
use tokio::runtime::Runtime;

const RESOURCES: usize = 100_000;

/// The files of the state before it is opened.
#[derive(Clone, Copy)]
enum Written {
    /// Segments only, as an apply of all resources leaves them.
    Applied,
    /// Segments only, as a refresh leaves them.
    Observed,
    /// A snapshot only.
    Compacted,
}

fn open(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    let mut group = criterion.benchmark_group("open 100,000 resources");
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(10));
    let written =
        [("applied", Written::Applied), ("observed", Written::Observed), ("compacted", Written::Compacted)];
    for (name, written) in written {
        let directory = tempfile::tempdir().expect("a directory can be made");
        runtime.block_on(fill(directory.path(), written)).expect("a journal can be written");
        group.bench_function(name, |bench| bench.iter_with_large_drop(|| read(&runtime, directory.path())));
    }
}

fn read(runtime: &Runtime, directory: &Path) -> Journal {
    let journal = runtime.block_on(Journal::read(Arc::new(LocalStore::new(directory)), "base"));
    let journal = journal.expect("what was written can be read");
    assert_eq!(journal.state().len(), RESOURCES);
    journal
}

async fn fill(directory: &Path, written: Written) -> Result<(), Box<dyn Error>> {
    let never = Options { compact_segments: u64::MAX, compact_bytes: u64::MAX, ..Options::default() };
    let store = Arc::new(LocalStore::new(directory));
    let writer = Journal::write_with(store.clone(), "base", Claim::new("fill"), never).await?;
    for number in 0..RESOURCES {
        match written {
            Written::Applied => apply(&writer, number)?,
            Written::Observed | Written::Compacted => {
                writer.enqueue(Record::observed(key(number)?, object(number)?))?;
            }
        }
    }
    writer.close().await?;
    if matches!(written, Written::Compacted) {
        let options = Options { compact_bytes: 1, keep_snapshots: 1, ..Options::default() };
        let writer = Journal::write_with(store, "base", Claim::new("compact"), options).await?;
        writer.close().await?;
    }
    Ok(())
}

/// The records that an engine writes for a creation.
fn apply(writer: &Writer, number: usize) -> Result<(), Box<dyn Error>> {
    let (key, object) = (key(number)?, object(number)?);
    let token: Token = format!("lf-{number:032x}").parse()?;
    let intent = Intent {
        key: key.clone(),
        action: IntentAction::Create,
        type_name: object.type_name.clone(),
        token: token.clone(),
        provider: object.provider.clone(),
        id: None,
        inputs: object.args.clone(),
        inputs_hash: format!("{number:064x}"),
        depends_on: object.depends_on.clone(),
        replace_triggered_by: Vec::new(),
        create_before_destroy: false,
        retain_on_delete: false,
    };
    writer.enqueue(Record::Intent(Arc::new(intent)))?;
    Ok(writer.enqueue(Record::outcome(key, token, OutcomeResult::Exists(Arc::new(object))))?)
}

fn key(number: usize) -> Result<ObjectKey, Box<dyn Error>> {
    Ok(format!("aws_subnet.private-{number:06}").parse()?)
}

/// About 1.2 kB, the size of a subnet.
fn object(number: usize) -> Result<ObjectState, Box<dyn Error>> {
    let tags =
        json!({ "Name": format!("private-{number}"), "Cluster": "base.example.com", "Tier": "private" });
    let id = format!("subnet-{number:017x}");
    let range = format!("10.{}.{}.0/24", number / 256 % 256, number % 256);
    let arguments = json!({
        "vpc_id": "vpc-0123456789abcdef0", "cidr_block": range, "availability_zone": "us-east-2a",
        "map_public_ip_on_launch": false, "tags": tags,
    });
    let attributes = json!({
        "id": id, "arn": format!("arn:aws:ec2:us-east-2:123456789012:subnet/{id}"),
        "vpc_id": "vpc-0123456789abcdef0", "cidr_block": range, "owner_id": "123456789012",
        "availability_zone": "us-east-2a", "availability_zone_id": "use2-az1", "map_public_ip_on_launch": false,
        "assign_ipv6_address_on_creation": false, "enable_dns64": false, "ipv6_native": false, "outpost_arn": "",
        "enable_resource_name_dns_a_record_on_launch": false, "private_dns_hostname_type_on_launch": "ip-name",
        "ipv6_cidr_block": "", "ipv6_cidr_block_association_id": "", "customer_owned_ipv4_pool": "", "tags": tags,
        "tags_all": tags,
    });
    Ok(ObjectState {
        type_name: "aws_subnet".parse()?,
        provider: "aws".into(),
        id,
        schema_version: 1,
        args: Sealed::without_secrets(&arguments),
        attributes: Sealed::without_secrets(&attributes),
        private: Default::default(),
        identity: None,
        depends_on: vec!["aws_vpc.main".parse()?, format!("aws_subnet.public-{:06}", number / 10).parse()?],
        tainted: false,
        create_before_destroy: false,
        retain_on_delete: false,
        token: format!("lf-{number:032x}").parse()?,
        revised: None,
        triggers: Default::default(),
        read_at: Some(1_800_000_000),
    })
}

criterion_group!(parts, open);
criterion_main!(parts);
