//! What a value must keep to beyond its kind: the limits of a number, the pattern of a text.

use std::{fmt, str::FromStr};

use regex_lite::Regex;
use serde_json::Value as Json;

/// The limits of a number, both inclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Range {
    /// At least this.
    pub min: Option<f64>,
    /// At most this.
    pub max: Option<f64>,
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

impl Range {
    /// What would be right instead of a number outside these limits.
    pub(super) fn expected(self, value: &Json) -> Option<String> {
        let value = value.as_f64()?;
        let (below, above) =
            (self.min.is_some_and(|min| value < min), self.max.is_some_and(|max| value > max));
        (below || above).then(|| match (self.min, self.max) {
            (Some(min), Some(max)) => format!("a number from {min} to {max}"),
            (Some(min), None) => format!("a number of at least {min}"),
            (None, Some(max)) => format!("a number of at most {max}"),
            (None, None) => "a number".to_owned(),
        })
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
}
