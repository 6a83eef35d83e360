//! The question of a data source, and whether something matches it. Pure.
//!
//! An argument asks for the value of the field with its name; a map asks for the given entries. Two arguments have
//! another meaning, as in Terraform's providers: `most_recent` chooses among the matches, and a list of blocks with
//! `name` and `values` holds filters like those of EC2, where `vpc-id` stands for the field `vpc_id` and `tag:Name` for
//! an entry of `tags`.

use std::collections::BTreeSet;

use landform_core::{
    ResourceType, Schema,
    schema::{Field, Kind},
};
use serde_json::{Map, Value as Json};

const MOST_RECENT: &str = "most_recent";
const TAG: &str = "tag:";

/// The question of a data source.
pub(crate) struct Question<'a> {
    asked: &'a Json,
    source: &'a ResourceType,
    /// The wanted type, if the cloud can create it.
    managed: Option<&'a ResourceType>,
    /// The name of the id in filters, such as `subnet-id`.
    id: String,
}

/// One filter.
struct Filter<'a> {
    name: &'a str,
    values: Vec<&'a str>,
}

impl<'a> Question<'a> {
    pub(crate) fn new(
        asked: &'a Json,
        source: &'a ResourceType,
        of: &str,
        managed: Option<&'a ResourceType>,
    ) -> Self {
        let bare = of.split_once('_').map_or(of, |(_, bare)| bare);
        Self { asked, source, managed, id: format!("{}-id", bare.replace('_', "-")) }
    }

    /// Whether only the newest match is wanted.
    pub(crate) fn most_recent(&self) -> bool {
        self.asked.get(MOST_RECENT) == Some(&Json::Bool(true))
    }

    /// Whether the filters name known fields. Returns the problem if not. A real cloud may know more fields.
    pub(crate) fn check(&self, candidates: &[Map<String, Json>]) -> Result<(), String> {
        let mut known: BTreeSet<&str> = candidates.iter().flatten().map(|(name, _)| name.as_str()).collect();
        let schemas = self.managed.iter().flat_map(|managed| [&managed.arguments, &managed.attributes]);
        let fields = schemas.chain([&self.source.attributes]).flat_map(Schema::fields);
        known.extend(fields.map(|field| field.name.as_str()));
        let unknown = self.filters().find(|filter| {
            !filter.name.starts_with(TAG) && !known.contains(self.field(filter.name).as_str())
        });
        match unknown {
            None => Ok(()),
            Some(Filter { name, .. }) => {
                let known: Vec<String> = known.iter().map(|name| name.replace('_', "-")).collect();
                Err(format!("unknown filter {name:?}: expected one of {}", known.join(", ")))
            }
        }
    }

    /// Whether every part of the question matches.
    pub(crate) fn fits(&self, candidate: &Map<String, Json>) -> bool {
        let plain = self.fields().filter(|(field, _)| field.name != MOST_RECENT && !is_filter(field));
        plain.into_iter().all(|(field, wanted)| has(candidate.get(&field.name), wanted))
            && self.filters().all(|filter| self.passes(&filter, candidate))
    }

    fn fields(&self) -> impl Iterator<Item = (&'a Field, &'a Json)> {
        let fields = self.source.arguments.fields().iter();
        fields.filter_map(|field| Some((field, self.asked.get(&field.name)?)))
    }

    fn filters(&self) -> impl Iterator<Item = Filter<'a>> {
        let given = self.fields().filter(|(field, _)| is_filter(field));
        let blocks = given.filter_map(|(_, blocks)| blocks.as_array()).flatten();
        blocks.filter_map(|block| {
            let values = block.get("values")?.as_array()?.iter().filter_map(Json::as_str).collect();
            Some(Filter { name: block.get("name")?.as_str()?, values })
        })
    }

    /// The field that a filter's name means.
    fn field(&self, name: &str) -> String {
        if name == self.id { "id".to_owned() } else { name.replace('-', "_") }
    }

    fn passes(&self, filter: &Filter<'_>, candidate: &Map<String, Json>) -> bool {
        let value = match filter.name.strip_prefix(TAG) {
            Some(key) => candidate.get("tags").and_then(|tags| tags.get(key)),
            None => candidate.get(&self.field(filter.name)),
        };
        let passes = |value: &Json| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            filter.values.iter().any(|pattern| matches(pattern, &text))
        };
        match value {
            None | Some(Json::Null) => false,
            Some(Json::Array(values)) => values.iter().any(passes),
            Some(value) => passes(value),
        }
    }
}

/// Whether an argument holds filters.
fn is_filter(field: &Field) -> bool {
    let (Kind::List(item) | Kind::Set(item)) = &field.kind else { return false };
    let Kind::Block(block) = &**item else { return false };
    block.fields().iter().map(|field| field.name.as_str()).eq(["name", "values"])
}

/// Whether a field has the wanted value. Null, `false` and an empty value match a missing field.
fn has(value: Option<&Json>, wanted: &Json) -> bool {
    match (wanted, value) {
        (Json::Null, _) => true,
        (Json::Object(wanted), Some(Json::Object(has))) => {
            wanted.iter().all(|(key, value)| has.get(key) == Some(value))
        }
        (Json::Object(wanted), _) => wanted.is_empty(),
        (Json::Array(wanted), None) => wanted.is_empty(),
        (Json::Bool(wanted), None) => !wanted,
        (wanted, has) => has == Some(wanted),
    }
}

/// Whether a text matches a pattern, in which `*` stands for any text and `?` for any letter.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // The place of the last `*`, and the end of its match so far. It is the only place to go back to.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == text[read] => {
                at += 1;
                read += 1;
            }
            _ => match &mut star {
                None => return false,
                Some((place, reach)) => {
                    *reach += 1;
                    (at, read) = (*place + 1, *reach);
                }
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_ec2s() {
        for (pattern, text, fits) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("", "", true),
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c*", "acbcd", true),
            ("a*bc", "abcbcb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*/img-*-v?", "x/img-a-b-v2", true),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
