//! Ignored fields: fills the arguments of a node with the existing values of what it ignores. Compares nothing and
//! calls nobody.

use std::collections::BTreeMap;

use landform_core::{
    Ignore, Schema,
    expr::Expr,
    path::Step,
    schema::{Inside, Place},
};
use serde_json::Value as Json;

/// The arguments, with existing values in the ignored fields. Existing values may hold seals in place of secrets; they
/// stay seals.
pub(crate) fn keep(schema: &Schema, arguments: Expr, is: &Json, ignored: &Ignore) -> Expr {
    match ignored {
        Ignore::All => schema.top().mark(is.clone()),
        Ignore::Paths(paths) => paths.iter().fold(arguments, |arguments, path| {
            put(schema.top(), Some(arguments), path.steps(), Some(is)).unwrap_or(Expr::NULL)
        }),
    }
}

/// The declared value of a place, if there is one, with existing values at the end of the steps.
fn put(place: Place<'_>, declared: Option<Expr>, steps: &[Step], is: Option<&Json>) -> Option<Expr> {
    let is = is.filter(|is| !is.is_null());
    let Some((step, rest)) = steps.split_first() else {
        let was_secret = matches!(declared, Some(Expr::Secret(_)));
        let place = if was_secret { place.marked_secret() } else { place };
        return is.map(|is| place.mark(is.clone()));
    };
    match (step, declared) {
        (_, Some(Expr::Secret(inner))) => {
            let kept = put(place, Some(*inner), steps, is)?;
            Some(Expr::Secret(Box::new(kept)))
        }
        (Step::Key(key), Some(Expr::Map(fields))) => Some(put_field(place, fields, key, rest, is)),
        (Step::Key(key), Some(Expr::Literal(Json::Object(fields)))) => {
            let fields = fields.into_iter().map(|(key, field)| (key, Expr::Literal(field))).collect();
            Some(put_field(place, fields, key, rest, is))
        }
        (Step::Key(key), None | Some(Expr::Literal(Json::Null))) => put_undeclared(place, key, rest, is),
        (Step::Index(index), Some(Expr::List(items))) => Some(put_item(place, items, *index, rest, is)),
        (Step::Index(index), Some(Expr::Literal(Json::Array(items)))) => {
            let items = items.into_iter().map(Expr::Literal).collect();
            Some(put_item(place, items, *index, rest, is))
        }
        // A value that is unknown, of another kind, or an undeclared list has no such place.
        (_, declared) => declared,
    }
}

fn put_field(
    place: Place<'_>,
    mut fields: BTreeMap<String, Expr>,
    key: &str,
    rest: &[Step],
    is: Option<&Json>,
) -> Expr {
    let kept = put(place.key(key), fields.remove(key), rest, is.and_then(|is| is.get(key)));
    fields.extend(kept.map(|kept| (key.to_owned(), kept)));
    Expr::map(fields)
}

fn put_item(place: Place<'_>, mut items: Vec<Expr>, index: u32, rest: &[Step], is: Option<&Json>) -> Expr {
    if let Some(item) = items.get_mut(index as usize) {
        let is = is.and_then(|is| is.get(index as usize));
        *item = put(place.index(index as usize), Some(std::mem::replace(item, Expr::NULL)), rest, is)
            .unwrap_or(Expr::NULL);
    }
    Expr::list(items)
}

/// An existing value that is not declared stays because something in it is ignored. Of a block, its required fields
/// stay too. Values that the provider chose stay anyway.
fn put_undeclared(place: Place<'_>, key: &str, rest: &[Step], is: Option<&Json>) -> Option<Expr> {
    let is = is.filter(|is| is.is_object() && !place.is_computed())?;
    let kept = put(place.key(key), None, rest, is.get(key))?;
    let mut fields = BTreeMap::from([(key.to_owned(), kept)]);
    match place.inside() {
        Inside::Fields(schema) => {
            for field in schema.fields().iter().filter(|field| field.required && field.name != key) {
                let value = is.get(&field.name).filter(|value| !value.is_null());
                fields.extend(
                    value.map(|value| (field.name.clone(), place.key(&field.name).mark(value.clone()))),
                );
            }
        }
        Inside::Nothing | Inside::Anything | Inside::Items(_) | Inside::Entries(_) => {}
    }
    Some(Expr::map(fields))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use landform_core::{Id, Path, Resource, attributes, block, resource};
    use serde_json::json;

    use super::*;

    /// A thing.
    #[resource("demo_kept")]
    pub struct Kept {
        /// A number.
        pub a: Option<u32>,
        /// Labels.
        pub tags: BTreeMap<String, String>,
        /// Labels that the cloud chooses.
        #[field(computed)]
        pub chosen: BTreeMap<String, String>,
        /// Parts.
        pub list: Vec<Part>,
        /// A part.
        pub one: Option<Part>,
        /// A code.
        #[field(secret)]
        pub code: Option<String>,
    }

    /// A part.
    #[block]
    pub struct Part {
        /// Its name.
        pub p: String,
        /// Its size.
        pub q: Option<u32>,
        /// Its colour.
        pub r: Option<String>,
    }

    /// Attributes.
    #[attributes]
    pub struct KeptAttributes {
        /// Id.
        pub id: Id<Kept>,
    }

    fn kept(wanted: Json, is: Json, paths: &[&str]) -> Expr {
        let paths: Vec<Path> = paths.iter().map(|path| path.parse().unwrap()).collect();
        let schema = &Kept::resource_type().arguments;
        keep(schema, schema.complete(Expr::Literal(wanted)), &is, &paths.into())
    }

    #[test]
    fn ignored_paths_are_as_they_are_and_all_else_as_declared() {
        let is = json!({ "a": 1, "tags": { "x": "is", "z": "is" }, "list": [{ "p": "is" }, { "p": "is" }] });
        let wanted = json!({ "a": 2, "tags": { "x": "w", "y": "w" }, "list": [{ "p": "w" }, { "p": "w" }] });
        let paths = ["tags.x", "tags.y", "tags.z", "list[1].p", "none.deep"];
        let expected =
            json!({ "a": 2, "tags": { "x": "is", "z": "is" }, "list": [{ "p": "w" }, { "p": "is" }] });
        assert_eq!(kept(wanted, is, &paths), Expr::Literal(expected));
    }

    #[test]
    fn what_is_not_declared_stays_for_what_is_ignored_in_it() {
        let is = json!({
            "tags": { "theirs": "x", "other": "y" }, "chosen": { "a": "1", "b": "2" },
            "one": { "p": "name", "q": 1, "r": "red" }, "list": [{ "p": "is" }],
        });
        let paths = ["tags.theirs", "chosen.a", "one.q", "list[0].p", "a"];
        let expected = json!({ "tags": { "theirs": "x" }, "one": { "p": "name", "q": 1 } });
        assert_eq!(kept(json!({}), is, &paths), Expr::Literal(expected));
    }

    #[test]
    fn an_ignored_secret_is_as_it_is_and_stays_a_secret() {
        let sealed = json!({ "code": "$sealed:00" });
        assert_eq!(kept(json!({ "code": "mine" }), sealed.clone(), &["code"]), Expr::Literal(sealed));
        let kept = kept(json!({ "code": "mine" }), json!({ "code": "theirs" }), &["code"]);
        assert_eq!(kept.expose(), Some(json!({ "code": "theirs" })));
        assert_eq!(format!("{kept:?}"), r#"{"code":{"$secret":null}}"#);
    }

    #[test]
    fn all_is_everything() {
        let schema = &Kept::resource_type().arguments;
        let is = json!({ "a": 1, "code": "theirs" });
        let kept = keep(schema, Expr::Literal(json!({ "a": 2, "tags": { "x": "y" } })), &is, &Ignore::All);
        assert_eq!(kept.expose(), Some(is));
        assert!(!format!("{kept:?}").contains("theirs"));
    }
}
