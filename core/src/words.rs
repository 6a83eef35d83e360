//! A little grammar for messages: articles and plurals.

use std::fmt::{self, Display};

/// A word with its article: `a subnet`, `an aws_subnet`, `an SQS queue`.
pub fn a<T: Display>(word: T) -> impl Display {
    let word = word.to_string();
    let article = if begins_with_a_vowel(&word) { "an" } else { "a" };
    fmt::from_fn(move |f| write!(f, "{article} {word}"))
}

/// A number with its noun in singular or plural: `1 resource`, `2 resources`, `3 policies`.
///
/// Among several words, the plural goes to the first one that is followed by `of`, or otherwise to the last: `2 kinds
/// of thing`.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {}", plural(noun)),
    }
}

/// Whether a word begins with a vowel sound.
fn begins_with_a_vowel(word: &str) -> bool {
    let first: String = word.chars().take_while(char::is_ascii_alphanumeric).collect();
    let spelt = first.len() > 1
        && first != "NAT"
        && first.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let Some(letter) = first.chars().next() else { return false };
    let lower = first.to_ascii_lowercase();
    match letter.to_ascii_lowercase() {
        // Letter by letter, as in "an SQS queue", "a URL".
        letter if spelt => "aefhilmnorsx8".contains(letter),
        'a' | 'i' | 'o' => !lower.starts_with("one"),
        'e' => !lower.starts_with("eu"),
        // As in "a unit", "a user", "a UUID"; but "an unknown type", "an update".
        'u' => {
            !["uni", "use", "usu", "uti", "uu"].iter().any(|start| lower.starts_with(start))
                || ["unim", "unin"].iter().any(|start| lower.starts_with(start))
        }
        'h' => ["hour", "honest", "heir"].iter().any(|start| lower.starts_with(start)),
        '8' => true,
        _ => false,
    }
}

fn plural(noun: &str) -> String {
    if let Some((head, rest)) = noun.split_once(" of ") {
        return format!("{} of {rest}", plural(head));
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| noun.ends_with(end));
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if ends(&["s", "x", "ch", "sh"]) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_follow_the_sound() {
        for word in [
            "aws_subnet",
            "elastic address",
            "id",
            "SQS queue",
            "ARN",
            "S3 bucket",
            "update",
            "unknown type",
            "hour",
            "8",
            "EBS volume",
            "IAM role",
        ] {
            assert_eq!(a(word).to_string(), format!("an {word}"));
        }
        for word in [
            "dns_zone",
            "subnet",
            "unit",
            "user",
            "URL",
            "UUID",
            "uuid",
            "one-time code",
            "google_compute_network",
            "VPC",
            "host",
            "NAT gateway",
            "",
        ] {
            assert_eq!(a(word).to_string(), format!("a {word}"));
        }
    }

    #[test]
    fn nouns_follow_the_number() {
        let said = [
            count(1, "policy"),
            count(0, "policy"),
            count(2, "key"),
            count(3, "address"),
            count(2, "batch"),
            count(2, "piece of text"),
            count(11, "resource"),
        ];
        assert_eq!(
            said,
            [
                "1 policy",
                "0 policies",
                "2 keys",
                "3 addresses",
                "2 batches",
                "2 pieces of text",
                "11 resources",
            ]
        );
    }
}
