//! The number and the duration of attempts, and that events report a retry at once.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use landform::{
    Budget, EngineBuilder, Error, ErrorKind, Event, ProviderError, Sink, Stack,
    sim::{Fault, Operation, Then},
};
use tokio::time::Instant;

use landform_testkit::{
    bed::Bed,
    demo::{KnownNote, Note},
};

fn stack() -> Stack {
    let mut stack = Stack::new("budgets");
    stack.add("note", Note::new("any"));
    stack
}

fn down(operation: Operation) -> Fault {
    Fault::before(
        operation,
        ProviderError::new(ErrorKind::Unavailable, "down").with_effect(landform::Effect::None),
    )
    .times(1_000)
}

/// The retries that events reported, with the time since the start.
type Heard = Arc<Mutex<Vec<(Duration, Event)>>>;

fn listening(builder: EngineBuilder) -> (EngineBuilder, Heard) {
    let heard = Heard::default();
    let (began, listener) = (Instant::now(), heard.clone());
    let sink = Sink::new(move |event| {
        if matches!(event, Event::Retrying { .. }) {
            listener.lock().unwrap().push((began.elapsed(), event));
        }
    });
    (builder.events(sink), heard)
}

fn attempts(heard: &Heard) -> Vec<u32> {
    let heard = heard.lock().unwrap();
    let attempt = |event: &Event| match event {
        Event::Retrying { attempt, .. } => *attempt,
        other => panic!("{other:?}"),
    };
    heard.iter().map(|(_, event)| attempt(event)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_dead_service_is_told_at_once_while_planning() {
    let bed = Bed::new();
    bed.apply(&stack()).await;
    bed.cloud.inject(down(Operation::Read));
    let (builder, heard) = listening(bed.builder());
    let began = Instant::now();
    let error = builder.open().unwrap().plan(&stack()).await.unwrap_err();
    let Error::Provider { address, error, .. } = error else { panic!("{error}") };
    assert_eq!((address.as_str(), error.attempts()), ("demo_note.note", Budget::ATTEMPTS));
    assert!(error.to_string().ends_with("(tried 8 times)"), "{error}");
    assert!(began.elapsed() > Duration::from_secs(10), "the usual patience");
    assert_eq!(attempts(&heard), (1..8).collect::<Vec<_>>());
    let heard = heard.lock().unwrap();
    let (after, Event::Retrying { address, error, pause, .. }) = &heard[0] else { panic!("{heard:?}") };
    assert_eq!((*after, address.as_str()), (Duration::ZERO, "demo_note.note"), "no silence before");
    assert!(error.contains("down") && *pause >= Duration::from_millis(200));
}

#[tokio::test(start_paused = true)]
async fn attempts_and_time_are_limited_by_the_node_its_provider_or_the_engine() {
    let engine = Budget::new().attempts(5);
    let provider = Budget::new().attempts(3);
    let of_node = |budget| {
        let mut stack = Stack::new("budgets");
        let note = stack.add("note", Note::new("any"));
        stack.adjust(&note, |node| node.lifecycle.budget = budget);
        stack
    };
    for (provider, node, tried) in [
        (Budget::new(), Budget::new(), 5),
        (provider, Budget::new(), 3),
        (provider, Budget::new().attempts(1), 1),
        (provider, Budget::new().attempts(0), 1),
        (provider.attempts(100), Budget::new().total(Duration::from_secs(3)), 4),
    ] {
        let bed = Bed::new();
        bed.cloud.inject(down(Operation::Create));
        let provider = bed.cloud.provider("demo").with_budget(provider);
        let builder = bed.builder().provider(provider).budget(engine);
        let (builder, heard) = listening(builder);
        let engine = builder.open().unwrap();
        // A stored stack and a stored plan know the budget too.
        let stored = serde_json::to_string(&of_node(node)).unwrap();
        let mut stack: Stack = serde_json::from_str(&stored).unwrap();
        let offered = bed.cloud.provider("demo");
        stack.bind(&|name| offered.driver(name).map(|driver| driver.resource_type()));
        let plan = engine.plan(&stack).await.unwrap();
        let plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        let began = Instant::now();
        let report = engine.apply(&plan).await.unwrap();
        assert_eq!(report.failures.len(), 1);
        if node.total.is_some() {
            assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
            assert!((2..6).contains(&bed.cloud.calls().of(Operation::Create)));
        } else {
            assert_eq!(bed.cloud.calls().of(Operation::Create), tried);
            assert_eq!(report.failures[0].error.attempts() as usize, tried);
            assert_eq!(attempts(&heard).len(), tried - 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_data_source_has_its_budget_too() {
    let bed = Bed::new();
    bed.cloud.inject(down(Operation::Read));
    let mut stack = Stack::new("budgets");
    let note = stack.read("note", KnownNote::new("desk"));
    stack.adjust(&note, |node| node.lifecycle.budget = Budget::new().attempts(2));
    let (builder, heard) = listening(bed.builder());
    let error = builder.open().unwrap().plan(&stack).await.unwrap_err().to_string();
    assert!(error.starts_with("data.demo_note.note: ") && error.ends_with("(tried 2 times)"), "{error}");
    assert_eq!(attempts(&heard), [1]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_answer_is_given_up_and_looked_for() {
    let hung = Mutex::new(false);
    let bed = Bed::with(|builder| {
        builder.crash_at(move |moment| {
            let first = moment.operation == Operation::Create
                && moment.point == landform::sim::Point::AfterEffect
                && !std::mem::replace(&mut *hung.lock().unwrap(), true);
            if first { Then::Hang } else { Then::Proceed }
        })
    });
    let (builder, _) = listening(bed.builder().budget(Budget::new().call(Duration::from_secs(2))));
    let engine = builder.open().unwrap();
    let plan = engine.plan(&stack()).await.unwrap();
    let began = Instant::now();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let took = began.elapsed();
    assert!((2..4).contains(&took.as_secs()), "{took:?}");
    assert_eq!(bed.cloud.objects().unwrap().len(), 1, "the kit found the resource and did not make it again");
    bed.settled(&stack()).await;
}
