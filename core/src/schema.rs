//! Schemas: what the fields of arguments and attributes are, read once from schemars's output and then cheap to
//! walk. One schema drives checks, defaults, differences, masking, documentation and the embedded cloud.

mod check;
mod compile;

use serde_json::Value as Json;

pub use check::Violation;

use crate::{Path, TypeName, path::Step};

/// The fields of a block, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    fields: Vec<Field>,
}

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name, as Terraform's provider spells it.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// Whether a change forces a replacement (Terraform's ForceNew).
    pub immutable: bool,
    /// Whether the provider chooses a value where none is given.
    pub computed: bool,
    /// Whether its value is never shown.
    pub secret: bool,
    /// Whether what it refers to may be deleted while this resource exists (a route outlives its NAT gateway).
    pub weak: bool,
    /// Whether any update of the resource may change this attribute (a launch template's latest version).
    pub volatile: bool,
    /// The value it has where none is given.
    pub default: Option<Json>,
    /// The form of its value, as a template: `arn:aws:ec2:{region}:{account}:vpc/{id}`.
    pub form: Option<String>,
    /// What it means, from its doc comment.
    pub doc: String,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    Text {
        /// JSON Schema's format, as `ipv4`.
        format: Option<String>,
        /// The only values allowed, if they are listed.
        one_of: Vec<String>,
        /// The type whose id it is, if it is a reference.
        refers_to: Option<TypeName>,
    },
    /// A sequence in which the order counts.
    List(Box<Kind>),
    /// A sequence in which it does not.
    Set(Box<Kind>),
    /// Texts to values.
    Map(Box<Kind>),
    /// A block of further fields.
    Block(Schema),
    /// Anything JSON can hold.
    Any,
}

impl Schema {
    /// A schema of these fields. Of two with one name, the last one counts.
    pub fn new(fields: impl IntoIterator<Item = Field>) -> Self {
        let by_name = fields.into_iter().map(|field| (field.name.clone(), field));
        let by_name: std::collections::BTreeMap<String, Field> = by_name.collect();
        Self { fields: by_name.into_values().collect() }
    }

    /// Compiles a JSON Schema of an object, for types that are known only at run time. It may use what schemars derives
    /// for Rust types, and the extensions `x-immutable`, `x-computed`, `x-secret`, `x-weak`, `x-volatile`, `x-form` and
    /// `x-ref` on its properties.
    ///
    /// # Errors
    /// It uses a part of JSON Schema that has no place here; the text says which.
    pub fn from_json_schema(document: &Json) -> Result<Self, String> {
        if document.get("properties").is_none_or(|properties| !properties.is_object()) {
            return Err("it has no \"properties\", expected the schema of an object".to_owned());
        }
        compile::compile(document)
    }

    /// Compiles what schemars derives for a type.
    ///
    /// # Errors
    /// The type is no struct, or uses a part of JSON Schema that has no place here; the text says which.
    pub fn of<T: schemars::JsonSchema>() -> Result<Self, String> {
        compile::compile(&schemars::schema_for!(T).to_value())
    }

    /// The fields in the order of their names.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let place = self.fields.binary_search_by(|field| field.name.as_str().cmp(name)).ok()?;
        Some(&self.fields[place])
    }

    /// The field at a path, looking through lists, maps and blocks.
    pub fn at(&self, path: &Path) -> Option<&Field> {
        let (first, rest) = path.steps().split_first()?;
        let Step::Key(name) = first else { return None };
        let mut field = self.field(name)?;
        let mut kind = &field.kind;
        for step in rest {
            kind = match (kind, step) {
                (Kind::List(item) | Kind::Set(item), Step::Index(_)) => item,
                (Kind::Map(item), Step::Key(_)) => item,
                (Kind::Block(block), Step::Key(name)) => {
                    field = block.field(name)?;
                    &field.kind
                }
                (Kind::Any, _) => return Some(field),
                _ => return None,
            };
        }
        Some(field)
    }

    /// Whether anything at or below the fields of this schema is secret.
    pub fn holds_secrets(&self) -> bool {
        fn deep(kind: &Kind) -> bool {
            match kind {
                Kind::List(item) | Kind::Set(item) | Kind::Map(item) => deep(item),
                Kind::Block(block) => block.holds_secrets(),
                _ => false,
            }
        }
        self.fields.iter().any(|field| field.secret || deep(&field.kind))
    }
}

impl Field {
    /// An optional field of this name and kind.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            required: false,
            immutable: false,
            computed: false,
            secret: false,
            weak: false,
            volatile: false,
            default: None,
            form: None,
            doc: String::new(),
        }
    }
}

impl Kind {
    /// Any text.
    pub fn text() -> Self {
        Self::Text { format: None, one_of: Vec::new(), refers_to: None }
    }

    /// What is expected here, as a noun phrase for messages.
    pub fn expected(&self) -> String {
        match self {
            Self::Bool => "true or false".into(),
            Self::Integer => "a whole number".into(),
            Self::Number => "a number".into(),
            Self::Text { one_of, .. } if !one_of.is_empty() => format!("one of {}", one_of.join(", ")),
            Self::Text { refers_to: Some(type_name), .. } => format!("the id of an {type_name}"),
            Self::Text { format: Some(format), .. } if format == crate::cidr::FORMAT => {
                "a network in CIDR form, as in \"10.0.0.0/16\"".into()
            }
            Self::Text { format: Some(format), .. } => format!("text of the form {format}"),
            Self::Text { .. } => "text".into(),
            Self::List(item) | Self::Set(item) => format!("a list, each item {}", item.expected()),
            Self::Map(item) => format!("a map, each value {}", item.expected()),
            Self::Block(_) => "a block".into(),
            Self::Any => "a value".into(),
        }
    }
}
