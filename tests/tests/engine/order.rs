//! The order of steps, their concurrency, and the other steps after a failure or a stop.

use std::time::Duration;

use landform::{
    ApplyOptions, Cancel, ErrorKind, Event, ProviderError, Stack, Verb,
    sim::{Fault, Latency, Operation},
};
use tokio::time::Instant;

use landform_testkit::{
    bed::{Bed, at},
    demo::{Door, Network, Note, Part, cidr},
};

/// A network with a part and a door in each zone. A door takes 100 s to create and 60 s to delete.
fn zones(count: usize) -> Stack {
    let mut stack = Stack::new("zones");
    let network = stack.add("net", Network::new(cidr("10.0.0.0/16")));
    for zone in 0..count {
        let part =
            stack.add(&format!("part-{zone}"), Part::new(&network, cidr(&format!("10.0.{zone}.0/24"))));
        stack.add(&format!("door-{zone}"), Door::new(&part));
    }
    stack
}

fn living() -> Bed {
    Bed::with(|builder| builder.latency(Latency::scaled(1.0)))
}

/// How long it takes to create and to delete a number of zones, in seconds of a real cloud.
async fn times(count: usize) -> (f64, f64) {
    let bed = living();
    let plan = bed.plan(&zones(count)).await;
    let start = Instant::now();
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    let made = start.elapsed().as_secs_f64();
    assert!((made - plan.critical_path()).abs() < 6.0, "{made} s, expected {}", plan.critical_path());
    bed.settled(&zones(count)).await;
    let plan = bed.engine().plan_destroy(&zones(count)).await.unwrap();
    let start = Instant::now();
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    (made, start.elapsed().as_secs_f64())
}

#[tokio::test(start_paused = true)]
async fn three_zones_take_as_long_as_one() {
    let (one, three) = (times(1).await, times(3).await);
    assert!(one.0 > 100.0 && one.1 > 60.0, "{one:?}");
    assert!((three.0 - one.0).abs() < 0.5 && (three.1 - one.1).abs() < 0.5, "{one:?} {three:?}");
}

#[tokio::test(start_paused = true)]
async fn steps_follow_references_whatever_the_order_of_declaration() {
    let bed = living();
    let mut stack = Stack::new("order");
    let late = landform::Handle::<Note>::named("first");
    let last = stack.add("last", Note::new("last").paper(&late));
    stack.add("first", Note::new("first"));
    let explicit = stack.add("explicit", Note::new("explicit"));
    stack.depend(&explicit, [last.address().clone()]);
    bed.apply(&stack).await;
    bed.destroy(&stack).await;
    let finished = |event| match event {
        Event::Finished { address, verb, .. } => Some((verb, address.name().to_owned())),
        _ => None,
    };
    let done: Vec<(Verb, String)> = bed.events().into_iter().filter_map(finished).collect();
    let names =
        |verb| done.iter().filter(|step| step.0 == verb).map(|step| step.1.as_str()).collect::<Vec<_>>();
    assert_eq!(names(Verb::Create), ["first", "last", "explicit"]);
    assert_eq!(names(Verb::Delete), ["explicit", "last", "first"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_stops_its_dependents_only_and_the_next_run_goes_on() {
    let bed = Bed::new();
    bed.cloud.inject(
        Fault::before(Operation::Create, ProviderError::new(ErrorKind::Quota, "no more parts"))
            .of("demo_part")
            .nth(2),
    );
    let stack = zones(3);
    let plan = bed.plan(&stack).await;
    let report = bed.engine().apply(&plan).await.unwrap();
    assert_eq!((report.failures.len(), report.skipped.len(), report.counts.added), (1, 1, 5));
    let failed = &report.failures[0].address;
    assert_eq!(report.skipped[0].because.as_ref(), Some(failed));
    assert_eq!(report.skipped[0].address.name(), failed.name().replace("part", "door"));
    let text = report.complete().unwrap_err().to_string();
    assert!(text.starts_with("1 failed, 1 skipped") && text.contains("no more parts"), "{text}");
    let (plan, _) = bed.apply(&stack).await;
    assert_eq!(plan.changes.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn no_more_runs_at_a_time_than_is_allowed() {
    for allowed in [1, 3, 50] {
        let bed = living();
        let mut stack = Stack::new("limit");
        for place in 0..20 {
            stack.add(&format!("n-{place}"), Note::new("n"));
        }
        let plan = bed.plan(&stack).await;
        let options = ApplyOptions { parallelism: allowed, ..ApplyOptions::default() };
        bed.engine().apply_with(&plan, &options).await.unwrap().complete().unwrap();
        assert_eq!(bed.cloud.calls().most_at_once(), allowed.min(20));
    }
    let bed = living();
    let engine = bed.builder().provider(bed.cloud.provider("demo").with_concurrency(2)).open().unwrap();
    let plan = engine.plan(&zones(5)).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(bed.cloud.calls().most_at_once(), 2);
}

/// Applies three zones and cancels at these times.
async fn cancelled(bed: &Bed, seconds: &[u64]) -> (landform::Report, f64) {
    let cancel = Cancel::default();
    let options = ApplyOptions { cancel: cancel.clone(), ..ApplyOptions::default() };
    let plan = bed.plan(&zones(3)).await;
    let start = Instant::now();
    let pull = async {
        for second in seconds {
            tokio::time::sleep_until(start + Duration::from_secs(*second)).await;
            cancel.cancel();
        }
    };
    let engine = bed.engine();
    let (report, ()) = tokio::join!(engine.apply_with(&plan, &options), pull);
    (report.unwrap(), start.elapsed().as_secs_f64())
}

#[tokio::test(start_paused = true)]
async fn cancelling_once_finishes_what_is_under_way() {
    let bed = living();
    let (report, took) = cancelled(&bed, &[1]).await;
    assert!(
        report.cancelled && report.failures.is_empty() && (2.0..3.0).contains(&took),
        "{took} {report:?}"
    );
    assert_eq!((report.counts.added, report.skipped.len()), (1, 6));
    assert!(report.skipped.iter().all(|skipped| skipped.because.is_none()));
    let state = bed.state(&zones(3)).await;
    assert_eq!((state.len(), state.pending().count()), (1, 0));
    bed.apply(&zones(3)).await;
}

#[tokio::test(start_paused = true)]
async fn cancelling_twice_leaves_at_once_and_the_next_run_settles() {
    let bed = living();
    let (report, took) = cancelled(&bed, &[20, 30]).await;
    assert!((30.0..31.0).contains(&took), "{took}");
    assert_eq!((report.counts.added, report.failures.len(), report.is_complete()), (4, 3, false));
    assert!(report.failures[0].error.to_string().contains("the next run settles it"));
    assert_eq!(bed.state(&zones(3)).await.pending().count(), 3);
    bed.events();
    let plan = bed.plan(&zones(3)).await;
    assert!(plan.is_empty(), "{plan}");
    let recovered = bed.events().into_iter().filter(|event| matches!(event, Event::Recovered { .. })).count();
    assert_eq!(recovered, 3);
    bed.settled(&zones(3)).await;
}

#[tokio::test(start_paused = true)]
async fn cancelled_beforehand_nothing_is_begun() {
    let bed = living();
    let cancel = Cancel::default();
    cancel.cancel();
    let plan = bed.plan(&zones(1)).await;
    let options = ApplyOptions { cancel, ..ApplyOptions::default() };
    let report = bed.engine().apply_with(&plan, &options).await.unwrap();
    assert_eq!((report.skipped.len(), bed.cloud.calls().total()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_given_up_when_its_time_is_over_and_settled_later() {
    let bed = living();
    let stack = |timeout| {
        let mut stack = zones(1);
        let door = landform::Handle::<Door>::named("door-0");
        stack.adjust(&door, |node| node.lifecycle.timeout = timeout);
        stack
    };
    let plan = bed.plan(&stack(Some(10))).await;
    let start = Instant::now();
    let report = bed.engine().apply(&plan).await.unwrap();
    assert!(start.elapsed().as_secs_f64() < 20.0);
    assert_eq!(report.failures[0].error.kind(), ErrorKind::Timeout);
    assert_eq!(report.failures[0].address, at("demo_door.door-0"));
    bed.settled(&stack(None)).await;
    assert_eq!(bed.cloud.objects().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn refreshing_many_takes_a_call_a_page() {
    let bed = Bed::with(|builder| builder.page(10));
    let mut stack = Stack::new("pages");
    for place in 0..95 {
        stack.add(&format!("n-{place}"), Note::new("n"));
    }
    bed.apply(&stack).await;
    bed.cloud.reset_calls();
    bed.plan(&stack).await;
    assert_eq!((bed.cloud.calls().of(Operation::Read), bed.cloud.calls().total()), (10, 10));
}
