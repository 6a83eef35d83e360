//! Compares wanted and existing arguments for a plan. Pure. An unknown value counts as different.

use std::ops::ControlFlow::Continue;

use landform_core::{
    expr::{Expr, Glance},
    path::Trail,
    schema::{Comparison, Difference, Place, Schema},
};
use serde_json::Value as Json;

use crate::{plan::FieldChange, seal};

/// The differences of arguments, in the order of the field names. `salt` is the salt of the seals.
pub(crate) fn differences(schema: &Schema, wanted: &Expr, is: &Json, salt: &str) -> Vec<FieldChange> {
    let mut found = Vec::new();
    let fits = |place: Place<'_>, kept: &Json, clear: &Json| seal::fits(place, kept, clear, salt);
    let comparison = Comparison { fits: &fits, trusts: false };
    comparison.differences(schema.top(), Glance::at(wanted), is, &mut |at, difference| {
        found.push(change(at, difference));
        Continue(())
    });
    found
}

fn change(at: &Trail<'_>, Difference { place, wanted, is }: Difference<'_>) -> FieldChange {
    let wanted = wanted.map_or(Expr::NULL, Glance::to_expr);
    let sensitive = place.is_secret() || matches!(wanted, Expr::Secret(_));
    let (before, after) = match wanted {
        wanted if !sensitive => (is.clone(), wanted),
        secret @ Expr::Secret(_) => (Json::Null, secret),
        wanted => (Json::Null, Expr::Secret(Box::new(wanted))),
    };
    FieldChange { path: at.path(), before, after, replaces: place.is_immutable(), sensitive }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::{BTreeMap, BTreeSet};

    use landform_core::{Id, Resource, attributes, block, resource};
    use serde_json::json;

    use super::*;

    /// A thing.
    #[resource("demo_thing")]
    pub struct Thing {
        /// Fixed.
        #[field(immutable)]
        pub place: String,
        /// Chosen.
        #[field(computed)]
        pub zone: Option<String>,
        /// Ports.
        pub ports: BTreeSet<u16>,
        /// Tags.
        pub tags: BTreeMap<String, String>,
        /// Doors.
        pub doors: Vec<Door>,
        /// Code.
        #[field(secret)]
        pub code: Option<String>,
    }

    /// Attributes.
    #[attributes]
    pub struct ThingAttributes {
        /// Id.
        pub id: Id<Thing>,
    }

    /// A door.
    #[block]
    pub struct Door {
        /// Width.
        pub width: u32,
        /// Its wall.
        #[field(immutable)]
        pub wall: Option<String>,
    }

    fn diff(wanted: Json, is: Json) -> Vec<String> {
        let schema = &Thing::resource_type().arguments;
        let wanted = schema.complete(Expr::Literal(wanted));
        let changes = differences(schema, &wanted, &is, "salt");
        changes
            .iter()
            .map(|change| format!("{}{}", change.path, if change.replaces { "!" } else { "" }))
            .collect()
    }

    #[test]
    fn equal_things_do_not_differ_whatever_their_form() {
        let is = json!({ "place": "a", "zone": "z1", "ports": [443, 80], "tags": {}, "doors": null });
        assert!(diff(json!({ "place": "a", "ports": [80, 443], "doors": [] }), is).is_empty());
    }

    #[test]
    fn differences_are_named_by_path_and_force_replacement_where_immutable() {
        let is = json!({
            "place": "a", "tags": { "x": "1", "y": "2" },
            "doors": [{ "width": 1, "wall": "n" }, { "width": 2, "wall": "s" }], "ports": [1],
        });
        let wanted = json!({
            "place": "b", "tags": { "x": "1", "z": "4" },
            "doors": [{ "width": 5, "wall": "n" }, { "width": 2, "wall": "e" }],
        });
        assert_eq!(
            diff(wanted, is),
            ["doors[0].width", "doors[1].wall!", "place!", "ports", "tags.z", "tags.y"]
        );
    }

    #[test]
    fn secrets_are_compared_by_their_seal_and_never_shown() {
        let sealed = seal::seal_value(&json!("1234"), "salt");
        let is = json!({ "place": "a", "code": sealed });
        assert!(diff(json!({ "place": "a", "code": "1234" }), is.clone()).is_empty());
        let schema = &Thing::resource_type().arguments;
        let wanted = schema.complete(Expr::Literal(json!({ "place": "a", "code": "9876" })));
        let changes = differences(schema, &wanted, &is, "salt");
        assert_eq!(changes.len(), 1);
        assert!(changes[0].sensitive);
        assert!(!serde_json::to_string(&changes).unwrap().contains("9876"));
    }
}
