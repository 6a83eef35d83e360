//! Expressions: arguments as data, in which unknown values flow along references. Evaluation only; no types, no I/O.

mod function;
mod glance;
mod wire;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use function::{EvalError, Function};
pub use glance::Glance;

use crate::{Address, Path, path::Trail};

/// A reference to what stands at a path of another node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The node.
    pub node: Address,
    /// Where in its attributes or arguments.
    pub path: Path,
}

/// A value that may not be known yet.
///
/// Serialises as plain JSON, with single-key objects for what JSON has no form for: `{"$ref": ["aws_vpc.main", "id"]}`,
/// `{"$call": ["concat", …]}`, `{"$secret": …}`, and `{"$literal": …}` around an object whose keys look like those.
#[derive(Clone, PartialEq)]
pub enum Expr {
    /// A known value.
    Literal(Json),
    /// Another node's attribute.
    Ref(Reference),
    /// A list with something unknown or secret in it.
    List(Vec<Expr>),
    /// A map or block with something unknown or secret in it.
    Map(BTreeMap<String, Expr>),
    /// A function of other values.
    Call(Function, Vec<Expr>),
    /// A value that is used but never shown.
    Secret(Box<Expr>),
}

/// What a reference leads to, as far as is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// The value.
    Known(Json),
    /// The value, which must not be shown.
    Secret(Json),
    /// Known only after the node is applied.
    Unknown,
}

impl Expr {
    /// No value.
    pub const NULL: Expr = Expr::Literal(Json::Null);

    /// A reference to what stands at a path of a node, for those who have no typed one.
    pub fn reference(node: &Address, path: Path) -> Expr {
        Self::Ref(Reference { node: node.clone(), path })
    }

    /// Whether nothing is left to be found out.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Literal(_) => true,
            Self::Ref(_) | Self::Call(..) => false,
            Self::List(items) => items.iter().all(Self::is_known),
            Self::Map(fields) => fields.values().all(Self::is_known),
            Self::Secret(inner) => inner.is_known(),
        }
    }

    /// The field of a map or block.
    pub fn get(&self, key: &str) -> Option<std::borrow::Cow<'_, Expr>> {
        use std::borrow::Cow;
        match self {
            Self::Map(fields) => fields.get(key).map(Cow::Borrowed),
            Self::Literal(Json::Object(fields)) => {
                fields.get(key).cloned().map(Self::Literal).map(Cow::Owned)
            }
            _ => None,
        }
    }

    /// Calls `visit` with each reference and the place at which it stands.
    pub fn each_reference<'a>(&'a self, visit: &mut dyn FnMut(&Trail<'_>, &'a Reference)) {
        self.walk(&Trail::Top, visit);
    }

    fn walk<'a>(&'a self, at: &Trail<'_>, visit: &mut dyn FnMut(&Trail<'_>, &'a Reference)) {
        match self {
            Self::Literal(_) => {}
            Self::Ref(reference) => visit(at, reference),
            Self::List(items) => {
                let places = items.iter().enumerate();
                places.for_each(|(place, item)| item.walk(&Trail::Index(at, place), visit));
            }
            Self::Map(fields) => {
                fields.iter().for_each(|(key, field)| field.walk(&Trail::Key(at, key), visit));
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.walk(at, visit)),
            Self::Secret(inner) => inner.walk(at, visit),
        }
    }

    /// Replaces each reference that `lookup` knows, and folds what thereby becomes known.
    ///
    /// # Errors
    /// A function met arguments that it cannot take.
    pub fn resolve(&self, lookup: &mut dyn FnMut(&Reference) -> Resolved) -> Result<Expr, EvalError> {
        Ok(match self {
            Self::Literal(_) => self.clone(),
            Self::Ref(reference) => match lookup(reference) {
                Resolved::Known(value) => Self::Literal(value),
                Resolved::Secret(value) => Self::Secret(Box::new(Self::Literal(value))),
                Resolved::Unknown => self.clone(),
            },
            Self::List(items) => {
                let items = items.iter().map(|item| item.resolve(lookup)).collect::<Result<Vec<_>, _>>()?;
                Self::list(items)
            }
            Self::Map(fields) => {
                let fields = fields
                    .iter()
                    .map(|(key, field)| Ok((key.clone(), field.resolve(lookup)?)))
                    .collect::<Result<BTreeMap<_, _>, _>>()?;
                Self::map(fields)
            }
            Self::Call(function, arguments) => {
                let arguments =
                    arguments.iter().map(|item| item.resolve(lookup)).collect::<Result<Vec<_>, _>>()?;
                function.fold(arguments)?
            }
            Self::Secret(inner) => match inner.resolve(lookup)? {
                secret @ Self::Secret(_) => secret,
                other => Self::Secret(Box::new(other)),
            },
        })
    }

    /// A list, literal if all its items are.
    pub fn list(items: Vec<Expr>) -> Expr {
        if items.iter().all(|item| matches!(item, Self::Literal(_))) {
            Self::Literal(Json::Array(items.into_iter().filter_map(Self::into_literal).collect()))
        } else {
            Self::List(items)
        }
    }

    /// A map, literal if all its values are.
    pub fn map(fields: BTreeMap<String, Expr>) -> Expr {
        if fields.values().all(|field| matches!(field, Self::Literal(_))) {
            let fields = fields.into_iter().filter_map(|(key, field)| Some((key, field.into_literal()?)));
            Self::Literal(Json::Object(fields.collect()))
        } else {
            Self::Map(fields)
        }
    }

    fn into_literal(self) -> Option<Json> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The known value in the clear, secrets included, for a provider's eyes; `None` while something is unknown.
    pub fn expose(&self) -> Option<Json> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Ref(_) | Self::Call(..) => None,
            Self::List(items) => items.iter().map(Self::expose).collect::<Option<Vec<_>>>().map(Json::Array),
            Self::Map(fields) => fields
                .iter()
                .map(|(key, field)| Some((key.clone(), field.expose()?)))
                .collect::<Option<serde_json::Map<_, _>>>()
                .map(Json::Object),
            Self::Secret(inner) => inner.expose(),
        }
    }
}

impl std::fmt::Debug for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}

impl From<&str> for Expr {
    fn from(text: &str) -> Self {
        Self::Literal(text.into())
    }
}

impl From<String> for Expr {
    fn from(text: String) -> Self {
        Self::Literal(text.into())
    }
}

impl From<Json> for Expr {
    fn from(value: Json) -> Self {
        Self::Literal(value)
    }
}
