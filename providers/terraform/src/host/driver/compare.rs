//! Compares values as a plugin does.

use crate::{
    value::Value,
    wire::{AttributePath, Selector},
};

/// The value at a path.
pub(super) fn at<'a>(value: &'a Value, path: &AttributePath) -> Option<&'a Value> {
    path.steps.iter().try_fold(value, |value, step| match (&step.selector, value) {
        (Some(Selector::Attribute(name) | Selector::Key(name)), Value::Map(fields)) => fields.get(name),
        (Some(Selector::Index(place)), Value::List(items)) => items.get(usize::try_from(*place).ok()?),
        _ => None,
    })
}

/// Whether two values are the same to a plugin. To an older one, null and empty values are.
pub(super) fn same(is_legacy: bool, a: Option<&Value>, b: Option<&Value>) -> bool {
    let (a, b) = (a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null));
    if !is_legacy {
        return a == b;
    }
    match (a, b) {
        (Value::Map(a), Value::Map(b)) => {
            let keys = a.keys().chain(b.keys());
            keys.into_iter().all(|key| same(true, a.get(key), b.get(key)))
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(true, Some(a), Some(b)))
        }
        (a, b) => a == b || a.is_empty() && b.is_empty(),
    }
}
