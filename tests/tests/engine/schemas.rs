//! Resource types as JSON Schema documents, checked with a validator of other authors.

use std::sync::Arc;

use jsonschema::Validator;
use landform::{
    ResourceType, Schema, aws,
    conformance::{Extent, invent},
};
use serde_json::{Value as Json, json};

use landform_testkit::demo;

/// Every type, including the demo types.
fn types() -> Vec<Arc<ResourceType>> {
    let demo = demo::types().map(Arc::clone);
    aws::types().into_iter().chain(demo).collect()
}

/// A validator. It refuses a document that is not a JSON Schema.
fn validator(document: &Json) -> Validator {
    assert!(jsonschema::meta::is_valid(document), "{document}");
    jsonschema::draft202012::new(document).unwrap()
}

#[test]
fn every_type_is_a_json_schema_that_takes_what_the_type_takes() {
    let types = types();
    assert!(types.len() > 50, "{} types only", types.len());
    for known in &types {
        let document = known.to_json_schema();
        let validator = validator(&document);
        for extent in [Extent::Least, Extent::Most] {
            let refer = &mut |to: &_| Some(format!("{to}-1"));
            let Some(invented) = invent(known, extent, "a-name", refer) else { continue };
            let wrong: Vec<String> =
                validator.iter_errors(&invented.arguments).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{}: {wrong:?} in {}", known.name, invented.arguments);
            assert!(known.arguments.check(&invented.arguments.clone().into()).is_empty());
        }
        assert!(!validator.is_valid(&json!({ "no_such_field": 1 })), "{}", known.name);
        assert!(!validator.is_valid(&json!([])), "{}", known.name);
    }
}

#[test]
fn a_document_says_all_that_the_schema_says() {
    for known in types() {
        for schema in [&known.arguments, &known.attributes] {
            let text = serde_json::to_string(schema).unwrap();
            let again: Schema = serde_json::from_str(&text).unwrap();
            assert_eq!(again, *schema, "{}", known.name);
        }
    }
}

#[test]
fn what_a_type_refuses_its_document_refuses() {
    let network = demo::types().into_iter().find(|known| known.name.as_str() == "demo_network").unwrap();
    let validator = validator(&network.to_json_schema());
    assert!(validator.is_valid(&json!({ "range": "10.0.0.0/8", "dns": null, "tags": { "a": "b" } })));
    for wrong in [
        json!({}),
        json!({ "range": 5 }),
        json!({ "range": "10.0.0.0/8", "dns": "yes" }),
        json!({ "range": "10.0.0.0/8", "tags": { "a": 1 } }),
        json!({ "range": "10.0.0.0/8", "nam": "n" }),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
        assert!(!network.arguments.check(&wrong.clone().into()).is_empty(), "{wrong}");
    }
}
