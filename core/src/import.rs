//! The import id of a resource that another tool recorded. Often this is not Terraform's own id: Terraform knows a
//! route as `r-rtb-…1080289494` and imports it as `rtb-…_0.0.0.0/0`.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use crate::{
    ResourceType,
    form::{Part, parts, words},
};

/// How the import id of a resource follows from Terraform's record.
#[derive(Debug, Clone, Default)]
pub enum ImportId {
    /// From the form of the type's ids if it names only arguments, such as `{bucket}/{key}`; otherwise it is the
    /// recorded `id` from the cloud.
    #[default]
    Usual,
    /// From a template over recorded attributes. `{a|b}` stands for the first one with a value.
    Form(Cow<'static, str>),
    /// By a function; `None` if the attributes do not tell.
    Function(fn(Recorded<'_>) -> Option<String>),
}

/// The attributes that Terraform recorded of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a>(pub &'a Map<String, Json>);

/// No id follows from the recorded attributes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("its import id has the form {form}, but {missing} has no value in the state")]
pub struct ImportIdError {
    /// The form of the id.
    pub form: String,
    /// The attribute without a value.
    pub missing: String,
}

impl<'a> Recorded<'a> {
    /// An attribute as text, if it has a value. Terraform records an empty text for a value that was not given.
    pub fn text(self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Json::String(text) if text.is_empty() => None,
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(truth) => Some(truth.to_string()),
            Json::Null | Json::Array(_) | Json::Object(_) => None,
        }
    }

    /// The texts in a list or set of texts; empty if there are none.
    pub fn texts(self, name: &str) -> Vec<&'a str> {
        let items = self.0.get(name).and_then(Json::as_array);
        items.into_iter().flatten().filter_map(Json::as_str).collect()
    }

    /// Whether an attribute is true.
    pub fn is_true(self, name: &str) -> bool {
        self.0.get(name) == Some(&Json::Bool(true))
    }

    /// The template with its placeholders filled in.
    fn fill(self, form: &str) -> Result<String, ImportIdError> {
        let mut id = String::new();
        for part in parts(form) {
            match part {
                Part::Plain(text) => id.push_str(text),
                Part::Placeholder(names) => {
                    let value = names.split('|').find_map(|name| self.text(name));
                    let missing =
                        || ImportIdError { form: form.to_owned(), missing: names.replace('|', " or ") };
                    id.push_str(&value.ok_or_else(missing)?);
                }
                Part::Optional { separator, word } => {
                    if let Some(value) = self.text(word) {
                        id.push_str(separator);
                        id.push_str(&value);
                    }
                }
            }
        }
        Ok(id)
    }
}

impl ResourceType {
    /// The import id of a resource of this type, from Terraform's record.
    ///
    /// # Errors
    /// An attribute in the template of the id has no value.
    pub fn import_id(&self, recorded: &Map<String, Json>) -> Result<String, ImportIdError> {
        let recorded = Recorded(recorded);
        match &self.import {
            ImportId::Form(form) => recorded.fill(form),
            ImportId::Function(id_of) => id_of(recorded).ok_or_else(|| ImportIdError {
                form: self.id_form.clone().into_owned(),
                missing: "a part of it".to_owned(),
            }),
            ImportId::Usual if self.is_named() => recorded.fill(&self.id_form),
            ImportId::Usual => recorded.fill("{id}"),
        }
    }

    /// Whether the form of its ids names only arguments.
    fn is_named(&self) -> bool {
        words(&self.id_form).all(|word| self.arguments.field(word).is_some())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::Schema;

    fn import_id(id_form: &'static str, import: ImportId, recorded: Json) -> Result<String, String> {
        let schema = |fields: Json| {
            Schema::from_json_schema(&json!({ "type": "object", "properties": fields })).unwrap()
        };
        let text = json!({ "type": "string" });
        let arguments = schema(json!({ "bucket": text, "key": text, "other": text }));
        let known =
            ResourceType::new("demo_object".parse().unwrap(), arguments, schema(json!({ "id": text })));
        let known = ResourceType { id_form: id_form.into(), import, ..known };
        known.import_id(recorded.as_object().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_id_follows_from_the_form_or_is_the_recorded_one() {
        let recorded = || json!({ "id": "o-1", "bucket": "b", "key": "", "other": 7, "names": ["x", "y"] });
        let usual = |form| import_id(form, ImportId::Usual, recorded());
        assert_eq!(usual("o-{hex8}"), Ok("o-1".into()));
        assert_eq!(usual("{region}/{bucket}"), Ok("o-1".into()));
        assert_eq!(usual("{bucket}/{key|other}"), Ok("b/7".into()));
        assert_eq!(usual("{bucket}{/key?}{/other?}"), Ok("b/7".into()));
        let expected = "its import id has the form {bucket}/{key}, but key has no value in the state";
        assert_eq!(usual("{bucket}/{key}"), Err(expected.into()));
        let form = import_id("x", ImportId::Form("{bucket}:{id}".into()), recorded());
        assert_eq!(form, Ok("b:o-1".into()));
        let names = |recorded: Recorded<'_>| Some(recorded.texts("names").join("_"));
        assert_eq!(import_id("x", ImportId::Function(names), recorded()), Ok("x_y".into()));
    }
}
