//! No view, file, event, error, span or `Debug` shows a secret, at any depth of any nesting.

use std::{collections::BTreeMap, fmt::Debug, path::Path, sync::Arc};

use landform::{
    ErrorKind, Input, Plan, ProviderError, ResourceType, Schema, Stack,
    expr::Expr,
    input,
    schema::{Field, Kind},
    sim::{Fault, Operation},
    view::{self, Detail, DotOptions, TextOptions},
};
use proptest::prelude::*;

use crate::traced;
use landform_testkit::{
    bed::{Bed, directory},
    demo::Key,
};

/// The prefix of every secret, in clear text and in base64.
const SECRETS: [&str; 2] = ["hunter2correct", "aHVudGVyMmNvcnJlY3"];

/// A text in a value.
#[derive(Debug, Clone, Copy)]
enum Leaf {
    Open,
    /// Marked as a secret in the declaration.
    Marked,
    /// A reference to another node's secret.
    Referred,
    /// Derived from a secret.
    Joined,
    Encoded,
}

/// The shape of a nested value.
#[derive(Debug, Clone)]
enum Shape {
    Leaf(Leaf),
    List(Box<Shape>, usize),
    Set(Box<Shape>, usize),
    Map(Box<Shape>, usize),
    /// Fields, each with whether its type is secret.
    Block(Vec<(Shape, bool)>),
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaves = [Leaf::Open, Leaf::Marked, Leaf::Referred, Leaf::Joined, Leaf::Encoded];
    let leaf = prop::sample::select(leaves.to_vec()).prop_map(Shape::Leaf);
    leaf.prop_recursive(5, 16, 3, |inner| {
        let items = || (inner.clone().prop_map(Box::new), 1..3_usize);
        prop_oneof![
            items().prop_map(|(item, count)| Shape::List(item, count)),
            items().prop_map(|(item, count)| Shape::Set(item, count)),
            items().prop_map(|(item, count)| Shape::Map(item, count)),
            prop::collection::vec((inner.clone(), any::<bool>()), 1..4).prop_map(Shape::Block),
        ]
    })
}

impl Shape {
    fn kind(&self) -> Kind {
        match self {
            Self::Leaf(_) => Kind::text(),
            Self::List(item, _) => Kind::List(Box::new(item.kind())),
            Self::Set(item, _) => Kind::Set(Box::new(item.kind())),
            Self::Map(item, _) => Kind::Map(Box::new(item.kind())),
            Self::Block(fields) => {
                let fields = fields.iter().enumerate();
                let fields = fields.map(|(number, (shape, secret))| Field {
                    secret: *secret,
                    ..Field::new(format!("f{number}"), shape.kind())
                });
                Kind::Block(Schema::new(fields).unwrap())
            }
        }
    }

    /// A value of this shape. `words` gives each text in it, and knows whether the type hides it.
    fn value(&self, hidden: bool, words: &mut dyn FnMut(Leaf, bool) -> Expr) -> Expr {
        match self {
            Self::Leaf(leaf) => words(*leaf, hidden),
            Self::List(item, count) | Self::Set(item, count) => {
                Expr::list((0..*count).map(|_| item.value(hidden, words)).collect())
            }
            Self::Map(item, count) => Expr::map(
                (0..*count).map(|number| (format!("k{number}"), item.value(hidden, words))).collect(),
            ),
            Self::Block(fields) => {
                let fields = fields.iter().enumerate();
                let value = |(number, (shape, secret)): (usize, &(Shape, bool))| {
                    (format!("f{number}"), shape.value(hidden || *secret, words))
                };
                Expr::map(fields.map(value).collect())
            }
        }
    }
}

/// A type with one value of this shape.
fn deep(shape: &Shape, secret: bool) -> Arc<ResourceType> {
    let value = Field { secret, ..Field::new("value", shape.kind()) };
    let label = Field::new("label", Kind::text());
    let id = Field { required: true, ..Field::new("id", Kind::text()) };
    let [arguments, attributes] = [vec![value, label], vec![id]].map(|fields| Schema::new(fields).unwrap());
    Arc::new(ResourceType::new("demo_deep".parse().unwrap(), arguments, attributes))
}

/// A node with such a value, a node that refers to it, an output of it, and all secrets in it.
fn stack(known: &Arc<ResourceType>, shape: &Shape, secret: bool, edition: u32) -> (Stack, Vec<String>) {
    let mut stack = Stack::new("deep");
    let mut secrets = Vec::new();
    let mut marker = |name: &str| {
        secrets.push(format!("{}-{edition}-{name}", SECRETS[0]));
        secrets[secrets.len() - 1].clone()
    };
    let key = stack.add("key", Key::new("key").code(marker("key")));
    let code = || Input::<String>::from(key.code());
    let mut number = 0;
    let mut words = |leaf: Leaf, hidden: bool| {
        number += 1;
        match leaf {
            Leaf::Open if !hidden => format!("open-{edition}-{number}").into(),
            Leaf::Open => marker(&number.to_string()).into(),
            Leaf::Marked => Expr::Secret(Box::new(marker(&number.to_string()).into())),
            Leaf::Referred => code().into_expr(),
            Leaf::Joined => input::concat([format!("a{number}-").into(), code()]).into_expr(),
            Leaf::Encoded => input::base64(code()).into_expr(),
        }
    };
    let value = shape.value(secret, &mut words);
    let arguments = |value, label: &str| {
        Expr::map(BTreeMap::from([("value".to_owned(), value), ("label".to_owned(), label.into())]))
    };
    let first = stack.add_untyped("first", known, arguments(value, "first"));
    let value = || Expr::reference(&first, "value".parse().unwrap());
    stack.add_untyped("second", known, arguments(value(), "second"));
    stack.output("value", value());
    stack.output("label", Expr::reference(&first, "label".parse().unwrap()));
    (stack, secrets)
}

/// The texts that were shown, with their places.
#[derive(Default)]
struct Shown(Vec<(&'static str, String)>);

impl Shown {
    fn put(&mut self, place: &'static str, text: impl ToString) {
        self.0.push((place, text.to_string()));
    }

    fn debug(&mut self, place: &'static str, it: impl Debug) {
        self.put(place, format!("{it:?}{it:#?}"));
    }

    fn files(&mut self, directory: &Path) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => self.files(&path),
                false => self.put("file", String::from_utf8_lossy(&std::fs::read(&path).unwrap())),
            }
        }
    }

    fn stack(&mut self, stack: &Stack) {
        self.debug("stack", stack);
        self.put("stack as JSON", serde_json::to_string(stack).unwrap());
        self.put("stack as DOT", view::stack_dot(stack, DotOptions { reasons: true }));
        self.put("stack as a page", view::stack_html(stack));
        let export = view::terraform(stack).unwrap();
        self.debug("export", &export);
        self.put("export as JSON", export.main);
    }

    async fn plan(&mut self, bed: &Bed, engine: &landform::Engine, plan: &Plan, stack: &Stack) {
        self.debug("plan", plan);
        self.put("plan as text", plan);
        let options = TextOptions { detail: Detail::Summary, ..TextOptions::default() };
        self.put("summary", view::text_with(plan, &options));
        self.put("plan as JSON", serde_json::to_string(plan).unwrap());
        self.put("plan as DOT", view::plan_dot(plan));
        self.put("page", view::html(plan, stack));
        let state = engine.state(stack.name()).await.unwrap();
        self.put("Terraform's plan", view::terraform_json(plan, stack, &state));
        self.put("Terraform's state", view::terraform_state_json(&state, &|_| None));
        self.debug("state", &state);
        self.put("state as JSON", state.to_json().unwrap());
        self.debug("outputs", engine.outputs(stack).await.unwrap());
        for event in bed.events() {
            self.put("event as a line", view::event_line(&event).unwrap_or_default());
            self.debug("event", event);
        }
    }

    fn check(&self) {
        for (place, text) in &self.0 {
            for secret in SECRETS {
                let found =
                    text.find(secret).map(|at| &text[at.saturating_sub(60)..(at + 60).min(text.len())]);
                assert_eq!(found, None, "{place}");
            }
        }
    }
}

async fn nothing_is_shown(shape: Shape, secret: bool) {
    traced::listen();
    let known = deep(&shape, secret);
    let bed = Bed::with(|builder| builder.types([&known]));
    let directory = directory();
    let engine = bed.builder().state_dir(directory.path().join("state")).open().unwrap();
    let mut shown = Shown::default();
    for edition in 0..2 {
        let (stack, secrets) = stack(&known, &shape, secret, edition);
        shown.stack(&stack);
        let plan = engine.plan(&stack).await.unwrap();
        shown.plan(&bed, &engine, &plan, &stack).await;
        plan.save(directory.path().join("plan")).unwrap();
        // The cloud's refusal repeats the request.
        let said = format!("no {}", secrets.join(", "));
        let refused = || ProviderError::new(ErrorKind::Denied, &said).operation(&said);
        for operation in [Operation::Create, Operation::Update] {
            bed.cloud.inject(Fault::before(operation, refused()).of("demo_deep"));
        }
        let report = engine.apply(&plan).await.unwrap();
        assert!(edition > 0 || !report.is_complete());
        shown.put("report", view::report(&report));
        shown.debug("report", &report);
        if let Err(incomplete) = report.complete() {
            shown.debug("incomplete", &incomplete);
            shown.put("incomplete", incomplete);
        }
        // The other fault may not have occurred yet.
        for _ in 0..3 {
            let plan = engine.plan(&stack).await.unwrap();
            shown.plan(&bed, &engine, &plan, &stack).await;
            if plan.is_empty() {
                break;
            }
            let report = engine.apply(&plan).await.unwrap();
            shown.debug("report", report);
        }
        let plan = engine.plan(&stack).await.unwrap();
        assert!(plan.is_empty() && plan.drift.is_empty(), "{plan}\n{plan:?}");
        let plan = engine.plan_destroy(&stack).await.unwrap();
        shown.plan(&bed, &engine, &plan, &stack).await;
    }
    shown.put("export of the state", engine.export("deep").await.unwrap());
    shown.files(directory.path());
    shown.put("span", traced::heard().join("\n"));
    shown.check();
}

#[test]
fn a_secret_at_any_depth_is_shown_nowhere() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let run = |shape: Shape, secret: bool| runtime.block_on(nothing_is_shown(shape, secret));
    let config = ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(shape in shape(), secret in prop::bool::weighted(0.2))| run(shape, secret));
}
