//! YAML as kops writes it, byte for byte: keys in natural order, lists not indented, quotes only where a reader would
//! otherwise see another type. Machines and kops compare digests of such texts.
//!
//! Follows what `sigs.k8s.io/yaml` (go-yaml 2) writes of JSON.

mod text;

use serde_json::Value;
use std::cmp::Ordering;
use text::string;

/// A value as a document.
pub(crate) fn document(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(&mut text, map, 0),
        Value::Array(items) if !items.is_empty() => sequence(&mut text, items, 0),
        other => {
            scalar(&mut text, other, 0);
            text.push('\n');
        }
    }
    text
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n(' ', 2 * depth));
}

/// Writes the entries of a mapping. The first entry continues the present line if that is indented already.
fn mapping(text: &mut String, map: &serde_json::Map<String, Value>, depth: usize) {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by(|(a, _), (b, _)| natural(a, b));
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 || text.is_empty() || text.ends_with('\n') {
            indent(text, depth);
        }
        string(text, key, depth, true);
        text.push(':');
        nested(text, value, depth);
    }
}

/// Writes the value of a key.
fn nested(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            text.push('\n');
            mapping(text, map, depth + 1);
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            sequence(text, items, depth);
        }
        other => {
            text.push(' ');
            scalar(text, other, depth);
            text.push('\n');
        }
    }
}

fn sequence(text: &mut String, items: &[Value], depth: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 || text.is_empty() || text.ends_with('\n') {
            indent(text, depth);
        }
        text.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => mapping(text, map, depth + 1),
            Value::Array(items) if !items.is_empty() => sequence(text, items, depth + 1),
            other => {
                scalar(text, other, depth);
                text.push('\n');
            }
        }
    }
}

fn scalar(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(content) => string(text, content, depth, false),
        Value::Array(_) => text.push_str("[]"),
        Value::Object(_) => text.push_str("{}"),
    }
}

/// The order of keys: numbers inside them by their value, and other characters before letters.
fn natural(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    for at in 0..a.len().min(b.len()) {
        let (left, right) = (a[at], b[at]);
        if left == right {
            continue;
        }
        match (left.is_alphabetic(), right.is_alphabetic()) {
            (true, true) => return left.cmp(&right),
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
            (false, false) => {}
        }
        // A zero after a digit other than zero counts.
        let mut start = 0_u64;
        if left == '0' || right == '0' {
            let before = a[..at].iter().rev().take_while(|c| c.is_ascii_digit());
            start = u64::from(before.copied().any(|c| c != '0'));
        }
        let number = |chars: &[char]| {
            let digits = chars[at..].iter().map_while(|c| c.to_digit(10));
            digits.fold((start, 0), |(number, count), digit| {
                (number.saturating_mul(10).saturating_add(digit.into()), count + 1)
            })
        };
        return number(&a).cmp(&number(&b)).then(left.cmp(&right));
    }
    a.len().cmp(&b.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(value: Value) -> String {
        document(&value)
    }

    #[test]
    fn nested_values() {
        let value = json!({
            "b": [1, { "y": 1, "x": [true] }, []],
            "a": { "c": {}, "d": null, "e": "text" },
        });
        let text = "a:\n  c: {}\n  d: null\n  e: text\nb:\n- 1\n- x:\n  - true\n  \"y\": 1\n- []\n";
        assert_eq!(written(value), text);
        assert_eq!(written(json!([[1, 2], [3]])), "- - 1\n  - 2\n- - 3\n");
        assert_eq!(written(json!({})), "{}\n");
    }

    #[test]
    fn texts_are_quoted_where_they_would_be_something_else() {
        for (text, form) in [
            ("text", "text"),
            ("", "\"\""),
            ("true", "\"true\""),
            ("1.34.0", "1.34.0"),
            ("1.34", "\"1.34\""),
            ("0440", "\"0440\""),
            ("10s", "10s"),
            ("1_000", "\"1_000\""),
            ("1:30", "\"1:30\""),
            ("2016-12-10T22:42:27Z", "\"2016-12-10T22:42:27Z\""),
            ("2016-12-10", "\"2016-12-10\""),
            ("2016-12", "2016-12"),
            ("-", "'-'"),
            ("--flag", "--flag"),
            ("*", "'*'"),
            ("a: b", "'a: b'"),
            ("a:b", "a:b"),
            ("a #b", "'a #b'"),
            ("it's", "it's"),
            ("'it'", "'''it'''"),
            ("::/0", "::/0"),
            (" a", "' a'"),
            ("a\tb", "\"a\\tb\""),
            ("{}", "'{}'"),
            ("a{}", "a{}"),
            ("@x", "'@x'"),
        ] {
            assert_eq!(written(json!({ "k": text })), format!("k: {form}\n"), "{text:?}");
        }
    }

    #[test]
    fn texts_of_several_lines() {
        assert_eq!(written(json!({ "k": "a\nb\n" })), "k: |\n  a\n  b\n");
        assert_eq!(written(json!({ "k": "a\n\nb" })), "k: |-\n  a\n\n  b\n");
        assert_eq!(written(json!({ "k": "a\n\n" })), "k: |+\n  a\n\n");
        assert_eq!(written(json!({ "k": " a\nb\n" })), "k: |2\n   a\n  b\n");
        assert_eq!(written(json!({ "k": "a \nb" })), "k: \"a \\nb\"\n");
        assert_eq!(written(json!({ "k": ["a\nb\n"] })), "k:\n- |\n  a\n  b\n");
    }

    #[test]
    fn long_texts_are_folded() {
        let words = "word ".repeat(20);
        let text = written(json!({ "key": words.trim_end(), "list": [words.trim_end()] }));
        let (line, rest) = (["word"; 16].join(" "), "word word word word");
        assert_eq!(text, format!("key: {line}\n  {rest}\nlist:\n- {line}\n  {rest}\n"));
        let quoted = written(json!({ "key": format!("#{words}x") }));
        let line = ["word"; 15].join(" ");
        assert_eq!(quoted, format!("key: '#{line}\n  word {rest} x'\n"));
    }

    #[test]
    fn keys_are_in_natural_order() {
        let value = json!({ "a10": 1, "a9": 1, "a": 1, "B": 1, "a-b": 1, "ab": 1, "a.b": 1, "1": 1 });
        let keys: Vec<String> =
            written(value).lines().filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect();
        assert_eq!(keys, ["\"1\"", "B", "a", "a-b", "a.b", "a9", "a10", "ab"]);
    }
}
