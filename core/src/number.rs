//! JSON numbers, compared exactly: a whole number is never rounded to the nearest 64-bit float.

use std::cmp::Ordering;

use serde_json::{Number, Value as Json};

/// Compares two numbers; `None` if one of them is NaN, which JSON cannot hold.
pub fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (Some(a), None) => whole_to_float(a, b.as_f64()?),
        (None, Some(b)) => whole_to_float(b, a.as_f64()?).map(Ordering::reverse),
        (None, None) => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// Whether two numbers are equal in any spelling: `1`, `1.0`, `1e0`.
pub fn same(a: &Number, b: &Number) -> bool {
    compare(a, b) == Some(Ordering::Equal)
}

/// A value with one spelling for every number, and one order for the keys of every map.
pub fn plain(value: &Json) -> Json {
    match value {
        Json::Number(number) => Json::Number(plain_number(number)),
        Json::Array(items) => items.iter().map(plain).collect(),
        Json::Object(fields) => {
            let mut fields: Vec<(&String, &Json)> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            fields.into_iter().map(|(key, value)| (key.clone(), plain(value))).collect()
        }
        Json::Null | Json::Bool(_) | Json::String(_) => value.clone(),
    }
}

/// A whole number without point or exponent, with at most 64 bits.
fn plain_number(number: &Number) -> Number {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.clone() };
    // Between these, every whole float has an exact integer.
    if float.fract() != 0.0 || !(-9_223_372_036_854_775_808.0..18_446_744_073_709_551_616.0).contains(&float)
    {
        return number.clone();
    }
    if float < 0.0 { Number::from(float as i64) } else { Number::from(float as u64) }
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

fn whole_to_float(whole: i128, float: f64) -> Option<Ordering> {
    // The whole number has 64 bits, so a float of 127 bits is far beyond it, and every smaller float has an exact
    // floor.
    const FAR: f64 = 1.7e38;
    if float.is_nan() {
        return None;
    }
    if float >= FAR {
        return Some(Ordering::Less);
    }
    if float <= -FAR {
        return Some(Ordering::Greater);
    }
    let floor = float.floor();
    Some(match whole.cmp(&(floor as i128)) {
        Ordering::Equal if float > floor => Ordering::Less,
        ordering => ordering,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn number(value: Json) -> Number {
        value.as_number().unwrap().clone()
    }

    #[test]
    fn numbers_are_compared_exactly() {
        use Ordering::{Equal, Greater, Less};
        for (a, b, ordering) in [
            (json!(9_007_199_254_740_992_u64), json!(9_007_199_254_740_993_u64), Less),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992.0), Greater),
            (json!(u64::MAX), json!(18_446_744_073_709_551_616.0), Less),
            (json!(u64::MAX), json!(u64::MAX - 1), Greater),
            (json!(i64::MIN), json!(-9_223_372_036_854_775_808.0), Equal),
            (json!(-1), json!(-0.5), Less),
            (json!(0), json!(-0.5), Greater),
            (json!(0), json!(-0.0), Equal),
            (json!(1), json!(1.0), Equal),
            (json!(1), json!(1e300), Less),
            (json!(1), json!(-1e300), Greater),
            (json!(0.1), json!(0.1), Equal),
        ] {
            let (a, b) = (number(a), number(b));
            assert_eq!(compare(&a, &b), Some(ordering), "{a} {b}");
            assert_eq!(compare(&b, &a), Some(ordering.reverse()), "{b} {a}");
            let plain = |number: &Number| plain(&Json::Number(number.clone())).to_string();
            assert_eq!(plain(&a) == plain(&b), ordering == Equal, "{a} {b}");
        }
    }
}
