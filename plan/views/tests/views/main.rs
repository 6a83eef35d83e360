//! Compares every view of one plan with every kind of change to golden files. `UPDATE=1 cargo test -p landform-views
//! --test views` writes them again.
#![allow(clippy::unwrap_used)]

mod beside;
mod terraform;
mod tfstate;
mod world;

use std::{path::Path, time::Duration};

use landform_core::{Address, Diagnostic, Error, ErrorKind};
use landform_engine::{Counts, Event, Failure, Notice, Plan, Report, Skipped, Verb};
use landform_views::{self as view, Detail, DotOptions, TextOptions};
use tokio::sync::OnceCell;
use world::{SECRETS, World};

/// The plan with every kind of change. It is made once, because repeated reads of deleted objects take time.
async fn everything() -> &'static (World, Plan) {
    static PLANNED: OnceCell<(World, Plan)> = OnceCell::const_new();
    let make = || async {
        let world = world::meddled().await;
        let plan = world::everything(&world).await;
        (world, plan)
    };
    PLANNED.get_or_init(make).await
}

/// Compares a view with its golden file, and checks that it shows no secret.
fn golden(name: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{name} tells a secret: {secret}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/views").join(name);
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (is, wanted)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(is, wanted, "{name}:{}", number + 1);
    }
    assert_eq!(text.len(), expected.len(), "{name} is shorter or longer than before");
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(&landform_core::Canonical(value)).unwrap() + "\n"
}

#[tokio::test]
async fn a_plan_reads_as_json_in_terraforms_form() {
    let (world, plan) = everything().await;
    let stack = world::after();
    let json = view::terraform_json(plan, &stack, &world.engine.state("demo").await.unwrap());
    golden("everything.json", &pretty(&json));
}

#[tokio::test]
async fn a_change_says_how_the_cloud_differs() {
    let (_, plan) = everything().await;
    for (address, expected) in [
        ("demo_subnet.c", "is declared and does not exist"),
        ("demo_subnet.b", "is not as declared: cidr_block"),
        ("demo_gateway.out", "is not as declared: key"),
        ("demo_gateway.old", "exists and is not declared"),
    ] {
        let change = plan.changes.iter().find(|change| change.address.as_str() == address).unwrap();
        assert_eq!(view::mismatch(change), expected, "{address}");
    }
}

#[tokio::test]
async fn stacks_and_plans_are_drawn_as_dot() {
    let (_, plan) = everything().await;
    golden("stack.dot", &view::stack_dot(&world::after(), DotOptions { reasons: true }).to_string());
    golden("plan.dot", &view::plan_dot(plan).to_string());
}

#[tokio::test]
async fn a_plan_is_a_page_of_its_own() {
    let (_, plan) = everything().await;
    let page = view::html(plan, &world::after()).to_string();
    keep("everything.html", &page);
    for expected in [
        "<title>demo</title>",
        "demo_gateway.old",
        "the gateway has an address",
        "about 2 min 45 s along the critical path",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
    assert_eq!(page.matches("class=\"node ").count(), 23);
    for kind in ["create", "update", "replace", "destroy", "adopt", "read", "forget", "unchanged"] {
        assert!(page.contains(&format!("class=\"node {kind}\"")), "{kind}");
    }
    assert!(!page.contains("http"), "the page loads nothing");
    let stack = view::stack_html(&world::after()).to_string();
    keep("stack.html", &stack);
    assert!(stack.contains("demo_group.spare") && !stack.contains("node create"));
}

#[tokio::test]
async fn pages_of_many_nodes() {
    for (zones, groups, nodes) in [(3, 10, 63), (12, 91, 504)] {
        let (first, second) = (world::wide(zones, groups, 0), world::wide(zones, groups, 1));
        let world = World::new();
        let plan = world.engine.plan(&first).await.unwrap();
        assert!(world.engine.apply(&plan).await.unwrap().is_complete());
        let plan = world.engine.plan(&second).await.unwrap();
        let page = view::html(&plan, &second).to_string();
        keep(&format!("wide-{nodes}.html"), &page);
        assert_eq!(page.matches("class=\"node ").count(), nodes);
    }
}

/// Writes a page to a file for a browser, and checks that it shows no secret.
fn keep(name: &str, page: &str) {
    for secret in SECRETS {
        assert!(!page.contains(secret), "{name} tells a secret: {secret}");
    }
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), page).unwrap();
}

#[tokio::test]
async fn a_plan_reads_well_in_full() {
    let (_, plan) = everything().await;
    golden("full.txt", &view::text(plan).to_string());
}

#[tokio::test]
async fn a_plan_reads_well_in_short_and_in_colour() {
    let (_, plan) = everything().await;
    let options = TextOptions { detail: Detail::Summary, ..TextOptions::default() };
    golden("summary.txt", &view::text_with(plan, &options).to_string());
    let colored = view::text_with(plan, &TextOptions { color: true, ..TextOptions::default() }).to_string();
    assert_ne!(colored, view::text(plan).to_string());
    golden("color.txt", &colored);
    assert_eq!(without_codes(&colored), view::text(plan).to_string());
}

#[tokio::test]
async fn a_saved_plan_reads_as_the_one_that_was_made() {
    let (_, plan) = everything().await;
    let saved: Plan = serde_json::from_str(&serde_json::to_string(plan).unwrap()).unwrap();
    assert_eq!(view::text(&saved).to_string(), view::text(plan).to_string());
}

#[test]
fn events_and_reports_read_as_lines() {
    let address = |text: &str| -> Address { text.parse().unwrap() };
    let (first, second) = (address("demo_gateway.out"), address("demo_group.nodes"));
    let elapsed = Duration::from_millis(83_400);
    let counts = Counts { added: 2, changed: 1, forgotten: 1, ..Counts::default() };
    let throttled = Error::new(ErrorKind::Throttled, "slow\ndown").operation("CreateGateway");
    let diagnostic = Diagnostic::warning("it is old").at("size").detail("Take a newer one.");
    let warning = Notice { address: first.clone(), diagnostic };
    let events = [
        Event::Reading { resources: 41, calls: 1 },
        Event::Read { drifted: 0 },
        Event::Read { drifted: 1 },
        Event::Planned { changes: 0 },
        Event::Planned { changes: 7 },
        Event::Applying { steps: 7 },
        Event::Recovered { address: first.clone(), outcome: "it had been made".into() },
        Event::Started { address: first.clone(), verb: Verb::Create, expected: 100.0 },
        Event::Started { address: second.clone(), verb: Verb::Update, expected: 0.0 },
        Event::Waiting { address: first.clone(), note: "pending".into(), elapsed },
        Event::Retrying {
            address: first.clone(),
            attempt: 2,
            error: throttled.to_string(),
            pause: Duration::from_millis(350),
        },
        Event::Warned(warning.clone()),
        Event::Finished { address: first.clone(), verb: Verb::Create, id: Some("gw-1".into()), elapsed },
        Event::Failed { address: first.clone(), verb: Verb::Delete, error: throttled.to_string() },
        Event::Skipped { address: second.clone(), verb: Verb::Update, because: Some(first.clone()) },
        Event::Skipped { address: second.clone(), verb: Verb::Adopt, because: None },
        Event::Applied { counts, failed: 1, skipped: 2, elapsed },
    ];
    let mut lines: String = events.iter().filter_map(view::event_line).map(|line| line + "\n").collect();
    let report = Report {
        counts,
        failures: vec![Failure { address: first.clone(), verb: Verb::Create, error: throttled }],
        skipped: vec![
            Skipped { address: second.clone(), verb: Verb::Update, because: Some(first) },
            Skipped { address: second, verb: Verb::Forget, because: None },
        ],
        warnings: vec![warning],
        outputs: [("network".to_owned(), "net-1".into()), ("size".to_owned(), 3.into())].into(),
        cancelled: true,
        elapsed,
    };
    let complete = Report {
        failures: Vec::new(),
        skipped: Vec::new(),
        warnings: Vec::new(),
        cancelled: false,
        ..report.clone()
    };
    let incomplete = Report { cancelled: false, outputs: [].into(), ..report.clone() };
    for report in [report, incomplete, complete] {
        lines += &format!("\n{}\n", view::report(&report));
    }
    golden("log.txt", &lines);
}

#[tokio::test]
async fn first_last_and_empty_plans() {
    let world = World::new();
    let stack = world::before();
    let first = world.engine.plan(&stack).await.unwrap();
    golden("first.txt", &view::text(&first).to_string());
    assert!(world.engine.apply(&first).await.unwrap().is_complete());
    let empty = world.engine.plan(&stack).await.unwrap();
    golden("empty.txt", &view::text(&empty).to_string());
    let destroy = world.engine.plan_destroy(&stack).await.unwrap();
    golden("destroy.txt", &view::text(&destroy).to_string());
    let lines = [first.to_string(), empty.to_string(), destroy.to_string()];
    assert_eq!(lines, ["13 to add", "no changes", "13 to destroy"]);
    world.meddle("subnet-a", "tags", serde_json::json!({ "a": "b" }));
    golden("refresh.txt", &view::text(&world.engine.plan_refresh(&stack).await.unwrap()).to_string());
}

fn without_codes(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, code)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest = code.split_once('m').unwrap().1;
    }
    plain + rest
}
