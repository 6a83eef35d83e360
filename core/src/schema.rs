//! Schemas describe the fields of arguments and attributes. They are read once from the output of schemars, and then
//! cheap to walk. One schema drives checks, defaults, differences, masking, documentation and the embedded cloud.

mod canonical;
mod check;
mod choice;
mod compare;
mod compile;
mod complete;
mod document;
mod limits;
mod names;
mod place;
mod respell;
mod sets;

use serde_json::Value as Json;

pub use check::Violation;
pub(crate) use choice::KEY as CHOICES;
pub use choice::{Amount, Choice, When};
pub use compare::{Comparison, Difference};
pub use limits::{Limits, Pattern, PatternError, Range};
pub use names::GENERATED;
pub use place::{Inside, Place, Walk};

use crate::{Meaning, TypeName, words};

/// The fields of a block, by name, and the demands on fields that are given together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    fields: Vec<Field>,
    choices: Vec<Choice>,
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
    /// Whether the provider chooses a value if none is given. A given empty list or map means none.
    pub computed: bool,
    /// Whether its value is never shown.
    pub secret: bool,
    /// Whether its value is used by calls and stored nowhere, not even as a seal. It is secret too.
    pub write_only: bool,
    /// Whether its referenced resource may be deleted while this one exists (a route outlives its NAT gateway).
    pub weak: bool,
    /// Whether any update of the resource may change this attribute (the latest version of a launch template).
    pub volatile: bool,
    /// Whether no cloud stores it, because it only tells the provider how to act (`force_delete`). The recorded value
    /// counts, whatever a read returns.
    pub unseen: bool,
    /// Whether other resources may manage the same, as rules of a group that are resources of their own. What a read
    /// returns counts only if the record has a value.
    pub shared: bool,
    /// Whether null and an empty value differ, as in some foreign types.
    pub null_differs: bool,
    /// When two spellings of its texts mean the same.
    pub same: Option<Meaning>,
    /// The limits on the number of its items or entries.
    pub size: Range<usize>,
    /// How Terraform writes the blocks in it.
    pub nesting: Nesting,
    /// What a number or a text must keep to, or each one in a list, set or map.
    pub limits: Limits,
    /// Why it is deprecated, if it is.
    pub deprecated: Option<String>,
    /// Its default value.
    pub default: Option<Json>,
    /// The form of its value, as a template: `arn:aws:ec2:{region}:{account}:vpc/{id}`.
    pub form: Option<String>,
    /// The argument on which its value depends: there is no value if that argument is not given, or false.
    pub only_with: Option<String>,
    /// The argument that holds the prefix of a generated name. If a creation gives no value for this field, the driver
    /// makes one of the prefix and of characters that follow from the attempt's token.
    pub generated: Option<String>,
    /// Its description, from its doc comment.
    pub doc: String,
}

/// How Terraform writes blocks, for exports and foreign types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nesting {
    /// `x { … }`. In Terraform's values it is a list, even if there is only one.
    #[default]
    Block,
    /// A single `x { … }`. In Terraform's values it is a map (nesting modes single and group).
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
        /// JSON Schema's format, such as `ipv4`.
        format: Option<String>,
        /// The allowed values, if they are listed.
        one_of: Vec<String>,
        /// The type that the id identifies, if it is a reference.
        refers_to: Option<TypeName>,
    },
    /// A sequence with a significant order.
    List(Box<Kind>),
    /// A sequence without a significant order.
    Set(Box<Kind>),
    /// Texts to values.
    Map(Box<Kind>),
    /// A block of further fields.
    Block(Schema),
    /// Anything JSON can hold.
    Any,
}

impl Field {
    /// An optional field without further properties.
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
            shared: false,
            null_differs: false,
            same: None,
            size: Range::default(),
            limits: Limits::default(),
            nesting: Nesting::default(),
            deprecated: None,
            default: None,
            form: None,
            only_with: None,
            generated: None,
            doc: String::new(),
        }
    }
}

impl Schema {
    /// A schema of these fields.
    ///
    /// # Errors
    /// Two fields have the same name, or the properties of a field contradict each other. The text says which.
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
        Ok(Self { fields, choices: Vec::new() })
    }

    /// Compiles the JSON Schema of an object, for types that are known only at run time. It may use everything that
    /// schemars derives for Rust types. On its properties it may use the extensions `x-immutable`, `x-computed`,
    /// `x-secret`, `x-write-only`, `x-weak`, `x-volatile`, `x-unseen`, `x-shared`, `x-null-differs`, `x-same`, `x-nesting`,
    /// `x-deprecated`, `x-form`, `x-only-with`, `x-generated` and `x-ref`. Beside `properties` it may have `x-choices`, a list of
    /// [`Choice`]s such as `{ "amount": "one", "of": ["a", "b"], "when": { "field": "c", "is": "d" } }`.
    ///
    /// # Errors
    /// It uses an unsupported part of JSON Schema. The text says which.
    pub fn from_json_schema(document: &Json) -> Result<Self, String> {
        if document.get("properties").is_none_or(|properties| !properties.is_object()) {
            return Err("it has no \"properties\", expected the schema of an object".to_owned());
        }
        compile::compile(document)
    }

    /// Compiles what schemars derives for a type.
    ///
    /// # Errors
    /// The type is not a struct, or uses an unsupported part of JSON Schema. The text says which.
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
    /// Finds a contradiction in the field's properties.
    fn check(&self) -> Result<(), &'static str> {
        let is_scalar = matches!(self.kind.inside(), Inside::Nothing | Inside::Anything);
        if self.same.is_some() && matches!(self.kind.inside(), Inside::Fields(_)) {
            return Err("a block cannot have a meaning; its fields can");
        }
        if self.size != Range::default() && (is_scalar || matches!(self.kind, Kind::Block(_))) {
            return Err("only a list, a set or a map has a size");
        }
        self.limits.check(self.kind.innermost())?;
        let holds_write_only = |kind: &Kind| match kind.inside() {
            Inside::Fields(schema) => {
                schema.any(&mut |place| place.field().is_some_and(|field| field.write_only))
            }
            Inside::Nothing | Inside::Anything | Inside::Items(_) | Inside::Entries(_) => false,
        };
        match &self.kind {
            Kind::Set(item) if holds_write_only(item) => {
                Err("items of a set are compared by their content, so no field of them can be write_only")
            }
            _ => Ok(()),
        }
    }
}

impl Kind {
    /// Any text.
    pub fn text() -> Self {
        Self::Text { format: None, one_of: Vec::new(), refers_to: None }
    }

    /// The kind of the items in the lists, sets and maps that this is made of.
    fn innermost(&self) -> &Self {
        match self {
            Self::List(item) | Self::Set(item) | Self::Map(item) => item.innermost(),
            Self::Bool | Self::Integer | Self::Number | Self::Text { .. } | Self::Block(_) | Self::Any => {
                self
            }
        }
    }

    /// Whether the place holds numbers.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }

    /// The expected kind of value, as a noun phrase for messages.
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
