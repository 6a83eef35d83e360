//! Reads the output of `terraform providers schema -json`.

use std::collections::BTreeMap;

use landform_core::ResourceType;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::{
    form,
    shape::{Attribute, Block, Holds, Mode, Nested, Shape},
    value::{Type, ValueError},
};

/// Why a text does not describe the types of a provider.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// It is not the output of that command.
    #[error("not the output of `terraform providers schema -json`: {0}")]
    NotASchema(String),
    /// It describes several providers, and none was chosen.
    #[error("it describes several providers, expected the choice of one: {}", providers.join(", "))]
    Several {
        /// Their addresses.
        providers: Vec<String>,
    },
    /// It does not describe this provider.
    #[error("it does not describe the provider {wanted:?}, expected one of {}", providers.join(", "))]
    UnknownProvider {
        /// The name that was given.
        wanted: String,
        /// The addresses of the described ones.
        providers: Vec<String>,
    },
    /// A type is malformed.
    #[error("{0}")]
    Malformed(String),
}

#[derive(Deserialize)]
struct Output {
    format_version: String,
    #[serde(default)]
    provider_schemas: BTreeMap<String, Described>,
}

#[derive(Deserialize)]
struct Described {
    #[serde(default)]
    resource_schemas: BTreeMap<String, Schema>,
    #[serde(default)]
    data_source_schemas: BTreeMap<String, Schema>,
}

#[derive(Deserialize)]
struct Schema {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    block: BlockJson,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct BlockJson {
    attributes: BTreeMap<String, AttributeJson>,
    block_types: BTreeMap<String, NestedJson>,
    description: String,
    deprecated: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AttributeJson {
    #[serde(rename = "type")]
    kind: Option<Json>,
    nested_type: Option<ObjectJson>,
    description: String,
    required: bool,
    optional: bool,
    computed: bool,
    sensitive: bool,
    write_only: bool,
    deprecated: bool,
    deprecation_message: Option<String>,
}

#[derive(Deserialize)]
struct ObjectJson {
    #[serde(default)]
    attributes: BTreeMap<String, AttributeJson>,
    nesting_mode: String,
}

#[derive(Deserialize)]
struct NestedJson {
    nesting_mode: String,
    #[serde(default)]
    block: BlockJson,
    #[serde(default)]
    min_items: usize,
    #[serde(default)]
    max_items: usize,
}

/// The address of the chosen provider, and its types.
pub(super) fn read(text: &str, wanted: Option<&str>) -> Result<(String, Vec<ResourceType>), SchemaError> {
    let output: Output =
        serde_json::from_str(text).map_err(|error| SchemaError::NotASchema(error.to_string()))?;
    if !output.format_version.starts_with("1.") {
        let message = format!("its format has the version {:?}, expected 1.…", output.format_version);
        return Err(SchemaError::NotASchema(message));
    }
    let providers: Vec<String> = output.provider_schemas.keys().cloned().collect();
    let fits = |address: &str| {
        wanted.is_none_or(|wanted| address == wanted || address.ends_with(&format!("/{wanted}")))
    };
    let mut fitting = output.provider_schemas.into_iter().filter(|(address, _)| fits(address));
    let (address, described) = match (fitting.next(), fitting.next(), wanted) {
        (Some(only), None, _) => only,
        (None, _, Some(wanted)) => {
            return Err(SchemaError::UnknownProvider { wanted: wanted.to_owned(), providers });
        }
        (None, _, None) => return Err(SchemaError::NotASchema("it describes no provider".to_owned())),
        (Some(_), Some(_), _) => return Err(SchemaError::Several { providers }),
    };
    let mut types = Vec::new();
    let prefixed = |prefix: &'static str, schemas: BTreeMap<String, Schema>| {
        schemas.into_iter().map(move |(name, schema)| (format!("{prefix}{name}"), schema))
    };
    let resources = prefixed("", described.resource_schemas);
    for (name, schema) in resources.chain(prefixed("data.", described.data_source_schemas)) {
        let malformed = |error: ValueError| SchemaError::Malformed(error.to_string());
        let block = schema.block.read(&name).map_err(malformed)?;
        types.push(form::hosted(&name, &Shape { version: schema.version, block }).map_err(malformed)?);
    }
    Ok((address, types))
}

impl BlockJson {
    fn read(self, of: &str) -> Result<Block, ValueError> {
        let attributes = self.attributes.into_iter().map(|(name, attribute)| attribute.read(name, of));
        let blocks = self.block_types.into_iter().map(|(name, nested)| {
            let of = format!("{of}.{name}");
            Ok(Nested {
                mode: mode(&nested.nesting_mode, &of)?,
                block: nested.block.read(&of)?,
                name,
                min: nested.min_items,
                max: nested.max_items,
            })
        });
        Ok(Block {
            attributes: attributes.collect::<Result<_, ValueError>>()?,
            blocks: blocks.collect::<Result<_, ValueError>>()?,
            doc: self.description,
            deprecated: self.deprecated,
        })
    }
}

impl AttributeJson {
    fn read(self, name: String, of: &str) -> Result<Attribute, ValueError> {
        let of = format!("{of}.{name}");
        let holds = match (self.nested_type, self.kind) {
            (Some(object), _) => {
                let attributes = object.attributes.into_iter().map(|(name, inner)| inner.read(name, &of));
                Holds::Attributes(
                    mode(&object.nesting_mode, &of)?,
                    attributes.collect::<Result<_, ValueError>>()?,
                )
            }
            (None, Some(kind)) => Holds::Value(Type::parse(kind.to_string().as_bytes(), &of)?),
            (None, None) => return Err(ValueError::new(format!("{of}: expected a type"))),
        };
        let usual = || "it should not be used any more".to_owned();
        Ok(Attribute {
            holds,
            required: self.required,
            optional: self.optional,
            computed: self.computed,
            sensitive: self.sensitive,
            write_only: self.write_only,
            deprecated: self.deprecated.then(|| self.deprecation_message.unwrap_or_else(usual)),
            name,
            doc: self.description,
        })
    }
}

fn mode(name: &str, of: &str) -> Result<Mode, ValueError> {
    Ok(match name {
        "single" => Mode::Single,
        "list" => Mode::List,
        "set" => Mode::Set,
        "map" => Mode::Map,
        "group" => Mode::Group,
        _ => {
            let message =
                format!("{of} has the nesting mode {name:?}, expected single, list, set, map or group");
            return Err(ValueError::new(message));
        }
    })
}
