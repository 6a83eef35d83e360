//! Looks into expressions and the plain JSON inside them in the same way, without copying either.

use serde_json::Value as Json;

use super::Expr;

/// A borrowed value: plain JSON where it is literal, an expression elsewhere.
#[derive(Debug, Clone, Copy)]
pub enum Glance<'a> {
    /// A known value.
    Json(&'a Json),
    /// Anything but a literal.
    Expr(&'a Expr),
}

/// The fields of a map or block, borrowed.
type Entries<'a> = Box<dyn Iterator<Item = (&'a str, Glance<'a>)> + 'a>;

impl<'a> Glance<'a> {
    /// A look at an expression.
    pub fn at(expr: &'a Expr) -> Self {
        match expr {
            Expr::Literal(value) => Self::Json(value),
            other => Self::Expr(other),
        }
    }

    /// The field of a map or block.
    pub fn get(self, key: &str) -> Option<Self> {
        match self {
            Self::Json(Json::Object(fields)) => fields.get(key).map(Self::Json),
            Self::Expr(Expr::Map(fields)) => fields.get(key).map(Self::at),
            _ => None,
        }
    }

    /// The fields of a map or block; `None` for anything else.
    pub fn entries(self) -> Option<Entries<'a>> {
        match self {
            Self::Json(Json::Object(fields)) => {
                Some(Box::new(fields.iter().map(|(key, value)| (key.as_str(), Self::Json(value)))))
            }
            Self::Expr(Expr::Map(fields)) => {
                Some(Box::new(fields.iter().map(|(key, value)| (key.as_str(), Self::at(value)))))
            }
            _ => None,
        }
    }

    /// The number of items in a list; `None` for anything else.
    pub fn list_len(self) -> Option<usize> {
        match self {
            Self::Json(Json::Array(items)) => Some(items.len()),
            Self::Expr(Expr::List(items)) => Some(items.len()),
            _ => None,
        }
    }

    /// The item of a list.
    pub fn item(self, place: usize) -> Option<Self> {
        match self {
            Self::Json(Json::Array(items)) => items.get(place).map(Self::Json),
            Self::Expr(Expr::List(items)) => items.get(place).map(Self::at),
            _ => None,
        }
    }

    /// The items of a list; empty for anything else.
    pub fn items(self) -> impl Iterator<Item = Self> {
        (0..self.list_len().unwrap_or(0)).filter_map(move |place| self.item(place))
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        matches!(self, Self::Json(Json::Null))
    }

    /// A copy to keep.
    pub fn to_expr(self) -> Expr {
        match self {
            Self::Json(value) => Expr::Literal(value.clone()),
            Self::Expr(expr) => expr.clone(),
        }
    }
}
