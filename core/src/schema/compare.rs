//! Compares wanted and existing values by the schema. Only this module decides when two values are equal.
//!
//! A wanted value may be unknown, and counts as different until it is known. An existing value may have seals in place
//! of secrets.

use std::ops::ControlFlow::{self, Break, Continue};

use serde_json::Value as Json;

use super::{Inside, Place, Schema, canonical::is_empty, sets};
use crate::{
    expr::{Expr, Glance},
    number,
    path::Trail,
};

/// The rules of a comparison that the schema does not give.
#[derive(Clone, Copy)]
pub struct Comparison<'a> {
    /// Whether a stored seal stands for a value. The arguments are the place, the seal, and the value.
    pub fits: &'a dyn Fn(Place<'_>, &Json, &Json) -> bool,
    /// Whether a hidden secret, and a value that clouds store nowhere, counts as equal to the wanted one.
    pub trusts: bool,
}

/// A difference.
#[derive(Debug, Clone, Copy)]
pub struct Difference<'a> {
    /// The schema of the place.
    pub place: Place<'a>,
    /// The wanted value; `None` if there is none.
    pub wanted: Option<Glance<'a>>,
    /// The existing value; null if there is none.
    pub is: &'a Json,
}

/// Receives each difference and its place, and says whether to continue.
pub type Hear<'h> = dyn FnMut(&Trail<'_>, Difference<'_>) -> ControlFlow<()> + 'h;

/// Matches no seal.
const NO_SEALS: &dyn Fn(Place<'_>, &Json, &Json) -> bool = &|_, _, _| false;

impl Schema {
    /// Whether two values have the same meaning by the schema.
    pub fn same(&self, a: &Json, b: &Json) -> bool {
        self.top().same(a, b)
    }
}

impl Place<'_> {
    /// Whether two values have the same meaning here.
    pub fn same(self, a: &Json, b: &Json) -> bool {
        let comparison = Comparison { fits: NO_SEALS, trusts: false };
        a == b || comparison.is_same(self, Glance::Json(a), b) && comparison.is_same(self, Glance::Json(b), a)
    }

    /// Whether a value is given. Null is not given. An empty value is not given either, unless the provider would
    /// choose a value, or null differs here.
    fn is_given(self, value: Glance<'_>) -> bool {
        match value {
            Glance::Json(value) => !value.is_null() && (self.is_computed() || !self.says_nothing(value)),
            Glance::Expr(_) => true,
        }
    }
}

impl Default for Comparison<'_> {
    /// For values without seals.
    fn default() -> Self {
        Self { fits: NO_SEALS, trusts: false }
    }
}

impl Comparison<'_> {
    /// Reports each difference, in the order of the fields' names.
    pub fn differences(self, place: Place<'_>, wanted: Glance<'_>, is: &Json, hear: &mut Hear<'_>) {
        let _ = match place.schema() {
            Some(schema) if place.kind().is_none() => {
                self.fields(place, schema, wanted, is, &Trail::Top, hear)
            }
            _ => self.value(place, wanted, is, &Trail::Top, hear),
        };
    }

    /// Whether there is no difference.
    pub fn is_same(self, place: Place<'_>, wanted: Glance<'_>, is: &Json) -> bool {
        self.value(place, wanted, is, &Trail::Top, &mut |_, _| Break(())).is_continue()
    }

    fn fields(
        self,
        place: Place<'_>,
        schema: &Schema,
        wanted: Glance<'_>,
        is: &Json,
        at: &Trail<'_>,
        hear: &mut Hear<'_>,
    ) -> ControlFlow<()> {
        for field in schema.fields().iter().filter(|field| !field.write_only) {
            let place = place.enter(field);
            let is = is.get(&field.name).unwrap_or(&Json::Null);
            let at = Trail::Key(at, &field.name);
            match wanted.get(&field.name).filter(|wanted| place.is_given(*wanted)) {
                _ if self.trusts && field.unseen => {}
                None if field.computed || place.says_nothing(is) => {}
                None => hear(&at, Difference { place, wanted: None, is })?,
                Some(_) if self.trusts && field.secret && is.is_null() => {}
                Some(wanted) => self.value(place, wanted, is, &at, hear)?,
            }
        }
        Continue(())
    }

    fn value(
        self,
        place: Place<'_>,
        wanted: Glance<'_>,
        is: &Json,
        at: &Trail<'_>,
        hear: &mut Hear<'_>,
    ) -> ControlFlow<()> {
        match wanted {
            Glance::Expr(Expr::Secret(inner)) => {
                let place = place.marked_secret();
                let same = inner.expose().is_some_and(|value| {
                    (self.trusts && is.is_null())
                        || (self.fits)(place, is, &value)
                        || self.is_same(place, Glance::Json(&value), is)
                });
                return if same {
                    Continue(())
                } else {
                    hear(at, Difference { place, wanted: Some(wanted), is })
                };
            }
            Glance::Expr(Expr::Ref(_) | Expr::Call(..)) => {
                return hear(at, Difference { place, wanted: Some(wanted), is });
            }
            Glance::Json(value) if value == is || (self.fits)(place, is, value) => return Continue(()),
            Glance::Json(value) if is_empty(value) && is_empty(is) && !place.is_null_different() => {
                return Continue(());
            }
            Glance::Json(_) | Glance::Expr(Expr::Literal(_) | Expr::List(_) | Expr::Map(_)) => {}
        }
        let inside = if place.meaning().is_some() && matches!(place.inside(), Inside::Anything) {
            Inside::Nothing
        } else {
            place.inside()
        };
        match inside {
            Inside::Fields(schema) if is.is_object() && wanted.entries().is_some() => {
                self.fields(place, schema, wanted, is, at, hear)
            }
            Inside::Items(_) if place.is_set() => self.set(place, wanted, is, at, hear),
            Inside::Items(_) | Inside::Anything if wanted.list_len().is_some() => {
                self.list(place, wanted, is, at, hear)
            }
            Inside::Entries(_) if wanted.entries().is_some() => self.map(place, wanted, is, at, hear),
            Inside::Anything if is.is_object() && wanted.entries().is_some() => {
                self.map(place, wanted, is, at, hear)
            }
            Inside::Nothing
            | Inside::Anything
            | Inside::Items(_)
            | Inside::Entries(_)
            | Inside::Fields(_) => match wanted {
                Glance::Json(value) if same_scalar(place, value, is) => Continue(()),
                wanted => hear(at, Difference { place, wanted: Some(wanted), is }),
            },
        }
    }

    /// Compares lists of the same length item by item, and others as a whole, because an item in the middle has no
    /// identity.
    fn list(
        self,
        place: Place<'_>,
        wanted: Glance<'_>,
        is: &Json,
        at: &Trail<'_>,
        hear: &mut Hear<'_>,
    ) -> ControlFlow<()> {
        let present = is.as_array().map(Vec::as_slice).unwrap_or_default();
        if wanted.list_len() != Some(present.len()) || present.is_empty() && !is_empty(is) {
            return hear(at, Difference { place, wanted: Some(wanted), is });
        }
        for (number, is) in present.iter().enumerate() {
            if let Some(wanted) = wanted.item(number) {
                self.value(place.index(number), wanted, is, &Trail::Index(at, number), hear)?;
            }
        }
        Continue(())
    }

    /// Each item needs one with the same meaning. A set is compared as a whole, because its items have no places.
    fn set(
        self,
        place: Place<'_>,
        wanted: Glance<'_>,
        is: &Json,
        at: &Trail<'_>,
        hear: &mut Hear<'_>,
    ) -> ControlFlow<()> {
        let items: Vec<Glance<'_>> = wanted.items().collect();
        let present = is.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_list = wanted.list_len().is_some() && (is.is_array() || is.is_null());
        let same = is_list
            && items.len() == present.len()
            && items.iter().all(|item| item.is_known())
            && self.pairs(place, &items, present).iter().all(Option::is_some);
        if same { Continue(()) } else { hear(at, Difference { place, wanted: Some(wanted), is }) }
    }

    /// For each wanted item of a set, the index of the existing item with the same meaning.
    pub fn pairs(self, place: Place<'_>, wanted: &[Glance<'_>], is: &[Json]) -> Vec<Option<usize>> {
        let item = place.index(0);
        let present: Vec<Glance<'_>> = is.iter().map(Glance::Json).collect();
        let fields = sets::telling(item, wanted.iter().chain(&present));
        let key = |value: &Glance<'_>| sets::key(item, &fields, *value);
        let wanted_keys: Vec<Option<String>> = wanted.iter().map(key).collect();
        let present_keys: Vec<Option<String>> = present.iter().map(key).collect();
        sets::pairs(&wanted_keys, &present_keys, &mut |a, b| self.is_same(item, wanted[a], &is[b]))
    }

    fn map(
        self,
        place: Place<'_>,
        wanted: Glance<'_>,
        is: &Json,
        at: &Trail<'_>,
        hear: &mut Hear<'_>,
    ) -> ControlFlow<()> {
        let given = |key: &str| wanted.get(key).filter(|value| !value.says_nothing(place.key(key)));
        for (key, _) in wanted.entries().into_iter().flatten() {
            if let Some(wanted) = given(key) {
                let is = is.get(key).unwrap_or(&Json::Null);
                self.value(place.key(key), wanted, is, &Trail::Key(at, key), hear)?;
            }
        }
        for (key, is) in is.as_object().into_iter().flatten() {
            let place = place.key(key);
            if !place.says_nothing(is) && given(key).is_none() {
                hear(&Trail::Key(at, key), Difference { place, wanted: None, is })?;
            }
        }
        Continue(())
    }
}

impl Glance<'_> {
    fn says_nothing(self, place: Place<'_>) -> bool {
        matches!(self, Self::Json(value) if place.says_nothing(value))
    }

    fn is_known(self) -> bool {
        match self {
            Self::Json(_) => true,
            Self::Expr(expr) => expr.is_known(),
        }
    }
}

fn same_scalar(place: Place<'_>, wanted: &Json, is: &Json) -> bool {
    match (place.meaning(), wanted, is) {
        (Some(meaning), Json::String(wanted), Json::String(is)) => meaning.same(wanted, is),
        (Some(meaning), wanted, is) if !is.is_null() => {
            meaning.canonical_value(wanted) == meaning.canonical_value(is)
        }
        (_, Json::Number(wanted), Json::Number(is)) => number::same(wanted, is),
        (_, wanted, is) => wanted == is,
    }
}
