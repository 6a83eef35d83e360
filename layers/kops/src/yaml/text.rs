//! Texts of YAML: plain where a reader takes them for texts, otherwise in quotes or in blocks.

use super::indent;
use std::fmt::Write as _;

/// Writes a text in the shortest form that a reader takes for the same text. `key` says whether it is a key.
pub(super) fn string(text: &mut String, content: &str, depth: usize, key: bool) {
    let forms = forms(content);
    // A key is never folded.
    let fold = (!key).then_some(depth + 1);
    if content.contains('\n') {
        return if forms.block && !key { block(text, content, depth) } else { double(text, content, fold) };
    }
    if means_another_type(content) {
        double(text, content, fold);
    } else if forms.plain {
        folded(text, content, fold);
    } else if forms.single {
        text.push('\'');
        folded(text, &content.replace('\'', "''"), fold);
        text.push('\'');
    } else {
        double(text, content, fold);
    }
}

/// How a text can be written.
struct Forms {
    plain: bool,
    single: bool,
    block: bool,
}

/// After this column, a line ends at the next single space.
const WIDTH: usize = 80;

fn column(text: &str) -> usize {
    text.rsplit('\n').next().unwrap_or_default().chars().count()
}

/// Writes a text, over several lines if it is long. `fold` is the depth of the further lines.
fn folded(text: &mut String, content: &str, fold: Option<usize>) {
    let mut column = column(text);
    let mut chars = content.chars().peekable();
    let (mut first, mut after_space) = (true, false);
    while let Some(c) = chars.next() {
        let single = c == ' ' && !after_space && !first && chars.peek().is_some_and(|next| *next != ' ');
        match fold.filter(|_| single && column > WIDTH) {
            Some(depth) => {
                text.push('\n');
                indent(text, depth);
                column = 2 * depth;
            }
            None => {
                text.push(c);
                column += 1;
            }
        }
        (first, after_space) = (false, c == ' ');
    }
}

/// Looks at the characters of a text.
fn forms(content: &str) -> Forms {
    let mut forms = Forms { plain: true, single: true, block: true };
    let chars: Vec<char> = content.chars().collect();
    let blank = |c: Option<&char>| c.is_none_or(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
    if content.starts_with("---") || content.starts_with("...") {
        forms.plain = false;
    }
    for (index, c) in chars.iter().enumerate() {
        let next = chars.get(index + 1);
        let before = index.checked_sub(1).map(|index| chars[index]);
        let indicates = match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
            | '`'
                if index == 0 =>
            {
                true
            }
            '?' | '-' if index == 0 => blank(next),
            ':' => blank(next),
            '#' => before.is_some_and(|c| matches!(c, ' ' | '\t' | '\n')),
            _ => false,
        };
        let printable = matches!(c, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}')
            || matches!(c, '\u{ff00}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
        if indicates {
            forms.plain = false;
        }
        if !printable {
            forms = Forms { plain: false, single: false, block: false };
        }
        match (c, before) {
            (' ', Some('\n')) => (forms.plain, forms.single) = (false, false),
            ('\n', Some(' ')) => forms = Forms { plain: false, single: false, block: false },
            _ => {}
        }
    }
    let edges = [chars.first(), chars.last()];
    if edges.into_iter().flatten().any(|c| matches!(c, ' ' | '\n')) || content.contains('\n') {
        forms.plain = false;
    }
    if chars.last() == Some(&' ') {
        forms.block = false;
    }
    forms
}

/// A text of several lines.
fn block(text: &mut String, content: &str, depth: usize) {
    text.push('|');
    if content.starts_with([' ', '\n']) {
        text.push('2');
    }
    let ending = content.len() - content.trim_end_matches('\n').len();
    match ending {
        0 => text.push('-'),
        1 if content.len() > 1 => {}
        _ => text.push('+'),
    }
    for line in content.strip_suffix('\n').unwrap_or(content).split('\n') {
        text.push('\n');
        if !line.is_empty() {
            indent(text, depth + 1);
            text.push_str(line);
        }
    }
}

fn double(text: &mut String, content: &str, fold: Option<usize>) {
    text.push('"');
    let mut column = column(text);
    let mut chars = content.chars().peekable();
    let (mut first, mut after_space) = (true, false);
    while let Some(c) = chars.next() {
        let before = text.len();
        match c {
            ' ' if !after_space && !first && chars.peek().is_some() && column > WIDTH && fold.is_some() => {
                text.push('\n');
                indent(text, fold.unwrap_or_default());
                column = 2 * fold.unwrap_or_default();
                if chars.peek() == Some(&' ') {
                    text.push('\\');
                    column += 1;
                }
                (first, after_space) = (false, true);
                continue;
            }
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            '\0' => text.push_str("\\0"),
            '\u{7}' => text.push_str("\\a"),
            '\u{8}' => text.push_str("\\b"),
            '\u{b}' => text.push_str("\\v"),
            '\u{c}' => text.push_str("\\f"),
            '\u{1b}' => text.push_str("\\e"),
            '\u{85}' => text.push_str("\\N"),
            '\u{a0}' => text.push_str("\\_"),
            '\u{2028}' => text.push_str("\\L"),
            '\u{2029}' => text.push_str("\\P"),
            '\u{feff}' => text.push_str("\\uFEFF"),
            c if c.is_control() => {
                let _ = write!(text, "\\x{:02X}", u32::from(c));
            }
            c => text.push(c),
        }
        column += text[before..].chars().count();
        (first, after_space) = (false, c == ' ');
    }
    text.push('"');
}

/// Whether a reader of YAML 1.1 understands a plain text as another type.
fn means_another_type(text: &str) -> bool {
    const WORDS: [&str; 40] = [
        "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "y", "Y", "yes",
        "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", ".nan", ".NaN",
        ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", "<<",
    ];
    if WORDS.contains(&text) {
        return true;
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return false;
    }
    is_number(&text.replace('_', "")) || is_sexagesimal(text) || is_date(text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    let prefixed = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)];
    if prefixed
        .iter()
        .any(|(prefix, radix)| digits.strip_prefix(prefix).is_some_and(|rest| all(rest, *radix)))
    {
        return true;
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let optional = |text: &str| text.is_empty() || all(text, 10);
    let mantissa = optional(whole) && optional(fraction) && !(whole.is_empty() && fraction.is_empty());
    mantissa && exponent.is_none_or(|exponent| all(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10))
}

/// Whether a text is a number of base 60, as `1:30`.
fn is_sexagesimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let below_60 = |part: &&str| part.parse::<u8>().is_ok_and(|number| number < 60) && part.len() <= 2;
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && !rest.is_empty()
        && rest.iter().all(below_60)
}

/// Whether a text is a date, with or without a time.
fn is_date(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let numbers = |text: &str, separator: char| -> Option<Vec<u32>> {
        text.split(separator).map(|part| part.parse().ok()).collect()
    };
    let Some([_, 1..=12, 1..=31]) = numbers(date, '-').as_deref() else { return false };
    if date.find('-') != Some(4) {
        return false;
    }
    time.is_none_or(|time| {
        let end = time.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(time.len());
        let clock = time[..end].split('.').next().unwrap_or_default();
        matches!(numbers(clock, ':').as_deref(), Some([0..=23, 0..=59, 0..=59]))
    })
}
