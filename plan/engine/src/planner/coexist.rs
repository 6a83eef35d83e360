//! Which replacements have to create the new object first, and which can. If two such objects cannot exist at a time,
//! the old one is deleted first.

use landform_core::{ResourceType, Rule, expr::Expr};
use serde_json::Value as Json;

use crate::plan::Change;

/// Whether the old and the new object can exist at the same time.
pub(super) fn can_coexist(resource_type: &ResourceType, change: &Change) -> bool {
    clash(resource_type, change).is_none()
}

/// The arguments that keep the old and the new object from existing at the same time. They identify an object or must
/// be unique, and they stay the same.
pub(super) fn clash(resource_type: &ResourceType, change: &Change) -> Option<Vec<String>> {
    let after = change.after.as_ref();
    let given = |field: &str| {
        let value = after.and_then(|after| after.get(field));
        value.is_some_and(|value| !matches!(&*value, Expr::Literal(Json::Null)))
    };
    let differs = |field: &str| change.fields.iter().any(|changed| changed.path.head() == Some(field));
    let apart = |field: &str| !given(field) || differs(field);
    for rule in &resource_type.rules {
        match rule {
            Rule::Unique(fields) if !fields.iter().any(|field| apart(field)) => {
                return Some(fields.iter().map(ToString::to_string).collect());
            }
            Rule::Disjoint { field, within } if !differs(field) && !differs(within) => {
                return Some(vec![field.to_string()]);
            }
            _ => {}
        }
    }
    let form = &resource_type.id_form;
    let random = form.is_empty() || form.contains("{hex") || form.contains("{digits");
    let named: Vec<&str> = form.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
    let same = !random && !named.iter().any(|field| apart(field));
    same.then(|| named.into_iter().map(str::to_owned).collect())
}

/// Whether objects of one type may refer to objects of another in a way that prevents their deletion.
pub(super) fn holds(user: &ResourceType, used: &ResourceType) -> bool {
    user.arguments.any(&mut |place| !place.is_weak() && place.refers_to() == Some(&used.name))
}
