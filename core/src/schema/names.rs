//! Generated names: what a creation calls a resource whose declaration gives no name. The name follows from the attempt's
//! token, so a search for the attempt knows it too.

use std::borrow::Cow;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::Schema;
use crate::Token;

/// The prefix if none is given.
const PREFIX: &str = "landform-";

/// How many characters follow the prefix, unless the longest name has less room.
pub const GENERATED: usize = 26;

impl Schema {
    /// The arguments, with a generated name where the declaration gives none. The same token gives the same name.
    pub fn with_names<'a>(&self, arguments: &'a Json, token: &Token) -> Cow<'a, Json> {
        let mut named = Cow::Borrowed(arguments);
        for field in self.fields() {
            let Some(prefix) = &field.generated else { continue };
            if arguments.get(&field.name).is_some_and(|name| !name.is_null()) {
                continue;
            }
            let prefix = arguments.get(prefix).and_then(Json::as_str).unwrap_or(PREFIX);
            let digest = hex::encode(Sha256::digest(token.as_str()));
            let room = field.limits.length.max.map_or(GENERATED, |most| most.saturating_sub(prefix.len()));
            let name = format!("{prefix}{}", &digest[..room.min(GENERATED)]);
            if let Json::Object(fields) = named.to_mut() {
                fields.insert(field.name.clone(), name.into());
            }
        }
        named
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::schema::{Field, Kind, Limits, Range};

    #[test]
    fn a_missing_name_follows_from_the_token() {
        let name = Field { generated: Some("name_prefix".into()), ..Field::new("name", Kind::text()) };
        let schema = Schema::new([name, Field::new("name_prefix", Kind::text())]).unwrap();
        let token = |text: &str| text.parse::<Token>().unwrap();
        let name = |arguments: Json, of: &str| {
            schema.with_names(&arguments, &token(of))["name"].as_str().unwrap().to_owned()
        };
        let made = name(json!({ "name_prefix": "web-" }), "one");
        assert!(made.starts_with("web-") && made.len() == 4 + GENERATED, "{made}");
        assert_eq!(made, name(json!({ "name_prefix": "web-", "name": null }), "one"));
        assert_ne!(made, name(json!({ "name_prefix": "web-" }), "two"));
        assert!(name(json!({}), "one").starts_with(PREFIX));
        let short = Field {
            generated: Some("name_prefix".into()),
            limits: Limits { length: Range { min: None, max: Some(32) }, ..Limits::default() },
            ..Field::new("name", Kind::text())
        };
        let short = Schema::new([short]).unwrap();
        assert_eq!(short.with_names(&json!({}), &token("one"))["name"].as_str().unwrap().len(), 32);
        let given = json!({ "name": "web" });
        assert!(matches!(schema.with_names(&given, &token("one")), Cow::Borrowed(_)));
    }
}
