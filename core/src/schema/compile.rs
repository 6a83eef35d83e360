//! Compiles the JSON Schema of schemars into a [`Schema`]. Knows the shapes of serde types, and refuses others.

use serde_json::{Map, Value as Json};

use super::{Choice, Field, Kind, Limits, Nesting, Range, Schema, canonical::is_empty, choice};

/// Compiles the schema document of a struct.
pub(super) fn compile(document: &Json) -> Result<Schema, String> {
    let definitions = document.get("$defs").and_then(Json::as_object);
    Compiler { definitions, within: Vec::new(), depth: 0 }.block(document)
}

struct Compiler<'a> {
    definitions: Option<&'a Map<String, Json>>,
    /// The definitions around this place. A type that contains itself would never end.
    within: Vec<&'a str>,
    depth: usize,
}

/// Deeper nesting than in any cloud.
const DEEPEST: usize = 64;

impl<'a> Compiler<'a> {
    fn block(&self, schema: &'a Json) -> Result<Schema, String> {
        let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
            return Ok(Schema::default());
        };
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Json::as_array)
            .map(|names| names.iter().filter_map(Json::as_str).collect())
            .unwrap_or_default();
        let fields = properties
            .iter()
            .map(|(name, property)| self.field(name, property, required.contains(&name.as_str())))
            .collect::<Result<Vec<_>, _>>()?;
        let choices = schema.get(choice::KEY).and_then(Json::as_array).into_iter().flatten();
        let choices = choices.map(Choice::from_json).collect::<Result<Vec<_>, _>>()?;
        Schema::new(fields)?.with_choices(choices)
    }

    fn field(&self, name: &str, property: &'a Json, required: bool) -> Result<Field, String> {
        let (core, optional) = self.core(property)?;
        let flag = |key| [property, core].iter().any(|schema| schema.get(key) == Some(&Json::Bool(true)));
        let text = |key| property.get(key).or_else(|| core.get(key)).and_then(Json::as_str);
        let same = match text("x-same") {
            Some(name) => Some(name.parse().map_err(|error| format!("{name}: {error}"))?),
            None => None,
        };
        let number = |key| property.get(key).or_else(|| core.get(key)).and_then(Json::as_u64);
        let size =
            |key, other| number(key).or_else(|| number(other)).and_then(|size| usize::try_from(size).ok());
        let limits = Limits::of(&self.layers(property)?).map_err(|error| format!("{name}: {error}"))?;
        let nesting = match text("x-nesting") {
            None | Some("block") => Nesting::Block,
            Some("single") => Nesting::Single,
            Some("attribute") => Nesting::Attribute,
            Some(other) => {
                return Err(format!("unknown nesting {other:?}: expected block, single or attribute"));
            }
        };
        let deprecated =
            text("x-deprecated").or(flag("deprecated").then_some("it should not be used any more"));
        Ok(Field {
            required: required && !optional,
            immutable: flag("x-immutable"),
            computed: flag("x-computed"),
            secret: flag("x-secret") || self.holds_secrets(core),
            write_only: flag("x-write-only"),
            weak: flag("x-weak"),
            volatile: flag("x-volatile"),
            unseen: flag("x-unseen"),
            shared: flag("x-shared"),
            null_differs: flag("x-null-differs"),
            same,
            size: Range { min: size("minItems", "minProperties"), max: size("maxItems", "maxProperties") },
            limits,
            nesting,
            deprecated: deprecated.map(str::to_owned),
            default: property.get("default").filter(|value| !is_empty(value)).cloned(),
            form: text("x-form").map(str::to_owned),
            only_with: text("x-only-with").map(str::to_owned),
            generated: text("x-generated").map(str::to_owned),
            doc: text("description").unwrap_or_default().to_owned(),
            ..Field::new(name, self.kind(property).map_err(|error| format!("{name}: {error}"))?)
        })
    }

    /// A schema, what it refers to, and the same for the items of its lists, sets and maps.
    fn layers(&self, schema: &'a Json) -> Result<Vec<&'a Json>, String> {
        let mut layers = Vec::new();
        let mut next = Some(schema);
        while let Some(schema) = next.filter(|_| layers.len() < DEEPEST) {
            let (core, _) = self.core(schema)?;
            layers.extend([schema, core]);
            let entries = core.get("additionalProperties").filter(|_| core.get("properties").is_none());
            next = core.get("items").or(entries);
        }
        Ok(layers)
    }

    /// Whether a secret is in something that is not a block with its own fields: in an item of a list, in a value of a
    /// map, in a variant of an enum.
    fn holds_secrets(&self, schema: &'a Json) -> bool {
        let Ok((schema, _)) = self.core(schema) else { return false };
        let inner = |key| schema.get(key).is_some_and(|inner| self.holds_secrets(inner));
        match self.kind(schema) {
            _ if schema.get("x-secret") == Some(&Json::Bool(true)) => true,
            Ok(Kind::Any) => self.names_secrets(schema, &mut Vec::new()),
            Ok(Kind::List(_) | Kind::Set(_)) => inner("items"),
            Ok(Kind::Map(_)) => inner("additionalProperties"),
            Ok(Kind::Block(_) | Kind::Bool | Kind::Integer | Kind::Number | Kind::Text { .. }) | Err(_) => {
                false
            }
        }
    }

    /// Whether a schema contains a secret, also behind references.
    fn names_secrets(&self, schema: &'a Json, seen: &mut Vec<&'a str>) -> bool {
        match schema {
            Json::Object(parts) => {
                if parts.get("x-secret") == Some(&Json::Bool(true)) {
                    return true;
                }
                let name = parts.get("$ref").and_then(Json::as_str).and_then(|name| name.rsplit('/').next());
                if let Some(name) = name.filter(|name| !seen.contains(name)) {
                    seen.push(name);
                    let definition = self.definitions.and_then(|definitions| definitions.get(name));
                    if definition.is_some_and(|definition| self.names_secrets(definition, seen)) {
                        return true;
                    }
                }
                parts.values().any(|part| self.names_secrets(part, seen))
            }
            Json::Array(parts) => parts.iter().any(|part| self.names_secrets(part, seen)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
        }
    }

    /// The schema behind references and `Option`, and whether null is allowed.
    fn core(&self, schema: &'a Json) -> Result<(&'a Json, bool), String> {
        self.look_through(schema, &mut |_| {})
    }

    /// The same. Calls `through` with the name of each definition on the way.
    fn look_through(
        &self,
        schema: &'a Json,
        through: &mut dyn FnMut(&'a str),
    ) -> Result<(&'a Json, bool), String> {
        let mut schema = schema;
        let mut optional = false;
        for _ in 0..DEEPEST {
            if let Some(name) = schema.get("$ref").and_then(Json::as_str) {
                let name = name.rsplit('/').next().unwrap_or(name);
                through(name);
                schema = self
                    .definitions
                    .and_then(|definitions| definitions.get(name))
                    .ok_or_else(|| format!("{name} is not defined"))?;
                continue;
            }
            if let Some(Json::Array(choices)) = schema.get("anyOf") {
                let is_null = |choice: &Json| choice.get("type") == Some(&Json::from("null"));
                let mut others = choices.iter().filter(|choice| !is_null(choice));
                if let (Some(only), None) = (others.next(), others.next()) {
                    optional = optional || choices.len() == 2;
                    schema = only;
                    continue;
                }
            }
            break;
        }
        Ok((schema, optional))
    }

    fn kind(&self, schema: &'a Json) -> Result<Kind, String> {
        let mut within = self.within.clone();
        let (schema, _) = self.look_through(schema, &mut |name| within.push(name))?;
        let holds_itself = within[self.within.len()..].iter().any(|name| self.within.contains(name));
        if self.depth > DEEPEST || holds_itself {
            return Err("nested too deeply; does the type hold itself?".into());
        }
        let inner = Compiler { definitions: self.definitions, within, depth: self.depth + 1 };
        if let Some(Json::Array(choices)) = schema.get("oneOf") {
            return Ok(match one_of(choices) {
                Some(one_of) => Kind::Text { format: None, one_of, refers_to: None },
                None => Kind::Any,
            });
        }
        let Some(type_name) = single_type(schema) else { return Ok(Kind::Any) };
        Ok(match type_name {
            "boolean" => Kind::Bool,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "string" => self.text(schema)?,
            "array" => {
                let item = match schema.get("items") {
                    Some(item) => inner.kind(item)?,
                    None => Kind::Any,
                };
                if schema.get("uniqueItems") == Some(&Json::Bool(true)) {
                    Kind::Set(Box::new(item))
                } else {
                    Kind::List(Box::new(item))
                }
            }
            "object" if schema.get("properties").is_some() => Kind::Block(inner.block(schema)?),
            "object" => match schema.get("additionalProperties") {
                Some(value) if value.is_object() => Kind::Map(Box::new(inner.kind(value)?)),
                _ => Kind::Any,
            },
            other => return Err(format!("{other} is not a kind of field")),
        })
    }

    fn text(&self, schema: &Json) -> Result<Kind, String> {
        let one_of = match schema.get("enum") {
            Some(Json::Array(values)) => values.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let refers_to = match schema.get("x-ref").and_then(Json::as_str) {
            Some(name) => Some(name.parse().map_err(|error| format!("{error}"))?),
            None => None,
        };
        let format = schema.get("format").and_then(Json::as_str).map(str::to_owned);
        Ok(Kind::Text { format, one_of, refers_to })
    }
}

fn single_type(schema: &Json) -> Option<&str> {
    match schema.get("type")? {
        Json::String(name) => Some(name),
        Json::Array(names) => {
            let mut names = names.iter().filter_map(Json::as_str).filter(|name| *name != "null");
            names.next().filter(|_| names.next().is_none())
        }
        _ => None,
    }
}

fn one_of(choices: &[Json]) -> Option<Vec<String>> {
    let mut values = Vec::new();
    for choice in choices {
        match (choice.get("const"), choice.get("enum")) {
            (Some(Json::String(value)), _) => values.push(value.clone()),
            (None, Some(Json::Array(more))) => {
                values.extend(
                    more.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?,
                );
            }
            _ => return None,
        }
    }
    Some(values)
}
