//! The lifecycle of a node: rules for its changes, ignored fields, conditions. Data only.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Address, Budget, Path, expr::Expr};

/// The rules for the changes of a node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifecycle {
    /// The engine refuses a plan that would destroy or replace it. A plan may still delete an object that an earlier
    /// replacement left behind, as long as a complete new object exists.
    pub prevent_destroy: bool,
    /// The resource stays in the cloud and is forgotten when the node leaves the stack or is replaced. A replacement
    /// then creates the new one first.
    pub retain_on_delete: bool,
    /// A replacement creates the new resource first.
    pub create_before_destroy: bool,
    /// The fields that stay as they are, whatever is declared.
    pub ignore_changes: Ignore,
    /// When one of these is changed or replaced, so is this node. The replacement stays due until it is done, in any
    /// later run. A node that is new, or adopted as it is, does not count as changed.
    pub replace_triggered_by: Vec<Address>,
    /// What to do when the resource already exists.
    pub on_conflict: OnConflict,
    /// The id of an existing resource that this node imports.
    pub import: Option<String>,
    /// The id of an existing, incomplete resource, whose creation stopped halfway. This node imports it as tainted, so
    /// the next apply replaces it.
    pub import_tainted: Option<String>,
    /// Seconds after which an operation is given up, if not the engine's own limit.
    pub timeout: Option<u64>,
    /// The limits for the retries of its calls. Its provider decides the rest.
    #[serde(skip_serializing_if = "Budget::is_open")]
    pub budget: Budget,
    /// The preconditions: they must hold before anything happens to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Condition>,
    /// The postconditions: they must hold before anything happens to its dependents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub postconditions: Vec<Condition>,
}

/// A condition, as data. It is checked while planning as soon as its value is known, otherwise while applying.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The condition.
    pub holds: Expr,
    /// The message if it does not hold.
    pub message: String,
}

/// The fields of an existing node that stay as they are, whatever is declared. In JSON a list of paths, or `"all"`.
///
/// ```
/// # use landform_core::{Ignore, NameError};
/// let some = Ignore::from(["tags.owner".parse()?, "password".parse()?]);
/// assert_eq!(serde_json::to_string(&some).unwrap(), r#"["tags.owner","password"]"#);
/// assert_eq!(serde_json::to_string(&Ignore::All).unwrap(), r#""all""#);
/// # Ok::<(), NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ignore {
    /// The values at these paths.
    Paths(Vec<Path>),
    /// Everything.
    All,
}

impl Ignore {
    /// Whether nothing is ignored.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The paths; empty if everything is ignored.
    pub fn paths(&self) -> &[Path] {
        match self {
            Self::Paths(paths) => paths,
            Self::All => &[],
        }
    }

    /// Adds a path.
    pub fn push(&mut self, path: Path) {
        if let Self::Paths(paths) = self {
            paths.push(path);
        }
    }
}

impl Default for Ignore {
    fn default() -> Self {
        Self::Paths(Vec::new())
    }
}

impl From<Vec<Path>> for Ignore {
    fn from(paths: Vec<Path>) -> Self {
        Self::Paths(paths)
    }
}

impl<const N: usize> From<[Path; N]> for Ignore {
    fn from(paths: [Path; N]) -> Self {
        Self::Paths(paths.into())
    }
}

impl Serialize for Ignore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Paths(paths) => paths.serialize(serializer),
            Self::All => serializer.serialize_str(ALL),
        }
    }
}

impl<'de> Deserialize<'de> for Ignore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IgnoreForm)
    }
}

/// The word for everything.
const ALL: &str = "all";

struct IgnoreForm;

impl<'de> de::Visitor<'de> for IgnoreForm {
    type Value = Ignore;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of paths, or \"all\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Ignore, E> {
        if text == ALL { Ok(Ignore::All) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Ignore, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Ignore::Paths)
    }
}

impl Lifecycle {
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// What to do when a resource to create already exists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// Report it.
    #[default]
    Fail,
    /// Adopt it if it is as declared.
    AdoptIfEqual,
    /// Adopt it and change what differs.
    Adopt,
}
