//! Forms of ids and values, such as `subnet-{hex17}`: reads the words between the braces. The embedded cloud fills them
//! in (`providers/sim/src/form.rs`) and knows the same words.

/// Words with a special meaning, in addition to the names of fields.
const WORDS: [&str; 9] = ["region", "account", "zone", "id", "revision", "digest", "ipv4", "ipv6", "dns"];

/// Words that are followed by a number of letters: `hex17`.
const RANDOM: [&str; 4] = ["hex", "digits", "alnum", "upper"];

/// The words of a form; both words of `{a|b}`. Fails if the braces are wrong.
pub fn words(form: &str) -> Result<Vec<&str>, String> {
    let mut words = Vec::new();
    let mut rest = form;
    while let Some(open) = rest.find(['{', '}']) {
        if rest.as_bytes()[open] == b'}' {
            return Err(format!("the form {form:?} has an unmatched \"}}\""));
        }
        let inside = &rest[open + 1..];
        let close = inside.find(['{', '}']).filter(|close| inside.as_bytes()[*close] == b'}');
        let close = close.ok_or_else(|| format!("the form {form:?} has an unclosed \"{{\""))?;
        let word = &inside[..close];
        match word.strip_suffix('?') {
            // `{_name?}`: a separator, and a field that may have no value.
            Some(optional) => words.push(optional.trim_start_matches(|c: char| !c.is_ascii_alphanumeric())),
            None => words.extend(word.split('|')),
        }
        rest = &inside[close + 1..];
    }
    Ok(words)
}

/// Whether a word has a meaning without a field of its name.
pub fn is_known(word: &str) -> bool {
    let random = |kind: &str| {
        let count = word.strip_prefix(kind).unwrap_or_default();
        !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit())
    };
    WORDS.contains(&word) || RANDOM.iter().any(|kind| random(kind))
}

/// The message for an unknown word.
pub fn unknown(place: &str, form: &str, word: &str) -> String {
    format!(
        "{place}: the form {form:?} names {{{word}}}, which is not a field; expected a field's name, {}, or a number behind \
         {}, as in hex17",
        WORDS.join(", "),
        RANDOM.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_words_of_a_form_are_what_stands_between_braces() {
        assert_eq!(
            words("{zone}_{name?}:{type|kind}{_set?}"),
            Ok(vec!["zone", "name", "type", "kind", "set"])
        );
        assert!(words("{zone").is_err());
    }
}
