//! Filters of lists: `name = "a" AND (labels.team:* OR NOT status = TERMINATED)`, and the older form `network eq
//! ".*/main"`, whose value is a regular expression.

use regex_lite::Regex;
use serde_json::Value as Json;

use crate::refusal::{Refusal, Result};

/// A filter.
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare { field: String, by: By },
}

/// The comparison of a field.
pub(crate) enum By {
    Equal(String),
    Less {
        than: String,
        or_equal: bool,
    },
    Greater {
        than: String,
        or_equal: bool,
    },
    /// The field contains the text. With an empty text: the field exists.
    Has(String),
    Matches(Regex),
}

impl Filter {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = || Refusal::invalid("filter", text, "Invalid list filter expression.");
        let words = words(text).ok_or_else(wrong)?;
        let mut reader = Reader { words: &words, at: 0 };
        let filter = reader.any().ok_or_else(wrong)?;
        if reader.at == words.len() { Ok(filter) } else { Err(wrong()) }
    }

    pub(crate) fn takes(&self, object: &Json) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.takes(object)),
            Self::Any(filters) => filters.iter().any(|filter| filter.takes(object)),
            Self::Not(filter) => !filter.takes(object),
            Self::Compare { field, by } => values(object, field).iter().any(|value| by.holds(value)),
        }
    }
}

impl By {
    fn holds(&self, value: &str) -> bool {
        let order = |than: &str| match (value.parse::<f64>(), than.parse::<f64>()) {
            (Ok(value), Ok(than)) => value.partial_cmp(&than),
            _ => Some(value.cmp(than)),
        };
        match self {
            Self::Equal(wanted) => order(wanted).is_some_and(|order| order.is_eq()),
            Self::Less { than, or_equal } => {
                order(than).is_some_and(|o| o.is_lt() || (*or_equal && o.is_eq()))
            }
            Self::Greater { than, or_equal } => {
                order(than).is_some_and(|o| o.is_gt() || (*or_equal && o.is_eq()))
            }
            Self::Has(part) => value.to_lowercase().contains(&part.to_lowercase()),
            Self::Matches(regex) => regex.is_match(value),
        }
    }
}

/// The values at a dotted path as texts. A list yields all its items.
fn values(object: &Json, field: &str) -> Vec<String> {
    match (object, field.split_once('.')) {
        (Json::Array(items), _) => items.iter().flat_map(|item| values(item, field)).collect(),
        (Json::Object(entries), split) => {
            // Keys of labels may contain dots.
            if let Some(value) = entries.get(field) {
                return values(value, "");
            }
            let (name, rest) = split.unwrap_or((field, ""));
            entries.get(name).map_or_else(Vec::new, |value| values(value, rest))
        }
        (Json::String(text), None) if field.is_empty() => vec![text.clone()],
        (Json::Bool(_) | Json::Number(_), None) if field.is_empty() => vec![object.to_string()],
        _ => Vec::new(),
    }
}

#[derive(PartialEq)]
enum Word {
    Plain(String),
    Quoted(String),
    Sign(&'static str),
}

const SIGNS: [&str; 9] = ["<=", ">=", "!=", "=", "<", ">", ":", "(", ")"];

fn words(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '"' || first == '\'' {
            let (quoted, after) = quoted(&rest[1..], first)?;
            words.push(Word::Quoted(quoted));
            rest = after;
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            words.push(Word::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            // After a sign a value reaches to the next space or bracket, because a URL contains colons.
            let value = matches!(words.last(), Some(Word::Sign(sign)) if *sign != "(" && *sign != ")");
            let ends = |c: char| c.is_whitespace() || "()".contains(c) || (!value && "<>=!:".contains(c));
            let end = rest.find(ends).unwrap_or(rest.len());
            (end > 0).then_some(())?;
            words.push(Word::Plain(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Some(words)
}

/// A quoted text and the rest after it. A backslash stays unless it precedes a quote or a backslash.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut quoted = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote {
            return Some((quoted, &text[at + letter.len_utf8()..]));
        }
        if letter == '\\'
            && let Some((_, next)) = letters.next_if(|(_, next)| *next == quote)
        {
            quoted.push(next);
            continue;
        }
        quoted.push(letter);
    }
    None
}

struct Reader<'a> {
    words: &'a [Word],
    at: usize,
}

impl Reader<'_> {
    fn plain(&mut self, wanted: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some(Word::Plain(word)) if word == wanted);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let found = self.words.get(self.at)
            == Some(&Word::Sign(SIGNS.into_iter().find(|sign| *sign == wanted).unwrap_or("")));
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Option<Filter> {
        let mut filters = vec![self.all()?];
        while self.plain("OR") {
            filters.push(self.all()?);
        }
        Some(Filter::Any(filters))
    }

    fn all(&mut self) -> Option<Filter> {
        let mut filters = vec![self.one()?];
        loop {
            match self.words.get(self.at) {
                Some(Word::Plain(word)) if word == "OR" => break,
                None | Some(Word::Sign(")")) => break,
                _ => {}
            }
            self.plain("AND");
            filters.push(self.one()?);
        }
        Some(Filter::All(filters))
    }

    fn one(&mut self) -> Option<Filter> {
        if self.plain("NOT") {
            return self.one().map(|filter| Filter::Not(Box::new(filter)));
        }
        if self.sign("(") {
            let filter = self.any()?;
            return self.sign(")").then_some(filter);
        }
        let Some(Word::Plain(field)) = self.words.get(self.at) else { return None };
        let (field, negative) =
            field.strip_prefix('-').map_or((field.as_str(), false), |field| (field, true));
        self.at += 1;
        let operator = match self.words.get(self.at)? {
            Word::Sign(sign) => *sign,
            Word::Plain(word) if word == "eq" => "eq",
            Word::Plain(word) if word == "ne" => "ne",
            _ => return None,
        };
        self.at += 1;
        let (Word::Plain(value) | Word::Quoted(value)) = self.words.get(self.at)? else { return None };
        self.at += 1;
        let by = match operator {
            "=" | "!=" => By::Equal(value.clone()),
            "<" | "<=" => By::Less { than: value.clone(), or_equal: operator == "<=" },
            ">" | ">=" => By::Greater { than: value.clone(), or_equal: operator == ">=" },
            ":" => By::Has(value.trim_matches('*').to_owned()),
            _ => By::Matches(Regex::new(&format!("^(?:{})$", unescaped(value))).ok()?),
        };
        let filter = Filter::Compare { field: field.to_owned(), by };
        let negative = negative != matches!(operator, "!=" | "ne");
        Some(if negative { Filter::Not(Box::new(filter)) } else { filter })
    }
}

/// Adapts a regular expression of RE2, which allows an escaped dash outside of classes.
fn unescaped(regex: &str) -> String {
    regex.replace("\\-", "-")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn filters_take_what_they_say() {
        let object = json!({
            "name": "web-1", "status": "RUNNING", "priority": 900, "labels": {"team": "a", "k8s.io/role": "x"},
            "scheduling": {"preemptible": false}, "network": "https://host/compute/v1/projects/p/global/networks/main",
            "tags": {"items": ["http", "ssh"]},
        });
        let takes = |filter: &str| Filter::parse(filter).unwrap().takes(&object);
        for filter in [
            "name = web-1",
            "name=\"web-1\"",
            "name != other",
            "name:web*",
            "labels.team:*",
            "labels.k8s.io/role=x",
            "name eq web-.",
            "name eq \"web-[0-9]\"",
            "name ne other",
            "priority > 800",
            "priority <= 900",
            "scheduling.preemptible = false",
            "(name = a) OR (status = RUNNING)",
            "name=web-1 AND NOT status=STOPPED",
            "name=web-1 status=RUNNING",
            "-name=other",
            r#"network eq ".*\bmain\b.*""#,
            "tags.items = ssh",
            "network = https://host/compute/v1/projects/p/global/networks/main",
        ] {
            assert!(takes(filter), "{filter}");
        }
        for filter in ["name = web", "labels.other:*", "priority < 900", "name eq web", "NOT name = web-1"] {
            assert!(!takes(filter), "{filter}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for filter in
            ["name", "name =", "= a", "(name = a", "name = a)", "name eq [", "name ~ a", "name = \"a"]
        {
            assert!(Filter::parse(filter).is_err(), "{filter}");
        }
    }
}
