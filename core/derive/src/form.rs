//! Forms of ids and values, as `subnet-{hex17}`: the words between their braces. The embedded cloud fills them
//! (`providers/sim/src/form.rs`), and knows the same words.

/// Words that stand for themselves, beside the names of fields.
const WORDS: [&str; 9] = ["region", "account", "zone", "id", "revision", "digest", "ipv4", "ipv6", "dns"];

/// Words that a number of letters stands behind: `hex17`.
const RANDOM: [&str; 4] = ["hex", "digits", "alnum", "upper"];

/// The words of a form; of `{a|b}` each. Fails with what is wrong with the braces.
pub fn words(form: &str) -> Result<Vec<&str>, String> {
    let mut words = Vec::new();
    let mut rest = form;
    while let Some(open) = rest.find(['{', '}']) {
        if rest.as_bytes()[open] == b'}' {
            return Err(format!("the form {form:?} has a \"}}\" that closes nothing"));
        }
        let inside = &rest[open + 1..];
        let close = inside.find(['{', '}']).filter(|close| inside.as_bytes()[*close] == b'}');
        let close = close.ok_or_else(|| format!("the form {form:?} has a \"{{\" that is not closed"))?;
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

/// Whether a word needs no field of its name.
pub fn is_known(word: &str) -> bool {
    let random = |kind: &str| {
        let count = word.strip_prefix(kind).unwrap_or_default();
        !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit())
    };
    WORDS.contains(&word) || RANDOM.iter().any(|kind| random(kind))
}

/// What to say of a word that is nobody's name.
pub fn unknown(place: &str, form: &str, word: &str) -> String {
    format!(
        "{place}: the form {form:?} names {{{word}}}, which is no field; expected a field's name, {}, or a number behind \
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
