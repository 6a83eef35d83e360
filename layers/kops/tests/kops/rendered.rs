//! Renders a stack's resources as plain values, so that tests can compare them.

pub mod google;

use landform_core::Stack;
use landform_core::expr::{Expr, Function};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields that are sets in AWS: the order of their items has no meaning.
const SETS: [&str; 8] = [
    "enabled_metrics",
    "load_balancers",
    "security_groups",
    "subnet_mapping",
    "suspended_processes",
    "tag",
    "target_group_arns",
    "vpc_zone_identifier",
];

/// The resources of a stack by address, each in canonical form with its references as in Terraform.
pub fn rendered(stack: &Stack) -> BTreeMap<String, Value> {
    stack.nodes().map(|node| (node.address.to_string(), canonical(&render(&node.arguments), ""))).collect()
}

/// A value with its references as in Terraform.
pub fn render(expr: &Expr) -> Value {
    match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Ref(reference) => format!("${{{}.{}}}", reference.node, reference.path).into(),
        Expr::List(items) => items.iter().map(render).collect(),
        Expr::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), render(value))).collect::<Map<_, _>>().into()
        }
        // kops stores the network's range in a local value.
        Expr::Call(Function::CidrSubnet, arguments) => {
            let number = render(&arguments[2]);
            format!("${{cidrsubnet(local.vpc_ipv6_cidr_block, 64 - local.vpc_ipv6_cidr_length, {number})}}")
                .into()
        }
        // Shows the text instead of its base64.
        Expr::Call(Function::Base64, arguments) => render(&arguments[0]),
        other => panic!("the layer makes no such expression: {other:?}"),
    }
}

/// The form for comparisons: sorted sets, a block instead of a list of one block, policies as documents.
pub fn canonical(value: &Value, field: &str) -> Value {
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
