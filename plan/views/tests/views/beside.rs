//! The JSON plan compared with Terraform's plan of the same changes to the same state.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use landform_core::{Address, Handle, Input, Resource, Stack, expr::Expr, input};
use landform_engine::{PlanOptions, Refresh};
use landform_state::journal::State;
use landform_views as view;
use serde_json::{Map, Value as Json, json};

use super::{
    pretty,
    terraform::{Data, any, references_alone, run, write},
    world::{Broken, World},
};

const SECRET: &str = "hunter2";

fn at(name: &str) -> Address {
    format!("terraform_data.{name}").parse().unwrap()
}

/// A reference to a path in a node.
fn of(name: &str, path: &str) -> Expr {
    Expr::reference(Handle::<Data>::named(name), path.parse().unwrap())
}

fn text(name: &str, path: &str) -> Input<String> {
    Input::from_expr(of(name, path))
}

/// The previous state, the new declarations, and Terraform's options.
struct Case {
    before: Vec<(Stack, Option<Broken>)>,
    after: Stack,
    options: PlanOptions,
    arguments: Vec<&'static str>,
    /// Objects that exist and are in no state.
    exists: Vec<&'static str>,
}

impl Case {
    fn new(before: Stack, after: Stack) -> Self {
        let options = PlanOptions::default();
        Self { before: vec![(before, None)], after, options, arguments: Vec::new(), exists: Vec::new() }
    }
}

/// Nodes with every kind of dependency.
fn chain(last: &str) -> Stack {
    let mut stack = Stack::new("beside");
    stack.add("z", Data::new().input(any("z")));
    stack.add("a", Data::new().input(any(Expr::map([("k".to_owned(), of("z", "id"))].into()))));
    let parts = vec![
        of("z", "output"),
        of("a", "input.k"),
        input::concat([text("z", "output"), "-x".into()]).into_expr(),
    ];
    stack.add("b", Data::new().input(any(Expr::list(parts))));
    stack.add("c", Data::new().input(any(Expr::list(vec![of("b", "input[1]"), last.into()]))));
    stack.add("n", Data::new().input(any(of("a", "input.k"))));
    stack.output("n", of("n", "input"));
    stack.output("same", Expr::Literal(json!({ "a": [1, null, {}] })));
    stack
}

fn updates() -> Case {
    let mut before = chain("1");
    before.add("gone", Data::new().input(any(of("b", "output"))));
    before.output("goes", Expr::from("goes"));
    before.output("changes", of("c", "output"));
    let mut after = chain("2");
    after.output("changes", of("c", "output"));
    after.output("new", Expr::list(vec![of("a", "id"), of("c", "output[0]"), "x".into()]));
    Case::new(before, after)
}

fn replacements() -> Case {
    let stack = |edition: &str, aside: &str, tainted: bool| {
        let mut stack = Stack::new("beside");
        stack.add("z", Data::new().input(any("z")));
        stack.add("a", Data::new().input(any(of("z", "id"))));
        let asked = stack.add("asked", Data::new().input(any("t")));
        stack.adjust(&asked, |node| node.lifecycle.create_before_destroy = true);
        stack.add("both", Data::new().input(any("t")).triggers_replace(any(edition)));
        stack.add("cause", Data::new().input(any(edition)).triggers_replace(any(json!([edition]))));
        let caused = stack.add("caused", Data::new().input(any(of("cause", "id"))));
        stack.adjust(&caused, |node| node.lifecycle.replace_triggered_by = vec![at("cause")]);
        let aside = Data::new().input(any(of("z", "output"))).triggers_replace(any(aside));
        let aside = stack.add("aside", aside);
        stack.adjust(&aside, |node| node.lifecycle.create_before_destroy = true);
        if tainted {
            let trigger = any(of("a", "input"));
            stack.add("tainted", Data::new().input(any(edition)).triggers_replace(trigger));
        }
        stack
    };
    let mut case = Case::new(stack("1", "1", false), stack("2", "2", true));
    case.before.push((stack("1", "1", true), Some(Broken::Creations)));
    case.before.push((stack("1", "2", true), Some(Broken::Deletions)));
    case.options.replace = vec![at("asked"), at("both")];
    case.arguments = vec!["-replace=terraform_data.asked", "-replace=terraform_data.both"];
    case
}

fn addresses() -> Case {
    let mut before = chain("1");
    before.add("gone", Data::new().input(any("g")));
    before.add("left", Data::new().input(any("l")));
    let mut after = Stack::new("beside");
    after.add("z", Data::new().input(any("z")));
    after.add("aa", Data::new().input(any(Expr::map([("k".to_owned(), of("z", "id"))].into()))));
    after.moved(at("a"), at("aa"));
    let parts = vec![
        of("z", "output"),
        of("aa", "input.k"),
        input::concat([text("z", "output"), "-x".into()]).into_expr(),
    ];
    after.add("b", Data::new().input(any(Expr::list(parts))));
    after.add("c", Data::new().input(any(Expr::list(vec![of("b", "input[1]"), "1".into()]))));
    after.add("n", Data::new().input(any(of("aa", "input.k"))));
    after.moved(at("gone"), at("gone_too"));
    after.removed(at("left"));
    after.add("taken", Data::new().input(any("t")));
    after.add("taken_as_it_is", Data::new());
    let ids = ["taken", "taken_as_it_is"].map(|name| (at(name), format!("id-of-{name}")));
    after.import(ids);
    after.output("n", of("n", "input"));
    let mut case = Case::new(before, after);
    case.exists = vec!["id-of-taken", "id-of-taken_as_it_is"];
    case
}

fn targets() -> Case {
    let mut after = chain("2");
    after.add("new", Data::new().input(any("x")));
    let mut case = Case::new(chain("1"), after);
    case.options.targets = vec![at("c")];
    case.arguments = vec!["-target=terraform_data.c"];
    case
}

fn destruction() -> Case {
    let mut case = replacements();
    case.options = PlanOptions { destroy: true, ..PlanOptions::default() };
    case.arguments = vec!["-destroy"];
    case
}

fn refresh() -> Case {
    let mut case = Case::new(chain("1"), chain("1"));
    case.options.refresh = Refresh::Only;
    case.arguments = vec!["-refresh-only"];
    case
}

fn secret(value: impl Into<Expr>) -> Expr {
    Expr::Secret(Box::new(value.into()))
}

/// Known and unknown secrets: declared ones, and values derived from them.
fn secrets() -> Case {
    let mut stack = Stack::new("beside");
    stack.add("new", Data::new().input(any("n")));
    let list = vec![secret(SECRET), of("new", "id"), secret(of("new", "id"))];
    let mixed = [
        ("known", secret(SECRET)),
        ("later", secret(of("new", "id"))),
        ("open", of("new", "id")),
        ("list", Expr::list(list)),
        ("text", input::concat(["a-".into(), text("new", "id").secret()]).into_expr()),
    ];
    let mixed = mixed.map(|(key, value)| (key.to_owned(), value));
    stack.add("mixed", Data::new().input(any(Expr::map(mixed.into()))));
    // A value derived from another node's secret argument is also a secret.
    let parts = vec![of("mixed", "input.later"), of("mixed", "input.open"), of("mixed", "input.known")];
    stack.add("made", Data::new().input(any(Expr::list(parts))));
    stack.output("known", secret(SECRET));
    stack.output("later", secret(of("new", "id")));
    stack.output("made", of("mixed", "input.text"));
    stack.output("open", of("mixed", "input.open"));
    stack.output("part", Expr::list(vec!["x".into(), of("made", "input[0]")]));
    let mut case = Case::new(Stack::new("beside"), stack);
    case.before.clear();
    case
}

/// A public value becomes a secret.
fn turned() -> Case {
    let stack = |value: Expr| {
        let mut stack = Stack::new("beside");
        stack.add("turns", Data::new().input(any(value.clone())));
        stack.add("inside", Data::new().input(any(Expr::list(vec!["a".into(), value.clone()]))));
        stack.add("replaced", Data::new().input(any("r")).triggers_replace(any(value)));
        stack
    };
    Case::new(stack("open".into()), stack(secret(SECRET)))
}

fn first() -> Case {
    let mut case = Case::new(Stack::new("beside"), chain("1"));
    case.before.clear();
    case
}

fn nothing() -> Case {
    Case::new(chain("1"), chain("1"))
}

/// The type of a value in the notation of Terraform's states.
fn type_of(value: &Json) -> Json {
    match value {
        Json::Null => "dynamic".into(),
        Json::Bool(_) => "bool".into(),
        Json::Number(_) => "number".into(),
        Json::String(_) => "string".into(),
        Json::Array(items) => json!(["tuple", items.iter().map(type_of).collect::<Vec<_>>()]),
        Json::Object(fields) => {
            let types: Map<String, Json> =
                fields.iter().map(|(key, value)| (key.clone(), type_of(value))).collect();
            json!(["object", types])
        }
    }
}

/// All direct and indirect dependencies of these addresses. Terraform lists all of them, Landform only the named ones.
fn all_behind<'a>(
    names: impl IntoIterator<Item = &'a str>,
    depends: &BTreeMap<String, Vec<String>>,
) -> BTreeSet<String> {
    let mut open: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let mut all = BTreeSet::new();
    while let Some(next) = open.pop() {
        open.extend(depends.get(&next).into_iter().flatten().cloned());
        all.insert(next);
    }
    all
}

/// A token in the form of Terraform's keys: eight hexadecimal digits.
fn deposed_key(token: &str) -> &str {
    &token.trim_start_matches("lf-")[..8]
}

/// Landform's state in Terraform's stored form.
fn tfstate(state: &State) -> Json {
    let depends: BTreeMap<String, Vec<String>> = state
        .objects()
        .filter(|(key, _)| key.deposed.is_none())
        .map(|(key, object)| {
            (key.address.to_string(), object.depends_on.iter().map(ToString::to_string).collect())
        })
        .collect();
    let mut instances: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for (key, object) in state.objects() {
        let (arguments, attributes) = (object.args.value().unwrap(), object.attributes.value().unwrap());
        let dynamic = |value: &Json| match value {
            Json::Null => Json::Null,
            value => json!({ "value": value, "type": type_of(value) }),
        };
        let dependencies = all_behind(object.depends_on.iter().map(Address::as_str), &depends);
        let mut instance = json!({
            "schema_version": 0,
            "attributes": {
                "id": object.id,
                "input": dynamic(&arguments["input"]),
                "triggers_replace": dynamic(&arguments["triggers_replace"]),
                "output": dynamic(&attributes["output"]),
            },
            "sensitive_attributes": [],
            "dependencies": dependencies,
        });
        if object.tainted {
            instance["status"] = "tainted".into();
        }
        if object.create_before_destroy {
            instance["create_before_destroy"] = true.into();
        }
        if let Some(token) = &key.deposed {
            instance["deposed"] = deposed_key(token.as_str()).into();
        }
        instances.entry(key.address.name().to_owned()).or_default().push(instance);
    }
    let resources: Vec<Json> = instances
        .into_iter()
        .map(|(name, instances)| {
            let provider = r#"provider["terraform.io/builtin/terraform"]"#;
            let mode = "managed";
            json!({ "mode": mode, "type": "terraform_data", "name": name, "provider": provider, "instances": instances })
        })
        .collect();
    let outputs: Map<String, Json> = state
        .outputs()
        .iter()
        .map(|(name, value)| (name.clone(), json!({ "value": value, "type": type_of(value) })))
        .collect();
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1,
        "lineage": "5f0ae6dd-5b5a-4b6d-a9d6-1d2c2a1a1b1c", "outputs": outputs, "resources": resources,
    })
}

/// Both plans. `None` if Terraform is not installed.
async fn both(case: Case, directory: &Path) -> Option<[Json; 2]> {
    let world = World::of(vec![Data::resource_type()]);
    for id in &case.exists {
        world.put(id, json!({}));
    }
    for (stack, broken) in &case.before {
        world.breaks(*broken);
        let plan = world.engine.plan(stack).await.unwrap();
        let report = world.engine.apply(&plan).await.unwrap();
        assert_eq!(report.is_complete(), broken.is_none(), "{report:?}");
    }
    world.breaks(None);
    let state = world.engine.state("beside").await.unwrap();
    let plan = world.engine.plan_with(&case.after, &case.options).await.unwrap();
    let ours = view::terraform_json(&plan, &case.after, &state);
    let export = view::terraform(&case.after).unwrap();
    write(&export, directory);
    std::fs::write(directory.join("terraform.tfstate"), pretty(&tfstate(&state))).unwrap();
    if export.main.get("variable").is_none() {
        let again = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(view::terraform_json(&again, &case.after, &state), ours, "a stored plan shows the same");
    }
    let variables: Map<String, Json> = export.main["variable"]
        .as_object()
        .into_iter()
        .flat_map(|variables| variables.keys().map(|name| (name.clone(), SECRET.into())))
        .collect();
    std::fs::write(directory.join("terraform.tfvars.json"), pretty(&variables.into())).unwrap();
    if !directory.join(".terraform").exists() {
        run(directory, &["init", "-backend=false", "-no-color"])?;
        std::fs::create_dir_all(directory.join(".terraform")).unwrap();
    }
    let mut arguments = vec!["plan", "-no-color", "-input=false", "-out", "plan"];
    arguments.extend(&case.arguments);
    run(directory, &arguments)?;
    let theirs = run(directory, &["show", "-json", "plan"])?;
    // The one intended difference: Landform never shows a secret.
    let theirs = theirs.replace(&format!("\"{SECRET}\""), "\"(sensitive)\"");
    Some([ours, serde_json::from_str(&theirs).unwrap()])
}

/// Removes intended differences.
fn comparable(plan: &mut Json) {
    // For an unknown value of any type, Terraform marks that it holds no secret. Landform omits the mark.
    let no_output = |mask: &mut Json| {
        if let Some(mask) = mask.as_object_mut() {
            mask.remove("output");
        }
    };
    let short = |key: Option<&mut Json>| {
        if let Some(key) = key {
            *key = deposed_key(key.as_str().unwrap()).into();
        }
    };
    for change in plan["resource_changes"].as_array_mut().into_iter().flatten() {
        short(change.get_mut("deposed"));
        no_output(&mut change["change"]["before_sensitive"]);
        no_output(&mut change["change"]["after_sensitive"]);
    }
    // Terraform lists forgotten resources among the planned values, without values.
    if let Some(resources) = plan["planned_values"]["root_module"]["resources"].as_array_mut() {
        resources.retain(|resource| resource.get("values").is_some());
    }
    if plan["complete"] == false {
        plan["planned_values"].as_object_mut().unwrap().remove("outputs");
    }
    for values in ["/planned_values", "/prior_state/values"] {
        let resources =
            plan.pointer_mut(values).and_then(|values| values["root_module"]["resources"].as_array_mut());
        let resources = resources.map(std::mem::take).unwrap_or_default();
        let depends: BTreeMap<String, Vec<String>> = resources
            .iter()
            .filter(|resource| resource.get("deposed_key").is_none())
            .map(|resource| {
                let names = resource["depends_on"].as_array().into_iter().flatten();
                let names = names.map(|name| name.as_str().unwrap().to_owned()).collect();
                (resource["address"].as_str().unwrap().to_owned(), names)
            })
            .collect();
        let resources: Vec<Json> = resources
            .into_iter()
            .map(|mut resource| {
                short(resource.get_mut("deposed_key"));
                no_output(&mut resource["sensitive_values"]);
                if let Some(names) = resource.get("depends_on").and_then(Json::as_array) {
                    let names: Vec<&str> = names.iter().map(|name| name.as_str().unwrap()).collect();
                    resource["depends_on"] = json!(all_behind(names, &depends));
                }
                resource
            })
            .collect();
        if let Some(values) = plan.pointer_mut(values)
            && !resources.is_empty()
        {
            values["root_module"]["resources"] = resources.into();
        }
    }
    if let Some(relevant) = plan["relevant_attributes"].as_array_mut() {
        relevant.sort_by_key(ToString::to_string);
    }
    // Terraform evaluates the new outputs here, before any change.
    if let Some(values) = plan["prior_state"]["values"].as_object_mut() {
        values.remove("outputs");
    }
    references_alone(&mut plan["configuration"]);
}

#[tokio::test]
async fn the_json_plan_is_terraforms_whatever_changes() {
    let directory = tempfile::tempdir().unwrap();
    type Make = fn() -> Case;
    let cases: [(&str, Make); 10] = [
        ("first", first),
        ("nothing", nothing),
        ("updates", updates),
        ("replacements", replacements),
        ("addresses", addresses),
        ("targets", targets),
        ("destruction", destruction),
        ("refresh", refresh),
        ("secrets", secrets),
        ("turned", turned),
    ];
    let mut wrong = Vec::new();
    for (name, case) in cases {
        let Some([mut ours, mut theirs]) = both(case(), directory.path()).await else { return };
        for plan in [&mut ours, &mut theirs] {
            comparable(plan);
        }
        for part in [
            "planned_values",
            "resource_drift",
            "resource_changes",
            "output_changes",
            "prior_state",
            "configuration",
            "relevant_attributes",
            "checks",
            "applyable",
            "complete",
            "errored",
        ] {
            let meant = match name {
                // An export turns each secret into a variable.
                "secrets" | "turned" => part == "configuration",
                // Terraform leaves out outputs when there are targets.
                "targets" => part == "output_changes",
                _ => false,
            };
            if !meant {
                differences(&format!("{name}: {part}"), &ours[part], &theirs[part], &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The deepest place where two values differ.
fn differences(place: &str, ours: &Json, theirs: &Json, wrong: &mut Vec<String>) {
    match (ours, theirs) {
        (Json::Object(a), Json::Object(b)) => {
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                differences(&format!("{place}.{key}"), &ours[key], &theirs[key], wrong);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (number, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{place}[{number}]"), a, b, wrong);
            }
        }
        _ if ours == theirs => {}
        _ => wrong.push(format!("{place}: ours {ours}, Terraform's {theirs}")),
    }
}
