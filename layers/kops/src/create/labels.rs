//! Labels on a command line: `Owner=John Doe,dn="cn=John Doe: dc=example"`.

use std::collections::BTreeMap;

/// Reads labels, joined by commas. A name or a value in quotes may contain an `=`. `""` stands for a quote.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, String>, String> {
    let pairs = text.split(',').map(str::trim_start).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let wrong = || format!("{pair:?}: expected a name and a value, such as Team=a");
            let (name, rest) = part(pair).ok_or_else(wrong)?;
            let (value, rest) = rest.and_then(|rest| part(rest.trim_start())).ok_or_else(wrong)?;
            if rest.is_some() || name.is_empty() { Err(wrong()) } else { Ok((name, value)) }
        })
        .collect()
}

/// A part of a pair, and the text after its `=`, if there is one.
fn part(text: &str) -> Option<(String, Option<&str>)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (part, rest) = text.split_once('=').map_or((text, None), |(part, rest)| (part, Some(rest)));
        return (!part.contains('"')).then(|| (part.to_owned(), rest));
    };
    let mut part = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        part.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                part.push('"');
                rest = after;
            }
            None if after.is_empty() => return Some((part, None)),
            None => return after.strip_prefix('=').map(|rest| (part, Some(rest))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::read;

    #[test]
    fn labels() {
        let labels = read("Owner=John Doe,dn=\"cn=John Doe: dc=example dc=com\", foo/bar=fib+baz").unwrap();
        let expected =
            [("Owner", "John Doe"), ("dn", "cn=John Doe: dc=example dc=com"), ("foo/bar", "fib+baz")];
        assert_eq!(labels, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!(read("a=\"say \"\"b\"\"\"").unwrap()["a"], "say \"b\"");
        assert_eq!(read("a=").unwrap()["a"], "");
        assert!(read("").unwrap().is_empty());
        for text in ["a", "a=b=c", "=b", "a=\"b", "a=\"b\"c", "a=b\"c"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
