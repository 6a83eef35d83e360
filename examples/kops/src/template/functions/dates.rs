//! Functions of dates and durations. Layouts are Go's: the date 2006-01-02 15:04:05 written as a date is to be written.

use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::{Answer, Arguments, Function, Value, between, exactly, int, wrong};

/// The layout of a date in a form of HTML.
const HTML: &str = "2006-01-02";
/// sprig's name of the zone of this machine.
const LOCAL: &str = "Local";

pub fn find(name: &str) -> Option<Function> {
    Some(match name {
        "now" => exactly(0, |_| Ok(Value::Time(Zoned::now()))),
        "date" => exactly(2, |of| shown(&of.text(0)?, &date(of, 1)?, LOCAL)),
        "dateInZone" | "date_in_zone" => exactly(3, |of| shown(&of.text(0)?, &date(of, 1)?, &of.text(2)?)),
        "htmlDate" => exactly(1, |of| shown(HTML, &date(of, 0)?, LOCAL)),
        "htmlDateInZone" => exactly(2, |of| shown(HTML, &date(of, 0)?, &of.text(1)?)),
        "dateModify" | "date_modify" | "must_date_modify" => exactly(2, |of| {
            let (change, date) = (duration(&of.text(0)?)?, date(of, 1)?);
            let changed = date.checked_add(change).map_err(|error| error.to_string())?;
            Ok(Value::Time(changed))
        }),
        "toDate" => exactly(2, |of| read(&of.text(0)?, &of.text(1)?)),
        "unixEpoch" => exactly(1, |of| Ok(Value::text(date(of, 0)?.timestamp().as_second().to_string()))),
        "ago" => exactly(1, |of| {
            let passed = Timestamp::now().duration_since(date(of, 0)?.timestamp());
            Ok(Value::text(written(passed.as_secs())))
        }),
        "duration" => exactly(1, |of| Ok(Value::text(written(of.int(0)?)))),
        "durationRound" => between(1, 1, rounded),
        _ => return None,
    })
}

/// A date, or the one with this number of seconds since 1970.
fn date(of: &Arguments, index: usize) -> Result<Zoned, String> {
    match of.get(index)? {
        Value::Time(time) => Ok(time.clone()),
        Value::Text(text) => Err(format!("expected a date, not the string {text:?}: toDate reads texts")),
        number @ (Value::Int(_) | Value::Float(_)) => {
            let time = Timestamp::from_second(int(number)?).map_err(|error| error.to_string())?;
            Ok(time.to_zoned(TimeZone::system()))
        }
        other => Err(wrong("a date", other)),
    }
}

fn shown(layout: &str, date: &Zoned, zone: &str) -> Answer {
    let zone = match zone {
        LOCAL => TimeZone::system(),
        "" => TimeZone::UTC,
        name => TimeZone::get(name).map_err(|_| format!("there is no time zone {name:?}"))?,
    };
    let date = date.with_time_zone(zone);
    Ok(Value::text(formatted(layout, &date)?))
}

/// A date as Go's `Format` writes it.
fn formatted(layout: &str, date: &Zoned) -> Result<String, String> {
    let is_utc = date.offset().is_zero();
    strtime::format(directives(layout, is_utc), date).map_err(|error| error.to_string())
}

/// A date as Go prints it.
pub fn printed(date: &Zoned) -> String {
    let offset = |layout| strtime::format(layout, date).unwrap_or_default();
    let text = offset("%Y-%m-%d %H:%M:%S%.f %z %Z");
    text.trim_end().to_owned()
}

fn read(layout: &str, text: &str) -> Answer {
    let wrong = || format!("{text:?}: expected a date such as {layout:?}");
    let parsed = strtime::parse(directives(layout, text.ends_with('Z')), text).map_err(|_| wrong())?;
    if let Some(offset) = parsed.offset() {
        let time = parsed.to_timestamp().map_err(|_| wrong())?;
        return Ok(Value::Time(time.to_zoned(offset.to_time_zone())));
    }
    let time = parsed.to_datetime().map_err(|_| wrong())?;
    Ok(Value::Time(time.to_zoned(TimeZone::system()).map_err(|_| wrong())?))
}

/// The parts of Go's layouts with the directives that mean the same. Of parts with the same beginning, the longer one is
/// first.
const PARTS: [(&str, &str); 31] = [
    ("January", "%B"),
    ("Jan", "%b"),
    ("Monday", "%A"),
    ("Mon", "%a"),
    ("MST", "%Z"),
    ("2006", "%Y"),
    ("_2006", "_%Y"),
    ("002", "%j"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("_2", "%e"),
    ("15", "%H"),
    ("1", "%-m"),
    ("2", "%-d"),
    ("3", "%-I"),
    ("4", "%-M"),
    ("5", "%-S"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("Z07:00", "%:z"),
    ("Z0700", "%z"),
    ("-07:00", "%:z"),
    ("-0700", "%z"),
    (".000000000", "%.9f"),
    (".000000", "%.6f"),
    (".000", "%.3f"),
    (".999", "%.f"),
];

/// A layout in the directives of `strftime`. `with_z` says that a part such as `Z07:00` is a `Z`.
fn directives(layout: &str, with_z: bool) -> String {
    let (mut text, mut rest) = (String::new(), layout);
    while let Some(first) = rest.chars().next() {
        match PARTS.iter().find(|(part, _)| rest.starts_with(part)) {
            Some((part, _)) if part.starts_with('Z') && with_z => {
                text.push('Z');
                rest = &rest[part.len()..];
            }
            Some((part, directive)) => {
                text.push_str(directive);
                rest = rest[part.len()..].trim_start_matches(if *part == ".999" { '9' } else { '\0' });
            }
            None => {
                text.push(first);
                if first == '%' {
                    text.push('%');
                }
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    text
}

/// A duration as Go's `ParseDuration` reads it, such as `-1h30m`.
fn duration(text: &str) -> Result<SignedDuration, String> {
    const UNITS: [(&str, f64); 7] =
        [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let wrong = || format!("{text:?}: expected a duration, such as -1h30m");
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut seconds = 0.0;
    while !rest.is_empty() && rest != "0" {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let number: f64 = rest[..end].parse().map_err(|_| wrong())?;
        let (unit, size) = UNITS.iter().find(|(unit, _)| rest[end..].starts_with(unit)).ok_or_else(wrong)?;
        seconds += number * size;
        rest = &rest[end + unit.len()..];
    }
    SignedDuration::try_from_secs_f64(sign * seconds).map_err(|_| wrong())
}

/// A number of seconds as Go writes a duration: `1h1m5s`.
fn written(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let all = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// A duration in its largest unit: `3d`. A date counts as the time since then, a number as nanoseconds.
fn rounded(of: &Arguments) -> Answer {
    const UNITS: [(&str, u64); 6] =
        [("y", 31_536_000), ("mo", 2_592_000), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];
    let duration = match of.get(0)? {
        Value::Text(text) => duration(text)?,
        Value::Int(nanoseconds) => SignedDuration::from_nanos(*nanoseconds),
        Value::Time(time) => Timestamp::now().duration_since(time.timestamp()),
        other => return Err(wrong("a duration", other)),
    };
    let duration = duration.unsigned_abs();
    let larger = |(_, size): &&(&str, u64)| duration > std::time::Duration::from_secs(*size);
    let text = match UNITS.iter().find(larger) {
        Some((unit, size)) => format!("{}{unit}", duration.as_secs() / size),
        None => "0s".to_owned(),
    };
    Ok(Value::text(text))
}
