//! Time spans and numbers of bytes, computed exactly. A value that is not a whole number of nanoseconds or bytes keeps
//! its text.

/// A decimal number without a sign: its digits, and how many of them come after the point.
struct Number {
    digits: u128,
    behind: u32,
}

impl Number {
    /// The number at the beginning of a text, and the rest.
    fn read(text: &str) -> Option<(Self, &str)> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && part.is_empty() || part.contains('.') {
            return None;
        }
        let part = part.trim_end_matches('0');
        let digits = format!("0{whole}{part}").parse().ok()?;
        Some((Self { digits, behind: u32::try_from(part.len()).ok()? }, rest))
    }

    /// The number multiplied by a unit, if the result is whole.
    fn times(&self, unit: u128) -> Option<u128> {
        let product = self.digits.checked_mul(unit)?;
        let divisor = 10_u128.checked_pow(self.behind)?;
        (product % divisor == 0).then(|| product / divisor)
    }
}

const SECOND: u128 = 1_000_000_000;

/// Seconds, with as many decimals as needed: `5400s`, `0.25s`.
pub(super) fn duration(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let nanoseconds = match rest.strip_prefix('P') {
        Some(iso) => iso_duration(iso)?,
        None => plain_duration(rest)?,
    };
    let (whole, part) = (nanoseconds / SECOND, nanoseconds % SECOND);
    let sign = if nanoseconds == 0 { "" } else { sign };
    Some(match part {
        0 => format!("{sign}{whole}s"),
        part => format!("{sign}{whole}.{}s", format!("{part:09}").trim_end_matches('0')),
    })
}

fn plain_duration(text: &str) -> Option<u128> {
    let mut rest = text;
    let mut sum = 0_u128;
    while !rest.is_empty() {
        let (number, behind) = Number::read(rest)?;
        let end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        let unit = match unit.trim() {
            "" if rest.len() == text.len() && behind.is_empty() => SECOND,
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" | "sec" | "second" | "seconds" => SECOND,
            "m" | "min" | "minute" | "minutes" => 60 * SECOND,
            "h" | "hour" | "hours" => 3600 * SECOND,
            "d" | "day" | "days" => 86_400 * SECOND,
            "w" | "week" | "weeks" => 604_800 * SECOND,
            _ => return None,
        };
        sum = sum.checked_add(number.times(unit)?)?;
        rest = behind;
    }
    (!text.is_empty()).then_some(sum)
}

/// The text after the `P` of ISO 8601. Months and years have no fixed length.
fn iso_duration(text: &str) -> Option<u128> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    if date.is_empty() && time.is_none_or(str::is_empty) || time.is_some_and(str::is_empty) {
        return None;
    }
    let days = iso_part(date, &[("W", 604_800), ("D", 86_400)])?;
    let seconds = iso_part(time.unwrap_or_default(), &[("H", 3600), ("M", 60), ("S", 1)])?;
    days.checked_add(seconds)
}

fn iso_part(text: &str, units: &[(&str, u128)]) -> Option<u128> {
    let mut rest = text;
    let mut sum = 0_u128;
    for (unit, seconds) in units {
        if let Some((number, behind)) = Number::read(rest)
            && let Some(behind) = behind.strip_prefix(unit)
        {
            sum = sum.checked_add(number.times(seconds * SECOND)?)?;
            rest = behind;
        }
    }
    rest.is_empty().then_some(sum)
}

/// A whole number of bytes.
pub(super) fn size(text: &str) -> Option<String> {
    let (number, unit) = Number::read(text.trim())?;
    let unit = unit.trim();
    let unit = unit.strip_suffix('B').unwrap_or(unit);
    let (letter, base) = match unit.strip_suffix('i') {
        Some(letter) if !letter.is_empty() => (letter, 1024_u128),
        Some(_) => return None,
        None => (unit, 1000),
    };
    let power = match letter {
        "" => 0,
        "k" | "K" => 1,
        "M" => 2,
        "G" => 3,
        "T" => 4,
        "P" => 5,
        "E" => 6,
        _ => return None,
    };
    number.times(base.checked_pow(power)?).map(|bytes| bytes.to_string())
}

#[cfg(test)]
mod tests {
    use super::{duration, size};

    #[test]
    fn spans_of_time() {
        for (form, texts) in [
            ("3600s", &["3600s", "1h", "60m", "1h0m0s", "PT1H", "PT60M", "3600", "3600.0s", "3600000ms"][..]),
            ("5400.5s", &["1h30m0.5s", "PT1H30M0.5S", "5400500ms"]),
            ("0.00000025s", &["250ns", "0.25us", "0.25\u{b5}s"]),
            ("-90s", &["-1m30s", "-90"]),
            ("0s", &["0", "-0s", "0h0m"]),
            ("864000s", &["10d", "P10D", "P1W3D", "1w3d"]),
        ] {
            for text in texts {
                assert_eq!(duration(text).as_deref(), Some(form), "{text}");
            }
            assert_eq!(duration(form).as_deref(), Some(form));
        }
        for none in ["", "soon", "1x", "1h30", "P", "PT", "P1M", "1.2.3s", ".", "0.5ns", "h", "1h 30"] {
            assert!(duration(none).is_none(), "{none}");
        }
    }

    #[test]
    fn numbers_of_bytes() {
        for (form, texts) in [
            ("1073741824", &["1Gi", "1024Mi", "1GiB", "1 GiB", "1073741824", "1073741824B", "1.0Gi"][..]),
            ("1500000000", &["1.5G", "1500M", "1.5GB", "1500000k"]),
            ("0", &["0", "0Gi", "0.0"]),
        ] {
            for text in texts {
                assert_eq!(size(text).as_deref(), Some(form), "{text}");
            }
        }
        for none in ["", "Gi", "1g", "1m", "0.3", "1iB", "1Zi", "-1", "1e3", "99999999999999999999999999E"] {
            assert!(size(none).is_none(), "{none}");
        }
    }
}
