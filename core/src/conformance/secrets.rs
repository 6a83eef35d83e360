//! The secrets in a sample, to search for them where they must not be.

use serde_json::Value as Json;

use crate::{Schema, expr::Glance, path::Trail, schema::Walk};

/// The secret texts in arguments, in their JSON spelling. Short ones are left out, because they may occur anywhere by
/// chance.
pub(super) fn secrets(schema: &Schema, arguments: &Json) -> Vec<String> {
    const TELLING: usize = 6;
    let mut found = Vec::new();
    schema.top().each(Glance::Json(arguments), &Trail::Top, &mut |place, value, _| {
        if let (true, Glance::Json(Json::String(text))) = (place.is_secret(), value) {
            let quoted = Json::from(text.as_str()).to_string();
            found.push(quoted[1..quoted.len() - 1].to_owned());
        }
        Walk::Inside
    });
    found.retain(|secret| secret.len() >= TELLING);
    found
}
