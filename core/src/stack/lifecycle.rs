//! What a stack says of a node beside its arguments: what may be done with it, what is ignored, what must hold. Data only.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Address, Budget, Path, expr::Expr};

/// What may be done with a node, and what else concerns its life.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifecycle {
    /// A plan that would destroy or replace it is refused. What an earlier replacement left behind may still go, as long
    /// as there is a whole new one.
    pub prevent_destroy: bool,
    /// What exists stays in the cloud and is forgotten when the node leaves the stack or is replaced. A replacement then
    /// makes the new one first.
    pub retain_on_delete: bool,
    /// A replacement makes the new one first.
    pub create_before_destroy: bool,
    /// What stays as it is, whatever is declared.
    pub ignore_changes: Ignore,
    /// When one of these is changed or replaced, so is this node. It stays due until it is done, in whatever run. A node
    /// that is new, or that is taken over as it is, does not count as changed.
    pub replace_triggered_by: Vec<Address>,
    /// What to do when the thing exists already.
    pub on_conflict: OnConflict,
    /// The id of an existing thing that this node takes over.
    pub import: Option<String>,
    /// The id of an existing thing that is not whole, as its creation failed half-way: this node takes it over as
    /// tainted, so that the next apply replaces it.
    pub import_tainted: Option<String>,
    /// Seconds after which an operation is given up, if not the engine's own limit.
    pub timeout: Option<u64>,
    /// How often and how long calls for it are tried; what it leaves open its provider decides.
    #[serde(skip_serializing_if = "Budget::is_open")]
    pub budget: Budget,
    /// What must hold before anything is done with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Condition>,
    /// What must hold of it before what depends on it is touched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub postconditions: Vec<Condition>,
}

/// Something that must hold, as data: checked while planning as soon as its value is known, while applying otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What must be true.
    pub holds: Expr,
    /// What to tell people if it is not.
    pub message: String,
}

/// What of a node stays as it is once it exists, whatever is declared: in JSON a list of paths, or `"all"`.
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
    /// What stands at these paths.
    Paths(Vec<Path>),
    /// Everything.
    All,
}

impl Ignore {
    /// Whether nothing is ignored.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The paths; none if everything is ignored.
    pub fn paths(&self) -> &[Path] {
        match self {
            Self::Paths(paths) => paths,
            Self::All => &[],
        }
    }

    /// Adds what stands at a path.
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

/// What to do when a thing to be created exists already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// Report it.
    #[default]
    Fail,
    /// Take it over if it is as declared.
    AdoptIfEqual,
    /// Take it over and change what differs.
    Adopt,
}
