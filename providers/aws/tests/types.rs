//! The list of types: every declaration is well formed, and what they refer to is in the list.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use landform_aws::types;
use landform_core::{
    Rule, Schema,
    schema::{Field, Kind},
};

/// What a template may name beside the fields of its resource.
const RANDOM: [&str; 9] = ["hex8", "hex17", "digits12", "region", "account", "zone", "ipv4", "ipv6", "dns"];

#[test]
fn names_are_unique_and_documented() {
    let mut seen = BTreeSet::new();
    for known in types() {
        assert!(seen.insert(known.name_str()), "{} is listed twice", known.name_str());
        assert!(!known.doc.is_empty(), "{} says nothing of itself", known.name_str());
        for field in fields(&known.arguments).into_iter().chain(fields(&known.attributes)) {
            assert!(!field.doc.is_empty(), "{}.{} says nothing of itself", known.name_str(), field.name);
        }
    }
}

#[test]
fn references_lead_to_listed_types() {
    let names: BTreeSet<&str> = types().iter().map(|known| known.name_str()).collect();
    for known in types() {
        for field in fields(&known.arguments).into_iter().chain(fields(&known.attributes)) {
            let target = target(&field.kind);
            if let Some(target) = &target {
                assert!(names.contains(target.as_str()), "{}.{} → {target}", known.name_str(), field.name);
            }
            assert!(
                !field.weak || target.is_some(),
                "{}.{} is weak for nothing",
                known.name_str(),
                field.name
            );
        }
    }
}

#[test]
fn rules_and_templates_name_fields_that_exist() {
    for known in types() {
        let has = |name: &str| known.arguments.field(name).or(known.attributes.field(name)).is_some();
        for rule in known.rules {
            let named: Vec<&str> = match rule {
                Rule::Unique(fields) => fields.to_vec(),
                Rule::Disjoint { field, within } => vec![field, within],
                Rule::Inside { field, of } => vec![field, of],
            };
            for name in named {
                assert!(has(name), "{}: a rule names {name}", known.name_str());
            }
        }
        let forms = known.arguments.fields().iter().chain(known.attributes.fields());
        let forms = forms.filter_map(|field| field.form.as_deref()).chain([known.id_form]);
        for form in forms {
            for place in form.split('{').skip(1) {
                let name = place.split('}').next().unwrap();
                assert!(has(name) || RANDOM.contains(&name), "{}: {form} names {name}", known.name_str());
            }
        }
    }
}

/// The fields of a schema and of all blocks in it.
fn fields(schema: &Schema) -> Vec<&Field> {
    let inner = schema.fields().iter().filter_map(|field| block(&field.kind));
    schema.fields().iter().chain(inner.flat_map(fields)).collect()
}

fn block(kind: &Kind) -> Option<&Schema> {
    match kind {
        Kind::Block(block) => Some(block),
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => block(item),
        _ => None,
    }
}

fn target(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Text { refers_to, .. } => refers_to.as_ref().map(|name| name.as_str().to_owned()),
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => target(item),
        _ => None,
    }
}
