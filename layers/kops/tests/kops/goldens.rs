//! kops's own cases: what it reads is read, and what it makes is made, attribute by attribute.

use crate::{goldens, stack_of, text};
use landform_core::Stack;
use landform_core::expr::Expr;
use landform_kops::{Spec, validate};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[test]
fn every_spec_is_read_and_valid() {
    let mut cases = 0;
    for file in std::fs::read_dir(goldens().join("specs")).unwrap() {
        let spec = Spec::load(file.unwrap().path()).unwrap_or_else(|problems| panic!("{problems}"));
        validate(&spec).unwrap_or_else(|problems| panic!("{problems}"));
        cases += 1;
    }
    assert_eq!(cases, 51);
}

#[test]
fn minimal_aws() {
    compare("minimal-aws");
}

#[test]
fn private_shared_subnet() {
    compare("private-shared-subnet");
}

#[test]
fn privatecalico() {
    compare("privatecalico");
}

#[test]
fn shared_vpc() {
    compare("shared_vpc");
}

#[test]
fn ha() {
    compare("ha");
}

/// Cases without golden output here make stacks that have no problem.
#[test]
fn every_aws_case_makes_a_sound_stack() {
    let mut cases = 0;
    for file in std::fs::read_dir(goldens().join("specs")).unwrap() {
        let path = file.unwrap().path();
        let case = path.file_stem().unwrap().to_str().unwrap().to_string();
        if !case.contains("gce") {
            let (stack, _) = stack_of(&text(&case)).unwrap_or_else(|problems| panic!("{problems}"));
            stack.check().unwrap_or_else(|problems| panic!("{case}: {problems}"));
            cases += 1;
        }
    }
    assert_eq!(cases, 43);
}

/// Compares a case's stack with kops's output: the set of addresses, then every attribute.
fn compare(case: &str) {
    let wanted = std::fs::read_to_string(goldens().join(format!("{case}.json"))).unwrap();
    let wanted: BTreeMap<String, Value> = serde_json::from_str(&wanted).unwrap();
    let (stack, _) = stack_of(&text(case)).unwrap_or_else(|problems| panic!("{problems}"));
    stack.check().unwrap_or_else(|problems| panic!("{problems}"));
    let made = rendered(&stack);
    let (wanted_names, made_names): (Vec<_>, Vec<_>) = (wanted.keys().collect(), made.keys().collect());
    assert_eq!(made_names, wanted_names);
    for (address, wanted) in &wanted {
        assert_eq!(&made[address], wanted, "{address}");
    }
}

/// The resources of a stack in the form of the golden files.
pub(crate) fn rendered(stack: &Stack) -> BTreeMap<String, Value> {
    let nodes = stack.nodes().map(|node| (node.address.to_string(), canonical(&render(&node.arguments), "")));
    nodes.collect()
}

/// An expression with its references as in Terraform.
fn render(expr: &Expr) -> Value {
    match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Ref(reference) => format!("${{{}.{}}}", reference.node, reference.path).into(),
        Expr::List(items) => items.iter().map(render).collect(),
        Expr::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), render(value))).collect::<Map<_, _>>().into()
        }
        other => panic!("the layer makes no such expression: {other:?}"),
    }
}

/// The form in which values are compared.
fn canonical(value: &Value, field: &str) -> Value {
    const SETS: [&str; 8] = [
        "enabled_metrics",
        "security_groups",
        "target_group_arns",
        "vpc_zone_identifier",
        "tag",
        "load_balancers",
        "suspended_processes",
        "subnet_mapping",
    ];
    match value {
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), canonical(value, key))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(|item| canonical(item, "")).collect();
            if SETS.contains(&field) {
                items.sort_by_key(Value::to_string);
            }
            match items.as_slice() {
                [only @ Value::Object(_)] => only.clone(),
                _ => items.into(),
            }
        }
        Value::String(text) if text.starts_with('{') => match serde_json::from_str(text) {
            Ok(document) => document,
            Err(_) => value.clone(),
        },
        other => other.clone(),
    }
}
