//! Templates of ids and computed values: text with placeholders, such as `subnet-{hex17}` or `{bucket}/{key}`. Takes
//! them apart; others decide what a placeholder stands for.

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Literal text.
    Plain(&'a str),
    /// What stood between braces.
    Placeholder(&'a str),
    /// `{_name?}`: a separator and the value of the field, or nothing if the field has no value.
    Optional {
        /// The text before the value.
        separator: &'a str,
        /// The field.
        word: &'a str,
    },
}

impl<'a> Part<'a> {
    /// Parses the text between braces.
    fn inside(braces: &'a str) -> Self {
        match braces.strip_suffix('?') {
            None => Self::Placeholder(braces),
            Some(rest) => {
                let begin = rest.find(|letter: char| letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let (separator, word) = rest.split_at(begin);
                Self::Optional { separator, word }
            }
        }
    }
}

/// The parts of a template in their order.
pub fn parts(template: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inner) = rest.strip_prefix('{')
            && let Some((word, tail)) = inner.split_once('}')
        {
            rest = tail;
            return Some(Part::inside(word));
        }
        let end =
            rest.char_indices().skip(1).find(|(_, letter)| *letter == '{').map_or(rest.len(), |(at, _)| at);
        let (plain, tail) = rest.split_at(end);
        rest = tail;
        Some(Part::Plain(plain))
    })
}

/// The words of all placeholders. `{a|b}` has two.
pub fn words(template: &str) -> impl Iterator<Item = &str> {
    parts(template)
        .filter_map(|part| match part {
            Part::Plain(_) => None,
            Part::Placeholder(word) | Part::Optional { word, .. } => Some(word.split('|')),
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_taken_apart() {
        let found: Vec<Part<'_>> = parts("a-{b|c}{d} open { brace").collect();
        let expected = [
            Part::Plain("a-"),
            Part::Placeholder("b|c"),
            Part::Placeholder("d"),
            Part::Plain(" open "),
            Part::Plain("{ brace"),
        ];
        assert_eq!(found, expected);
        assert_eq!(words("a-{b|c}{d}{_e?}").collect::<Vec<_>>(), ["b", "c", "d", "e"]);
        let found: Vec<Part<'_>> = parts("{a}{_b?}").collect();
        assert_eq!(found, [Part::Placeholder("a"), Part::Optional { separator: "_", word: "b" }]);
    }
}
