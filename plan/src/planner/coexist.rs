//! Which replacements have to make the new one first, and which can: where two of a thing cannot exist at a time, the
//! old one has to go first.

use landform_core::{ResourceType, Rule, expr::Expr};
use serde_json::Value as Json;

use crate::plan::Change;

/// Whether the old and the new one can exist at the same time: nothing that identifies one, or that only one may have,
/// is the same.
pub(super) fn can_coexist(resource_type: &ResourceType, change: &Change) -> bool {
    let after = change.after.as_ref();
    let given = |field: &str| {
        let value = after.and_then(|after| after.get(field));
        value.is_some_and(|value| !matches!(&*value, Expr::Literal(Json::Null)))
    };
    let differs = |field: &str| change.fields.iter().any(|changed| changed.path.head() == Some(field));
    let apart = |field: &str| !given(field) || differs(field);
    let rules = resource_type.rules.iter().all(|rule| match rule {
        Rule::Unique(fields) => fields.iter().any(|field| apart(field)),
        Rule::Disjoint { field, within } => differs(field) || differs(within),
        Rule::Inside { .. } | Rule::Widens { .. } => true,
    });
    let form = &resource_type.id_form;
    let random = form.contains("{hex") || form.contains("{digits");
    let named = || form.split('{').skip(1).filter_map(|part| part.split('}').next()).any(apart);
    rules && (random || named())
}

/// Whether things of one type may refer to things of another in a way that keeps those from going.
pub(super) fn holds(user: &ResourceType, used: &ResourceType) -> bool {
    user.arguments.any(&mut |place| !place.is_weak() && place.refers_to() == Some(&used.name))
}
