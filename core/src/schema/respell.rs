//! Keeps the spelling of values, and the values that a provider chose. A cloud returns the meaning of what it was
//! given, in its own spelling. What others refer to should not change with the spelling.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Comparison, Field, Inside, Place, Schema};
use crate::{
    expr::{Expr, Glance},
    secret::holds_seals,
};

impl Schema {
    /// Gives a value the spelling in `known` where both mean the same, takes from there what clouds store nowhere, and
    /// leaves out what others manage too and `known` does not have.
    pub fn respell(&self, value: &mut Json, known: &Json) {
        self.top().respell(value, known);
    }

    /// Arguments, with existing values wherever the provider chose them and none is given.
    pub fn fill(&self, wanted: Expr, is: &Json) -> Expr {
        self.top().fill(wanted, is)
    }

    /// Whether anything has more than one spelling: a text with a meaning, a set, a number, a value that clouds store
    /// nowhere, or one that others manage too.
    pub fn has_spellings(&self) -> bool {
        self.any(&mut |place| {
            place.is_set()
                || place.field().is_some_and(|field| field.unseen || field.shared)
                || place.meaning().is_some()
                || place.kind().is_some_and(|kind| kind.is_numeric())
        })
    }

    /// Whether some part of it counts as it is recorded, because clouds do not store it or others manage it too.
    pub fn has_unseen(&self) -> bool {
        self.any(&mut |place| place.field().is_some_and(|field| field.unseen || field.shared))
    }

    /// Whether the provider chooses some value if none is given.
    pub fn has_choices(&self) -> bool {
        self.any(&mut |place| place.is_computed())
    }
}

impl Place<'_> {
    fn respell(self, value: &mut Json, known: &Json) {
        if value == known || known.is_null() {
            return;
        }
        match (self.inside(), &mut *value, known) {
            (Inside::Items(_), Json::Array(items), Json::Array(known)) if self.is_set() => {
                let found = std::mem::take(items);
                *items = self.respell_set(found, known);
            }
            (Inside::Items(_) | Inside::Anything, Json::Array(items), Json::Array(known))
                if items.len() == known.len() && self.meaning().is_none() =>
            {
                let pairs = items.iter_mut().zip(known).enumerate();
                pairs.for_each(|(place, (item, known))| self.index(place).respell(item, known));
            }
            (
                Inside::Fields(_) | Inside::Entries(_) | Inside::Anything,
                Json::Object(fields),
                Json::Object(known),
            ) if self.meaning().is_none() => {
                for (key, field) in fields.iter_mut() {
                    if let Some(known) = known.get(key) {
                        self.key(key).respell(field, known);
                    }
                }
                for field in self.schema().map_or(&[][..], Schema::fields) {
                    match known.get(&field.name) {
                        Some(known) if field.unseen => _ = fields.insert(field.name.clone(), known.clone()),
                        None if field.unseen || field.shared => _ = fields.remove(&field.name),
                        Some(_) | None => {}
                    }
                }
            }
            (
                Inside::Nothing
                | Inside::Anything
                | Inside::Items(_)
                | Inside::Entries(_)
                | Inside::Fields(_),
                value,
                known,
            ) => {
                if self.same(known, value) {
                    *value = known.clone();
                }
            }
        }
    }

    /// The known items come first, in their previous order.
    fn respell_set(self, mut found: Vec<Json>, known: &[Json]) -> Vec<Json> {
        let wanted: Vec<Glance<'_>> = known.iter().map(Glance::Json).collect();
        let pairs = Comparison { trusts: true, ..Comparison::default() }.pairs(self, &wanted, &found);
        let mut items = Vec::with_capacity(found.len());
        for (known, place) in known.iter().zip(&pairs) {
            if let Some(place) = place {
                let mut item = std::mem::take(&mut found[*place]);
                self.index(0).respell(&mut item, known);
                items.push(item);
            }
        }
        let mut is_new = vec![true; found.len()];
        pairs.iter().flatten().for_each(|place| is_new[*place] = false);
        items.extend(found.into_iter().zip(is_new).filter_map(|(item, is_new)| is_new.then_some(item)));
        items
    }

    fn fill(self, wanted: Expr, is: &Json) -> Expr {
        if !self.any(&mut Place::is_computed) {
            return wanted;
        }
        match wanted {
            Expr::Secret(inner) => Expr::Secret(Box::new(self.fill(*inner, is))),
            Expr::Map(fields) => self.fill_fields(fields, is),
            Expr::Literal(Json::Object(fields)) => {
                let fields = fields.into_iter().map(|(key, field)| (key, Expr::Literal(field))).collect();
                self.fill_fields(fields, is)
            }
            Expr::List(items) => self.fill_items(items, is),
            Expr::Literal(Json::Array(items)) => {
                self.fill_items(items.into_iter().map(Expr::Literal).collect(), is)
            }
            other @ (Expr::Literal(_) | Expr::Ref(_) | Expr::Call(..)) => other,
        }
    }

    fn fill_fields(self, mut fields: BTreeMap<String, Expr>, is: &Json) -> Expr {
        for (key, field) in &mut fields {
            if let Some(is) = is.get(key) {
                *field = self.key(key).fill(std::mem::replace(field, Expr::NULL), is);
            }
        }
        let gives = |fields: &BTreeMap<String, Expr>, name: &str| {
            fields.get(name).is_some_and(|given| *given != Expr::NULL)
        };
        // What the provider chose before does not go beside what the declaration gives in its place.
        // A generated name stays beside its prefix.
        let is_displaced = |field: &Field| {
            let displaces = |name: &str| gives(&fields, name);
            field.generated.is_none()
                && self.schema().is_some_and(|schema| schema.is_displaced(&field.name, displaces))
        };
        let computed = self.schema().map_or(&[][..], Schema::fields).iter().filter(|field| field.computed);
        let kept: Vec<&Field> = computed.filter(|field| !is_displaced(field)).collect();
        for field in kept {
            let place = self.enter(field);
            // The seal of a secret must never reach a provider.
            let is = is.get(&field.name).filter(|is| !place.says_nothing(is) && !holds_seals(is));
            if let (Some(is), None) = (is, fields.get(&field.name)) {
                fields.insert(field.name.clone(), place.mark(is.clone()));
            }
        }
        Expr::map(fields)
    }

    fn fill_items(self, items: Vec<Expr>, is: &Json) -> Expr {
        let present = is.as_array().map(Vec::as_slice).unwrap_or_default();
        let pairs: Vec<Option<usize>> = if self.is_set() {
            let wanted: Vec<Glance<'_>> = items.iter().map(Glance::at).collect();
            Comparison { trusts: true, ..Comparison::default() }.pairs(self, &wanted, present)
        } else {
            (0..items.len()).map(|place| (place < present.len()).then_some(place)).collect()
        };
        let items = items.into_iter().zip(pairs);
        let fill = |(item, place): (Expr, Option<usize>)| match place {
            Some(place) => self.index(place).fill(item, &present[place]),
            None => item,
        };
        Expr::list(items.map(fill).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::ops::ControlFlow::Continue;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_generated_name_stays_beside_its_prefix() {
        let schema = Schema::from_json_schema(&json!({
            "type": "object",
            "properties": {
                "name": { "type": "string", "x-computed": true, "x-generated": "name_prefix" },
                "name_prefix": { "type": "string", "x-unseen": true },
            },
            "x-choices": [{ "amount": "at_most_one", "of": ["name", "name_prefix"] }],
        }))
        .unwrap();
        let wanted = Expr::from(json!({ "name_prefix": "web-" }));
        let filled = schema.fill(wanted, &json!({ "name": "web-1", "name_prefix": "web-" }));
        assert_eq!(filled.expose(), Some(json!({ "name": "web-1", "name_prefix": "web-" })));
    }

    #[test]
    fn what_others_manage_too_counts_only_where_the_record_has_it() {
        let schema = Schema::from_json_schema(&json!({
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "rules": { "type": "array", "items": { "type": "string" }, "x-computed": true, "x-shared": true },
            },
        }))
        .unwrap();
        let shown = json!({ "name": "a", "rules": ["x"] });
        let read = |recorded: Json| {
            let mut read = shown.clone();
            schema.respell(&mut read, &recorded);
            read
        };
        assert!(schema.has_spellings());
        assert_eq!(read(json!({ "name": "a" })), json!({ "name": "a" }));
        assert_eq!(read(json!({ "name": "a", "rules": ["y"] })), shown);
        assert_eq!(read(Json::Null), shown);
    }

    #[test]
    fn what_clouds_keep_nowhere_is_as_it_is_recorded() {
        let schema = Schema::from_json_schema(&json!({
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "force_delete": { "type": "boolean", "x-unseen": true },
            },
        }))
        .unwrap();
        assert!(schema.has_spellings());
        let recorded = json!({ "name": "a", "force_delete": true });
        let mut read = json!({ "name": "a", "force_delete": false });
        schema.respell(&mut read, &recorded);
        assert_eq!(read, recorded);
        schema.respell(&mut read, &json!({ "name": "a" }));
        assert_eq!(read, json!({ "name": "a" }));

        let differences = |trusts| {
            let mut paths = Vec::new();
            let comparison = Comparison { trusts, ..Comparison::default() };
            let read = json!({ "name": "b", "force_delete": false });
            comparison.differences(schema.top(), Glance::Json(&recorded), &read, &mut |at, _| {
                paths.push(at.path().to_string());
                Continue(())
            });
            paths
        };
        assert_eq!(differences(true), ["name"]);
        assert_eq!(differences(false), ["force_delete", "name"]);
    }
}
