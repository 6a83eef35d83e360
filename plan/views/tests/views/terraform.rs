//! Terraform's forms, compared with Terraform if it is installed.

use std::{collections::BTreeSet, path::Path, process::Command};

use landform_core::{
    Handle, Id, Input, Resource, Stack, attributes,
    expr::{Expr, Reference, Resolved},
    input, resource,
};
use landform_views::{self as view, read_tfstate};
use serde_json::{Value as Json, json};

use super::{
    golden, pretty,
    world::{self, World},
};

/// Terraform's built-in resource that only holds data.
#[resource("terraform_data", id = "{hex8}")]
pub struct Data {
    /// Anything.
    pub input: Option<Json>,
    /// A value whose change replaces it.
    #[field(immutable)]
    pub triggers_replace: Option<Json>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct DataAttributes {
    /// The id.
    pub id: Id<Data>,
    /// The input.
    #[field(volatile)]
    pub output: Json,
}

pub fn any(value: impl Into<Expr>) -> Input<Json> {
    Input::from_expr(value.into())
}

/// A stack of Terraform's own resources, with every function and every escape.
fn functions() -> Stack {
    let mut stack = Stack::new("functions");
    let text = "${not a reference} %{nor a directive} \"quoted\" \\ back\tslash\nsecond line";
    let plain = stack.add("plain", Data::new().input(any(text)));
    let long: String = (0..20).map(|line| format!("line {line} of ${{literal}}\n")).collect();
    stack.add("long", Data::new().input(any(long.as_str())));
    let from = Input::<String>::from_expr(Expr::reference(&plain, "input".parse().unwrap()));
    let inner = input::format("<{}|{}>", [from.clone(), "a \"b\" ${c}".into()]);
    let list = [from.clone(), "two".into(), "${three}".into()];
    let map = Expr::map(
        [
            ("key ${x}".to_owned(), Expr::from("v")),
            (
                "list".to_owned(),
                Expr::list(vec![from.clone().into_expr(), Expr::Literal(json!([1, true, null]))]),
            ),
        ]
        .into(),
    );
    let words: Input<Vec<String>> = vec!["here".to_owned(), "there".to_owned()].into();
    let conditions = [
        ("equal", input::equal::<String>(from.clone(), text)),
        ("unequal", input::not(input::equal::<String>(from.clone(), "other"))),
        ("at_most", input::at_most::<u64>(input::length(words.clone()), 2u64)),
        ("at_least", input::at_least::<u64>(input::length(words.clone()), 3u64)),
        ("has", input::has::<String>(words, "there")),
        ("contains", input::contains(from.clone(), "second")),
        ("matches", input::matches("t3.large", "t[34]\\.(large|xlarge)")),
        ("misses", input::matches("at3.large", "t3")),
    ];
    for (name, value) in conditions.clone() {
        stack.output(name, value.into_expr());
    }
    let [equal, unequal, .., misses] = conditions.map(|(_, condition)| condition);
    stack.output("all", input::all([equal.clone(), misses.clone()]).into_expr());
    stack.output("any", input::any([equal.clone(), misses]).into_expr());
    stack.ensure(&plain, equal, "it is itself, with \"quotes\" and ${no reference}");
    let values: [(&str, Input<String>); 8] = [
        ("concat", input::concat(["a-".into(), from.clone(), "-%{z}".into()])),
        ("format", inner.clone()),
        ("join", input::join(", ", list)),
        ("base64", input::base64(inner.clone())),
        ("sha256", input::sha256(input::concat(["x".into(), inner]))),
        ("json", input::json_encode(map.clone())),
        ("nested", input::base64(input::json_encode(map.clone()))),
        ("lines", input::base64(input::concat([long.as_str().into(), from]))),
    ];
    for (name, value) in values {
        stack.output(name, value.into_expr());
    }
    let second = stack.add("second", Data::new().input(any(map)).triggers_replace(any("1")));
    stack.adjust(&second, |node| {
        node.lifecycle.create_before_destroy = true;
        node.lifecycle.ignore_changes.push("triggers_replace".parse().unwrap());
        node.lifecycle.replace_triggered_by.push("terraform_data.plain".parse().unwrap());
    });
    let third = stack.add("third", Data::new());
    stack.require(&third, unequal, "the first is another");
    stack.depend(&third, [second.address().clone()]);
    stack.adjust(&third, |node| node.lifecycle.prevent_destroy = true);
    stack.check().unwrap();
    stack
}

/// Writes an export to a place where Terraform finds it.
pub fn write(export: &view::Export, directory: &Path) {
    for (path, text) in &export.files {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::fs::write(directory.join("main.tf.json"), pretty(&export.main)).unwrap();
}

/// The output of Terraform. `None` if it is not installed.
pub fn run(directory: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("terraform");
    command.args(arguments).current_dir(directory);
    command.env_remove("TF_CLI_CONFIG_FILE").env("CHECKPOINT_DISABLE", "1").env("TF_IN_AUTOMATION", "1");
    let Ok(output) = command.output() else {
        eprintln!("terraform is not installed: its own reading of the export is not compared");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {text}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(text)
}

#[test]
fn terraform_computes_what_an_exported_stack_says() {
    let stack = functions();
    let export = view::terraform(&stack).unwrap();
    golden("functions.tf.json", &pretty(&export.main));
    assert_eq!(export.files.len(), 2, "{:?}", export.files.keys());

    let directory = tempfile::tempdir().unwrap();
    write(&export, directory.path());
    if run(directory.path(), &["init", "-backend=false"]).is_none() {
        return;
    }
    run(directory.path(), &["validate"]);
    run(directory.path(), &["apply", "-auto-approve", "-no-color"]);
    let outputs = run(directory.path(), &["output", "-json"]).unwrap();
    let outputs: Json = serde_json::from_str(&outputs).unwrap();
    let input_of = |reference: &Reference| {
        let arguments = stack.node(reference.node.as_str()).unwrap().arguments.expose().unwrap();
        Resolved::Known(reference.path.find(&arguments).unwrap().clone())
    };
    for (name, value) in stack.outputs() {
        let ours = value.resolve(&mut { input_of }).unwrap().expose().unwrap();
        let theirs = &outputs[name]["value"];
        match name.as_str() {
            // Both are JSON of the same value. Terraform escapes more characters than necessary.
            "json" => {
                let read = |text: &Json| serde_json::from_str::<Json>(text.as_str().unwrap()).unwrap();
                assert_eq!(read(&ours), read(theirs));
            }
            _ => assert_eq!(ours, *theirs, "{name}"),
        }
    }
    // A stack can take over its state.
    let state = std::fs::read_to_string(directory.path().join("terraform.tfstate")).unwrap();
    let state = read_tfstate(&state).unwrap();
    let mut known: Vec<&str> = state.resources.iter().map(|known| known.address.as_str()).collect();
    known.sort_unstable();
    assert_eq!(
        known,
        ["terraform_data.long", "terraform_data.plain", "terraform_data.second", "terraform_data.third"]
    );
    assert_eq!(state.resources[0].provider, "terraform.io/builtin/terraform");
    let mut stack = functions();
    let taken = state.take_over(&mut stack);
    assert!((taken.taken.len(), taken.undeclared.len(), taken.left_out.len()) == (4, 0, 0), "{taken:?}");
    assert!(stack.nodes().all(|node| node.lifecycle.import.is_some()));
    let mut other = Stack::new("other");
    let plain = other.add("plain", Data::new());
    assert_eq!(state.take_over(&mut other).undeclared.len(), 3);
    let imported = state.resources.iter().find(|known| known.address == *plain.address()).unwrap();
    let node = other.node(plain.address().as_str()).unwrap();
    assert_eq!(node.lifecycle.import.as_ref(), Some(&imported.id));
}

/// In Terraform's JSON syntax an expression can be constant and a reference at the same time. In Landform it is one or
/// the other.
pub fn references_alone(value: &mut Json) {
    match value {
        Json::Object(fields) => {
            if fields.contains_key("references") {
                fields.remove("constant_value");
            }
            fields.values_mut().for_each(references_alone);
        }
        Json::Array(items) => items.iter_mut().for_each(references_alone),
        _ => {}
    }
}

#[tokio::test]
async fn the_json_plan_is_the_one_that_terraform_makes() {
    let mut stack = Stack::new("plans");
    let first = stack.add("first", Data::new().input(any("x")));
    let list = Expr::list(vec![Expr::from(first.id()), "k".into()]);
    stack.add("second", Data::new().input(any(list)));
    stack.add("third", Data::new().input(any(Json::from(false))).triggers_replace(any("1")));
    let first_id = || Input::<String>::from(first.id());
    let third = Handle::<Data>::named("third");
    stack.ensure(&first, input::matches(first_id(), ".*-.*"), "an id as Terraform makes them");
    stack.require(&third, input::equal::<Json>(first.input(), any("x")), "the first is x");
    stack.output("id", first.id());
    stack.output("fixed", Expr::Literal(json!({ "a": [1] })));

    let world = World::of(vec![Data::resource_type()]);
    let plan = world.engine.plan(&stack).await.unwrap();
    let ours = view::terraform_json(&plan, &stack, &world.engine.state("plans").await.unwrap());
    golden("plans.json", &pretty(&ours));

    let directory = tempfile::tempdir().unwrap();
    write(&view::terraform(&stack).unwrap(), directory.path());
    if run(directory.path(), &["init", "-backend=false"]).is_none() {
        return;
    }
    run(directory.path(), &["plan", "-out", "plan"]);
    let theirs = run(directory.path(), &["show", "-json", "plan"]).unwrap();
    let mut theirs: Json = serde_json::from_str(&theirs).unwrap();
    // For an unknown value of any type, Terraform marks that it holds no secret. Landform omits the mark.
    for change in theirs["resource_changes"].as_array_mut().unwrap() {
        change["change"]["after_sensitive"].as_object_mut().unwrap().remove("output");
    }
    for resource in theirs["planned_values"]["root_module"]["resources"].as_array_mut().unwrap() {
        resource["sensitive_values"].as_object_mut().unwrap().remove("output");
    }
    references_alone(&mut theirs["configuration"]);
    for part in [
        "format_version",
        "terraform_version",
        "output_changes",
        "configuration",
        "planned_values",
        "relevant_attributes",
        "checks",
        "applyable",
        "complete",
        "errored",
    ] {
        assert_eq!(ours[part], theirs[part], "{part}");
    }
    assert_eq!(ours["resource_changes"], theirs["resource_changes"]);

    assert!(world.engine.apply(&plan).await.unwrap().is_complete());
    let state = world.engine.state("plans").await.unwrap();
    let known = |name: &str| (name == "terraform_data").then(Data::resource_type);
    let ours = view::terraform_state_json(&state, &known);
    golden("state.json", &pretty(&ours));
    run(directory.path(), &["apply", "-no-color", "plan"]);
    let theirs: Json = serde_json::from_str(&run(directory.path(), &["show", "-json"]).unwrap()).unwrap();
    let shape = |state: &Json| {
        let resources = state["values"]["root_module"]["resources"].as_array().unwrap();
        let keys = |resource: &Json| {
            let mut resource = resource.as_object().unwrap().clone();
            let values = resource.remove("values").unwrap();
            resource.remove("sensitive_values");
            let names: Vec<String> = values.as_object().unwrap().keys().cloned().collect();
            (resource, names)
        };
        let outputs = state["values"]["outputs"].as_object().unwrap();
        let types: Vec<_> =
            outputs.iter().map(|(name, output)| (name.clone(), output["type"].clone())).collect();
        (resources.iter().map(keys).collect::<Vec<_>>(), types, state["format_version"].clone())
    };
    assert_eq!(shape(&ours), shape(&theirs));
}

#[tokio::test]
async fn an_exported_stack_keeps_its_blocks_secrets_and_lifecycle() {
    let export = view::terraform(&world::after()).unwrap();
    golden("after.tf.json", &pretty(&export.main));
    for text in export.files.values() {
        assert!(text.starts_with("#!/bin/sh"));
    }
    // This command needs no provider, but reads the whole configuration: blocks, lifecycles, moves, imports, removals.
    let directory = tempfile::tempdir().unwrap();
    write(&export, directory.path());
    run(directory.path(), &["providers"]);
    let fail = Input::<String>::from_expr(Expr::Call(
        landform_core::expr::Function::Fail,
        vec!["no such file".into()],
    ));
    let mut stack = Stack::new("bad");
    stack.add("bad", world::Role::new("bad", fail));
    assert_eq!(view::terraform(&stack).unwrap_err().to_string(), "demo_role.bad.policy: no such file");
}

/// The number of texts in one resource.
const CHUNK: usize = 40;

/// Texts with a meaning in Terraform's templates, and random texts, the same in each run.
fn texts() -> Vec<String> {
    const SIGNS: [&str; 28] = [
        "$",
        "$",
        "$",
        "%",
        "%",
        "{",
        "{",
        "}",
        "\"",
        "\\",
        "~",
        "a",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\u{1b}",
        "\u{7f}",
        "\u{2028}",
        "\u{feff}",
        "ä",
        "👍🏽",
        "${",
        "%{ if true }",
        "${path.module}",
        "\\u0024",
        "//",
    ];
    let pairs = SIGNS.into_iter().flat_map(|first| SIGNS.map(|second| format!("{first}{second}")));
    let mut texts: BTreeSet<String> = SIGNS.map(str::to_owned).into_iter().chain(pairs).collect();
    texts.insert(String::new());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for length in (0..200).map(|number| 3 + number % 9) {
        let mut text = String::new();
        for _ in 0..length {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(SIGNS[(state % SIGNS.len() as u64) as usize]);
        }
        texts.insert(text);
    }
    texts.into_iter().collect()
}

#[test]
fn terraform_reads_any_text_back_as_it_was() {
    let mut stack = Stack::new("texts");
    let word = stack.add("word", Data::new().input(any("X")));
    let word = Input::<String>::from_expr(Expr::reference(&word, "input".parse().unwrap()));
    let texts = texts();
    // Each text alone, as a key, and around references, in both syntaxes.
    let written = |text: &String| {
        let given = || Input::<String>::from(text.as_str());
        let around = || input::concat([given(), word.clone(), given(), word.clone()]);
        let template = format!("{}{{}}", text.replace("{}", "{ }"));
        let key = |value: Expr| Expr::map([(text.clone(), value)].into());
        Expr::list(vec![
            text.as_str().into(),
            key("v".into()),
            around().into_expr(),
            input::format(&template, [word.clone()]).into_expr(),
            input::join("", [around(), given()]).into_expr(),
            input::json_encode(key(word.clone().into_expr())).into_expr(),
        ])
    };
    for (number, texts) in texts.chunks(CHUNK).enumerate() {
        let written = Expr::list(texts.iter().map(written).collect());
        stack.add(&format!("t{number}"), Data::new().input(any(written)));
    }
    let directory = tempfile::tempdir().unwrap();
    write(&view::terraform(&stack).unwrap(), directory.path());
    // The expected text is a variable, in which Terraform evaluates no template. Terraform compares the two.
    let right = |number: usize, text: &String| {
        let it = format!("local.written[{}][{}]", number / CHUNK, number % CHUNK);
        let given = format!("var.texts[{number}]");
        let template = match text.contains("{}") {
            true => format!("replace({given}, \"{{}}\", \"{{ }}\")"),
            false => given.clone(),
        };
        let checks = [
            format!("{it}[0] == {given}"),
            format!("keys({it}[1])[0] == {given}"),
            format!("{it}[2] == \"${{{given}}}X${{{given}}}X\""),
            format!("{it}[3] == \"${{{template}}}X\""),
            format!("{it}[4] == \"${{{given}}}X${{{given}}}X${{{given}}}\""),
            format!("jsondecode({it}[5]) == {{ ({given}) = \"X\" }}"),
        ];
        format!("${{[{}]}}", checks.join(", "))
    };
    let checks: Vec<String> = texts.iter().enumerate().map(|(number, text)| right(number, text)).collect();
    let written =
        (0..texts.len().div_ceil(CHUNK)).map(|number| format!("${{terraform_data.t{number}.input}}"));
    let check = json!({
        "variable": { "texts": {} },
        "locals": { "written": written.collect::<Vec<_>>() },
        "output": { "right": { "value": checks } },
    });
    std::fs::write(directory.path().join("check.tf.json"), check.to_string()).unwrap();
    let given = json!({ "texts": texts }).to_string();
    std::fs::write(directory.path().join("terraform.tfvars.json"), given).unwrap();
    if run(directory.path(), &["init", "-backend=false"]).is_none() {
        return;
    }
    // All values are known before any creation.
    run(directory.path(), &["plan", "-no-color", "-out", "plan"]);
    let plan: Json =
        serde_json::from_str(&run(directory.path(), &["show", "-json", "plan"]).unwrap()).unwrap();
    let right = plan["planned_values"]["outputs"]["right"]["value"].as_array().unwrap();
    assert_eq!(right.len(), texts.len());
    for (text, right) in texts.iter().zip(right) {
        assert_eq!(*right, json!([true, true, true, true, true, true]), "{text:?}");
    }
}

#[test]
fn what_terraform_has_no_name_for_is_refused() {
    let mut stack = Stack::new("names");
    stack.output("a b\u{1b}[31m", "x");
    let error = view::terraform(&stack).unwrap_err().to_string();
    assert!(error.starts_with("output.a b\\u001b[31m: expected a name"), "{error}");
}
