//! Values as people see them: references by name, secrets masked, encoded texts decoded. Never holds a secret.

use landform_core::{
    Canonical, SENSITIVE,
    expr::{Expr, Function, Reference},
};
use serde_json::Value as Json;

use landform_state::seal;

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// Null, a number, true or false.
    Plain(String),
    /// Text, with `${…}` for unknown parts.
    Text {
        /// The text, decoded.
        text: String,
        /// How the real service encodes it.
        encoding: Option<&'static str>,
        /// Whether parts of it are unknown.
        open: bool,
    },
    /// A secret.
    Sensitive,
    /// Known after apply. The text says where it comes from.
    Unknown(String),
    /// A list or set.
    List(Vec<Shown>),
    /// A map or block.
    Map(Vec<(String, Shown)>),
}

/// JSON that is wider than this is broken into lines.
const JSON_WIDTH: usize = 72;
/// Texts shorter than this never count as encoded.
const ENCODED: usize = 64;

impl Shown {
    /// An expression.
    pub fn expr(expr: &Expr) -> Self {
        match expr {
            Expr::Literal(value) => Self::json(value),
            Expr::Ref(reference) => Self::Unknown(name(reference)),
            Expr::List(items) => Self::List(items.iter().map(Self::expr).collect()),
            Expr::Map(fields) => {
                let given = fields.iter().filter(|(_, value)| !is_nothing(value));
                Self::Map(given.map(|(key, value)| (key.clone(), Self::expr(value))).collect())
            }
            Expr::Call(function, arguments) => Self::call(*function, arguments),
            Expr::Secret(_) => Self::Sensitive,
        }
    }

    /// A known value. A seal in it counts as a secret.
    pub fn json(value: &Json) -> Self {
        match value {
            Json::String(_) if seal::is_sealed(value) => Self::Sensitive,
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::List(items.iter().map(Self::json).collect()),
            Json::Object(fields) => {
                let given = fields.iter().filter(|(_, value)| !value.is_null());
                Self::Map(given.map(|(key, value)| (key.clone(), Self::json(value))).collect())
            }
            scalar => Self::Plain(scalar.to_string()),
        }
    }

    fn text(text: &str) -> Self {
        let closed = |text: String, encoding| Self::Text { text, encoding, open: false };
        if text.starts_with(['{', '['])
            && let Ok(value @ (Json::Object(_) | Json::Array(_))) = serde_json::from_str(text)
        {
            return closed(pretty(&value), Some("JSON"));
        }
        match decode(text) {
            Some(decoded) => closed(decoded, Some("base64")),
            None => closed(text.to_owned(), None),
        }
    }

    fn call(function: Function, arguments: &[Expr]) -> Self {
        let open = |text, encoding| Self::Text { text, encoding, open: true };
        match (function, arguments) {
            (Function::Concat | Function::Format | Function::Join, _) => {
                open(interpolated(function, arguments), None)
            }
            (Function::Base64, [inner]) => match Self::expr(inner) {
                Self::Text { text, .. } => open(text, Some("base64")),
                Self::Unknown(from) => Self::Unknown(format!("base64 of {from}")),
                other => other,
            },
            (Function::Json, [inner]) => open(pretty(&open_json(inner)), Some("JSON")),
            (Function::Yaml, [inner]) => open(pretty(&open_json(inner)), Some("YAML")),
            (Function::Fail, [Expr::Literal(Json::String(message))]) => {
                Self::Plain(format!("(no value: {message})"))
            }
            _ => {
                let mut from = Vec::new();
                arguments.iter().for_each(|argument| {
                    argument.each_reference(&mut |_, reference| from.push(name(reference)));
                });
                from.dedup();
                Self::Unknown(format!("{} of {}", function.name(), from.join(", ")))
            }
        }
    }

    /// Whether it is empty, so that it needs no separate line.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(text) => text == "null",
            Self::List(items) => items.is_empty(),
            Self::Map(fields) => fields.is_empty(),
            Self::Text { .. } | Self::Sensitive | Self::Unknown(_) => false,
        }
    }

    /// The value on one line, if it is short enough and has no line breaks.
    pub fn inline(&self, limit: usize) -> Option<String> {
        let mut line = String::new();
        self.push_inline(&mut line, limit).then_some(line).filter(|line| line.chars().count() <= limit)
    }

    fn push_inline(&self, line: &mut String, limit: usize) -> bool {
        match self {
            Self::Plain(text) => line.push_str(text),
            Self::Text { text, encoding, open } => {
                match encoding {
                    Some("JSON" | "YAML") => line.push_str(&compact(text)),
                    _ if text.contains('\n') => return false,
                    _ => line.push_str(&quoted(text)),
                }
                if let Some(note) = note(*encoding, *open) {
                    line.push_str(&format!(" ({note})"));
                }
            }
            Self::Sensitive => line.push_str(SENSITIVE),
            Self::Unknown(from) => line.push_str(&format!("({from}, known after apply)")),
            Self::List(items) => {
                line.push('[');
                for (place, item) in items.iter().enumerate() {
                    line.push_str(if place == 0 { "" } else { ", " });
                    if line.len() > 4 * limit || !item.push_inline(line, limit) {
                        return false;
                    }
                }
                line.push(']');
            }
            Self::Map(fields) => {
                line.push('{');
                for (place, (key, value)) in fields.iter().enumerate() {
                    line.push_str(if place == 0 { " " } else { ", " });
                    line.push_str(&format!("{} = ", label(key)));
                    if line.len() > 4 * limit || !value.push_inline(line, limit) {
                        return false;
                    }
                }
                line.push_str(if fields.is_empty() { "}" } else { " }" });
            }
        }
        true
    }

    /// The value on as many lines as it takes, with each item and each field on its own line.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        match self {
            Self::Text { text, .. } => lines.extend(text.lines().map(str::to_owned)),
            Self::List(items) => items.iter().for_each(|item| item.push_lines("", width, &mut lines)),
            Self::Map(fields) => push_fields(fields, "", width, &mut lines),
            other => lines.extend(other.inline(usize::MAX)),
        }
        lines
    }

    fn push_lines(&self, indent: &str, width: usize, lines: &mut Vec<String>) {
        if let Some(line) = self.inline(width.saturating_sub(indent.len())) {
            return lines.push(format!("{indent}{line}"));
        }
        let deeper = format!("{indent}  ");
        match self {
            Self::Map(fields) => {
                lines.push(format!("{indent}{{"));
                push_fields(fields, &deeper, width, lines);
                lines.push(format!("{indent}}}"));
            }
            Self::List(items) => {
                lines.push(format!("{indent}["));
                items.iter().for_each(|item| item.push_lines(&deeper, width, lines));
                lines.push(format!("{indent}]"));
            }
            other => lines.extend(other.lines(width).into_iter().map(|line| format!("{indent}{line}"))),
        }
    }
}

/// Fields with their equals signs below each other.
fn push_fields(fields: &[(String, Shown)], indent: &str, width: usize, lines: &mut Vec<String>) {
    let names = fields.iter().map(|(key, _)| label(key).chars().count());
    let longest = names.filter(|length| *length <= 32).max().unwrap_or(0);
    for (key, value) in fields {
        let key = label(key);
        let room = width.saturating_sub(indent.len() + longest.max(key.chars().count()) + 3);
        if let Some(value) = value.inline(room) {
            lines.push(format!("{indent}{key:longest$} = {value}"));
            continue;
        }
        let (open, close) = match value {
            Shown::List(_) => (" = [", "]"),
            Shown::Map(_) => (" = {", "}"),
            _ => (" =", ""),
        };
        lines.push(format!("{indent}{key}{open}"));
        lines.extend(value.lines(width).into_iter().map(|line| format!("{indent}  {line}")));
        if !close.is_empty() {
            lines.push(format!("{indent}{close}"));
        }
    }
}

/// A remark beside a text.
pub(super) fn note(encoding: Option<&str>, open: bool) -> Option<String> {
    match (encoding, open) {
        (None, false) => None,
        (Some(encoding), false) => Some(encoding.to_owned()),
        (None, true) => Some("known after apply".to_owned()),
        (Some(encoding), true) => Some(format!("{encoding}, known after apply")),
    }
}

/// A reference by name.
pub(super) fn name(reference: &Reference) -> String {
    match reference.path.is_empty() {
        true => reference.node.to_string(),
        false => format!("{}.{}", reference.node, reference.path),
    }
}

/// A key as written before an equals sign.
pub(super) fn label(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// JSON on as few readable lines as possible: a short value stays on one line.
fn pretty(value: &Json) -> String {
    let mut text = String::new();
    push_pretty(value, "", &mut text);
    text
}

fn push_pretty(value: &Json, indent: &str, text: &mut String) {
    let line = Canonical(value).to_string();
    let fits = indent.len() + line.len() <= JSON_WIDTH;
    let deeper = format!("{indent}  ");
    match value {
        Json::Array(items) if !fits || items.iter().any(Json::is_object) && items.len() > 1 => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place == 0 { "\n" } else { ",\n" });
                text.push_str(&deeper);
                push_pretty(item, &deeper, text);
            }
            text.push_str(&format!("\n{indent}]"));
        }
        Json::Object(fields) if !fits => {
            text.push('{');
            let mut fields: Vec<(&String, &Json)> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            for (place, (key, field)) in fields.into_iter().enumerate() {
                text.push_str(if place == 0 { "\n" } else { ",\n" });
                text.push_str(&format!("{deeper}{}: ", quoted(key)));
                push_pretty(field, &deeper, text);
            }
            text.push_str(&format!("\n{indent}}}"));
        }
        _ => text.push_str(&line),
    }
}

/// Pretty JSON text on one line again. Other text stays as it is.
fn compact(text: &str) -> String {
    serde_json::from_str::<Json>(text).map_or_else(|_| text.to_owned(), |value| Canonical(&value).to_string())
}

fn is_nothing(value: &Expr) -> bool {
    matches!(value, Expr::Literal(Json::Null))
}

/// An expression as JSON, with `${…}` for unknown parts.
fn open_json(expr: &Expr) -> Json {
    match expr {
        Expr::Literal(value) => masked(value),
        Expr::Ref(reference) => format!("${{{}}}", name(reference)).into(),
        Expr::List(items) => items.iter().map(open_json).collect(),
        Expr::Map(fields) => fields.iter().map(|(key, value)| (key.clone(), open_json(value))).collect(),
        Expr::Call(..) => piece(expr).into(),
        Expr::Secret(_) => SENSITIVE.into(),
    }
}

fn masked(value: &Json) -> Json {
    match value {
        Json::Array(items) => items.iter().map(masked).collect(),
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), masked(value))).collect(),
        sealed if seal::is_sealed(sealed) => SENSITIVE.into(),
        scalar => scalar.clone(),
    }
}

/// A text made of parts, with `${…}` for unknown parts.
fn interpolated(function: Function, arguments: &[Expr]) -> String {
    match (function, arguments) {
        (Function::Format, [template, values @ ..]) => {
            let template = piece(template);
            let mut values = values.iter().map(piece);
            let mut parts = template.split("{}");
            let mut text = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                text.push_str(&values.next().unwrap_or_default());
                text.push_str(part);
            }
            text
        }
        (Function::Join, [separator, Expr::List(items)]) => {
            items.iter().map(piece).collect::<Vec<_>>().join(&piece(separator))
        }
        (Function::Join, [separator, list]) => {
            format!("${{join({}, {})}}", quoted(&piece(separator)), piece(list))
        }
        _ => arguments.iter().map(piece).collect(),
    }
}

/// A part of a text.
fn piece(expr: &Expr) -> String {
    match expr {
        Expr::Literal(Json::String(_)) if matches!(Shown::expr(expr), Shown::Sensitive) => {
            SENSITIVE.to_owned()
        }
        Expr::Literal(Json::String(text)) => text.clone(),
        Expr::Literal(other) => masked(other).to_string(),
        Expr::Ref(reference) => format!("${{{}}}", name(reference)),
        Expr::Secret(_) => SENSITIVE.to_owned(),
        Expr::Call(function @ (Function::Concat | Function::Format | Function::Join), arguments) => {
            interpolated(*function, arguments)
        }
        Expr::Call(function, arguments) => {
            let inner: Vec<String> = arguments.iter().map(piece).collect();
            format!("${{{}({})}}", function.name(), inner.join(", "))
        }
        Expr::List(_) | Expr::Map(_) => open_json(expr).to_string(),
    }
}

/// The decoded base64 text, if it is text of several lines.
fn decode(text: &str) -> Option<String> {
    if text.len() < ENCODED || !text.len().is_multiple_of(4) {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut held, mut bits) = (0u32, 0);
    for byte in digits.bytes() {
        held = (held << 6) | u32::from(digit(byte)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    String::from_utf8(bytes).ok().filter(|text| {
        text.contains('\n') && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
    })
}
