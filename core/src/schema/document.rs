//! A schema as a JSON Schema document, for editors, forms and early checks of arguments. [`Schema::from_json_schema`]
//! reads it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value as Json, json};

use super::{Choice, Field, Kind, Limits, Nesting, Schema, choice};
use crate::ResourceType;

/// The dialect of the documents.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

impl ResourceType {
    /// The type as a JSON Schema document of its arguments, in draft 2020-12. Extensions hold what JSON Schema cannot
    /// express: `x-attributes` is the schema of the attributes, `x-id-form` the form of the ids, `x-version` the
    /// version of the stored form.
    ///
    /// ```
    /// use landform_core::{Id, Resource, attributes, resource};
    ///
    /// /// A bucket.
    /// #[resource("demo_bucket", id = "{name}")]
    /// pub struct Bucket {
    ///     /// Its name.
    ///     #[field(immutable)]
    ///     pub name: String,
    /// }
    ///
    /// /// What is computed.
    /// #[attributes]
    /// pub struct BucketAttributes {
    ///     /// The id.
    ///     pub id: Id<Bucket>,
    /// }
    ///
    /// let document = Bucket::resource_type().to_json_schema();
    /// assert_eq!(document["title"], "demo_bucket");
    /// assert_eq!(document["properties"]["name"]["x-immutable"], true);
    /// ```
    pub fn to_json_schema(&self) -> Json {
        let mut document = Map::new();
        document.insert("$schema".into(), DIALECT.into());
        document.insert("title".into(), self.name.as_str().into());
        if !self.doc.is_empty() {
            document.insert("description".into(), self.doc.as_ref().into());
        }
        document.extend(block(&self.arguments));
        document.insert("x-attributes".into(), self.attributes.to_json_schema());
        document.insert("x-id-form".into(), self.id_form.as_ref().into());
        document.insert("x-version".into(), self.version.into());
        Json::Object(document)
    }
}

impl Schema {
    /// The schema as JSON Schema. Optional fields may be null.
    pub fn to_json_schema(&self) -> Json {
        Json::Object(block(self))
    }
}

/// A schema serialises as JSON Schema.
impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.to_json_schema().serialize(s)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::from_json_schema(&Json::deserialize(d)?).map_err(de::Error::custom)
    }
}

fn block(schema: &Schema) -> Map<String, Json> {
    let properties = schema.fields().iter().map(|field| (field.name.clone(), property(field)));
    let required = schema.fields().iter().filter(|field| field.required).map(|field| json!(field.name));
    let (properties, required): (Map<_, _>, Vec<_>) = (properties.collect(), required.collect());
    let mut document = Map::new();
    document.insert("type".into(), "object".into());
    document.insert("properties".into(), properties.into());
    if !required.is_empty() {
        document.insert("required".into(), required.into());
    }
    document.insert("additionalProperties".into(), false.into());
    if !schema.choices().is_empty() {
        let choices = schema.choices().iter().map(Choice::to_json).collect();
        document.insert(choice::KEY.into(), Json::Array(choices));
    }
    document
}

fn property(field: &Field) -> Json {
    let mut property = kind(&field.kind, &field.limits);
    if !field.required {
        allow_null(&mut property);
    }
    let flags = [
        ("x-immutable", field.immutable),
        ("x-computed", field.computed),
        ("x-secret", field.secret),
        ("x-write-only", field.write_only),
        ("x-weak", field.weak),
        ("x-volatile", field.volatile),
        ("x-unseen", field.unseen),
        ("x-shared", field.shared),
        ("x-null-differs", field.null_differs),
        ("deprecated", field.deprecated.is_some()),
    ];
    let nesting = match field.nesting {
        Nesting::Block => None,
        Nesting::Single => Some("single"),
        Nesting::Attribute => Some("attribute"),
    };
    let [fewest, most] = match field.kind {
        Kind::Map(_) => ["minProperties", "maxProperties"],
        _ => ["minItems", "maxItems"],
    };
    let texts = [
        ("description", Some(field.doc.clone()).filter(|doc| !doc.is_empty())),
        ("x-form", field.form.clone()),
        ("x-only-with", field.only_with.clone()),
        ("x-generated", field.generated.clone()),
        ("x-same", field.same.map(|same| same.to_string())),
        ("x-deprecated", field.deprecated.clone()),
        ("x-nesting", nesting.map(str::to_owned)),
    ];
    let flags = flags.into_iter().filter(|(_, said)| *said).map(|(key, _)| (key, Json::Bool(true)));
    let texts = texts.into_iter().filter_map(|(key, said)| Some((key, Json::String(said?))));
    let sizes = [(fewest, field.size.min), (most, field.size.max)];
    let sizes = sizes.into_iter().filter_map(|(key, said)| Some((key, json!(said?))));
    let default = field.default.iter().map(|default| ("default", default.clone()));
    property.extend(flags.chain(texts).chain(sizes).chain(default).map(|(key, said)| (key.to_owned(), said)));
    Json::Object(property)
}

/// The schema of a kind. The limits are those of its innermost values.
fn kind(kind: &Kind, limits: &Limits) -> Map<String, Json> {
    let of = |item| self::kind(item, limits);
    let described = match kind {
        Kind::Block(schema) => return block(schema),
        Kind::List(item) => json!({ "type": "array", "items": of(item) }),
        Kind::Set(item) => json!({ "type": "array", "items": of(item), "uniqueItems": true }),
        Kind::Map(item) => json!({ "type": "object", "additionalProperties": of(item) }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Text { format, one_of, refers_to } => text(format.as_ref(), one_of, refers_to.as_ref()).into(),
        Kind::Any => json!({}),
    };
    let Json::Object(mut described) = described else { return Map::new() };
    if !matches!(kind, Kind::List(_) | Kind::Set(_) | Kind::Map(_)) {
        limits.write(&mut described);
    }
    described
}

fn text(
    format: Option<&String>,
    one_of: &[String],
    refers_to: Option<&crate::TypeName>,
) -> Map<String, Json> {
    let mut text = Map::new();
    text.insert("type".into(), "string".into());
    text.extend(format.map(|format| ("format".to_owned(), json!(format))));
    if !one_of.is_empty() {
        text.insert("enum".into(), json!(one_of));
    }
    text.extend(refers_to.map(|refers_to| ("x-ref".to_owned(), json!(refers_to.as_str()))));
    text
}

/// Allows null for a missing value.
fn allow_null(property: &mut Map<String, Json>) {
    if let Some(Json::String(name)) = property.get("type") {
        let either = json!([name, "null"]);
        property.insert("type".into(), either);
    }
    if let Some(Json::Array(one_of)) = property.get_mut("enum") {
        one_of.push(Json::Null);
    }
}
