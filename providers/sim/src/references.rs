//! The references in a resource's arguments, found by its schema.

use landform_core::{Schema, expr::Glance, path::Trail, schema::Walk};
use serde_json::{Map, Value as Json};

/// One reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// Where it stands.
    pub path: String,
    /// The type of the referenced resource.
    pub type_name: &'a str,
    /// The id of the referenced resource.
    pub id: &'a str,
    /// Whether the referenced resource may be deleted first.
    pub weak: bool,
}

/// All references in the arguments.
pub(crate) fn references<'a>(schema: &'a Schema, arguments: &'a Map<String, Json>) -> Vec<Reference<'a>> {
    let mut found = Vec::new();
    for (name, value) in arguments {
        let at = Trail::Key(&Trail::Top, name);
        schema.top().key(name).each(Glance::Json(value), &at, &mut |place, value, at| {
            if let (Some(type_name), Glance::Json(Json::String(id))) = (place.refers_to(), value) {
                let (type_name, weak) = (type_name.as_str(), place.is_weak());
                found.push(Reference { path: at.path().to_string(), type_name, id, weak });
            }
            Walk::Inside
        });
    }
    found
}
