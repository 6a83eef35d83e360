//! Lost, repeated, wrong and late answers cost nothing: the same run or the next one finds out what happened.

use std::time::Duration;

use landform::{
    Budget, FindBy, Stack,
    sim::{Fault, Lag, Operation},
};

use super::{on_its_own, stacks::Version};
use landform_testkit::bed::Bed;

const CHANGING: [Operation; 3] = [Operation::Create, Operation::Update, Operation::Delete];

/// Applies up to a number of times until everything is done.
async fn until_done(bed: &Bed, stack: &Stack, destroy: bool, runs: usize) {
    // A burst of faults may affect one call repeatedly, in any order of the steps.
    let budget = Budget::new().attempts(20);
    let engine = bed.builder().lag(Duration::from_secs(10)).budget(budget).open().unwrap();
    let mut failures = Vec::new();
    for _ in 0..runs {
        let plan = if destroy { engine.plan_destroy(stack).await } else { engine.plan(stack).await }.unwrap();
        let report = engine.apply(&plan).await.unwrap();
        bed.state(stack).await.verify().unwrap();
        if report.is_complete() {
            return;
        }
        failures = report.failures;
    }
    panic!("not done after {runs} runs: {failures:?}");
}

/// Goes through every version of a stack and destroys it, with faults.
fn through_everything(bed: &Bed, runs: usize) {
    on_its_own(async {
        let versions =
            [Version::Base, Version::Changed, Version::DestroyFirst, Version::CreateFirst, Version::Half];
        for version in versions {
            until_done(bed, &version.stack(), false, runs).await;
            let engine = bed.builder().lag(Duration::from_secs(10)).open().unwrap();
            assert!(engine.plan(&version.stack()).await.unwrap().is_empty());
            landform_testkit::bed::assert_same(&bed.cloud, &bed.state(&version.stack()).await);
        }
        until_done(bed, &Version::Half.stack(), true, runs).await;
        assert!(
            bed.cloud.objects().unwrap().is_empty() && bed.state(&Version::Base.stack()).await.is_empty()
        );
    });
}

/// The fault affects every seventh call of a kind.
fn now_and_then(bed: &Bed, fault: impl Fn(Operation) -> Fault, operations: &[Operation]) {
    for operation in operations {
        (0..60).for_each(|turn| bed.cloud.inject(fault(*operation).nth(2 + turn * 7)));
    }
}

#[test]
fn lost_replies() {
    let bed = Bed::new();
    now_and_then(&bed, Fault::lost_reply, &CHANGING);
    now_and_then(&bed, Fault::lost_reply, &[Operation::Resume, Operation::Read, Operation::Find]);
    through_everything(&bed, 1);
}

#[test]
fn no_reply_to_any_creation() {
    let bed = Bed::new();
    bed.cloud.inject(Fault::lost_reply(Operation::Create).times(usize::MAX));
    through_everything(&bed, 1);
}

#[test]
fn failures_after_success() {
    let bed = Bed::new();
    now_and_then(&bed, Fault::failed_after_success, &CHANGING);
    through_everything(&bed, 1);
}

#[test]
fn throttling() {
    let bed = Bed::new();
    for operation in
        [Operation::Create, Operation::Update, Operation::Delete, Operation::Read, Operation::Resume]
    {
        (0..40).for_each(|turn| bed.cloud.inject(Fault::throttled(operation).nth(1 + turn * 9).times(3)));
    }
    through_everything(&bed, 1);
}

#[test]
fn duplicate_deliveries() {
    let bed = Bed::new();
    for operation in CHANGING {
        bed.cloud.inject(Fault::delivered_twice(operation).times(usize::MAX));
    }
    through_everything(&bed, 1);
}

#[test]
fn reads_that_lag_and_lost_replies() {
    for found_by in [FindBy::Token, FindBy::Identity] {
        let bed = Bed::with(|builder| {
            let lag = Lag { reads: 2, time: Duration::from_secs(4) };
            builder.lag(lag).found_by("demo_group", found_by).found_by("demo_path", found_by)
        });
        now_and_then(&bed, Fault::lost_reply, &CHANGING);
        through_everything(&bed, 1);
    }
}
