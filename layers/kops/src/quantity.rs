//! Kubernetes quantities: numbers with a unit, such as `2`, `500m`, `4G` and `4Gi`.

use serde_json::Value;

/// Whether a value is a quantity that is not negative.
pub(crate) fn is_quantity(value: &Value) -> bool {
    read(value).is_some_and(|number| number >= 0.0)
}

/// A quantity rounded up to a whole number.
pub(crate) fn whole(value: &Value) -> Option<u32> {
    fit(read(value)?)
}

/// A quantity of bytes in units of a million, rounded up, as kops gives memory to AWS.
pub(crate) fn mebibytes(value: &Value) -> Option<u32> {
    fit(read(value)? / 1e6)
}

fn fit(number: f64) -> Option<u32> {
    let number = number.ceil();
    (0.0..=f64::from(u32::MAX)).contains(&number).then_some(number as u32)
}

fn read(value: &Value) -> Option<f64> {
    let Value::String(text) = value else { return value.as_f64() };
    let digits = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let scale = match &text[digits..] {
        "" => 1.0,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1024.0_f64.powi(2),
        "Gi" => 1024.0_f64.powi(3),
        "Ti" => 1024.0_f64.powi(4),
        _ => return None,
    };
    Some(text[..digits].parse::<f64>().ok()? * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        assert_eq!(whole(&2.into()), Some(2));
        assert_eq!(whole(&"1500m".into()), Some(2));
        assert_eq!(mebibytes(&"4G".into()), Some(4000));
        assert_eq!(mebibytes(&"1Gi".into()), Some(1074));
        assert_eq!(whole(&"many".into()), None);
        assert_eq!(whole(&(-1).into()), None);
        assert!(is_quantity(&"64Gi".into()) && !is_quantity(&"64 Gi".into()) && !is_quantity(&(-1).into()));
    }
}
