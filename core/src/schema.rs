//! Schemas: what the fields of arguments and attributes are, read once from schemars's output and then cheap to
//! walk. One schema drives checks, defaults, differences, masking, documentation and the embedded cloud.

mod canonical;
mod check;
mod compare;
mod compile;
mod complete;
mod document;
mod place;
mod respell;
mod sets;

use serde_json::Value as Json;

pub use check::Violation;
pub use compare::{Comparison, Difference};
pub use place::{Inside, Place, Walk};

use crate::{Meaning, TypeName, words};

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
    /// Whether the provider chooses a value where none is given. An empty list or map that is given means none.
    pub computed: bool,
    /// Whether its value is never shown.
    pub secret: bool,
    /// Whether its value is used by calls and kept nowhere, not even as a seal. It is a secret too.
    pub write_only: bool,
    /// Whether what it refers to may be deleted while this resource exists (a route outlives its NAT gateway).
    pub weak: bool,
    /// Whether any update of the resource may change this attribute (a launch template's latest version).
    pub volatile: bool,
    /// Whether no cloud keeps it, because it only tells the provider how to act (`force_delete`). The recorded value counts,
    /// whatever a read says.
    pub unseen: bool,
    /// Whether null and what is empty are two values, as some foreign types have it.
    pub null_differs: bool,
    /// When two spellings of its texts mean the same.
    pub same: Option<Meaning>,
    /// How many items or entries it may have.
    pub size: Size,
    /// How Terraform writes the blocks in it.
    pub nesting: Nesting,
    /// Why it should not be used any more, if it should not.
    pub deprecated: Option<String>,
    /// The value it has where none is given.
    pub default: Option<Json>,
    /// The form of its value, as a template: `arn:aws:ec2:{region}:{account}:vpc/{id}`.
    pub form: Option<String>,
    /// The argument without which it has no value: where that is not given, or false.
    pub only_with: Option<String>,
    /// What it means, from its doc comment.
    pub doc: String,
}

/// How many items a list, set or map may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// At least so many.
    pub min: Option<usize>,
    /// At most so many.
    pub max: Option<usize>,
}

/// How Terraform writes blocks, for exports and foreign types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nesting {
    /// `x { … }`; in Terraform's values a list, also where there is only one.
    #[default]
    Block,
    /// `x { … }`, of which there is one; in Terraform's values a map (nesting modes single and group).
    Single,
    /// `x = { … }` or `x = [{ … }]`: a nested attribute.
    Attribute,
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

impl Field {
    /// A field that may be given and says no more of itself.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            required: false,
            immutable: false,
            computed: false,
            secret: false,
            write_only: false,
            weak: false,
            volatile: false,
            unseen: false,
            null_differs: false,
            same: None,
            size: Size::default(),
            nesting: Nesting::default(),
            deprecated: None,
            default: None,
            form: None,
            only_with: None,
            doc: String::new(),
        }
    }
}

impl Schema {
    /// A schema of these fields.
    ///
    /// # Errors
    /// Two fields have one name, or what a field says of itself cannot be; the text says which.
    pub fn new(fields: impl IntoIterator<Item = Field>) -> Result<Self, String> {
        let mut fields: Vec<Field> = fields.into_iter().collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        for pair in fields.windows(2) {
            if pair[0].name == pair[1].name {
                return Err(format!("{} is declared twice", pair[0].name));
            }
        }
        for field in &mut fields {
            field.secret |= field.write_only;
            field.check().map_err(|wrong| format!("{}: {wrong}", field.name))?;
        }
        Ok(Self { fields })
    }

    /// Compiles a JSON Schema of an object, for types that are known only at run time. It may use what schemars derives
    /// for Rust types, and on its properties the extensions `x-immutable`, `x-computed`, `x-secret`, `x-write-only`,
    /// `x-weak`, `x-volatile`, `x-unseen`, `x-null-differs`, `x-same`, `x-nesting`, `x-deprecated`, `x-form`, `x-only-with` and `x-ref`.
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
}

impl Field {
    /// What is said of it that cannot be.
    fn check(&self) -> Result<(), &'static str> {
        let is_scalar = matches!(self.kind.inside(), Inside::Nothing | Inside::Anything);
        if self.same.is_some() && matches!(self.kind.inside(), Inside::Fields(_)) {
            return Err("a block has no meaning of its own; its fields may have");
        }
        if self.size != Size::default() && (is_scalar || matches!(self.kind, Kind::Block(_))) {
            return Err("only a list, a set or a map has a size");
        }
        let holds_write_only = |kind: &Kind| match kind.inside() {
            Inside::Fields(schema) => {
                schema.any(&mut |place| place.field().is_some_and(|field| field.write_only))
            }
            Inside::Nothing | Inside::Anything | Inside::Items(_) | Inside::Entries(_) => false,
        };
        match &self.kind {
            Kind::Set(item) if holds_write_only(item) => Err(
                "the items of a set are told apart by what they say, so nothing in them can be write_only",
            ),
            _ => Ok(()),
        }
    }
}

impl Kind {
    /// Any text.
    pub fn text() -> Self {
        Self::Text { format: None, one_of: Vec::new(), refers_to: None }
    }

    /// Whether numbers stand here.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }

    /// What is expected here, as a noun phrase for messages.
    pub fn expected(&self) -> String {
        match self {
            Self::Bool => "true or false".into(),
            Self::Integer => "a whole number".into(),
            Self::Number => "a number".into(),
            Self::Text { one_of, .. } if !one_of.is_empty() => format!("one of {}", one_of.join(", ")),
            Self::Text { refers_to: Some(type_name), .. } => format!("the id of {}", words::a(type_name)),
            Self::Text { format: Some(format), .. } if format == crate::cidr::FORMAT => {
                "a network in CIDR form, as in \"10.0.0.0/16\"".into()
            }
            Self::Text { format: Some(format), .. } if format == crate::decimal::FORMAT => {
                "a decimal number as text, as in \"12.50\"".into()
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
