//! Parses the trimmed texts. They are part of the program, so an invalid line is a bug.

use std::collections::HashMap;

use super::{Field, Form, Kind, Method, Parameter, Service};

pub(super) fn text(
    service: Service,
    text: &'static str,
    methods: &mut Vec<Method>,
    types: &mut HashMap<(Service, &'static str), Vec<Field>>,
) {
    let mut base = "";
    let mut owner = None;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            owner = Some(name);
            types.insert((service, name), Vec::new());
        } else if let Some(owner) = owner {
            types.entry((service, owner)).or_default().push(field(line));
        } else if let Some(path) = line.strip_prefix("base ") {
            base = path.trim_start_matches('/');
        } else {
            methods.push(method(service, base, line));
        }
    }
}

fn method(service: Service, base: &str, line: &'static str) -> Method {
    let mut words = line.split(' ');
    let mut next = || words.next().unwrap_or("-");
    let (id, verb, path, body, answer) = (next(), next(), next(), next(), next());
    let some = |name| (name != "-").then_some(name);
    let query = words.filter_map(|word| word.split_once(':')).map(|(name, kind)| Parameter {
        name: name.trim_end_matches('!'),
        required: name.ends_with('!'),
        kind: match kind.strip_prefix('[') {
            Some(kind) => Kind::List(Box::new(self::kind(kind))),
            None => self::kind(kind),
        },
    });
    let query = query.collect();
    Method {
        service,
        id,
        verb,
        path: format!("/{base}{path}"),
        body: some(body),
        answer: some(answer),
        query,
    }
}

fn field(line: &'static str) -> Field {
    let mut words = line.split(' ');
    let (name, what) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut field = Field { name, kind: kind(what), form: Form::Free, required: Vec::new() };
    while let Some(word) = words.next() {
        if word == "=" {
            field.kind = Kind::Output(words.next());
        } else if word == "name" {
            field.form = Form::Name;
        } else if let Some(pattern) = word.strip_prefix("pattern=") {
            field.form = Form::Pattern(pattern);
        } else if let Some(methods) = word.strip_prefix("required=") {
            field.required = methods.split(',').collect();
        }
    }
    field
}

fn kind(text: &'static str) -> Kind {
    let whole = |min, max, as_text| Kind::Whole { min, max, as_text };
    if let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return Kind::List(Box::new(kind(inner)));
    }
    if let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        return Kind::Map(Box::new(kind(inner)));
    }
    if let Some(names) = text.strip_prefix("enum(").and_then(|text| text.strip_suffix(')')) {
        return Kind::Enum(names.split('|').collect());
    }
    match text {
        "out" => Kind::Output(None),
        "any" => Kind::Any,
        "boolean" => Kind::Bool,
        "byte" => Kind::Bytes,
        "double" | "float" => Kind::Number,
        "int32" => whole(i32::MIN.into(), i32::MAX.into(), false),
        "uint32" => whole(0, u32::MAX.into(), false),
        "int64" => whole(i64::MIN.into(), i64::MAX.into(), true),
        "uint64" => whole(0, u64::MAX.into(), true),
        name if name.starts_with(|first: char| first.is_ascii_uppercase()) => Kind::Object(name),
        _ => Kind::Text,
    }
}
