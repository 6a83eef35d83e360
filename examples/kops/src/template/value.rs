//! The values of a template, printed as Go prints them. Maps are shared, because `set` changes one where it is.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Zoned;
use serde_json::{Number, Value as Json};

use super::functions::dates;

pub type Fields = Rc<RefCell<BTreeMap<String, Value>>>;

#[derive(Debug, Clone)]
pub enum Value {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A point in time, in a time zone.
    Time(Zoned),
    List(Vec<Value>),
    Map(Fields),
}

impl Value {
    pub fn map(fields: BTreeMap<String, Value>) -> Self {
        Self::Map(Rc::new(RefCell::new(fields)))
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Whether a condition with this value holds: it is not the empty value of its kind.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(truth) => *truth,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Time(_) => true,
            Self::List(items) => !items.is_empty(),
            Self::Map(fields) => !fields.borrow().is_empty(),
        }
    }

    /// Go's name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Time(_) => "struct",
            Self::List(_) => "slice",
            Self::Map(_) => "map",
        }
    }

    /// Go's name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Time(_) => "time.Time",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
            other => other.kind(),
        }
    }

    pub fn to_json(&self) -> Json {
        match self {
            Self::Nil => Json::Null,
            Self::Bool(truth) => Json::Bool(*truth),
            Self::Int(number) => Json::from(*number),
            Self::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Self::Text(text) => Json::from(text.as_str()),
            Self::Time(time) => Json::from(time.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(fields) => {
                let fields = fields.borrow();
                Json::Object(fields.iter().map(|(name, value)| (name.clone(), value.to_json())).collect())
            }
        }
    }

    /// Whether a map is in this value, at any depth.
    pub fn holds(&self, map: &Fields) -> bool {
        match self {
            Self::List(items) => items.iter().any(|item| item.holds(map)),
            Self::Map(fields) => {
                Rc::ptr_eq(fields, map) || fields.borrow().values().any(|value| value.holds(map))
            }
            _ => false,
        }
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(truth) => Self::Bool(truth),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Self::Int(number),
                None => Self::Float(number.as_f64().unwrap_or_default()),
            },
            Json::String(text) => Self::Text(text),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(fields) => {
                Self::map(fields.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(one), Self::Float(two)) | (Self::Float(two), Self::Int(one)) => *one as f64 == *two,
            (Self::Float(one), Self::Float(two)) => one == two,
            _ => self.to_json() == other.to_json(),
        }
    }
}

/// As Go's `%v`.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nil => f.write_str("<no value>"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Float(number) => f.write_str(&float(*number)),
            Self::Text(text) => f.write_str(text),
            Self::Time(time) => f.write_str(&dates::printed(time)),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::inside).collect();
                write!(f, "[{}]", items.join(" "))
            }
            Self::Map(fields) => {
                let fields = fields.borrow();
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}:{}", value.inside())).collect();
                write!(f, "map[{}]", fields.join(" "))
            }
        }
    }
}

impl Value {
    /// Its text inside a list or a map.
    fn inside(&self) -> String {
        match self {
            Self::Nil => "<nil>".to_owned(),
            other => other.to_string(),
        }
    }
}

/// A number as Go's `%v` writes it: with an exponent if it is very large or very small.
fn float(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }
        .to_owned();
    }
    let written = format!("{number:e}");
    let Some((digits, exponent)) = written.split_once('e') else { return written };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    match !(-4..6).contains(&exponent) {
        true => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
        false => number.to_string(),
    }
}
