//! Functions of versions, by the rules of <https://semver.org> and the constraints of Masterminds/semver, which sprig
//! uses.

use std::cmp::Ordering;

use super::{Answer, Function, Value, exactly};

pub fn find(name: &str) -> Option<Function> {
    Some(match name {
        "semver" => exactly(1, |of| {
            let text = of.text(0)?;
            Version::parse(&text)?.fields(&text)
        }),
        "semverCompare" => exactly(2, |of| {
            let version = Version::parse(&of.text(1)?)?;
            Ok(Value::Bool(is_met(&of.text(0)?, &version)?))
        }),
        _ => return None,
    })
}

/// A version of three numbers.
#[derive(Debug, Clone, PartialEq)]
struct Version {
    numbers: [u64; 3],
    /// The parts of a pre-release, such as `beta` and `1`.
    prerelease: Vec<String>,
    metadata: String,
}

impl Version {
    /// Reads a version of one to three numbers, with or without a leading `v`.
    fn parse(text: &str) -> Result<Self, String> {
        match Wildcard::parse(text) {
            Some(Wildcard { version, .. }) if !text.contains(['x', 'X', '*']) => Ok(version),
            _ => Err(format!("{text:?}: expected a version, such as 1.34.0")),
        }
    }

    /// The order of precedence: metadata does not count.
    fn order(&self, other: &Self) -> Ordering {
        let part = |one: &String, other: &String| match (one.parse::<u64>(), other.parse::<u64>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => one.cmp(other),
        };
        let prerelease = || match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let parts = self.prerelease.iter().zip(&other.prerelease);
                let differing = parts.map(|(one, other)| part(one, other)).find(|order| order.is_ne());
                differing.unwrap_or_else(|| self.prerelease.len().cmp(&other.prerelease.len()))
            }
        };
        self.numbers.cmp(&other.numbers).then_with(prerelease)
    }

    /// What a template can take from it, such as `.Major`.
    fn fields(&self, original: &str) -> Answer {
        let names = ["Major", "Minor", "Patch"];
        let mut fields = std::collections::BTreeMap::new();
        for (name, number) in names.into_iter().zip(self.numbers) {
            let number = i64::try_from(number).map_err(|_| format!("{number} is too large"))?;
            fields.insert(name.to_owned(), Value::Int(number));
        }
        fields.insert("Prerelease".to_owned(), Value::text(self.prerelease.join(".")));
        fields.insert("Metadata".to_owned(), Value::text(self.metadata.clone()));
        fields.insert("Original".to_owned(), Value::text(original));
        Ok(Value::map(fields))
    }
}

/// A version in which the last numbers may be missing, or be `x` or `*`.
struct Wildcard {
    version: Version,
    /// How many numbers it has.
    given: usize,
}

impl Wildcard {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, metadata) = text.split_once('+').map_or((text, None), |(of, rest)| (of, Some(rest)));
        let (numbers, prerelease) = text.split_once('-').map_or((text, None), |(of, rest)| (of, Some(rest)));
        let (mut all, mut given, mut count) = ([0; 3], 0, 0);
        for part in numbers.split('.') {
            let number = all.get_mut(count)?;
            if !matches!(part, "x" | "X" | "*") {
                if given < count || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                *number = part.parse().ok()?;
                given += 1;
            }
            count += 1;
        }
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let prerelease: Vec<String> =
            prerelease.iter().flat_map(|parts| parts.split('.')).map(str::to_owned).collect();
        let fits = prerelease.iter().all(|part| is_part(part))
            && metadata.is_none_or(|metadata| metadata.split('.').all(is_part));
        let metadata = metadata.unwrap_or_default().to_owned();
        let version = Version { numbers: all, prerelease, metadata };
        fits.then_some(Self { version, given })
    }

    /// The first numbers after those that have the same first `kept` numbers. `None` if there is no end.
    fn end(&self, kept: usize) -> Option<[u64; 3]> {
        let mut end = self.version.numbers;
        let last = end.get_mut(..kept)?.last_mut()?;
        *last = last.saturating_add(1);
        end[kept..].fill(0);
        Some(end)
    }
}

/// How a version relates to another.
#[derive(Clone, Copy)]
enum Relation {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// Up to the next minor version.
    Tilde,
    /// Up to the next version that may break users.
    Caret,
}

/// The signs of relations, the longer ones first.
const SIGNS: [(&str, Relation); 11] = [
    (">=", Relation::GreaterOrEqual),
    ("=>", Relation::GreaterOrEqual),
    ("<=", Relation::LessOrEqual),
    ("=<", Relation::LessOrEqual),
    ("!=", Relation::NotEqual),
    ("~>", Relation::Tilde),
    ("=", Relation::Equal),
    (">", Relation::Greater),
    ("<", Relation::Less),
    ("~", Relation::Tilde),
    ("^", Relation::Caret),
];

/// A relation that a version must have to another one.
struct Constraint {
    relation: Relation,
    to: Wildcard,
}

impl Constraint {
    fn is_met(&self, version: &Version) -> bool {
        let (to, given) = (&self.to.version, self.to.given);
        let order = version.order(to);
        let before = |end: Option<[u64; 3]>| end.is_none_or(|end| version.numbers < end);
        let within = |kept: usize| order.is_ge() && before(self.to.end(kept));
        let is_equal = || if given < 3 { within(given) } else { order.is_eq() };
        match self.relation {
            Relation::Equal => is_equal(),
            Relation::NotEqual => !is_equal(),
            Relation::Greater if given < 3 => !before(self.to.end(given)),
            Relation::Greater => order.is_gt(),
            Relation::GreaterOrEqual => order.is_ge(),
            Relation::Less => order.is_lt(),
            Relation::LessOrEqual if given < 3 => before(self.to.end(given)),
            Relation::LessOrEqual => order.is_le(),
            Relation::Tilde => within(given.min(2)),
            Relation::Caret => {
                let first = to.numbers.iter().position(|number| *number > 0);
                within(first.map_or(given, |first| (first + 1).min(given)))
            }
        }
    }
}

/// Whether a version meets a constraint, such as `>=1.32.0, <1.35.0 || ^2`.
fn is_met(constraint: &str, version: &Version) -> Result<bool, String> {
    let wrong = || format!("{constraint:?}: expected a constraint of versions, such as >=1.34.0");
    let mut met = false;
    for all in constraint.split("||") {
        let all = all_of(all).ok_or_else(wrong)?;
        // A pre-release meets only constraints that name one.
        let allowed =
            version.prerelease.is_empty() || all.iter().any(|one| !one.to.version.prerelease.is_empty());
        met |= allowed && all.iter().all(|one| one.is_met(version));
    }
    Ok(met)
}

/// The constraints that a version must meet together. `None` if the text is malformed.
fn all_of(text: &str) -> Option<Vec<Constraint>> {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let mut all = Vec::new();
    let mut words = words.into_iter().peekable();
    if words.peek().is_none() {
        all.push(Constraint { relation: Relation::Equal, to: Wildcard::parse("*")? });
    }
    while let Some(word) = words.next() {
        let sign = SIGNS.iter().find(|(sign, _)| word.starts_with(sign));
        let (relation, rest) = match sign {
            Some((sign, relation)) => (*relation, &word[sign.len()..]),
            None => (Relation::Equal, word),
        };
        // A sign may stand alone before its version.
        let rest = if rest.is_empty() { words.next()? } else { rest };
        let to = Wildcard::parse(rest)?;
        if sign.is_none() && words.next_if_eq(&"-").is_some() {
            let last = Wildcard::parse(words.next()?)?;
            all.push(Constraint { relation: Relation::GreaterOrEqual, to });
            all.push(Constraint { relation: Relation::LessOrEqual, to: last });
        } else {
            all.push(Constraint { relation, to });
        }
    }
    Some(all)
}
