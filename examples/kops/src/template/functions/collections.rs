//! Functions of lists and maps, and defaults.

use std::collections::BTreeMap;

use super::{Answer, Arguments, Function, Value, any, between, exactly, wrong};

pub fn find(name: &str) -> Option<Function> {
    Some(match name {
        "default" => between(1, 2, |of| {
            let given = of.all().get(1).filter(|value| value.is_true());
            Ok(given.unwrap_or(of.get(0)?).clone())
        }),
        "empty" => exactly(1, |of| Ok(Value::Bool(!of.get(0)?.is_true()))),
        "coalesce" => {
            any(0, |of| Ok(of.all().iter().find(|value| value.is_true()).cloned().unwrap_or(Value::Nil)))
        }
        "all" => any(0, |of| Ok(Value::Bool(of.all().iter().all(Value::is_true)))),
        "any" => any(0, |of| Ok(Value::Bool(of.all().iter().any(Value::is_true)))),
        "ternary" => exactly(3, |of| Ok(of.get(usize::from(!of.get(2)?.is_true()))?.clone())),
        "len" => exactly(1, |of| {
            let length = match of.get(0)? {
                Value::Text(text) => text.len(),
                Value::List(items) => items.len(),
                Value::Map(fields) => fields.borrow().len(),
                other => return Err(wrong("a text, a list or a map", other)),
            };
            Ok(Value::Int(length as i64))
        }),
        "index" => {
            any(1, |of| of.all()[1..].iter().try_fold(of.get(0)?.clone(), |value, key| indexed(&value, key)))
        }
        "slice" => between(1, 3, sliced),
        "list" | "tuple" => any(0, |of| Ok(Value::List(of.all().to_vec()))),
        "first" => exactly(1, |of| Ok(of.list(0)?.first().cloned().unwrap_or(Value::Nil))),
        "last" => exactly(1, |of| Ok(of.list(0)?.last().cloned().unwrap_or(Value::Nil))),
        "rest" => exactly(1, |of| Ok(Value::List(of.list(0)?.iter().skip(1).cloned().collect()))),
        "initial" => exactly(1, |of| {
            let items = of.list(0)?;
            Ok(Value::List(items[..items.len().saturating_sub(1)].to_vec()))
        }),
        "append" | "push" => exactly(2, |of| {
            Ok(Value::List(of.list(0)?.iter().cloned().chain([of.get(1)?.clone()]).collect()))
        }),
        "prepend" => exactly(2, |of| {
            Ok(Value::List([of.get(1)?.clone()].into_iter().chain(of.list(0)?.iter().cloned()).collect()))
        }),
        "concat" => any(0, |of| {
            let mut items = Vec::new();
            for index in 0..of.len() {
                items.extend_from_slice(of.list(index)?);
            }
            Ok(Value::List(items))
        }),
        "reverse" => exactly(1, |of| Ok(Value::List(of.list(0)?.iter().rev().cloned().collect()))),
        "compact" => exactly(1, |of| {
            Ok(Value::List(of.list(0)?.iter().filter(|item| item.is_true()).cloned().collect()))
        }),
        "uniq" => exactly(1, |of| {
            let mut items: Vec<Value> = Vec::new();
            for item in of.list(0)? {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            }
            Ok(Value::List(items))
        }),
        "without" => any(1, |of| {
            let unwanted = &of.all()[1..];
            Ok(Value::List(of.list(0)?.iter().filter(|item| !unwanted.contains(item)).cloned().collect()))
        }),
        "has" => exactly(2, |of| Ok(Value::Bool(of.list(1)?.contains(of.get(0)?)))),
        "chunk" => exactly(2, |of| {
            let size = of.size(0)?.max(1);
            Ok(Value::List(of.list(1)?.chunks(size).map(|chunk| Value::List(chunk.to_vec())).collect()))
        }),
        "sortAlpha" => exactly(1, |of| {
            let mut items: Vec<String> = of.list(0)?.iter().map(Value::to_string).collect();
            items.sort();
            Ok(Value::List(items.into_iter().map(Value::Text).collect()))
        }),
        "toStrings" => exactly(1, |of| {
            Ok(Value::List(of.list(0)?.iter().map(|item| Value::Text(item.to_string())).collect()))
        }),
        "dict" => any(0, |of| {
            let mut fields = BTreeMap::new();
            for pair in of.all().chunks(2) {
                fields.insert(pair[0].to_string(), pair.get(1).cloned().unwrap_or_else(|| Value::text("")));
            }
            Ok(Value::map(fields))
        }),
        "get" => exactly(2, |of| {
            Ok(of.map(0)?.borrow().get(&of.text(1)?).cloned().unwrap_or_else(|| Value::text("")))
        }),
        "set" => exactly(3, |of| {
            let (map, value) = (of.map(0)?, of.get(2)?);
            if value.holds(map) {
                return Err("a map cannot hold itself".to_owned());
            }
            map.borrow_mut().insert(of.text(1)?, value.clone());
            Ok(of.get(0)?.clone())
        }),
        "unset" => exactly(2, |of| {
            of.map(0)?.borrow_mut().remove(&of.text(1)?);
            Ok(of.get(0)?.clone())
        }),
        "hasKey" => exactly(2, |of| Ok(Value::Bool(of.map(0)?.borrow().contains_key(&of.text(1)?)))),
        "pluck" => any(1, |of| {
            let (name, mut found) = (of.text(0)?, Vec::new());
            for index in 1..of.len() {
                found.extend(of.map(index)?.borrow().get(&name).cloned());
            }
            Ok(Value::List(found))
        }),
        "dig" => any(3, dug),
        "merge" => any(1, |of| merged(of, false)),
        "mergeOverwrite" => any(1, |of| merged(of, true)),
        "keys" => any(1, |of| {
            let mut keys = Vec::new();
            for index in 0..of.len() {
                keys.extend(of.map(index)?.borrow().keys().map(|key| Value::text(key.as_str())));
            }
            Ok(Value::List(keys))
        }),
        "values" => exactly(1, |of| Ok(Value::List(of.map(0)?.borrow().values().cloned().collect()))),
        "pick" => any(1, |of| chosen(of, true)),
        "omit" => any(1, |of| chosen(of, false)),
        "deepCopy" => exactly(1, |of| Ok(of.get(0)?.to_json().into())),
        _ => return None,
    })
}

fn indexed(value: &Value, key: &Value) -> Answer {
    match (value, key) {
        (Value::Map(fields), Value::Text(key)) => Ok(fields.borrow().get(key).cloned().unwrap_or(Value::Nil)),
        (Value::List(items), Value::Int(at)) => {
            let item = usize::try_from(*at).ok().and_then(|at| items.get(at)).cloned();
            item.ok_or_else(|| format!("the list has {} items, none at {at}", items.len()))
        }
        (Value::Map(_), other) => Err(wrong("a text as the key of a map", other)),
        (Value::List(_), other) => Err(wrong("a number as the index of a list", other)),
        (other, _) => Err(wrong("a list or a map", other)),
    }
}

/// `slice VALUE FROM TO`, of a list or a text.
fn sliced(of: &Arguments) -> Answer {
    let length = match of.get(0)? {
        Value::Text(text) => text.len(),
        Value::List(items) => items.len(),
        other => return Err(wrong("a list or a text", other)),
    };
    let from = if of.len() > 1 { of.size(1)? } else { 0 };
    let to = if of.len() > 2 { of.size(2)? } else { length };
    let outside = || format!("there are no items from {from} to {to}, of {length}");
    match of.get(0)? {
        Value::Text(text) => text.get(from..to).map(Value::text).ok_or_else(outside),
        _ => of.list(0)?.get(from..to).map(|items| Value::List(items.to_vec())).ok_or_else(outside),
    }
}

/// `dig KEY… DEFAULT MAP`
fn dug(of: &Arguments) -> Answer {
    let count = of.len();
    let mut value = of.get(count - 1)?.clone();
    for index in 0..count - 2 {
        let key = of.text(index)?;
        let next = match &value {
            Value::Map(fields) => fields.borrow().get(&key).cloned(),
            other => return Err(wrong("a map", other)),
        };
        match next {
            Some(next) => value = next,
            None => return Ok(of.get(count - 2)?.clone()),
        }
    }
    Ok(value)
}

/// Merges maps into the first one.
fn merged(of: &Arguments, overwrites: bool) -> Answer {
    for index in 1..of.len() {
        let other = of.map(index)?;
        if std::rc::Rc::ptr_eq(other, of.map(0)?) {
            continue;
        }
        // A copy, so that no map is in two places, or in itself.
        let other: Value = Value::Map(other.clone()).to_json().into();
        merge(of.get(0)?, &other, overwrites);
    }
    Ok(of.get(0)?.clone())
}

fn merge(into: &Value, from: &Value, overwrites: bool) {
    let (Value::Map(into), Value::Map(from)) = (into, from) else { return };
    for (name, value) in from.borrow().iter() {
        let known = into.borrow().get(name).cloned();
        match known {
            Some(known @ Value::Map(_)) if matches!(value, Value::Map(_)) => merge(&known, value, overwrites),
            Some(known) if known.is_true() && !overwrites => {}
            _ => {
                into.borrow_mut().insert(name.clone(), value.clone());
            }
        }
    }
}

/// The fields of a map with the given names, or the others.
fn chosen(of: &Arguments, wanted: bool) -> Answer {
    let names: Vec<String> = (1..of.len()).map(|index| of.text(index)).collect::<Result<_, _>>()?;
    let fields = of.map(0)?.borrow();
    let chosen = fields.iter().filter(|(name, _)| names.contains(name) == wanted);
    Ok(Value::map(chosen.map(|(name, value)| (name.clone(), value.clone())).collect()))
}
