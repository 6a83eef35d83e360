//! The form of all stored bytes: lines of JSON, each after its checksum. Knows no meaning.
//!
//! ```text
//! 5f3a9c1e {"forget":{"key":"aws_vpc.main"}}\n
//! ```
//!
//! `cut -c10- FILE | jq` shows any file. The checksum is CRC-32 in eight lower-case hexadecimal digits. JSON text has
//! no byte below 0x20, so a line that was cut off can be told from one that was altered.

use serde::Serialize;

/// The length of a checksum and the space after it.
const PREFIX: usize = 9;

/// Bytes that were changed after they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Damage {
    /// Where.
    pub offset: usize,
    /// What is wrong there.
    pub what: String,
}

impl Damage {
    pub(super) fn new(offset: usize, what: impl Into<String>) -> Self {
        Self { offset, what: what.into() }
    }
}

/// Appends one line.
pub(super) fn push(out: &mut Vec<u8>, content: &impl Serialize) -> Result<(), serde_json::Error> {
    let start = out.len();
    out.extend_from_slice(&[b' '; PREFIX]);
    serde_json::to_writer(&mut *out, content)?;
    let digits = hex(crc32fast::hash(&out[start + PREFIX..]));
    out[start..start + PREFIX - 1].copy_from_slice(&digits);
    out.push(b'\n');
    Ok(())
}

/// One piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A complete line: its start and its JSON.
    Line(usize, &'a str),
    /// The file ends in the middle of a line that starts here.
    Torn(usize),
}

/// Splits bytes into lines.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn piece(&mut self) -> Option<Result<Piece<'a>, Damage>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        match find_newline(rest) {
            Some(end) => {
                self.at += end + 1;
                Some(check(&rest[..end], start).map(|json| Piece::Line(start, json)))
            }
            None => {
                self.at = self.bytes.len();
                Some(cut_off(rest, start))
            }
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Result<Piece<'a>, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        self.piece()
    }
}

/// Distinguishes a line that was cut off, perhaps followed by the zeros of blocks that were never written, from one
/// whose last byte was changed.
fn cut_off(rest: &[u8], start: usize) -> Result<Piece<'_>, Damage> {
    let last = rest.len() - 1;
    if check(&rest[..last], start).is_ok() {
        return Err(Damage::new(start + last, "the end of the line was altered"));
    }
    let written = rest.iter().rposition(|byte| *byte != 0).map_or(&rest[..0], |last| &rest[..=last]);
    match written.iter().position(|byte| *byte < b' ') {
        Some(position) => Err(Damage::new(start + position, "a byte that no line contains")),
        None => Ok(Piece::Torn(start)),
    }
}

/// Checks a line without its end and returns its JSON.
fn check(line: &[u8], start: usize) -> Result<&str, Damage> {
    let (Some(digits), Some(json)) = (line.get(..PREFIX), line.get(PREFIX..)) else {
        return Err(Damage::new(start, "a line that is too short for its checksum"));
    };
    let found = hex(crc32fast::hash(json));
    if digits[..PREFIX - 1] != found || digits[PREFIX - 1] != b' ' {
        return Err(Damage::new(
            start,
            format!(
                "the line's checksum is {:?}, but its content has {:?}",
                String::from_utf8_lossy(&digits[..PREFIX - 1]),
                String::from_utf8_lossy(&found)
            ),
        ));
    }
    std::str::from_utf8(json)
        .map_err(|error| Damage::new(start + PREFIX + error.valid_up_to(), "text that is not UTF-8"))
}

/// `skip_until` searches many bytes at a time.
fn find_newline(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    let skipped = std::io::BufRead::skip_until(&mut rest, b'\n').unwrap_or(0);
    let end = skipped.checked_sub(1)?;
    if bytes[end] == b'\n' { Some(end) } else { None }
}

fn hex(checksum: u32) -> [u8; 8] {
    let mut digits = [0; 8];
    for (place, digit) in digits.iter_mut().enumerate() {
        let nibble = (checksum >> (28 - 4 * place)) & 0xf;
        *digit = b"0123456789abcdef"[nibble as usize];
    }
    digits
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn two_lines() -> Vec<u8> {
        let mut bytes = Vec::new();
        push(&mut bytes, &["a"]).unwrap();
        push(&mut bytes, &["b\n\u{e9}"]).unwrap();
        bytes
    }

    #[test]
    fn lines_round_trip() {
        let bytes = two_lines();
        let lines: Result<Vec<_>, _> = Lines::new(&bytes).collect();
        assert_eq!(lines.unwrap(), [Piece::Line(0, r#"["a"]"#), Piece::Line(15, "[\"b\\n\u{e9}\"]")]);
    }

    #[test]
    fn every_cut_is_torn_and_no_cut_is_damage() {
        let bytes = two_lines();
        for length in 0..bytes.len() {
            let pieces: Vec<_> = Lines::new(&bytes[..length]).map(Result::unwrap).collect();
            let torn = matches!(pieces.last(), Some(Piece::Torn(_)));
            assert_eq!(torn, length != 0 && length != 15, "{length}");
            let mut zeroed = bytes[..length].to_vec();
            zeroed.resize(length + 100, 0);
            let last = Lines::new(&zeroed).last().unwrap().unwrap();
            assert!(matches!(last, Piece::Torn(_)), "{length}");
        }
    }

    #[test]
    fn every_other_byte_is_damage() {
        let bytes = two_lines();
        for position in 0..bytes.len() {
            for value in (0..=255).filter(|value| *value != bytes[position]) {
                let mut altered = bytes.clone();
                altered[position] = value;
                assert!(Lines::new(&altered).any(|piece| piece.is_err()), "{position} as {value}");
            }
        }
    }
}
