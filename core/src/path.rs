//! Paths into the arguments and attributes of a resource: `network_interface[0].security_groups`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;

use crate::address::NameError;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field of a block, or a key of a map.
    Key(Box<str>),
    /// An index of a list, counted from 0.
    Index(u32),
}

/// A path from the top of a resource. It prints with dots and brackets, and with quotes around keys that contain those.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(Vec<Step>);

impl Path {
    /// The path of a top-level field.
    pub fn field(name: &str) -> Self {
        Self(vec![Step::Key(name.into())])
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// This path, one key further.
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.into()))
    }

    /// This path, one index further.
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index as u32))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// The top-level field, if the path has one.
    pub fn head(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// Whether this path is `prefix` or lies below it.
    pub fn starts_with(&self, prefix: &Path) -> bool {
        self.0.starts_with(&prefix.0)
    }

    /// The rest after `prefix`, if this path begins with it.
    pub fn below(&self, prefix: &Path) -> Self {
        Self(self.0.get(prefix.0.len()..).unwrap_or_default().to_vec())
    }

    /// Whether the path is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value at this path.
    pub fn find<'a>(&self, value: &'a Json) -> Option<&'a Json> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get(&**key),
            Step::Index(index) => value.get(*index as usize),
        })
    }
}

/// The path of a walk. It borrows its steps, and uses memory only if a place has to be kept.
#[derive(Debug, Clone, Copy)]
pub enum Trail<'a> {
    /// The top.
    Top,
    /// A key below.
    Key(&'a Trail<'a>, &'a str),
    /// An index below.
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    /// The path to here.
    pub fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut at = self;
        loop {
            at = match at {
                Trail::Top => break,
                Trail::Key(above, key) => {
                    steps.push(Step::Key((*key).into()));
                    above
                }
                Trail::Index(above, index) => {
                    steps.push(Step::Index(*index as u32));
                    above
                }
            };
        }
        steps.reverse();
        Path(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_quoted(key) => write!(f, "[{}]", Json::from(&**key))?,
                Step::Key(key) if place == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// Whether a key needs quotes, as in JSON.
fn is_quoted(key: &str) -> bool {
    key.is_empty() || key.contains(|c: char| matches!(c, '.' | '[' | ']' | '"' | '\\') || c.is_control())
}

impl FromStr for Path {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let error = || NameError {
            text: text.into(),
            expected: "a path: fields joined by dots, places in brackets, as in \"ingress[0].from_port\"",
        };
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let mut stream = serde_json::Deserializer::from_str(&rest[1..]).into_iter::<String>();
                let key = stream.next().and_then(Result::ok).ok_or_else(error)?;
                let end = stream.byte_offset() - 1;
                rest = quoted.get(end..).and_then(|tail| tail.strip_prefix(']')).ok_or_else(error)?;
                steps.push(Step::Key(key.into()));
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (digits, tail) = inner.split_once(']').ok_or_else(error)?;
                steps.push(Step::Index(digits.parse().map_err(|_| error())?));
                rest = tail;
            } else {
                let body = if steps.is_empty() { rest } else { rest.strip_prefix('.').ok_or_else(error)? };
                let end = body.find(['.', '[']).unwrap_or(body.len());
                if end == 0 {
                    return Err(error());
                }
                steps.push(Step::Key(body[..end].into()));
                rest = &body[end..];
            }
        }
        Ok(Self(steps))
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_print_as_they_parse() {
        for text in
            ["id", "ingress[0].from_port", "tags[\"kubernetes.io/cluster/a.b\"]", "a[\"\\\"]\"][3].b", ""]
        {
            let path: Path = text.parse().unwrap();
            assert_eq!(path.to_string(), text);
        }
        for bad in ["a..b", ".a", "a[", "a[x]", "a[\"x\"", "a]b["] {
            assert!(bad.parse::<Path>().is_err(), "{bad}");
        }
    }

    #[test]
    fn finds_what_stands_there() {
        let value = serde_json::json!({ "a": [{ "b.c": 7 }] });
        let path = Path::field("a").index(0).key("b.c");
        assert_eq!(path.find(&value), Some(&serde_json::json!(7)));
        assert_eq!(path.index(1).find(&value), None);
    }
}
