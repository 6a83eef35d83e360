//! The messages that describe types. Their numbers differ between the protocols, so each has its own module. Both turn
//! into [`Block`]s, and [`Block`]s turn into both.

use super::{Diagnostic, ServerCapabilities, messages};
use crate::{
    shape::{Attribute, Block, Holds, Mode, Nested, Shape},
    value::{Type, ValueError},
};

/// The types of a provider, whatever the protocol.
#[derive(Debug, Clone, Default)]
pub(crate) struct Types {
    pub provider: Shape,
    pub resources: Vec<(String, Shape)>,
    pub data_sources: Vec<(String, Shape)>,
    pub diagnostics: Vec<Diagnostic>,
    pub capabilities: ServerCapabilities,
}

/// The kind of a description: 1 is Markdown.
const MARKDOWN: i32 = 1;

fn mode(number: i32, of: &str) -> Result<Mode, ValueError> {
    Ok(match number {
        1 => Mode::Single,
        2 => Mode::List,
        3 => Mode::Set,
        4 => Mode::Map,
        5 => Mode::Group,
        _ => {
            return Err(ValueError::new(format!(
                "{of} has the nesting mode {number}, expected one from 1 to 5"
            )));
        }
    })
}

fn number(mode: Mode) -> i32 {
    match mode {
        Mode::Single => 1,
        Mode::List => 2,
        Mode::Set => 3,
        Mode::Map => 4,
        Mode::Group => 5,
    }
}

/// The mode of a nested attribute: the same as a block's, with other numbers for the same names.
fn object_mode(number: i32, of: &str) -> Result<Mode, ValueError> {
    match number {
        1..=4 => mode(number, of),
        _ => Err(ValueError::new(format!("{of} has the nesting mode {number}, expected one from 1 to 4"))),
    }
}

/// What one protocol says of its attributes.
macro_rules! protocol {
    ($module:ident, { $($extra:tt)* }, { $($extra_messages:tt)* }, $holds:expr, $attribute:expr) => {
        pub(crate) mod $module {
            use std::collections::HashMap;

            use super::*;

            messages! {
                WireAttribute {
                    #[prost(string, tag = "1")] name: String,
                    #[prost(bytes = "vec", tag = "2")] kind: Vec<u8>,
                    #[prost(string, tag = "3")] description: String,
                    #[prost(bool, tag = "4")] required: bool,
                    #[prost(bool, tag = "5")] optional: bool,
                    #[prost(bool, tag = "6")] computed: bool,
                    #[prost(bool, tag = "7")] sensitive: bool,
                    #[prost(int32, tag = "8")] description_kind: i32,
                    #[prost(bool, tag = "9")] deprecated: bool,
                    $($extra)*
                }

                WireBlock {
                    #[prost(int64, tag = "1")] version: i64,
                    #[prost(message, repeated, tag = "2")] attributes: Vec<WireAttribute>,
                    #[prost(message, repeated, tag = "3")] blocks: Vec<WireNested>,
                    #[prost(string, tag = "4")] description: String,
                    #[prost(int32, tag = "5")] description_kind: i32,
                    #[prost(bool, tag = "6")] deprecated: bool,
                }

                WireNested {
                    #[prost(string, tag = "1")] type_name: String,
                    #[prost(message, optional, tag = "2")] block: Option<WireBlock>,
                    #[prost(int32, tag = "3")] nesting: i32,
                    #[prost(int64, tag = "4")] min_items: i64,
                    #[prost(int64, tag = "5")] max_items: i64,
                }

                WireSchema {
                    #[prost(int64, tag = "1")] version: i64,
                    #[prost(message, optional, tag = "2")] block: Option<WireBlock>,
                }

                WireSchemas {
                    #[prost(message, optional, tag = "1")] provider: Option<WireSchema>,
                    #[prost(map = "string, message", tag = "2")] resources: HashMap<String, WireSchema>,
                    #[prost(map = "string, message", tag = "3")] data_sources: HashMap<String, WireSchema>,
                    #[prost(message, repeated, tag = "4")] diagnostics: Vec<Diagnostic>,
                    #[prost(message, optional, tag = "5")] meta: Option<WireSchema>,
                    #[prost(message, optional, tag = "6")] capabilities: Option<ServerCapabilities>,
                }

                $($extra_messages)*
            }

            impl WireSchemas {
                /// The types that this message describes.
                ///
                /// # Errors
                /// A type is malformed.
                pub(crate) fn read(self) -> Result<Types, ValueError> {
                    let shapes = |schemas: HashMap<String, WireSchema>| {
                        let mut shapes = schemas
                            .into_iter()
                            .map(|(name, schema)| Ok((name.clone(), shape(schema, &name)?)))
                            .collect::<Result<Vec<_>, ValueError>>()?;
                        shapes.sort_by(|a, b| a.0.cmp(&b.0));
                        Ok::<_, ValueError>(shapes)
                    };
                    Ok(Types {
                        provider: shape(self.provider.unwrap_or_default(), "the provider's configuration")?,
                        resources: shapes(self.resources)?,
                        data_sources: shapes(self.data_sources)?,
                        diagnostics: self.diagnostics,
                        capabilities: self.capabilities.unwrap_or_default(),
                    })
                }

                /// The message that describes these types.
                pub(crate) fn write(types: &Types) -> Self {
                    let schemas = |shapes: &[(String, Shape)]| {
                        shapes.iter().map(|(name, shape)| (name.clone(), schema(shape))).collect()
                    };
                    Self {
                        provider: Some(schema(&types.provider)),
                        resources: schemas(&types.resources),
                        data_sources: schemas(&types.data_sources),
                        diagnostics: types.diagnostics.clone(),
                        meta: None,
                        capabilities: Some(types.capabilities.clone()),
                    }
                }
            }

            fn shape(schema: WireSchema, of: &str) -> Result<Shape, ValueError> {
                Ok(Shape { version: schema.version, block: block(schema.block.unwrap_or_default(), of)? })
            }

            fn block(it: WireBlock, of: &str) -> Result<Block, ValueError> {
                let attributes = it.attributes.into_iter().map(|attribute| read(attribute, of));
                let blocks = it.blocks.into_iter().map(|nested| {
                    let of = format!("{of}.{}", nested.type_name);
                    Ok(Nested {
                        mode: mode(nested.nesting, &of)?,
                        block: block(nested.block.unwrap_or_default(), &of)?,
                        name: nested.type_name,
                        min: usize::try_from(nested.min_items).unwrap_or(0),
                        max: usize::try_from(nested.max_items).unwrap_or(0),
                    })
                });
                Ok(Block {
                    attributes: attributes.collect::<Result<_, _>>()?,
                    blocks: blocks.collect::<Result<_, ValueError>>()?,
                    doc: it.description,
                    deprecated: it.deprecated,
                })
            }

            pub(super) fn read(it: WireAttribute, of: &str) -> Result<Attribute, ValueError> {
                let of = format!("{of}.{}", it.name);
                let (holds, write_only, why): (Holds, bool, String) = ($holds)(&it, of.as_str())?;
                Ok(Attribute {
                    holds,
                    required: it.required,
                    optional: it.optional,
                    computed: it.computed,
                    sensitive: it.sensitive,
                    write_only,
                    deprecated: it.deprecated.then(|| {
                        if why.is_empty() { "it should not be used any more".to_owned() } else { why }
                    }),
                    name: it.name,
                    doc: it.description,
                })
            }

            fn schema(shape: &Shape) -> WireSchema {
                WireSchema { version: shape.version, block: Some(wire(&shape.block, shape.version)) }
            }

            fn wire(block: &Block, version: i64) -> WireBlock {
                let blocks = block.blocks.iter().map(|nested| WireNested {
                    type_name: nested.name.clone(),
                    block: Some(wire(&nested.block, 0)),
                    nesting: number(nested.mode),
                    min_items: i64::try_from(nested.min).unwrap_or(i64::MAX),
                    max_items: i64::try_from(nested.max).unwrap_or(i64::MAX),
                });
                WireBlock {
                    version,
                    attributes: block.attributes.iter().map(write).collect(),
                    blocks: blocks.collect(),
                    description: block.doc.clone(),
                    description_kind: MARKDOWN,
                    deprecated: block.deprecated,
                }
            }

            pub(super) fn write(attribute: &Attribute) -> WireAttribute {
                let common = WireAttribute {
                    name: attribute.name.clone(),
                    description: attribute.doc.clone(),
                    description_kind: MARKDOWN,
                    required: attribute.required,
                    optional: attribute.optional,
                    computed: attribute.computed,
                    sensitive: attribute.sensitive,
                    deprecated: attribute.deprecated.is_some(),
                    ..Default::default()
                };
                ($attribute)(common, attribute)
            }
        }
    };
}

protocol!(
    v5,
    {
        #[prost(bool, tag = "10")] write_only: bool,
        #[prost(string, tag = "11")] deprecation: String,
    },
    {},
    |it: &WireAttribute, of: &str| {
        Ok::<_, ValueError>((Holds::Value(Type::parse(&it.kind, of)?), it.write_only, it.deprecation.clone()))
    },
    |common: WireAttribute, attribute: &Attribute| WireAttribute {
        // This protocol has no nested attributes, only their types.
        kind: attribute.value_type().to_json().to_string().into_bytes(),
        write_only: attribute.write_only,
        deprecation: attribute.deprecated.clone().unwrap_or_default(),
        ..common
    }
);

protocol!(
    v6,
    {
        #[prost(message, optional, tag = "10")] nested: Option<WireObject>,
        #[prost(bool, tag = "11")] write_only: bool,
        #[prost(string, tag = "12")] deprecation: String,
    },
    {
        WireObject {
            #[prost(message, repeated, tag = "1")] attributes: Vec<WireAttribute>,
            #[prost(int32, tag = "3")] nesting: i32,
        }
    },
    |it: &WireAttribute, of: &str| {
        let holds = match &it.nested {
            Some(object) => {
                let attributes = object.attributes.iter().map(|inner| read(inner.clone(), of));
                Holds::Attributes(object_mode(object.nesting, of)?, attributes.collect::<Result<_, _>>()?)
            }
            None => Holds::Value(Type::parse(&it.kind, of)?),
        };
        Ok::<_, ValueError>((holds, it.write_only, it.deprecation.clone()))
    },
    |common: WireAttribute, attribute: &Attribute| {
        let (kind, nested) = match &attribute.holds {
            Holds::Value(kind) => (kind.to_json().to_string().into_bytes(), None),
            Holds::Attributes(mode, attributes) => {
                let attributes = attributes.iter().map(write).collect();
                (Vec::new(), Some(WireObject { attributes, nesting: number(*mode) }))
            }
        };
        WireAttribute {
            kind,
            nested,
            write_only: attribute.write_only,
            deprecation: attribute.deprecated.clone().unwrap_or_default(),
            ..common
        }
    }
);
