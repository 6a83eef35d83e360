//! Functions of texts.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use regex_lite::{NoExpand, Regex};

use super::{Answer, Arguments, Function, Value, any, between, exactly, float, int, wrong};

/// The longest text that a function makes by repeating or padding one.
const LONGEST: usize = 1 << 20;

pub fn find(name: &str) -> Option<Function> {
    Some(match name {
        "print" => any(0, |of| Ok(Value::Text(printed(of.all(), |one, two| !is_text(one) && !is_text(two))))),
        "println" => any(0, |of| Ok(Value::Text(printed(of.all(), |_, _| true) + "\n"))),
        "printf" => any(1, |of| formatted(&of.text(0)?, &of.all()[1..]).map(Value::Text)),
        "html" => any(1, |of| Ok(Value::Text(escaped(&printed(of.all(), |_, _| false), &HTML)))),
        "js" => any(1, |of| Ok(Value::Text(escaped(&printed(of.all(), |_, _| false), &SCRIPT)))),
        "urlquery" => any(1, |of| Ok(Value::Text(query(&printed(of.all(), |_, _| false))))),
        "trim" => exactly(1, |of| with(of, 0, |text| text.trim().to_owned())),
        "trimAll" => exactly(2, |of| {
            let set = of.text(0)?;
            with(of, 1, |text| text.trim_matches(|c| set.contains(c)).to_owned())
        }),
        "trimPrefix" => exactly(2, |of| {
            let prefix = of.text(0)?;
            with(of, 1, |text| text.strip_prefix(&*prefix).unwrap_or(text).to_owned())
        }),
        "trimSuffix" => exactly(2, |of| {
            let suffix = of.text(0)?;
            with(of, 1, |text| text.strip_suffix(&*suffix).unwrap_or(text).to_owned())
        }),
        "upper" => exactly(1, |of| with(of, 0, str::to_uppercase)),
        "lower" => exactly(1, |of| with(of, 0, str::to_lowercase)),
        "title" => exactly(1, |of| with(of, 0, |text| each_first(text, |c| c.to_uppercase().collect()))),
        "untitle" => exactly(1, |of| with(of, 0, |text| each_first(text, |c| c.to_lowercase().collect()))),
        "swapcase" => exactly(1, |of| {
            with(of, 0, |text| {
                let swapped = |c: char| match c.is_uppercase() {
                    true => c.to_lowercase().collect::<String>(),
                    false => c.to_uppercase().collect(),
                };
                text.chars().map(swapped).collect()
            })
        }),
        "repeat" => exactly(2, |of| {
            let (times, text) = (of.size(0)?, of.text(1)?);
            match times.checked_mul(text.len()) {
                Some(length) if length <= LONGEST => Ok(Value::Text(text.repeat(times))),
                _ => Err(format!("the text would have more than {LONGEST} bytes")),
            }
        }),
        "substr" => exactly(3, |of| {
            let (from, to) = (of.int(0)?.max(0), of.int(1)?);
            with(of, 2, |text| {
                let length = if to < 0 { i64::MAX } else { (to - from).max(0) };
                let [from, length] =
                    [from, length].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
                text.chars().skip(from).take(length).collect()
            })
        }),
        "trunc" => exactly(2, |of| {
            let length = of.int(0)?;
            with(of, 1, |text| {
                let kept = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
                let count = text.chars().count();
                match length < 0 {
                    true => text.chars().skip(count.saturating_sub(kept)).collect(),
                    false => text.chars().take(kept).collect(),
                }
            })
        }),
        "abbrev" => exactly(2, |of| {
            let length = of.size(0)?;
            with(of, 1, |text| match text.chars().count() > length && length >= 4 {
                true => text.chars().take(length - 3).collect::<String>() + "...",
                false => text.to_owned(),
            })
        }),
        "nospace" => exactly(1, |of| with(of, 0, |text| text.split_whitespace().collect())),
        "initials" => exactly(1, |of| {
            with(of, 0, |text| text.split_whitespace().filter_map(|word| word.chars().next()).collect())
        }),
        "contains" => exactly(2, |of| Ok(Value::Bool(of.text(1)?.contains(&of.text(0)?)))),
        "hasPrefix" => exactly(2, |of| Ok(Value::Bool(of.text(1)?.starts_with(&of.text(0)?)))),
        "hasSuffix" => exactly(2, |of| Ok(Value::Bool(of.text(1)?.ends_with(&of.text(0)?)))),
        "quote" => any(0, |of| Ok(Value::Text(quoted(of, go_quoted)))),
        "squote" => any(0, |of| Ok(Value::Text(quoted(of, |text| format!("'{text}'"))))),
        "cat" => any(0, |of| {
            let words = of.all().iter().filter(|value| !matches!(value, Value::Nil)).map(Value::to_string);
            Ok(Value::Text(words.collect::<Vec<_>>().join(" ")))
        }),
        // kops leaves the first line as it is, since the tag stands where it belongs.
        "indent" => exactly(2, |of| indented(of).map(|(text, _)| Value::Text(text))),
        "nindent" => exactly(2, |of| {
            let (text, spaces) = indented(of)?;
            Ok(Value::Text(format!("\n{spaces}{text}")))
        }),
        "replace" => exactly(3, |of| {
            let (from, to) = (of.text(0)?, of.text(1)?);
            with(of, 2, |text| text.replace(&from, &to))
        }),
        "plural" => exactly(3, |of| Ok(Value::Text(of.text(usize::from(of.int(2)? != 1))?))),
        "snakecase" => exactly(1, |of| with(of, 0, |text| joined_words(text, '_'))),
        "kebabcase" => exactly(1, |of| with(of, 0, |text| joined_words(text, '-'))),
        "camelcase" => exactly(1, |of| {
            with(of, 0, |text| {
                let words = text.split(['_', '-', ' ']).filter(|word| !word.is_empty());
                words.map(|word| each_first(word, |c| c.to_uppercase().collect())).collect()
            })
        }),
        "toString" => exactly(1, |of| Ok(Value::Text(of.shown(0)?))),
        "b64enc" => exactly(1, |of| Ok(Value::Text(STANDARD.encode(of.text(0)?)))),
        "b64dec" => exactly(1, |of| {
            let given = of.text(0)?;
            let bytes = STANDARD.decode(&given).or_else(|_| STANDARD_NO_PAD.decode(&given));
            let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
            text.map(Value::Text).ok_or_else(|| "expected base64 of a text".to_owned())
        }),
        "sha256sum" => exactly(1, |of| {
            landform::kops::sha256(of.text(0)?.as_bytes()).map(Value::Text).map_err(|error| error.to_string())
        }),
        "join" => exactly(2, |of| {
            let separator = of.text(0)?;
            match of.get(1)? {
                Value::List(items) => {
                    let items = items.iter().filter(|item| !matches!(item, Value::Nil)).map(Value::to_string);
                    Ok(Value::Text(items.collect::<Vec<_>>().join(&separator)))
                }
                other => Ok(Value::text(other.to_string())),
            }
        }),
        "split" => exactly(2, |of| Ok(numbered(of.text(1)?.split(&*of.text(0)?)))),
        "splitn" => exactly(3, |of| Ok(numbered(of.text(2)?.splitn(of.size(1)?, &*of.text(0)?)))),
        "splitList" => {
            exactly(2, |of| Ok(Value::List(of.text(1)?.split(&*of.text(0)?).map(Value::text).collect())))
        }
        "regexMatch" => exactly(2, |of| Ok(Value::Bool(pattern(of)?.is_match(&of.text(1)?)))),
        "regexFind" => exactly(2, |of| {
            let text = of.text(1)?;
            Ok(Value::text(pattern(of)?.find(&text).map_or("", |found| found.as_str())))
        }),
        "regexFindAll" => exactly(3, |of| {
            let (text, most) = (of.text(1)?, of.int(2)?);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let pattern = pattern(of)?;
            Ok(Value::List(
                pattern.find_iter(&text).take(most).map(|found| Value::text(found.as_str())).collect(),
            ))
        }),
        "regexReplaceAll" => {
            exactly(3, |of| Ok(Value::text(pattern(of)?.replace_all(&of.text(1)?, of.text(2)?.as_str()))))
        }
        "regexReplaceAllLiteral" => {
            exactly(3, |of| Ok(Value::text(pattern(of)?.replace_all(&of.text(1)?, NoExpand(&of.text(2)?)))))
        }
        "regexSplit" => exactly(3, |of| {
            let (text, most) = (of.text(1)?, of.int(2)?);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            Ok(Value::List(pattern(of)?.splitn(&text, most).map(Value::text).collect()))
        }),
        "regexQuoteMeta" => exactly(1, |of| with(of, 0, regex_lite::escape)),
        "base" => exactly(1, |of| {
            with(of, 0, |path| match path.trim_end_matches('/') {
                "" if path.is_empty() => ".".to_owned(),
                "" => "/".to_owned(),
                path => path.rsplit('/').next().unwrap_or_default().to_owned(),
            })
        }),
        "dir" => exactly(1, |of| {
            with(of, 0, |path| match path.rsplit_once('/') {
                None => ".".to_owned(),
                Some(("", _)) => "/".to_owned(),
                Some((folder, _)) => folder.to_owned(),
            })
        }),
        "ext" => exactly(1, |of| {
            with(of, 0, |path| {
                let name = path.rsplit('/').next().unwrap_or_default();
                name.rfind('.').map_or("", |dot| &name[dot..]).to_owned()
            })
        }),
        "isAbs" => exactly(1, |of| Ok(Value::Bool(of.text(0)?.starts_with('/')))),
        "fail" => exactly(1, |of| Err(of.text(0)?)),
        "kindOf" => exactly(1, |of| Ok(Value::text(of.get(0)?.kind()))),
        "kindIs" => exactly(2, |of| Ok(Value::Bool(of.get(1)?.kind() == of.text(0)?))),
        "typeOf" => exactly(1, |of| Ok(Value::text(of.get(0)?.type_name()))),
        "typeIs" | "typeIsLike" => exactly(2, |of| Ok(Value::Bool(of.get(1)?.type_name() == of.text(0)?))),
        "toJson" | "toRawJson" => exactly(1, |of| Ok(Value::text(of.get(0)?.to_json().to_string()))),
        "toPrettyJson" => exactly(1, |of| Ok(Value::Text(format!("{:#}", of.get(0)?.to_json())))),
        "fromJson" => between(1, 1, |of| {
            let json = serde_json::from_str::<serde_json::Value>(&of.text(0)?);
            json.map(Value::from).map_err(|error| format!("expected JSON: {error}"))
        }),
        _ => return None,
    })
}

/// The text that a function makes of an argument.
fn with(of: &Arguments, index: usize, change: impl FnOnce(&str) -> String) -> Answer {
    Ok(Value::Text(change(&of.text(index)?)))
}

fn is_text(value: &Value) -> bool {
    matches!(value, Value::Text(_))
}

/// The texts of values, with a space between two where `spaced` says so.
fn printed(values: &[Value], spaced: impl Fn(&Value, &Value) -> bool) -> String {
    let mut text = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 && spaced(&values[index - 1], value) {
            text.push(' ');
        }
        text.push_str(&value.to_string());
    }
    text
}

const HTML: [(char, &str); 5] =
    [('"', "&#34;"), ('\'', "&#39;"), ('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")];
const SCRIPT: [(char, &str); 8] = [
    ('\\', r"\\"),
    ('\'', r"\'"),
    ('"', "\\\""),
    ('<', r"\u003C"),
    ('>', r"\u003E"),
    ('&', r"\u0026"),
    ('=', r"\u003D"),
    ('\n', r"\n"),
];

fn escaped(text: &str, escapes: &[(char, &str)]) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match escapes.iter().find(|(plain, _)| *plain == c) {
            Some((_, escape)) => out.push_str(escape),
            None => out.push(c),
        }
    }
    out
}

/// A text as a part of a URL's query, as Go writes it.
fn query(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'-' | b'_' | b'.' | b'~' => out.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn quoted(of: &Arguments, quote: impl Fn(&str) -> String) -> String {
    let values = of.all().iter().filter(|value| !matches!(value, Value::Nil));
    values.map(|value| quote(&value.to_string())).collect::<Vec<_>>().join(" ")
}

/// A text in quotes, as Go's `%q`.
fn go_quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Changes the first letter of each word.
fn each_first(text: &str, change: impl Fn(char) -> String) -> String {
    let (mut out, mut first) = (String::new(), true);
    for c in text.chars() {
        match first && c.is_alphanumeric() {
            true => out.push_str(&change(c)),
            false => out.push(c),
        }
        first = c.is_whitespace();
    }
    out
}

/// The words of a text in lower case. A capital letter after a small one begins a word.
fn joined_words(text: &str, separator: char) -> String {
    let (mut out, mut before) = (String::new(), ' ');
    for c in text.chars() {
        if matches!(c, '_' | '-' | ' ') {
            out.push(separator);
        } else {
            if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
                out.push(separator);
            }
            out.extend(c.to_lowercase());
        }
        before = c;
    }
    out
}

/// A text of which all lines but the first and the empty ones are indented, and the spaces.
fn indented(of: &Arguments) -> Result<(String, String), String> {
    let (spaces, text) = (of.size(0)?, of.text(1)?);
    if spaces.checked_mul(text.lines().count() + 1).is_none_or(|length| length > LONGEST) {
        return Err(format!("the text would have more than {LONGEST} bytes"));
    }
    let spaces = " ".repeat(spaces);
    let lines = text.split('\n').enumerate().map(|(index, line)| match index == 0 || line.is_empty() {
        true => line.to_owned(),
        false => format!("{spaces}{line}"),
    });
    Ok((lines.collect::<Vec<_>>().join("\n"), spaces))
}

/// The parts of a text as a map from `_0`, `_1` and so on.
fn numbered<'a>(parts: impl Iterator<Item = &'a str>) -> Value {
    Value::map(parts.enumerate().map(|(index, part)| (format!("_{index}"), Value::text(part))).collect())
}

fn pattern(of: &Arguments) -> Result<Regex, String> {
    let pattern = of.text(0)?;
    Regex::new(&pattern).map_err(|error| format!("{pattern:?} is not a regular expression: {error}"))
}

/// `printf`: Go's verbs for texts and numbers.
fn formatted(form: &str, values: &[Value]) -> Result<String, String> {
    let (mut out, mut values) = (String::new(), values.iter());
    let mut characters = form.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = characters.next_if(|c| "-+# 0".contains(*c)) {
            flags.push(flag);
        }
        let number = |characters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut digits = String::new();
            while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            digits.parse::<usize>().ok()
        };
        let width = number(&mut characters).unwrap_or(0);
        let places = characters.next_if_eq(&'.').map(|_| number(&mut characters).unwrap_or(0));
        if width > LONGEST || places.is_some_and(|places| places > 1000) {
            return Err(format!("a width in {form:?} is too large"));
        }
        let Some(verb) = characters.next() else { return Err(format!("{form:?} ends in %")) };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let value = values.next().ok_or_else(|| format!("{form:?} needs more values"))?;
        let shown =
            one(verb, value, &flags, places).map_err(|detail| format!("%{verb} in {form:?}: {detail}"))?;
        let missing = width.saturating_sub(shown.chars().count());
        let is_number = matches!(value, Value::Int(_) | Value::Float(_));
        if flags.contains('-') {
            out.push_str(&shown);
            out.push_str(&" ".repeat(missing));
        } else if flags.contains('0') && is_number {
            let (sign, digits) = shown.split_at(usize::from(shown.starts_with(['-', '+'])));
            out.push_str(sign);
            out.push_str(&"0".repeat(missing));
            out.push_str(digits);
        } else {
            out.push_str(&" ".repeat(missing));
            out.push_str(&shown);
        }
    }
    match values.count() {
        0 => Ok(out),
        left => Err(format!("{form:?} has {left} values too many")),
    }
}

/// A value by a verb of `printf`.
fn one(verb: char, value: &Value, flags: &str, places: Option<usize>) -> Result<String, String> {
    let signed = |text: String, negative: bool| match flags.contains('+') && !negative {
        true => format!("+{text}"),
        false => text,
    };
    Ok(match (verb, value) {
        ('v', value) => value.to_string(),
        ('s', Value::Text(text)) => match places {
            Some(places) => text.chars().take(places).collect(),
            None => text.clone(),
        },
        ('s', Value::List(_) | Value::Map(_)) => value.to_string(),
        ('q', Value::Text(text)) => go_quoted(text),
        ('d', Value::Int(number)) => signed(number.to_string(), *number < 0),
        ('x', Value::Int(number)) => format!("{number:x}"),
        ('X', Value::Int(number)) => format!("{number:X}"),
        ('o', Value::Int(number)) => format!("{number:o}"),
        ('b', Value::Int(number)) => format!("{number:b}"),
        ('c', Value::Int(_)) => {
            let code = u32::try_from(int(value)?).ok().and_then(char::from_u32);
            code.ok_or("expected the number of a character")?.to_string()
        }
        ('f' | 'F', Value::Float(_) | Value::Int(_)) => {
            let number = float(value)?;
            signed(format!("{number:.*}", places.unwrap_or(6)), number < 0.0)
        }
        ('g', Value::Float(_)) => value.to_string(),
        ('t', Value::Bool(truth)) => truth.to_string(),
        ('T', value) => value.type_name().to_owned(),
        ('s' | 'q', other) => return Err(wrong("a text", other)),
        ('d' | 'x' | 'X' | 'o' | 'b' | 'c' | 'f' | 'F' | 'g', other) => return Err(wrong("a number", other)),
        ('t', other) => return Err(wrong("true or false", other)),
        _ => return Err("this verb is not supported".to_owned()),
    })
}
