//! Rate limits: a service that accepts few calls per second delays an apply, but no step fails.

use landform::{Engine, Stack, aws};

use crate::counted;
use landform_testkit::{moto::Moto, strict::Strict};

#[tokio::test]
async fn five_hundred_creations_against_a_service_that_throttles_all_succeed() {
    const ADDRESSES: usize = 500;
    let moto = Moto::start();
    let strict = Strict::before(&moto.url());
    strict.throttle("AllocateAddress", 20, 20);
    strict.throttle("Describe", 20, 100);
    let directory = tempfile::tempdir().unwrap();
    let provider = aws::Client::emulator(&strict.url(), "us-east-2").await.unwrap().provider();
    let engine = Engine::builder().provider(provider).state_dir(directory.path()).open().unwrap();
    let mut stack = Stack::new("addresses");
    for number in 0..ADDRESSES {
        stack.add(&format!("a-{number}"), aws::Eip::new());
    }
    let plan = engine.plan(&stack).await.unwrap();
    let report = engine.apply(&plan).await.unwrap();
    assert!(report.failures.is_empty(), "{:?}", report.failures.first());
    assert_eq!((report.counts.added, counted(&moto)["addresses"]), (ADDRESSES, ADDRESSES));
    assert!(
        strict.count("AllocateAddress") > ADDRESSES,
        "AWS throttled some calls, and the client sent them again"
    );
    assert!(engine.plan(&stack).await.unwrap().is_empty());
}
