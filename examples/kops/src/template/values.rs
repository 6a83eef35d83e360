//! The values of templates: files, merged in their order, and `--set KEY=VALUE`, in Helm's notation.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::Failure;

/// The longest list that `--set LIST[INDEX]=VALUE` makes.
const LONGEST: usize = 10_000;

/// The values of all files. A later file replaces values of an earlier one; maps are merged.
pub fn from_files(files: &[PathBuf]) -> Result<Map<String, Value>, Failure> {
    let mut values = Map::new();
    for file in files {
        let name = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
        let read: Value = match text.trim().is_empty() {
            true => Value::Null,
            false => {
                serde_saphyr::from_str(&text).map_err(|error| format!("{name}: {}", first_line(&error)))?
            }
        };
        match read {
            Value::Null => {}
            Value::Object(read) => merge(&mut values, read),
            _ => return Err(format!("{name}: expected a map of values").into()),
        }
    }
    Ok(values)
}

/// A parser's message without the excerpt that follows it.
pub fn first_line(error: &impl std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(known)), Value::Object(value)) => merge(known, value),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

/// Sets values: `a=1,b.c=text,list[0]=x,list={1,2}`. With `as_text`, every value is a text.
pub fn set(values: &mut Map<String, Value>, given: &str, as_text: bool) -> Result<(), Failure> {
    let option = if as_text { "--set-string" } else { "--set" };
    let fail = |expected: &str| -> Failure { format!("{option} {given:?}: expected {expected}").into() };
    let mut rest = given;
    while !rest.is_empty() {
        let (path, after) = until(rest, &['=', ',']);
        let Some(after) = after.strip_prefix('=') else { return Err(fail("KEY=VALUE")) };
        let path = steps(path).ok_or_else(|| fail("a key such as a.b or a[0]"))?;
        let typed = |text: &str| if as_text { Value::from(text) } else { of_type(text) };
        let (value, after) = match after.strip_prefix('{') {
            Some(mut items) => {
                let mut list = Vec::new();
                if let Some(after) = items.strip_prefix('}') {
                    (Value::Array(list), after)
                } else {
                    loop {
                        let (item, after) = until(items, &[',', '}']);
                        list.push(typed(&unescaped(item)));
                        if let Some(after) = after.strip_prefix('}') {
                            break (Value::Array(list), after);
                        }
                        items = after.strip_prefix(',').ok_or_else(|| fail("} at the end of a list"))?;
                    }
                }
            }
            None => {
                let (value, after) = until(after, &[',']);
                (typed(&unescaped(value)), after)
            }
        };
        rest = match after.strip_prefix(',') {
            Some(after) => after,
            None if after.is_empty() => after,
            None => return Err(fail("a comma after a list")),
        };
        let mut top = Value::Object(std::mem::take(values));
        let done = place(&mut top, &path, value);
        if let Value::Object(fields) = top {
            *values = fields;
        }
        done.map_err(|expected| fail(&expected))?;
    }
    Ok(())
}

enum Step {
    Key(String),
    Index(usize),
}

/// The text before the first of some signs that has no backslash before it, and the rest.
fn until<'a>(text: &'a str, signs: &[char]) -> (&'a str, &'a str) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if !escaped && signs.contains(&c) {
            return text.split_at(at);
        }
        escaped = !escaped && c == '\\';
    }
    (text, "")
}

fn unescaped(text: &str) -> String {
    let (mut out, mut characters) = (String::new(), text.chars());
    while let Some(c) = characters.next() {
        match c {
            '\\' => out.extend(characters.next()),
            c => out.push(c),
        }
    }
    out
}

/// The steps of a path; `None` if it has not the form of one.
fn steps(path: &str) -> Option<Vec<Step>> {
    let (mut steps, mut rest) = (Vec::new(), path);
    loop {
        let (name, after) = until(rest, &['.', '[']);
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Key(unescaped(name)));
        rest = after;
        while let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']')?;
            steps.push(Step::Index(index.parse().ok().filter(|index| *index < LONGEST)?));
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(steps),
        }
    }
}

/// A value as Helm reads it: a number, a truth value, null or a text. A text such as 1.0 or 007 stays a text.
fn of_type(text: &str) -> Value {
    match text {
        "true" => json!(true),
        "false" => json!(false),
        "null" => Value::Null,
        "0" => json!(0),
        _ if text.starts_with('0') => json!(text),
        _ => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
    }
}

fn place(into: &mut Value, path: &[Step], value: Value) -> Result<(), String> {
    let Some((step, rest)) = path.split_first() else {
        *into = value;
        return Ok(());
    };
    match step {
        Step::Key(name) => {
            if into.is_null() {
                *into = json!({});
            }
            let fields = into.as_object_mut().ok_or_else(|| format!("a map above {name:?}"))?;
            place(fields.entry(name.clone()).or_insert(Value::Null), rest, value)
        }
        Step::Index(index) => {
            if into.is_null() {
                *into = json!([]);
            }
            let items = into.as_array_mut().ok_or_else(|| format!("a list above [{index}]"))?;
            if items.len() <= *index {
                items.resize(index + 1, Value::Null);
            }
            place(&mut items[*index], rest, value)
        }
    }
}

/// The files of a path: itself, or those in the directory and below, in the order of their names.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let fail = |error: std::io::Error| format!("{}: {error}", path.display());
    if !std::fs::metadata(path).map_err(fail)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(fail)?;
    let mut entries: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(fail)?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry)?);
    }
    Ok(found)
}
