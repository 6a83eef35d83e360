//! Functions of numbers, comparisons and logic.

use std::cmp::Ordering;

use super::{Answer, Arguments, Function, Value, any, between, exactly, float, int, wrong};

/// The most items of a list of numbers.
const MOST: usize = 100_000;

pub fn find(name: &str) -> Option<Function> {
    Some(match name {
        // `and` and `or` reach this with all arguments undecided but the piped one.
        "and" | "or" => any(1, |of| Ok(of.last()?.clone())),
        "not" => exactly(1, |of| Ok(Value::Bool(!of.get(0)?.is_true()))),
        "eq" => any(2, |of| {
            let first = of.get(0)?;
            Ok(Value::Bool(of.all()[1..].iter().any(|other| first == other)))
        }),
        "ne" => exactly(2, |of| Ok(Value::Bool(of.get(0)? != of.get(1)?))),
        "lt" => exactly(2, |of| compared(of, Ordering::is_lt)),
        "le" => exactly(2, |of| compared(of, Ordering::is_le)),
        "gt" => exactly(2, |of| compared(of, Ordering::is_gt)),
        "ge" => exactly(2, |of| compared(of, Ordering::is_ge)),
        "deepEqual" => exactly(2, |of| Ok(Value::Bool(of.get(0)? == of.get(1)?))),
        "add" => any(1, |of| folded(of, i64::checked_add)),
        "add1" => exactly(1, |of| of.int(0)?.checked_add(1).map(Value::Int).ok_or_else(too_large)),
        "sub" => exactly(2, |of| folded(of, i64::checked_sub)),
        "mul" => any(1, |of| folded(of, i64::checked_mul)),
        "div" => exactly(2, |of| divided(of, i64::checked_div)),
        "mod" => exactly(2, |of| divided(of, i64::checked_rem)),
        "max" | "biggest" => any(1, |of| folded(of, |one, two| Some(one.max(two)))),
        "min" => any(1, |of| folded(of, |one, two| Some(one.min(two)))),
        "addf" => any(1, |of| floats(of, |one, two| one + two)),
        "subf" => any(1, |of| floats(of, |one, two| one - two)),
        "mulf" => any(1, |of| floats(of, |one, two| one * two)),
        "divf" => any(1, |of| floats(of, |one, two| one / two)),
        "maxf" => any(1, |of| floats(of, f64::max)),
        "minf" => any(1, |of| floats(of, f64::min)),
        "floor" => exactly(1, |of| Ok(Value::Float(float(of.get(0)?)?.floor()))),
        "ceil" => exactly(1, |of| Ok(Value::Float(float(of.get(0)?)?.ceil()))),
        "round" => between(2, 3, |of| {
            let places = i32::try_from(of.int(1)?).map_err(|_| too_large())?;
            let scale = 10f64.powi(places);
            Ok(Value::Float((float(of.get(0)?)? * scale).round() / scale))
        }),
        "int" | "int64" | "atoi" => exactly(1, |of| Ok(Value::Int(of.int(0)?))),
        "float64" => exactly(1, |of| Ok(Value::Float(float(of.get(0)?)?))),
        "toDecimal" => {
            exactly(1, |of| Ok(Value::Int(i64::from_str_radix(&of.shown(0)?, 8).unwrap_or_default())))
        }
        "until" => exactly(1, |of| steps(0, of.int(0)?, if of.int(0)? < 0 { -1 } else { 1 })),
        "untilStep" => exactly(3, |of| steps(of.int(0)?, of.int(1)?, of.int(2)?)),
        "seq" => between(1, 3, sequence),
        _ => return None,
    })
}

fn too_large() -> String {
    "the number is too large".to_owned()
}

/// The order of two values of one kind.
fn compared(of: &Arguments, holds: fn(Ordering) -> bool) -> Answer {
    let order = match (of.get(0)?, of.get(1)?) {
        (Value::Int(one), Value::Int(two)) => Some(one.cmp(two)),
        (Value::Text(one), Value::Text(two)) => Some(one.cmp(two)),
        (one @ (Value::Int(_) | Value::Float(_)), two @ (Value::Int(_) | Value::Float(_))) => {
            float(one)?.partial_cmp(&float(two)?)
        }
        (one, Value::Text(_) | Value::Int(_) | Value::Float(_)) => {
            return Err(wrong("two numbers or two texts", one));
        }
        (_, two) => return Err(wrong("two numbers or two texts", two)),
    };
    Ok(Value::Bool(order.is_some_and(holds)))
}

fn folded(of: &Arguments, with: fn(i64, i64) -> Option<i64>) -> Answer {
    let mut result = of.int(0)?;
    for value in &of.all()[1..] {
        result = with(result, int(value)?).ok_or_else(too_large)?;
    }
    Ok(Value::Int(result))
}

fn divided(of: &Arguments, with: fn(i64, i64) -> Option<i64>) -> Answer {
    let (number, by) = (of.int(0)?, of.int(1)?);
    with(number, by).map(Value::Int).ok_or_else(|| format!("{number} cannot be divided by {by}"))
}

fn floats(of: &Arguments, with: fn(f64, f64) -> f64) -> Answer {
    let mut result = float(of.get(0)?)?;
    for value in &of.all()[1..] {
        result = with(result, float(value)?);
    }
    Ok(Value::Float(result))
}

/// The numbers from `first` on, before `end`.
fn steps(first: i64, end: i64, step: i64) -> Answer {
    let mut items = Vec::new();
    let mut next = Some(first);
    while let Some(item) = next.filter(|item| if step > 0 { *item < end } else { step < 0 && *item > end }) {
        if items.len() == MOST {
            return Err(format!("the list has more than {MOST} numbers"));
        }
        items.push(Value::Int(item));
        next = item.checked_add(step);
    }
    Ok(Value::List(items))
}

/// `seq END`, `seq FIRST END` or `seq FIRST STEP END`, as the shell's command.
fn sequence(of: &Arguments) -> Answer {
    let (first, step, last) = match of.len() {
        1 => (1, None, of.int(0)?),
        2 => (of.int(0)?, None, of.int(1)?),
        _ => (of.int(0)?, Some(of.int(1)?), of.int(2)?),
    };
    let step = step.unwrap_or(if last < first { -1 } else { 1 });
    let end = last.checked_add(step.signum()).ok_or_else(too_large)?;
    let Value::List(items) = steps(first, end, step)? else { return Ok(Value::Nil) };
    let items: Vec<String> = items.iter().map(Value::to_string).collect();
    Ok(Value::Text(items.join(" ")))
}
