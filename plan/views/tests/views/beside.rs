//! The JSON plan compared with Terraform's plan of the same changes to the same state.

mod cases;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use landform_core::{Address, Resource};
use landform_state::journal::State;
use landform_views as view;
use serde_json::{Map, Value as Json, json};

use super::{
    pretty,
    terraform::{Data, references_alone, run, write},
    world::World,
};
use cases::{
    Case, SECRET, addresses, destruction, first, nothing, refresh, replacements, secrets, targets, turned,
    updates,
};

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
