//! Text in Terraform's templates, where `${` and `%{` begin an expression. Terraform reads every text back as it was.

/// A byte order mark, which Terraform drops at the start of a template.
const DROPPED: char = '\u{feff}';

/// The place of a template.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// A string of the JSON syntax.
    Json,
    /// Between the quotes of the native syntax.
    Native,
}

/// A part of a template.
pub(super) enum Part {
    /// Text.
    Text(String),
    /// An expression in native syntax.
    Native(String),
}

/// Parts put together.
pub(super) fn template(parts: &[Part], syntax: Syntax) -> String {
    let mut template = String::new();
    let mut text = String::new();
    for part in parts {
        match part {
            // Characters of two parts may mean something together.
            Part::Text(more) => text.push_str(more),
            Part::Native(native) => {
                push(&text, true, syntax, &mut template);
                text.clear();
                template.push_str(&format!("${{{native}}}"));
            }
        }
    }
    push(&text, false, syntax, &mut template);
    template
}

/// A text as the content of a string of the JSON syntax.
pub(super) fn literal(text: &str) -> String {
    let mut template = String::new();
    push(text, false, Syntax::Json, &mut template);
    template
}

/// A text in the quotes of the native syntax.
pub(crate) fn quoted(text: &str) -> String {
    let mut template = String::from("\"");
    push(text, false, Syntax::Native, &mut template);
    template + "\""
}

/// Writes literal text. `before` says that an expression follows.
fn push(text: &str, before: bool, syntax: Syntax, template: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let signs = rest.len() - rest.trim_start_matches(['$', '%']).len();
        if signs == 0 {
            push_char(c, syntax, template);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (run, after) = rest.split_at(signs);
        let begins = after.starts_with('{');
        // The JSON syntax can only escape it as an expression.
        let escaped = syntax == Syntax::Json && after.starts_with(DROPPED);
        match (signs, begins || escaped || after.is_empty() && before) {
            (_, false) => template.push_str(run),
            // The usual escape. It works only without the other sign before it.
            (1, true) if begins => template.push_str(&run.repeat(2)),
            (_, true) => run.chars().for_each(|c| push_escaped(c, syntax, template)),
        }
        rest = after;
    }
}

fn push_char(c: char, syntax: Syntax, template: &mut String) {
    match (c, syntax) {
        (DROPPED, _) => push_escaped(c, syntax, template),
        (c, Syntax::Json) => template.push(c),
        ('"', _) => template.push_str("\\\""),
        ('\\', _) => template.push_str("\\\\"),
        ('\n', _) => template.push_str("\\n"),
        ('\r', _) => template.push_str("\\r"),
        ('\t', _) => template.push_str("\\t"),
        (c, Syntax::Native) if c.is_control() => push_escaped(c, syntax, template),
        (c, Syntax::Native) => template.push(c),
    }
}

/// A character by its number. The JSON syntax can write it only as an expression.
fn push_escaped(c: char, syntax: Syntax, template: &mut String) {
    let number = c as u32;
    match syntax {
        Syntax::Native => template.push_str(&format!("\\u{number:04x}")),
        Syntax::Json => template.push_str(&format!("${{\"\\u{number:04x}\"}}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_escaped_only_where_they_mean_something() {
        let json = |text: &str| literal(text);
        assert_eq!(json("5$ 100% $a {x}"), "5$ 100% $a {x}");
        assert_eq!(json("${a} %{b}"), "$${a} %%{b}");
        assert_eq!(json("$${a}"), r#"${"\u0024"}${"\u0024"}{a}"#);
        assert_eq!(json("$\u{feff}"), r#"${"\u0024"}${"\ufeff"}"#);
        assert_eq!(quoted("%${a}\n\""), r#""\u0025\u0024{a}\n\"""#);
        let parts = [
            Part::Text("a$".into()),
            Part::Native("x".into()),
            Part::Text("%".into()),
            Part::Text("{b}".into()),
        ];
        assert_eq!(template(&parts, Syntax::Json), r#"a${"\u0024"}${x}%%{b}"#);
        assert_eq!(template(&parts, Syntax::Native), r"a\u0024${x}%%{b}");
    }
}
