//! Expressions: arguments as data. Unknown values flow along references. Only evaluates; knows no types and does no
//! I/O.

mod function;
mod glance;
mod wire;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use function::{EvalError, Function};
pub use glance::Glance;

use crate::{
    Address, Home, NodeRef, Path,
    path::{Step, Trail},
};

/// A reference to the value at a path of another node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The node.
    pub node: Address,
    /// The path in its attributes or arguments.
    pub path: Path,
    /// The stack in which the node was declared, if known. Equality of references ignores it.
    pub home: Home,
}

impl Reference {
    /// A reference to the value at a path of a node.
    pub fn new(node: impl Into<NodeRef>, path: Path) -> Self {
        let (node, home) = node.into().into_parts();
        Self { node, path, home }
    }
}

/// A value that may be unknown yet.
///
/// Serialises as plain JSON. Objects with a single key stand for what JSON cannot express: `{"$ref": ["aws_vpc.main",
/// "id"]}`, `{"$call": ["concat", …]}`, `{"$secret": …}`, and `{"$literal": …}` around an object whose keys look like
/// those.
#[derive(Clone, PartialEq)]
pub enum Expr {
    /// A known value.
    Literal(Json),
    /// Another node's attribute.
    Ref(Reference),
    /// A list with an unknown or secret part.
    List(Vec<Expr>),
    /// A map or block with an unknown or secret part.
    Map(BTreeMap<String, Expr>),
    /// A function of other values.
    Call(Function, Vec<Expr>),
    /// A value that is used but never shown.
    Secret(Box<Expr>),
}

/// What a reference finds, as far as known.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// The value.
    Known(Json),
    /// The value, which must not be shown.
    Secret(Json),
    /// Known only after the node is applied.
    Unknown,
}

/// The deepest nesting of lists, maps and functions in a declaration and in a provider's answer. A stored form nests
/// one in the other at most, and readers of JSON go down to 128.
pub const DEEPEST: usize = 56;

impl Expr {
    /// No value.
    pub const NULL: Expr = Expr::Literal(Json::Null);

    /// A reference to the value at a path of a node, for callers without a typed one.
    pub fn reference(node: impl Into<NodeRef>, path: Path) -> Expr {
        Self::Ref(Reference::new(node, path))
    }

    /// Whether every part is known.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Literal(_) => true,
            Self::Ref(_) | Self::Call(..) => false,
            Self::List(items) => items.iter().all(Self::is_known),
            Self::Map(fields) => fields.values().all(Self::is_known),
            Self::Secret(inner) => inner.is_known(),
        }
    }

    /// Whether it contains a function.
    pub fn has_calls(&self) -> bool {
        match self {
            Self::Literal(_) | Self::Ref(_) => false,
            Self::Call(..) => true,
            Self::List(items) => items.iter().any(Self::has_calls),
            Self::Map(fields) => fields.values().any(Self::has_calls),
            Self::Secret(inner) => inner.has_calls(),
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

    /// The expression at a path; `None` if there is none. A part of a secret is secret, and a part of an open
    /// expression is unknown.
    pub fn at(&self, path: &Path) -> Option<Resolved> {
        let (mut value, mut secret) = (Glance::at(self), false);
        for step in path.steps() {
            while let Glance::Expr(Expr::Secret(inner)) = value {
                (value, secret) = (Glance::at(inner), true);
            }
            if let Glance::Expr(Self::Ref(_) | Self::Call(..)) = value {
                return Some(Resolved::Unknown);
            }
            value = match step {
                Step::Key(key) => value.get(key)?,
                Step::Index(index) => value.item(*index as usize)?,
            };
        }
        Some(match value {
            Glance::Json(value) if secret => Resolved::Secret(value.clone()),
            Glance::Json(value) => Resolved::Known(value.clone()),
            Glance::Expr(other) => other.expose().map_or(Resolved::Unknown, Resolved::Secret),
        })
    }

    /// Calls `visit` with each reference and its place.
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

    /// Replaces each reference that `lookup` knows, and computes everything that becomes known.
    ///
    /// # Errors
    /// A function has arguments that it cannot take.
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

    /// Whether lists, maps and functions are nested deeper than [`DEEPEST`], in the stored form of the expression.
    pub fn is_too_deep(&self) -> bool {
        self.is_deeper(DEEPEST)
    }

    fn is_deeper(&self, limit: usize) -> bool {
        let below = |steps: usize| limit.checked_sub(steps);
        match self {
            Self::Literal(value) => is_deeper(value, limit),
            Self::Ref(_) => below(2).is_none(),
            Self::List(items) => below(1).is_none_or(|limit| items.iter().any(|item| item.is_deeper(limit))),
            Self::Map(fields) => {
                below(1).is_none_or(|limit| fields.values().any(|field| field.is_deeper(limit)))
            }
            Self::Call(_, arguments) => {
                below(2).is_none_or(|limit| arguments.iter().any(|argument| argument.is_deeper(limit)))
            }
            Self::Secret(inner) => inner.is_deeper(limit),
        }
    }

    /// Calls `visit` with each value that could not be computed while declaring, and the reason. Skips secrets, because
    /// a stack that was read back has no others.
    pub fn each_failure(&self, at: &Trail<'_>, visit: &mut dyn FnMut(&Trail<'_>, &str)) {
        match self {
            Self::Call(Function::Fail, arguments) => {
                if let [Self::Literal(Json::String(message))] = arguments.as_slice() {
                    visit(at, message);
                }
            }
            Self::Call(_, arguments) => {
                arguments.iter().for_each(|argument| argument.each_failure(at, visit))
            }
            Self::List(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(place, item)| item.each_failure(&Trail::Index(at, place), visit));
            }
            Self::Map(fields) => {
                fields.iter().for_each(|(key, field)| field.each_failure(&Trail::Key(at, key), visit));
            }
            Self::Literal(_) | Self::Ref(_) | Self::Secret(_) => {}
        }
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

    /// The known value in the clear, including secrets, for a provider; `None` if any part is unknown.
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

/// Whether lists and maps are nested deeper than [`DEEPEST`].
pub fn is_too_deep(value: &Json) -> bool {
    is_deeper(value, DEEPEST)
}

fn is_deeper(value: &Json, limit: usize) -> bool {
    let inside = match value {
        Json::Array(items) => items.len(),
        Json::Object(fields) => fields.len(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return false,
    };
    match limit.checked_sub(1) {
        None => true,
        Some(_) if inside == 0 => false,
        Some(limit) => match value {
            Json::Array(items) => items.iter().any(|item| is_deeper(item, limit)),
            Json::Object(fields) => fields.values().any(|field| is_deeper(field, limit)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
        },
    }
}

/// Replaces parts of a provider's answer that are nested too deeply to be stored with null. Returns whether there were
/// any.
pub fn prune(value: &mut Json) -> bool {
    fn below(value: &mut Json, limit: usize) -> bool {
        match (value, limit) {
            (value @ (Json::Array(_) | Json::Object(_)), 0) => {
                *value = Json::Null;
                true
            }
            (Json::Array(items), _) => {
                items.iter_mut().filter_map(|item| below(item, limit - 1).then_some(())).count() > 0
            }
            (Json::Object(fields), _) => {
                fields.values_mut().filter_map(|field| below(field, limit - 1).then_some(())).count() > 0
            }
            _ => false,
        }
    }
    below(value, DEEPEST)
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
