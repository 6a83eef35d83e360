//! Declarations: the output of the macros, and the reports of a stack.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{
    Cidr, Handle, Id, Input, Number, Origin, ProblemKind, Resource, Scope, Secret, Stack, ValueOf,
    attributes, block, input, resource, schema::Kind,
};

/// A network.
#[resource("demo_network", id = "net-{hex8}", unique("name"), takes(create = 2))]
pub struct Network {
    /// Its range.
    #[field(immutable)]
    pub range: Cidr,
    /// Its name.
    pub name: Option<String>,
    /// Whether names resolve.
    #[field(default = true)]
    pub dns: bool,
    /// Labels.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
    /// The name in the world.
    #[field(form = "arn:demo:{region}:{id}")]
    pub arn: String,
}

/// A part of a network.
#[resource("demo_part", disjoint("range", within = "network"), inside("range", of = "network"))]
pub struct Part {
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// Its range.
    #[field(immutable)]
    pub range: Cidr,
    /// Doors.
    pub doors: Vec<Door>,
    /// Numbers.
    pub ports: BTreeSet<u16>,
    /// A code.
    #[field(secret)]
    pub code: Option<String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct PartAttributes {
    /// The id.
    pub id: Id<Part>,
}

/// A door.
#[block]
pub struct Door {
    /// The destination.
    pub to: Id<Network>,
    /// How.
    #[field(default = Mode::Open)]
    pub mode: Mode,
}

/// A state.
#[block]
pub enum Mode {
    /// Open.
    Open,
    /// Shut.
    Shut,
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

#[test]
fn schemas_follow_the_declaration() {
    let network = Network::resource_type();
    let range = network.arguments.field("range").unwrap();
    assert!(range.required && range.immutable);
    let dns = network.arguments.field("dns").unwrap();
    assert_eq!((dns.required, &dns.default), (false, &Some(true.into())));
    assert_eq!(network.attributes.field("arn").unwrap().form.as_deref(), Some("arn:demo:{region}:{id}"));
    let part = Part::resource_type();
    assert!(matches!(&part.arguments.field("network").unwrap().kind,
        Kind::Text { refers_to: Some(name), .. } if name.as_str() == "demo_network"));
    assert!(matches!(part.arguments.field("ports").unwrap().kind, Kind::Set(_)));
    let Kind::List(door) = &part.arguments.field("doors").unwrap().kind else { panic!() };
    let Kind::Block(door) = &**door else { panic!() };
    assert!(matches!(&door.field("mode").unwrap().kind, Kind::Text { one_of, .. } if one_of.len() == 2));
    assert_eq!(network.takes.create, 2.0);
}

#[test]
fn stacks_take_values_and_references() {
    let mut stack = Stack::new("demo");
    let network = stack.add("main", Network::new(cidr("10.0.0.0/16")).tag("a", "b").tags([("c", "d")]));
    let name: Input<String> = input::concat(["x-".into(), network.arn().into()]);
    stack.add("second", Network::new(network.range()).name(name));
    stack.add(
        "part",
        Part::new(&network, cidr("10.0.1.0/24"))
            .doors([Door::new(network.id()).mode(Mode::Shut)])
            .ports([80u16, 443])
            .code("1234"),
    );
    stack.output("network", network.id());
    stack.check().unwrap();
    let text = serde_json::to_string(&stack).unwrap();
    assert!(!text.contains("1234"), "{text}");
    assert!(text.contains(r#"{"$ref":["demo_network.main","id"]}"#), "{text}");
    let mut again: Stack = serde_json::from_str(&text).unwrap();
    let types = [Network::resource_type(), Part::resource_type()];
    again.bind(&|name| types.into_iter().find(|known| known.name_str() == name));
    assert_eq!(again.len(), 3);
    again.check().unwrap();
}

#[test]
fn problems_name_the_place_the_field_and_what_was_expected() {
    let mut stack = Stack::new("demo");
    let network = stack.add("main", Network::new(cidr("10.0.0.0/16")).name("n"));
    stack.add("main", Network::new(cidr("10.1.0.0/16")));
    stack.add("1st", Network::new(cidr("10.2.0.0/16")));
    stack.add("late", Part::new(Id::new("net-1"), Input::from_expr("10.0.0.1/16".into())));
    stack.add(
        "lost",
        Part::new(
            Input::from_expr(serde_json::from_str(r#"{"$ref":["demo_network.mian","id"]}"#).unwrap()),
            network.range(),
        ),
    );
    stack.add("far", Part::new(Handle::named("man"), network.range()));
    assert_eq!(Handle::<Network>::named("main").id(), network.id());
    stack.output("range", Handle::<Network>::named("lost").range());
    let text = stack.check().unwrap_err().to_string();
    for expected in [
        "output range: refers to demo_network.lost, which is not declared",
        "refers to demo_network.man, which is not declared; did you mean demo_network.main?",
        "demo_network.main (core/tests/declare.rs:",
        "declared twice (first at core/tests/declare.rs:",
        "\"1st\" is not a name",
        "range: \"10.0.0.1/16\", expected a network without host bits; did you mean 10.0.0.0/16?",
        "refers to demo_network.mian, which is not declared; did you mean demo_network.main?",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
}

#[test]
fn rules_and_cycles_are_found_before_a_plan() {
    let mut stack = Stack::new("demo");
    let network = stack.add("main", Network::new(cidr("10.0.0.0/16")).name("n"));
    stack.add("twin", Network::new(cidr("10.1.0.0/16")).name("n"));
    stack.add("a", Part::new(&network, cidr("10.0.0.0/20")));
    stack.add("b", Part::new(&network, cidr("10.0.8.0/24")));
    stack.add("c", Part::new(&network, cidr("10.9.8.0/24")));
    let problems = stack.check().unwrap_err();
    let kinds: Vec<&ProblemKind> = problems.iter().map(|problem| &problem.kind).collect();
    assert!(matches!(kinds[0], ProblemKind::NotUnique { .. }), "{problems}");
    assert!(matches!(kinds[1], ProblemKind::Overlap { .. }), "{problems}");
    assert!(matches!(kinds[2], ProblemKind::Outside { .. }), "{problems}");

    let mut stack = Stack::new("demo");
    let a = stack.add("a", Network::new(cidr("10.0.0.0/16")));
    let b = stack.add("b", Network::new(cidr("10.1.0.0/16")).name(a.arn()));
    let c = stack.add("c", Network::new(cidr("10.2.0.0/16")).name(b.arn()));
    stack.depend(&a, [c.address().clone()]);
    stack.depend(&a, [&b]);
    let text = stack.check().unwrap_err().to_string();
    assert!(
        text.contains("demo_network.a --[depends_on]--> demo_network.b --[name]--> demo_network.a"),
        "{text}"
    );
}

/// A further range of a network.
#[resource("demo_range", widens("range", of = "network"))]
pub struct FurtherRange {
    /// The network.
    pub network: Id<Network>,
    /// The range.
    pub range: Cidr,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct FurtherRangeAttributes {
    /// The id.
    pub id: Id<FurtherRange>,
}

#[test]
fn what_lies_in_a_further_range_lies_inside() {
    let parts = |further: &[&str], part: &str| {
        let mut stack = Stack::new("demo");
        let network = stack.add("main", Network::new(cidr("10.0.0.0/16")));
        let other = stack.add("other", Network::new(cidr("10.4.0.0/16")));
        for (place, range) in further.iter().enumerate() {
            stack.add(&format!("further-{place}"), FurtherRange::new(&network, cidr(range)));
        }
        stack.add("elsewhere", FurtherRange::new(&other, cidr("10.3.0.0/16")));
        stack.add("part", Part::new(&network, cidr(part)));
        stack.check()
    };
    parts(&["10.1.0.0/16", "10.2.0.0/16"], "10.2.8.0/24").unwrap();
    parts(&[], "10.0.8.0/24").unwrap();
    let text = parts(&["10.1.0.0/16", "10.2.0.0/16"], "10.3.8.0/24").unwrap_err().to_string();
    assert!(text.contains("demo_part.part"), "{text}");
}

#[test]
fn what_another_stack_declared_is_refused_where_it_is_used() {
    let mut base = Stack::new("base");
    let shared = base.add("main", Network::new(cidr("10.0.0.0/16")));
    let mut stack = Stack::new("base");
    let own = stack.add("main", Network::new(cidr("10.0.0.0/16")));
    stack.add("part", Part::new(&shared, cidr("10.0.0.0/24")));
    stack.output("arn", input::concat(["arn ".into(), shared.arn().into()]).into_expr());
    let line = line!();
    stack.adjust(&shared, |node| node.lifecycle.prevent_destroy = true);
    stack.depend(&own, [&shared.beside::<Part>("other")]);
    stack.require(&own, input::equal::<String>(shared.arn(), "x"), "is x");
    stack.ensure(&shared, input::equal::<String>(own.arn(), "x"), "is x");
    let problems = stack.check().unwrap_err();
    let text = problems.to_string();
    let at = |behind, what: &str| format!("core/tests/declare.rs:{}: {what}", line + behind);
    for (expected, times) in [
        (
            "network: refers to demo_network.main of another stack, \"base\" (declared at core/tests/declare.rs:",
            1,
        ),
        ("output arn: refers to demo_network.main of another stack", 1),
        (&at(1, "refers to demo_network.main of another stack"), 1),
        (&at(2, "refers to demo_part.other of another stack"), 1),
        ("the condition \"is x\": condition: refers to demo_network.main of another stack", 1),
        (&at(4, "refers to demo_network.main of another stack"), 1),
        ("expected a node of this stack", 6),
    ] {
        assert_eq!(text.matches(expected).count(), times, "{expected:?} in\n{text}");
    }
    assert!(stack.nodes().all(|node| !node.lifecycle.prevent_destroy && node.depends_on.is_empty()));
    base.check().unwrap();

    // A handle from a name belongs to the stack in which it is used. A clone is the same stack.
    let mut copy = base.clone();
    copy.add("part", Part::new(&shared, cidr("10.0.0.0/24")));
    copy.add("more", Part::new(Handle::named("main"), cidr("10.0.1.0/24")));
    let later = copy.handle::<Network>("later");
    copy.add("last", Part::new(&later, cidr("10.1.1.0/24")));
    copy.add("later", Network::new(cidr("10.1.0.0/16")));
    copy.check().unwrap();
}

#[test]
fn scopes_end_and_what_they_do_not_say_is_as_it_was_around_them() {
    let network = || Network::new(cidr("10.0.0.0/16"));
    let origin = |line| Origin { file: "base.yml".into(), line };
    let mut stack = Stack::new("demo");
    let west = Scope::new().provider("demo.west".parse().unwrap());
    stack.within(west.origin(origin(1)), |stack| {
        stack.add("a", network());
        stack.within(Scope::new().origin(origin(2)), |stack| stack.add("b", network()));
        let east = Scope::new().provider("demo.east".parse().unwrap());
        stack.within(east, |stack| stack.add("c", network()));
        stack.add("d", network());
    });
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        stack.within(Scope::new().origin(origin(3)), |_| panic!("in a layer"))
    }));
    assert!(ended.is_err());
    stack.add("e", network());
    let said: Vec<_> = stack
        .nodes()
        .map(|node| {
            let provider = node.provider.as_ref().map_or("", |provider| provider.as_str());
            let origin = node.origin.as_ref().map(|origin| origin.file.to_string()).unwrap_or_default();
            format!("{} {provider} {origin}", node.address.name())
        })
        .collect();
    let expected =
        ["a demo.west base.yml", "b demo.west base.yml", "c demo.east base.yml", "d demo.west base.yml"];
    assert_eq!(said[..4], expected);
    assert_eq!(said[4], "e  core/tests/declare.rs");
}

#[test]
fn a_value_of_a_map_is_referred_to_by_its_key() {
    let mut stack = Stack::new("demo");
    let network = stack.add("main", Network::new(cidr("10.0.0.0/16")).tag("kubernetes.io/role", "node"));
    stack.add("other", Network::new(cidr("10.1.0.0/16")).name(network.tags().key("kubernetes.io/role")));
    stack.check().unwrap();
    let text = serde_json::to_string(&stack).unwrap();
    assert!(text.contains(r#"{"$ref":["demo_network.main","tags[\"kubernetes.io/role\"]"]}"#), "{text}");
}

#[test]
fn slips_in_declarations_are_compile_errors_that_name_them() {
    trybuild::TestCases::new().compile_fail("tests/slips/*.rs");
}

/// A gate, with demands on its fields.
#[resource(
    "demo_gate",
    one_of("ipv4", "ipv6"),
    needs("key", "doors", when("kind", is = "private")),
    refuses("key", when("ipv6"))
)]
pub struct Gate {
    /// Its address.
    pub ipv4: Option<String>,
    /// Its other address.
    pub ipv6: Option<String>,
    /// Its kind.
    #[field(default = "public")]
    pub kind: String,
    /// Its key.
    pub key: Option<String>,
    /// Its doors.
    pub doors: Vec<Way>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct GateAttributes {
    /// The id.
    pub id: Id<Gate>,
}

/// A way to somewhere.
#[block(at_most_one_of("name", "number"))]
pub struct Way {
    /// Its name.
    pub name: Option<String>,
    /// Its number.
    pub number: Option<u32>,
}

#[test]
fn fields_that_do_not_go_together_are_refused_with_the_field() {
    let mut stack = Stack::new("demo");
    stack.add("good", Gate::new().ipv4("a"));
    stack.add("private", Gate::new().ipv4("a").kind("private").key("k").doors([Way::new().name("n")]));
    stack.check().unwrap();
    stack.add("none", Gate::new());
    let other = stack.add("two", Gate::new().ipv6("a").ipv4("b"));
    stack.add("reference", Gate::new().ipv6("a").key(other.ipv4()));
    stack.add("bare", Gate::new().ipv6("a").kind("private"));
    stack.add("way", Gate::new().ipv4("a").doors([Way::new(), Way::new().name("n").number(1)]));
    let problems = stack.check().unwrap_err();
    let told: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.address.as_ref().unwrap().name(), problem.kind))
        .collect();
    assert_eq!(
        told,
        [
            "none: ipv4: missing, expected exactly one of ipv4, ipv6",
            "two: ipv6: given beside ipv4, expected exactly one of ipv4, ipv6",
            "reference: key: given, expected no value with ipv6",
            "bare: key: missing, expected all of key, doors with kind private",
            "way: doors[1].number: given beside name, expected at most one of name, number",
        ]
    );
}

/// The same struct twice: once with our macro, and once with the derives of serde and schemars alone.
mod twins {
    use std::collections::BTreeMap;

    use landform_core::{Cidr, block};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    fn yes() -> bool {
        true
    }

    /// A rule of a firewall.
    ///
    /// It has `ports` or none.
    #[block(one_of("range", "tags"), needs("ports", when("protocol", is = "tcp")))]
    pub struct Rule {
        /// The protocol.
        #[field(immutable, form = "{name}")]
        pub protocol: String,
        /// The peers.
        pub range: Option<Cidr>,
        /// The ports.
        #[field(max_items = 2, computed)]
        pub ports: Vec<u16>,
        /// Labels.
        #[field(required)]
        pub tags: BTreeMap<String, String>,
        /// Whether it counts.
        #[field(default = true)]
        pub counts: bool,
        /// # Its kind
        ///
        /// A word that Rust reserves.
        #[field(required)]
        pub r#type: Option<String>,
    }

    /// A rule of a firewall.
    ///
    /// It has `ports` or none.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[schemars(rename = "Rule", extend("x-choices" = [
        { "amount": "one", "of": ["range", "tags"] },
        { "amount": "all", "of": ["ports"], "when": { "field": "protocol", "is": "tcp" } },
    ]))]
    pub struct Twin {
        /// The protocol.
        #[schemars(extend("x-immutable" = true, "x-form" = "{name}"))]
        pub protocol: String,
        /// The peers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub range: Option<Cidr>,
        /// The ports.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schemars(extend("x-computed" = true, "maxItems" = 2))]
        pub ports: Vec<u16>,
        /// Labels.
        pub tags: BTreeMap<String, String>,
        /// Whether it counts.
        #[serde(default = "yes")]
        pub counts: bool,
        /// # Its kind
        ///
        /// A word that Rust reserves.
        pub r#type: Option<String>,
    }
}

#[test]
fn a_declared_struct_has_the_schema_that_schemars_derives() {
    let [ours, theirs] = [schemars::schema_for!(twins::Rule), schemars::schema_for!(twins::Twin)];
    assert_eq!(ours, theirs);
    assert!(ours.get("properties").is_some_and(|fields| fields["type"]["title"] == "Its kind"));
}

#[test]
fn a_declared_struct_reads_what_serde_derives_and_refuses_the_same() {
    let cases = [
        r#"{"protocol": "tcp", "tags": {}}"#,
        r#"{"protocol": "tcp", "range": "10.0.0.0/8", "ports": [1, 2], "tags": {"a": "b"}, "counts": false, "type": "x"}"#,
        r#"{"protocol": "tcp", "range": null, "tags": {}, "type": null, "later": [{}]}"#,
        r#"{"tags": {}}"#,
        r#"{"protocol": "tcp"}"#,
        r#"{"protocol": 1, "tags": {}}"#,
        r#"{"protocol": "tcp", "tags": {}, "ports": null}"#,
        r#"{"protocol": "tcp", "tags": {}, "ports": [70000]}"#,
        r#"{"protocol": "tcp", "protocol": "udp", "tags": {}}"#,
        r#"{"protocol": "tcp", "tags": {}, "counts": "yes"}"#,
        r#""tcp""#,
    ];
    for case in cases {
        let ours = serde_json::from_str::<twins::Rule>(case).map_err(|error| error.to_string());
        let theirs = serde_json::from_str::<twins::Twin>(case).map_err(|error| error.to_string());
        let theirs = theirs.map_err(|error| error.replace("struct Twin", "struct Rule"));
        let ours = ours.map(|it| serde_json::to_value(it).unwrap());
        assert_eq!(ours, theirs.map(|it| serde_json::to_value(it).unwrap()), "{case}");
    }
}

/// A type as a generator writes it.
#[resource("demo_foreign")]
pub struct Foreign {
    /// Whatever a foreign type calls it.
    #[field(name = "self")]
    pub self_: Option<bool>,
    /// Its size.
    pub size: Option<Number>,
    /// Rules in no order.
    #[field(set)]
    pub rule: Vec<Portal>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// A field with the name that a tag would be added by.
    pub tag: Option<String>,
    /// A password.
    pub password: Option<Secret>,
    /// The name of another one.
    pub other: Option<ValueOf<ForeignName>>,
}

/// What is computed for it.
#[attributes(without_id)]
pub struct ForeignAttributes {
    /// Its name.
    pub name: Option<ValueOf<ForeignName>>,
    /// A plain text.
    pub text: Option<String>,
    /// Gates.
    pub gates: Vec<Portal>,
}

/// The name of a foreign thing.
pub enum ForeignName {}

/// A gate.
#[block(refs)]
pub struct Portal {
    /// Its number.
    pub number: Number,
    /// What is inside it.
    pub inner: Option<Threshold>,
}

/// What is inside a gate.
#[block(refs)]
pub struct Threshold {
    /// A port.
    pub port: Option<u16>,
}

#[test]
fn foreign_types_can_be_declared() {
    let known = Foreign::resource_type();
    assert!(known.arguments.field("self").is_some() && known.arguments.field("self_").is_none());
    assert!(matches!(known.arguments.field("rule").unwrap().kind, Kind::Set(_)));
    assert!(matches!(known.arguments.field("size").unwrap().kind, Kind::Number));
    assert!(known.attributes.field("id").is_none());
    let mut stack = Stack::new("demo");
    let one = stack.add("one", Foreign::new().self_(true).size(2).tags([("a", "b")]).tag("c"));
    let port = one.gates().at(1).fields().inner().fields().port();
    assert_eq!(port.path().to_string(), "gates[1].inner.port");
    let two = Foreign::new()
        .size(port.number())
        .other(one.name())
        .password(one.text())
        .rule([Portal::new(one.size())]);
    stack.add("two", two.tag("d"));
    stack.output("name", one.name());
    stack.check().unwrap();
    let text = serde_json::to_string(&stack).unwrap();
    assert!(text.contains(r#""self":true"#) && text.contains(r#""tag":"c","tags":{"a":"b"}"#), "{text}");
    let other = stack.node("demo_foreign.two").unwrap().arguments.get("other").unwrap().into_owned();
    assert_eq!(serde_json::to_string(&other).unwrap(), r#"{"$ref":["demo_foreign.one","name"]}"#);
}

#[test]
fn numbers_are_the_same_in_any_spelling() {
    let whole: Number = serde_json::from_str("2.0").unwrap();
    assert_eq!((whole.clone(), whole.as_i64(), whole.as_f64()), (Number::from(2), Some(2), Some(2.0)));
    let broken: Number = serde_json::from_str("0.5").unwrap();
    assert!(broken < whole && broken.as_i64().is_none());
    let mut stack = Stack::new("demo");
    stack.add("nan", Foreign::new().size(f64::NAN));
    let said = stack.check().unwrap_err().to_string();
    assert!(said.contains("size: NaN is not a number"), "{said}");
}

/// A tree.
#[block]
pub struct Tree {
    /// Its left part.
    pub left: Option<Box<Tree>>,
    /// Its right part.
    pub right: Option<Box<Tree>>,
}

#[test]
fn a_type_that_holds_itself_is_refused_at_once() {
    let error = landform_core::Schema::of::<Forest>().unwrap_err();
    assert!(error.contains("does the type hold itself?"), "{error}");
}

/// Trees.
#[block]
pub struct Forest {
    /// Its trees.
    pub trees: Vec<Tree>,
}
