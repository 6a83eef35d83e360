//! What a value must keep to beyond its kind: the range of a number, the length and the pattern of a text.

use std::{fmt, str::FromStr};

use regex_lite::Regex;
use serde_json::{Map, Value as Json, json};

use super::Kind;

/// What a number or a text must keep to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The range of a number: JSON Schema's `minimum` and `maximum`.
    pub number: Range<f64>,
    /// The number of characters of a text: JSON Schema's `minLength` and `maxLength`.
    pub length: Range<usize>,
    /// The pattern of a text.
    pub pattern: Option<Pattern>,
}

/// A range with both ends in it. An end that is not given has no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Range<N> {
    /// At least this.
    pub min: Option<N>,
    /// At most this.
    pub max: Option<N>,
}

/// A regular expression that a text must match, as JSON Schema's `pattern`. It matches anywhere in the text unless it
/// begins with `^` and ends with `$`.
///
/// ```
/// use landform_core::schema::Pattern;
///
/// let name: Pattern = "^[a-z][a-z0-9-]*$".parse()?;
/// assert!(name.matches("web-1") && !name.matches("1-web"));
/// # Ok::<(), landform_core::schema::PatternError>(())
/// ```
#[derive(Clone)]
pub struct Pattern(Regex);

/// A text that is not a regular expression.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{text:?} is not a regular expression")]
pub struct PatternError {
    /// The text.
    pub text: String,
    /// Why it is none.
    pub source: regex_lite::Error,
}

impl Limits {
    /// What these schemas say. The first one that has a keyword counts.
    pub(super) fn of(schemas: &[&Json]) -> Result<Self, PatternError> {
        let said = |key: &str| schemas.iter().find_map(|schema| schema.get(key));
        let number = |key| said(key).and_then(Json::as_f64);
        let length = |key| said(key).and_then(Json::as_u64).and_then(|length| usize::try_from(length).ok());
        let pattern = said("pattern").and_then(Json::as_str);
        Ok(Self {
            number: Range { min: number("minimum"), max: number("maximum") },
            length: Range { min: length("minLength"), max: length("maxLength") },
            pattern: pattern.map(str::parse).transpose()?,
        })
    }

    /// Adds the limits to a JSON Schema.
    pub(super) fn write(&self, schema: &mut Map<String, Json>) {
        let Self { number, length, pattern } = self;
        let said = [
            ("minimum", number.min.map(|min| json!(min))),
            ("maximum", number.max.map(|max| json!(max))),
            ("minLength", length.min.map(|min| json!(min))),
            ("maxLength", length.max.map(|max| json!(max))),
            ("pattern", pattern.as_ref().map(|pattern| json!(pattern.as_str()))),
        ];
        schema.extend(said.into_iter().filter_map(|(key, said)| Some((key.to_owned(), said?))));
    }

    /// Finds a limit that values of this kind cannot have.
    pub(super) fn check(&self, kind: &Kind) -> Result<(), &'static str> {
        match kind {
            Kind::Any => Ok(()),
            kind if self.number != Range::default() && !kind.is_numeric() => {
                Err("only a number has a minimum or a maximum")
            }
            Kind::Text { .. } => Ok(()),
            _ if self.length != Range::default() => Err("only a text has a length"),
            _ if self.pattern.is_some() => Err("only a text has a pattern"),
            _ => Ok(()),
        }
    }

    /// What would be right instead of a number or a text outside these limits; `None` if it is inside.
    pub(crate) fn expected(&self, value: &Json) -> Option<String> {
        match value {
            Json::Number(number) => {
                let of = if self.number.min.is_some() && self.number.max.is_some() { "from" } else { "of" };
                let outside = !self.number.contains(&number.as_f64()?);
                outside.then(|| format!("a number {of} {}", self.number))
            }
            Json::String(text) => {
                let length = text.chars().count();
                if !self.length.contains(&length) {
                    return Some(format!("{} characters, not {length}", self.length));
                }
                let pattern = self.pattern.as_ref().filter(|pattern| !pattern.matches(text))?;
                Some(format!("text that matches {pattern}"))
            }
            _ => None,
        }
    }
}

impl<N: PartialOrd> Range<N> {
    /// Whether a value is in the range.
    pub fn contains(&self, value: &N) -> bool {
        self.min.as_ref().is_none_or(|min| value >= min) && self.max.as_ref().is_none_or(|max| value <= max)
    }
}

/// `7 to 30`, `at least 7`, `at most 30`.
impl<N: fmt::Display> fmt::Display for Range<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) => write!(f, "{min} to {max}"),
            (Some(min), None) => write!(f, "at least {min}"),
            (None, Some(max)) => write!(f, "at most {max}"),
            (None, None) => f.write_str("any"),
        }
    }
}

impl Pattern {
    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether a text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let regex = Regex::new(text).map_err(|source| PatternError { text: text.to_owned(), source })?;
        Ok(Self(regex))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use crate::{Schema, expr::Expr};

    #[test]
    fn values_outside_the_limits_are_told_with_what_is_right() {
        let document = json!({ "type": "object", "properties": {
            "name": { "type": "string", "maxLength": 4, "pattern": "^[a-z]+$" },
            "days": { "type": "integer", "minimum": 7, "maximum": 30 },
            "zones": { "type": "array", "items": { "type": "string" }, "minItems": 1, "pattern": "^[a-z]$" },
            "names": { "type": "array", "items": { "type": "string", "maxLength": 2 } },
            "either": { "maximum": 9 },
            "names": { "type": "array", "items": { "type": "string", "maxLength": 2 } },
            "either": { "maximum": 9 },
        }});
        let schema = Schema::from_json_schema(&document).unwrap();
        let problems = |value| {
            let violations = schema.check(&Expr::from(value));
            violations.into_iter().map(|violation| violation.to_string()).collect::<Vec<_>>()
        };
        assert!(problems(json!({ "name": "abcd", "days": 7, "zones": ["a"] })).is_empty());
        assert_eq!(
            problems(json!({ "name": "abcde" })),
            ["name: \"abcde\", expected at most 4 characters, not 5"]
        );
        assert_eq!(problems(json!({ "name": "A" })), ["name: \"A\", expected text that matches ^[a-z]+$"]);
        assert_eq!(problems(json!({ "days": 31 })), ["days: 31, expected a number from 7 to 30"]);
        assert_eq!(
            problems(json!({ "zones": ["a", "bb"] })),
            ["zones[1]: \"bb\", expected text that matches ^[a-z]$"]
        );
        assert_eq!(problems(json!({ "zones": [] })), ["zones: a list, expected at least 1 of them, not 0"]);
        assert_eq!(
            problems(json!({ "names": ["abc"] })),
            ["names[0]: \"abc\", expected at most 2 characters, not 3"]
        );
        assert_eq!(problems(json!({ "either": 10 })), ["either: 10, expected a number of at most 9"]);
        let document = schema.to_json_schema();
        assert_eq!(document["properties"]["zones"]["items"]["pattern"], "^[a-z]$");
        let again = Schema::from_json_schema(&schema.to_json_schema()).unwrap();
        assert_eq!(again, schema);
    }

    #[test]
    fn a_pattern_that_is_no_regular_expression_is_refused() {
        let document =
            json!({ "type": "object", "properties": { "name": { "type": "string", "pattern": "(" } } });
        let error = Schema::from_json_schema(&document).unwrap_err();
        assert!(error.contains("name") && error.contains("is not a regular expression"), "{error}");
    }

    #[test]
    fn a_limit_without_effect_is_refused() {
        for (property, problem) in [
            (json!({ "type": "string", "minimum": 1 }), "only a number"),
            (json!({ "type": "boolean", "maxLength": 1 }), "only a text has a length"),
            (json!({ "type": "integer", "pattern": "^a$" }), "only a text has a pattern"),
        ] {
            let document = json!({ "type": "object", "properties": { "name": property } });
            let error = Schema::from_json_schema(&document).unwrap_err();
            assert!(error.contains("name") && error.contains(problem), "{error}");
        }
    }
}
