//! A provider's descriptions as doc comments: Markdown that rustdoc and clippy take without a word, and of which nothing is
//! compiled as an example.

/// The lines of a doc comment.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let line: String = line.chars().filter(|letter| is_plain(*letter)).collect();
        let line = line.replace('\t', "    ");
        let line = line.trim_end();
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                // Without a language it would be an example in Rust.
                lines.push(format!("{mark}text"));
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                lines.push(mark.to_owned());
            }
            (Some(_), _) => lines.push(line.to_owned()),
            (None, None) if line.is_empty() => {
                if lines.last().is_some_and(|last| !last.is_empty()) {
                    lines.push(String::new());
                }
            }
            (None, None) => {
                // Four spaces would make an example in Rust.
                let spaces = (line.len() - start.len()).min(3);
                lines.push(" ".repeat(spaces) + &escaped(start));
            }
        }
    }
    lines.extend(fence.map(str::to_owned));
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Whether a letter may stand in a source file: control characters and marks of direction may not.
fn is_plain(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter == '\t' || !letter.is_control() && !turns
}

/// A line in which only code, links to the web and emphasis keep their meaning.
fn escaped(line: &str) -> String {
    let mut escaped = String::new();
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        if letter == '`' {
            let run = rest.len() - rest.trim_start_matches('`').len();
            let (mark, behind) = rest.split_at(run);
            match behind.find(mark) {
                Some(end) => {
                    escaped.push_str(&rest[..2 * run + end]);
                    rest = &rest[2 * run + end..];
                }
                None => {
                    escaped.extend(mark.chars().flat_map(|mark| ['\\', mark]));
                    rest = behind;
                }
            }
            continue;
        }
        if let Some(link) = link(rest) {
            escaped.push_str(link);
            rest = &rest[link.len()..];
            continue;
        }
        if let Some(url) = url(rest) {
            escaped.push('<');
            escaped.push_str(url);
            escaped.push('>');
            rest = &rest[url.len()..];
            continue;
        }
        if matches!(letter, '[' | ']' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    escaped
}

/// `[text](https://…)` at the beginning.
fn link(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let close = inside.find(['[', ']', '<', '`'])?;
    let target = inside[close..].strip_prefix("](")?;
    url(target)?;
    let end = target.find([')', ' '])?;
    target[end..].starts_with(')').then(|| &text[..1 + close + 2 + end + 1])
}

/// An address of the web at the beginning.
fn url(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let is_end = |letter: char| letter.is_whitespace() || "<>\"'`()[]{}|\\^".contains(letter);
    let end = text.find(is_end).unwrap_or(text.len());
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    (url.len() > scheme.len()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_example_a_link_to_nowhere_or_html() {
        let text = "Uses `Vec<T>`, a <name>, [this] and [the docs](https://example.com/a_b).\r\n\n\n    indented\n\
                    ```hcl\nresource \"a\" \"b\" {}\n```\nSee https://example.com/x. One ` alone\n```\nopen\u{202e}";
        let expected = [
            "Uses `Vec<T>`, a \\<name\\>, \\[this\\] and [the docs](https://example.com/a_b).",
            "",
            "   indented",
            "```text",
            "resource \"a\" \"b\" {}",
            "```",
            "See <https://example.com/x>. One \\` alone",
            "```text",
            "open",
            "```",
        ];
        assert_eq!(lines(text), expected);
    }
}
