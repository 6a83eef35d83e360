//! The planning step of providers: they forecast changes and refuse some, before any effect.

use std::sync::Arc;

use landform::{
    ChangeKind, Diagnostic, Driver, Engine, Error, ErrorKind, Forecast, Input, Known, Path, Proposal,
    ProviderError, ProviderResult, Reason, ReplaceOrder, Stack, Verb, Warning,
    expr::{Expr, Resolved},
    sim::Operation,
    view,
};
use serde_json::{Value as Json, json};

use crate::warned::{Foresees, Talking};
use landform_testkit::{
    bed::{Bed, at},
    demo::{Network, Note, Part, cidr},
};

fn engine(bed: &Bed, type_name: &'static str, foresees: Foresees) -> Engine {
    let wrap = move |driver: Arc<dyn Driver>| {
        let foresees = (driver.resource_type().name_str() == type_name).then_some(foresees);
        Arc::new(Talking { inner: driver, foresees }) as Arc<dyn Driver>
    };
    bed.builder().provider(bed.cloud.provider("demo").map(wrap)).open().unwrap()
}

fn network(dns: bool) -> (Stack, landform::Handle<Network>) {
    let mut stack = Stack::new("foreseen");
    let network = stack.add("net", Network::new(cidr("10.0.0.0/16")).dns(dns));
    (stack, network)
}

/// The network's edition, as text.
fn edition(network: &landform::Handle<Network>) -> Input<String> {
    Input::from_expr(network.edition().into_expr())
}

/// The range determines a network's name. Its edition changes only with its labels. Its name servers can be turned off
/// but not on.
fn networks(proposal: Proposal<'_, dyn Known + '_>) -> ProviderResult<Forecast> {
    let mut forecast = Forecast::new();
    if proposal.prior.is_none() {
        forecast = forecast
            .value(Path::field("name"), "net-of-16")
            .warn(Diagnostic::warning("names are free").at("name"));
    }
    if let Some(prior) = proposal.prior.filter(|_| !proposal.changes(&Path::field("tags"))) {
        let edition = prior.attributes()?["edition"].clone();
        forecast = forecast.value(Path::field("edition"), edition);
    }
    if proposal.prior.is_some()
        && proposal.wanted(&Path::field("dns")) == Resolved::Known(json!(true))
        && proposal.changes(&Path::field("dns"))
    {
        forecast = forecast.replaces(Path::field("dns"));
    }
    if proposal.wanted(&Path::field("tags").key("quota")) != Resolved::Known(Json::Null) {
        return Err(ProviderError::new(ErrorKind::Quota, "five networks at most").at("tags.quota"));
    }
    Ok(forecast)
}

#[tokio::test(start_paused = true)]
async fn what_is_foreseen_is_planned_with_and_held_to() {
    let bed = Bed::new();
    let (mut stack, net) = network(true);
    stack.add("about", Note::new(net.name()));
    let engine = engine(&bed, "demo_network", networks);
    let plan = engine.plan(&stack).await.unwrap();
    let note = plan.change("demo_note.about").unwrap();
    assert_eq!(
        note.after.as_ref().unwrap().get("text").unwrap().into_owned(),
        Expr::Literal("net-of-16".into())
    );
    let [Warning::Provider(notice)] = &plan.warnings[..] else { panic!("{:?}", plan.warnings) };
    assert_eq!(notice.to_string(), "demo_network.net: name: names are free");
    let text = view::text(&plan).to_string();
    assert!(
        text.contains("name will be \"net-of-16\"") && text.contains("! demo_network.net: name:"),
        "{text}"
    );

    // The embedded cloud names networks differently, so the forecast is wrong.
    let report = engine.apply(&plan).await.unwrap();
    let error = report.failures[0].error.to_string();
    let expected = "but the provider predicted \"net-of-16\"; it is recorded, plan again";
    assert!(error.contains(expected), "{error}");
    assert_eq!(
        (report.failures.len(), report.skipped.len()),
        (1, 1),
        "the note was not made with a wrong text"
    );
    let state = bed.state(&stack).await;
    assert!(
        !state.get(&at("demo_network.net")).unwrap().tainted,
        "the new resource is recorded and not tainted"
    );
    engine.apply(&engine.plan(&stack).await.unwrap()).await.unwrap().complete().unwrap();
    assert!(engine.plan(&stack).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_provider_says_what_must_be_replaced_this_time() {
    let bed = Bed::new();
    let engine = engine(&bed, "demo_network", |proposal| {
        let mut forecast = networks(proposal)?;
        forecast.values.clear();
        Ok(forecast)
    });
    for (dns, expected) in [
        (true, ChangeKind::Create),
        (false, ChangeKind::Update),
        (true, ChangeKind::Replace(ReplaceOrder::DestroyFirst)),
    ] {
        let (mut stack, net) = network(dns);
        stack.add("part", Part::new(&net, cidr("10.0.1.0/24")));
        let plan = engine.plan(&stack).await.unwrap();
        let change = plan.change("demo_network.net").unwrap();
        assert_eq!(change.kind, expected);
        if matches!(expected, ChangeKind::Replace(_)) {
            assert_eq!(change.reason, Reason::Immutable(vec![Path::field("dns")]));
            assert!(change.fields.iter().any(|field| field.replaces));
            let part = plan.change("demo_part.part").unwrap();
            assert!(matches!(part.kind, ChangeKind::Replace(_)), "its network's id is not known yet: {plan}");
        }
        engine.apply(&plan).await.unwrap().complete().unwrap();
        assert!(engine.plan(&stack).await.unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_attribute_that_stays_is_known_while_planning() {
    let bed = Bed::new();
    let declared = |dns| {
        let (mut stack, net) = network(dns);
        stack.add("about", Note::new(landform::input::format("edition {}", [edition(&net)])));
        stack
    };
    // Without a forecast, an edition is unknown while its network changes.
    let plain = bed.engine();
    plain.apply(&plain.plan(&declared(true)).await.unwrap()).await.unwrap().complete().unwrap();
    assert_eq!(plain.plan(&declared(false)).await.unwrap().changes.len(), 2);
    let engine = engine(&bed, "demo_network", networks);
    assert_eq!(engine.plan(&declared(false)).await.unwrap().changes.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn all_refusals_are_told_at_once_and_nothing_is_touched() {
    let bed = Bed::new();
    let mut stack = Stack::new("foreseen");
    for name in ["one", "two"] {
        stack.add(name, Network::new(cidr("10.0.0.0/16")).tag("quota", "6"));
    }
    let error = engine(&bed, "demo_network", networks).plan(&stack).await.unwrap_err();
    let Error::Several(errors) = &error else { panic!("{error}") };
    assert_eq!(errors.len(), 2);
    let text = error.to_string();
    assert!(text.contains("demo_network.one") && text.contains("demo_network.two"), "{text}");
    assert!(text.contains("planning failed: quota exceeded: tags.quota: five networks at most"), "{text}");
    assert_eq!(bed.cloud.calls().of(Operation::Create), 0);
}

#[tokio::test(start_paused = true)]
async fn a_forecast_of_what_a_type_does_not_have_is_refused() {
    let cases: [(Foresees, &str); 4] = [
        (|_| Ok(Forecast::new().value(Path::field("nmae"), "x")), "nmae, which is neither"),
        (|_| Ok(Forecast::new().unknown(Path::field("range"))), "range, which is neither"),
        (|_| Ok(Forecast::new().replaces(Path::field("arn"))), "a replacement for arn"),
        (|_| Err(ProviderError::new(ErrorKind::Denied, "no plans here")), "denied: no plans here"),
    ];
    for (foresees, expected) in cases {
        let bed = Bed::new();
        let (stack, _) = network(true);
        let error = engine(&bed, "demo_network", foresees).plan(&stack).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// A network that turns off its name servers affects its users.
fn releasing(proposal: Proposal<'_, dyn Known + '_>) -> ProviderResult<Forecast> {
    let off =
        proposal.prior.is_some() && proposal.wanted(&Path::field("dns")) == Resolved::Known(json!(false));
    Ok(if off { Forecast::new().releases() } else { Forecast::new() })
}

/// The places of steps in the order in which they run.
fn comes_before(plan: &landform::Plan, first: (&str, Verb), second: (&str, Verb)) -> bool {
    let find = |(address, verb): (&str, Verb)| {
        let is = |action: &&landform::Action| {
            action.verb == verb && plan.address_of(action).is_some_and(|at| at.as_str() == address)
        };
        plan.actions
            .iter()
            .position(|action| is(&action))
            .unwrap_or_else(|| panic!("no {verb:?} of {address}"))
    };
    let (first, mut open) = (find(first), vec![find(second)]);
    while let Some(step) = open.pop() {
        if step == first {
            return true;
        }
        open.extend(plan.actions[step].after.iter().map(|step| *step as usize));
    }
    false
}

#[tokio::test(start_paused = true)]
async fn what_takes_something_away_waits_until_its_users_let_go() {
    let bed = Bed::new();
    let engine = engine(&bed, "demo_network", releasing);
    let declared = |dns: bool, word: &str, range: &str, both: bool| {
        let (mut stack, net) = network(dns);
        stack.add("stays", Part::new(&net, cidr("10.0.1.0/24")).word(word));
        stack.add("moves", Part::new(&net, cidr(range)));
        stack.add("waits", Note::new(landform::input::format("{}", [edition(&net)])));
        if both {
            stack.add("goes", Part::new(&net, cidr("10.0.3.0/24")));
        } else {
            stack.add("comes", Part::new(&net, cidr("10.0.4.0/24")));
        }
        stack
    };
    let first = declared(true, "a", "10.0.2.0/24", true);
    engine.apply(&engine.plan(&first).await.unwrap()).await.unwrap().complete().unwrap();
    let second = declared(false, "b", "10.0.9.0/24", false);
    let plan = engine.plan(&second).await.unwrap();
    let net = ("demo_network.net", Verb::Update);
    assert!(
        comes_before(&plan, ("demo_part.stays", Verb::Update), net),
        "a user's change comes first: {plan}"
    );
    assert!(comes_before(&plan, ("demo_part.goes", Verb::Delete), net), "a deleted user comes first");
    assert!(comes_before(&plan, ("demo_part.moves", Verb::Delete), net), "the old user is deleted first");
    assert!(comes_before(&plan, net, ("demo_part.moves", Verb::Create)), "the new user is created last");
    assert!(comes_before(&plan, net, ("demo_part.comes", Verb::Create)), "a new user comes last");
    assert!(
        comes_before(&plan, net, ("demo_note.waits", Verb::Update)),
        "who needs the answer cannot come first"
    );
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(engine.plan(&second).await.unwrap().is_empty());

    // Without a release, the order is the usual one.
    let plan = bed.engine().plan(&first).await.unwrap();
    assert!(comes_before(&plan, net, ("demo_part.stays", Verb::Update)));
}

#[tokio::test(start_paused = true)]
async fn a_user_that_cannot_let_go_first_keeps_the_usual_order() {
    let bed = Bed::new();
    let engine = engine(&bed, "demo_network", releasing);
    let declared = |dns: bool, word: &str| {
        let (mut stack, net) = network(dns);
        // It refers to the network's next edition through a note, so it cannot change before the network.
        let note = stack.add("between", Note::new(landform::input::format("{}", [edition(&net)])));
        let part = stack.add("part", Part::new(&net, cidr("10.0.1.0/24")).word(word));
        stack.adjust(&part, |node| {
            node.depends_on.insert(note.address().clone());
        });
        stack
    };
    let first = declared(true, "a");
    engine.apply(&engine.plan(&first).await.unwrap()).await.unwrap().complete().unwrap();
    let second = declared(false, "b");
    let plan = engine.plan(&second).await.unwrap();
    assert!(comes_before(&plan, ("demo_network.net", Verb::Update), ("demo_part.part", Verb::Update)));
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(engine.plan(&second).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_forecast_survives_a_saved_plan() {
    let bed = Bed::new();
    let (stack, _) = network(true);
    let engine = engine(&bed, "demo_network", networks);
    let plan = engine.plan(&stack).await.unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let read: landform::Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(
        read.changes[0].forecast.as_ref().unwrap().values,
        plan.changes[0].forecast.as_ref().unwrap().values
    );
    let json = view::terraform_json(&plan, &stack, &bed.state(&stack).await).to_string();
    assert!(json.contains("net-of-16"), "{json}");
}
