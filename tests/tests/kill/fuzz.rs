//! Feeds every reader with near-valid input: the files of `fuzz/corpus` with random changes.
//!
//! A seed repeats the same inputs. The test writes an input that makes a reader panic to the target folder, for the
//! corpus. It needs only Rust. `libfuzzer.rs` goes further if there is a C++ compiler.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use landform_testkit::{
    random::{Random, number},
    readers::READERS,
};

#[test]
fn no_reader_panics_whatever_it_is_fed() {
    let times = number("LANDFORM_FUZZ", 1000);
    for (user, (name, reader)) in READERS.into_iter().enumerate() {
        let corpus = corpus(name);
        let mut random = Random::new(user as u64);
        corpus.iter().for_each(|input| feed(name, reader, input));
        for _ in 0..times {
            feed(name, reader, &changed(&corpus, &mut random));
        }
    }
}

fn feed(name: &str, reader: fn(&[u8]), input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| reader(input))).is_err() {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("panic-of-{name}"));
        fs::write(&path, input).unwrap();
        panic!("the reader of {name} panics: {}", path.display());
    }
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus")).join(name);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// Typical edge values.
const EDGES: [&str; 24] = [
    "0",
    "1",
    "-1",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "1e999",
    "-0.0",
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "\"",
    "{",
    "]",
    "\n",
    "\u{0}",
    "\u{feff}",
    "\u{10ffff}",
    "*a",
    "&a ",
    "---\n",
];

/// One of the inputs, with up to four changes.
fn changed(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = corpus[random.below(corpus.len())].clone();
    for _ in 0..1 + random.below(4) {
        let at = random.below(input.len() + 1);
        let length = random.below(40.min(input.len() - at + 1));
        match random.below(8) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 if at < input.len() => input[at] = random.next() as u8,
            2 => drop(input.drain(at..at + length)),
            3 => input.truncate(at),
            4 => {
                let edge = EDGES[random.below(EDGES.len())];
                input.splice(at..at, edge.bytes());
            }
            5 => {
                // Repeats a line, or inserts one of another input.
                let other = &corpus[random.below(corpus.len())];
                let lines: Vec<&[u8]> = other.split_inclusive(|byte| *byte == b'\n').collect();
                let line = lines.get(random.below(lines.len().max(1))).copied().unwrap_or_default().to_vec();
                let start = input[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                input.splice(start..start, line);
            }
            6 => number_changed(&mut input, at, random),
            _ => word_changed(&mut input, at, random),
        }
    }
    input
}

/// Replaces the next number.
fn number_changed(input: &mut Vec<u8>, at: usize, random: &mut Random) {
    let Some(start) = input[at..].iter().position(u8::is_ascii_digit).map(|offset| at + offset) else {
        return;
    };
    let end =
        input[start..].iter().position(|byte| !byte.is_ascii_digit()).map_or(input.len(), |end| start + end);
    let number = EDGES[random.below(9)];
    input.splice(start..end, number.bytes());
}

/// Replaces the next word by another one of the input.
fn word_changed(input: &mut Vec<u8>, at: usize, random: &mut Random) {
    let word = |from: usize| {
        let start = from + input[from..].iter().position(u8::is_ascii_alphabetic)?;
        let end = input[start..].iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
        Some(start..end.map_or(input.len(), |end| start + end))
    };
    let (Some(here), Some(there)) = (word(at), word(random.below(input.len() + 1))) else { return };
    let other = input[there].to_vec();
    input.splice(here, other);
}
