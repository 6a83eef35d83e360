//! No text in a stack, a cloud or an answer can control a terminal, add a step or break a page in any view.

use html5ever::{ParseOpts, parse_document, parse_fragment, tendril::TendrilSink};
use landform::{
    ErrorKind, Incomplete, Origin, Plan, ProviderError, Scope, Stack, input,
    printable::steers,
    sim::{Fault, Operation},
    view::{self, Detail, DotOptions, TextOptions},
};
use markup5ever_rcdom::{Handle as Dom, NodeData, RcDom};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use landform_testkit::{
    bed::Bed,
    demo::{Door, Group, Key, Network, Note, Part, cidr},
};

/// Texts with a special meaning in some format.
const PIECES: [&str; 32] = [
    "\u{1b}[31m",
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{8}\u{8}",
    "\u{7f}",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{e0041}",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "</pre>",
    "<img src=x onerror=alert(1)>",
    "]]>",
    "&lt;",
    "\"",
    "'",
    "\\",
    "\\u003c/script>",
    "${x}",
    "\n  + create demo_note.forged",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => "[a-z ]{0,9}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// A stack with these texts in every place that allows a text.
fn stack(texts: &[String]) -> Stack {
    let t = |place: usize| texts[place % texts.len()].clone();
    let mut stack = Stack::new("shown");
    let scope = Scope::new().origin(Origin { file: t(0).into(), line: 1 });
    stack.within(scope, |stack| declare(stack, &t));
    stack
}

fn declare(stack: &mut Stack, t: &dyn Fn(usize) -> String) {
    let network =
        stack.add("net", Network::new(cidr("10.0.0.0/16")).name(t(1)).tag(t(2), t(3)).tag("k", t(4)));
    let part = stack.add("part", Part::new(&network, cidr("10.0.1.0/24")).word(t(5)));
    let door = stack.add("door", Door::new(&part).word(format!("{}\n{}\n{}", t(6), t(7), t(8))));
    stack.add("group", Group::new(format!("g{}", t(9))).doors([door.id()]).tag(t(10), "v"));
    stack.add("key", Key::new(t(11)).code(t(12)));
    let note = stack.add("note", Note::new(input::format("{}|{}", [t(13).into(), door.public_ip().into()])));
    stack.ensure(&note, input::matches(door.public_ip(), ".*"), t(14));
    stack.add("json", Note::new(json!({ t(15): [t(0), { "a": t(1) }] }).to_string()).kind(t(2)));
    stack.output(t(3), note.text());
    stack.output("plain", landform::expr::Expr::Literal(json!({ t(4): t(5) })));
}

/// Checks that the text has no control characters except line breaks.
fn harmless(what: &str, text: &str) {
    let steering = text.chars().find(|c| *c != '\n' && steers(*c));
    assert_eq!(steering, None, "{what}: {text:?}");
}

/// The same, except for the view's colours.
fn harmless_in_colour(what: &str, text: &str) {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, code)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let (number, after) = code.split_once('m').unwrap();
        assert!(number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit()), "{what}: {number:?}");
        rest = after;
    }
    harmless(what, &(plain + rest));
}

/// The elements of a page in order, without texts, and the page's data.
fn page(html: &str) -> (Vec<String>, Json) {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let (mut elements, mut data) = (Vec::new(), None);
    walk(&dom.document, &mut |element, attributes, text| {
        elements.push(element.to_owned());
        if attributes.iter().any(|(name, value)| name == "id" && value == "data") {
            data = Some(serde_json::from_str(text).unwrap());
        }
    });
    (elements, data.unwrap())
}

fn walk(node: &Dom, each: &mut impl FnMut(&str, &[(String, String)], &str)) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let attributes: Vec<(String, String)> = attrs
                .borrow()
                .iter()
                .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
                .collect();
            let mut text = String::new();
            for child in node.children.borrow().iter() {
                if let NodeData::Text { contents } = &child.data {
                    text.push_str(&contents.borrow());
                }
            }
            each(&name.local, &attributes, &text);
        }
        NodeData::Comment { contents } => panic!("a comment: {contents}"),
        _ => {}
    }
    node.children.borrow().iter().for_each(|child| walk(child, each));
}

/// Checks a piece of HTML that the page inserts later: only text and spans with a class.
fn fragment(html: &str) {
    let name = html5ever::QualName::new(None, html5ever::ns!(html), html5ever::local_name!("pre"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), name, Vec::new(), false).one(html);
    let mut seen = Vec::new();
    walk(&dom.document, &mut |element, attributes, _| {
        let names: Vec<&str> = attributes.iter().map(|(name, _)| name.as_str()).collect();
        seen.push((element.to_owned(), names.join(" ")));
    });
    let good = |(element, attributes): &(String, String)| match element.as_str() {
        "html" => attributes.is_empty(),
        "span" => attributes == "class",
        _ => false,
    };
    assert!(seen.iter().all(good), "{seen:?}: {html}");
}

fn every_view(plan: &Plan, stack: &Stack, elements: Option<&[String]>) {
    for detail in [Detail::Full, Detail::Summary] {
        for width in [20, 60, 110] {
            let plain = TextOptions { detail, width, color: false };
            let text = view::text_with(plan, &plain).to_string();
            harmless("text", &text);
            let forged = text.lines().filter(|line| line.contains("+ create demo_note.forged"));
            // A text that looks like a step is indented deeper than steps.
            assert!(forged.clone().all(|line| !line.starts_with("  + create")), "{text}");
            harmless_in_colour(
                "colour",
                &view::text_with(plan, &TextOptions { color: true, ..plain }).to_string(),
            );
        }
    }
    harmless("plan as DOT", &view::plan_dot(plan).to_string());
    harmless("stack as DOT", &view::stack_dot(stack, DotOptions { reasons: true }).to_string());
    for html in [view::html(plan, stack).to_string(), view::stack_html(stack).to_string()] {
        harmless("page", &html);
        let (_, data) = page(&html);
        let nodes = data["nodes"].as_array().unwrap().iter().chain(data["around"].as_array().unwrap());
        nodes.for_each(|node| fragment(node["html"].as_str().unwrap()));
    }
    if let Some(elements) = elements {
        assert_eq!(page(&view::html(plan, stack).to_string()).0, elements);
    }
}

async fn all_that_is_shown(texts: Vec<String>) {
    let harmless_texts: Vec<String> = (0..texts.len()).map(|number| format!("text{number}")).collect();
    let plain = stack(&harmless_texts);
    let elements = page(&view::html(&Bed::new().plan(&plain).await, &plain).to_string()).0;

    let bed = Bed::new();
    let first = stack(&texts);
    let plan = bed.plan(&first).await;
    every_view(&plan, &first, Some(&elements));
    let said = texts.concat();
    let denied = ProviderError::new(ErrorKind::Denied, &said).code(&said).operation(&said);
    bed.cloud.inject(Fault::before(Operation::Create, denied).of("demo_key"));
    let report = bed.engine().apply(&plan).await.unwrap();
    assert!(!report.failures.is_empty());
    harmless("report", &view::report(&report).to_string());
    harmless("incomplete", &Incomplete(Box::new(report)).to_string());

    // Changed, drifted and partly created resources.
    let mut turned = texts.clone();
    turned.rotate_left(1);
    let second = stack(&turned);
    every_view(&bed.plan(&second).await, &second, None);
    every_view(&bed.engine().plan_destroy(&second).await.unwrap(), &second, None);
    every_view(&bed.engine().plan(&Stack::new("shown")).await.unwrap(), &second, None);

    // Errors of an import, a condition and a stack.
    let mut bad = stack(&texts);
    bad.import([("demo_note.json".parse().unwrap(), said.clone())]);
    harmless("import", &Bed::new().engine().plan(&bad).await.unwrap_err().to_string());
    let mut bad = stack(&texts);
    let never = bad.add("never", Note::new("x"));
    bad.require(&never, input::equal::<String>("a", "b"), &said);
    harmless("condition", &Bed::new().engine().plan(&bad).await.unwrap_err().to_string());
    // Some random texts are valid names. No name has a control character.
    let mut bad = stack(&texts);
    bad.add(&format!("{said}\u{1b}"), Note::new("x"));
    harmless("stack", &bad.check().unwrap_err().to_string());

    for event in bed.events() {
        let line = view::event_line(&event).unwrap_or_default();
        assert!(!line.chars().any(steers), "{line:?}");
    }
}

#[test]
fn no_text_steers_a_terminal_or_breaks_a_page() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let run = |texts: Vec<String>| runtime.block_on(all_that_is_shown(texts));
    run(PIECES.map(str::to_owned).to_vec());
    run(vec!["<!--<script>".into(), "</script>".into(), "-->".into()]);
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(texts in prop::collection::vec(text(), 1..16))| run(texts));
}
