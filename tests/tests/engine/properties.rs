//! Random stacks and random edits against a model: exactly the declared resources exist.

mod selections;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs,
    path::Path,
    sync::Arc,
    time::Duration,
};

use landform::{
    ApplyOptions, Event, Handle, Plan, Report, Stack, Takes, Verb,
    expr::Expr,
    input,
    sim::{Cloud, Latency},
    store::LocalStore,
    view,
};
use proptest::prelude::*;
use serde_json::Value as Json;

use landform_testkit::{
    bed::{self, Bed, at},
    demo::{Key, KnownNote, Note, Stone},
};

/// The text of the model's secrets, for the search in places that must not have it.
const SECRET: &str = "hunter2";

/// One node of the model. References lead only to nodes of smaller places, so there are no cycles.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    text: u8,
    kind: u8,
    about: BTreeSet<usize>,
    paper: Option<usize>,
    after: Option<usize>,
    /// Another note that it finds by a data source, with the place of that note as the query.
    asked: Option<usize>,
    /// Whether it has conditions on its dependencies and on itself.
    demands: bool,
    first: bool,
    triggered: bool,
    /// Whether it has a key with a secret, and a stone on the key.
    code: Option<u8>,
}

/// The nodes that exist, by name: a place.
type Model = BTreeMap<usize, Item>;

const PLACES: usize = 12;

fn item() -> impl Strategy<Value = Item> {
    let below = || proptest::option::weighted(0.4, 0..PLACES);
    let about = proptest::collection::btree_set(0..PLACES, 0..3);
    let some = || proptest::bool::weighted(0.2);
    let flags = (any::<bool>(), some(), some(), proptest::option::weighted(0.3, 0..3_u8));
    let words = (0..3_u8, 0..3_u8);
    (words, about, below(), below(), below(), flags).prop_map(|(words, about, paper, after, asked, flags)| {
        let ((text, kind), (first, triggered, demands, code)) = (words, flags);
        Item { text, kind, about, paper, after, asked, demands, first, triggered, code }
    })
}

/// A stack and its edits. Each edit replaces some items and removes others.
fn history() -> impl Strategy<Value = Vec<Model>> {
    let slots = || proptest::collection::vec(proptest::option::weighted(0.7, item()), PLACES);
    let edit = proptest::collection::vec(proptest::bool::weighted(0.4), PLACES);
    (slots(), proptest::collection::vec((slots(), edit), 1..4)).prop_map(|(first, edits)| {
        let mut slots = first;
        let mut history = vec![model(&slots)];
        for (other, changed) in edits {
            for (place, item) in other.into_iter().enumerate().filter(|(place, _)| changed[*place]) {
                slots[place] = item;
            }
            history.push(model(&slots));
        }
        history
    })
}

/// Removes references that lead up or to nothing.
fn model(slots: &[Option<Item>]) -> Model {
    let there = |at: usize, place: usize| at < place && slots[at].is_some();
    let items = slots.iter().enumerate().filter_map(|(place, item)| Some((place, item.clone()?)));
    items
        .map(|(place, mut item)| {
            item.about.retain(|at| there(*at, place));
            item.paper = item.paper.filter(|at| there(*at, place));
            item.after = item.after.filter(|at| there(*at, place));
            item.asked = item.asked.filter(|at| there(*at, place));
            (place, item)
        })
        .collect()
}

fn stack(model: &Model) -> Stack {
    let mut stack = Stack::new("random");
    // Declares from the top, so that the order of declaration is never the order of creation.
    for (place, item) in model.iter().rev() {
        let handle = |at: usize| Handle::<Note>::named(&format!("n{at}"));
        let mut about: Vec<_> = item.about.iter().map(|at| handle(*at).id()).collect();
        if let Some(at) = item.asked {
            about.push(stack.read(&format!("r{place}"), KnownNote::new(handle(at).place())).id());
        }
        let mut note =
            Note::new(format!("text {}", item.text)).kind(format!("kind {}", item.kind)).about(about);
        if let Some(paper) = item.paper {
            note = note.paper(handle(paper));
        }
        let node = stack.add(&format!("n{place}"), note);
        let after = item.after.map(|at| handle(at).address().clone());
        stack.adjust(&node, |node| {
            node.lifecycle.create_before_destroy = item.first;
            node.depends_on.extend(after.clone());
            if item.triggered {
                node.lifecycle.replace_triggered_by.extend(after);
            }
        });
        if item.demands {
            let shelved = |note: &Handle<Note>| input::contains(note.place(), "shelf/note-");
            item.after
                .iter()
                .for_each(|at| stack.require(&node, shelved(&handle(*at)), "it lies on a shelf"));
            stack.ensure(&node, shelved(&node), "its own place is a shelf");
        }
        if let Some(code) = item.code {
            let key =
                stack.add(&format!("k{place}"), Key::new(node.place()).code(format!("{SECRET}-{code}")));
            stack.add(&format!("s{place}"), Stone::new(format!("form {}", item.kind)).key(&key));
        }
    }
    if let Some(place) = model.keys().next() {
        stack.output("place", Handle::<Note>::named(&format!("n{place}")).place());
    }
    stack
}

/// The content of the cloud without ids: the arguments of each node, with names instead of ids.
fn shape(cloud: &Cloud) -> BTreeMap<String, Json> {
    let objects = cloud.objects().unwrap();
    let names: BTreeMap<String, String> =
        objects.iter().map(|object| (object.id.clone(), object.by.as_ref().unwrap().to_string())).collect();
    let named = |object: &landform::sim::Existing| {
        let mut text = serde_json::to_string(&object.arguments).unwrap();
        names.iter().for_each(|(id, name)| text = text.replace(id, name));
        serde_json::from_str(&text).unwrap()
    };
    objects.iter().map(|object| (object.by.as_ref().unwrap().to_string(), named(object))).collect()
}

/// Checks that exactly the steps of the plan ran, each once and after those it waits for.
fn as_printed(plan: &Plan, report: &Report, events: &[Event]) {
    let mut done: HashMap<(String, Verb), usize> = HashMap::new();
    for (moment, event) in events.iter().enumerate() {
        if let Event::Finished { address, verb, .. } = event {
            assert!(done.insert((address.to_string(), *verb), moment).is_none(), "{address} {verb:?} twice");
        }
    }
    let step = |action: &landform::Action| {
        let change = &plan.changes[action.change? as usize];
        Some((change.address.to_string(), action.verb))
    };
    let planned: HashSet<_> = plan.actions.iter().filter_map(step).collect();
    assert_eq!(planned, done.keys().cloned().collect::<HashSet<_>>(), "{plan}");
    let started: HashMap<(String, Verb), usize> = events
        .iter()
        .enumerate()
        .filter_map(|(moment, event)| match event {
            Event::Started { address, verb, .. } => Some(((address.to_string(), *verb), moment)),
            _ => None,
        })
        .collect();
    for action in &plan.actions {
        for before in &action.after {
            if let (Some(step), Some(before)) = (step(action), step(&plan.actions[*before as usize])) {
                assert!(done[&before] < started[&step], "{step:?} began before {before:?} was done");
            }
        }
    }
    let (planned, counted) = (plan.counts(), report.counts);
    assert_eq!(
        (planned.added, planned.replaced, planned.destroyed),
        (counted.added, counted.replaced, counted.destroyed)
    );
    // An update may change nothing once all values are known.
    assert!(counted.changed <= planned.changed);
}

/// Plans and applies one version of a stack, and checks all invariants.
async fn step(bed: &Bed, store: &Path, stack: &Stack, destroy: bool, parallelism: usize) {
    let store = Arc::new(LocalStore::new(store));
    let engine = bed.builder().store(store.clone()).open().unwrap();
    let plan = if destroy { engine.plan_destroy(stack).await } else { engine.plan(stack).await }.unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let same: Plan = serde_json::from_str(&text).unwrap();
    if !text.contains("$secret") {
        assert_eq!(serde_json::to_string(&same).unwrap(), text, "a plan reads back unchanged");
    }
    bed.events();
    let options = ApplyOptions { parallelism, ..ApplyOptions::default() };
    let report = engine.apply_with(&plan, &options).await.unwrap().complete().unwrap();
    let events = bed.events();
    as_printed(&plan, &report, &events);
    let state = engine.state(stack.name()).await.unwrap();
    state.verify().unwrap();
    bed::assert_same(&bed.cloud, &state);
    if !destroy {
        let again = bed.builder().store(store).open().unwrap().plan(stack).await.unwrap();
        assert!(again.is_empty() && again.drift.is_empty(), "something is left to do:\n{again}");
    }
    let shown = format!("{}{text}{events:?}{report:?}{state:?}", view::text(&plan));
    assert!(!shown.contains(SECRET), "a secret is in {shown}");
}

fn no_secret_below(directory: &Path) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_secret_below(&path);
        } else {
            let bytes = fs::read(&path).unwrap();
            let found = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
            assert!(!found, "a secret is in {}", path.display());
        }
    }
}

/// Runs a history on a cloud with these latencies. Returns the content of the cloud after each version.
fn live(history: &[Model], latencies: &[u32], parallelism: usize) -> Vec<BTreeMap<String, Json>> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let takes = |name: &str, turn: usize| {
            let time = f64::from(latencies[turn % latencies.len()]) / 10.0;
            (name.to_owned(), Takes { create: time, update: time / 3.0, delete: time / 2.0 })
        };
        let bed = Bed::with(|builder| {
            let slow = ["demo_note", "demo_key", "demo_stone"].into_iter().enumerate();
            let latency = slow.fold(Latency::scaled(1.0), |latency, (turn, name)| {
                let (name, takes) = takes(name, turn);
                latency.takes(&name, takes)
            });
            builder.latency(latency.request(Duration::from_millis(3)))
        });
        let directory = bed::directory();
        let mut shapes = Vec::new();
        for model in history {
            let stack = stack(model);
            step(&bed, directory.path(), &stack, false, parallelism).await;
            let shape = shape(&bed.cloud);
            let managed = stack.nodes().filter(|node| !node.address.is_data());
            let declared: BTreeSet<String> = managed.map(|node| node.address.to_string()).collect();
            assert_eq!(shape.keys().cloned().collect::<BTreeSet<_>>(), declared);
            for node in stack.nodes().filter(|node| !node.address.is_data()) {
                let is = shape[node.address.as_str()].get("kind").cloned();
                let wanted = node.arguments.get("kind").and_then(|kind| Expr::expose(&kind));
                assert_eq!(is, wanted, "{}", node.address);
            }
            shapes.push(shape);
        }
        if let Some(last) = history.last() {
            step(&bed, directory.path(), &stack(last), true, parallelism).await;
        }
        assert!(bed.cloud.objects().unwrap().is_empty(), "destroying leaves nothing");
        no_secret_below(directory.path());
        shapes
    })
}

/// PROPTEST_CASES sets another number.
fn config() -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: wanted.unwrap_or(64), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_declared_is_what_there_is(
        history in history(),
        latencies in proptest::collection::vec(0..80_u32, 3),
        parallelism in 1..20_usize,
    ) {
        let one = live(&history, &latencies, parallelism);
        let other = live(&history, &[latencies[2], latencies[0]], 256);
        prop_assert_eq!(one, other, "the order of declaration changes the result");
    }

    #[test]
    fn steps_never_wait_for_each_other(history in history()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let bed = Bed::new();
            for pair in history.windows(2) {
                let engine = bed.engine();
                let plan = engine.plan(&stack(&pair[0])).await.unwrap();
                engine.apply(&plan).await.unwrap().complete().unwrap();
                // Replaces every node, mixed with other changes, creations and deletions.
                let known: Vec<_> = pair[1].keys().map(|place| at(&format!("demo_note.n{place}"))).collect();
                for turn in 0..3 {
                    let replace = known.iter().skip(turn).step_by(turn + 1).cloned().collect();
                    let options = landform::PlanOptions { replace, ..Default::default() };
                    engine.plan_with(&stack(&pair[1]), &options).await.unwrap();
                }
            }
        });
    }
}
