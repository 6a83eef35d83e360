//! The log of a holder: the creations that it passed to the plugin, and their answers. One line for each entry, with a
//! digest. Knows no plugin.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Write},
    sync::mpsc,
};

use landform_core::Private;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

/// How many hexadecimal digits of a line's digest are stored.
const DIGITS: usize = 16;

/// One entry. The token names the creation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// The plugin is about to get the creation. This is durable before it does.
    Begun(String),
    /// The plugin answered that something exists. The bytes may be encrypted.
    Answered(String, Private),
    /// The plugin refused it, and nothing exists.
    Refused(String),
    /// A journal has the answer.
    Journalled(String),
}

/// What a log knows about a creation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kept {
    /// It was begun, and no answer came.
    Begun,
    /// It was answered.
    Answered(Private),
}

/// The creations of a log that a journal may still need. One that is not among them was never begun, was refused, or is
/// in a journal already.
pub(super) type Open = BTreeMap<String, Kept>;

/// Takes an entry into account.
pub(super) fn fold(open: &mut Open, entry: Entry) {
    match entry {
        Entry::Begun(token) => drop(open.insert(token, Kept::Begun)),
        Entry::Answered(token, answer) => drop(open.insert(token, Kept::Answered(answer))),
        Entry::Refused(token) | Entry::Journalled(token) => drop(open.remove(&token)),
    }
}

/// Reads a log.
///
/// # Errors
/// It cannot be read, or a line other than the last one is damaged. A power failure can cut off the last one, and only
/// before what it announces.
pub(super) fn read(file: &mut File) -> io::Result<Open> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let mut open = Open::new();
    let mut lines = text.split_inclusive(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        match parse(line) {
            Some(entry) => fold(&mut open, entry),
            None if lines.peek().is_none() => {}
            None => return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is damaged")),
        }
    }
    Ok(open)
}

fn parse(line: &[u8]) -> Option<Entry> {
    let line = line.strip_suffix(b"\n")?;
    let (digest, json) = line.split_at_checked(DIGITS)?;
    let json = json.strip_prefix(b" ")?;
    (digest == self::digest(json).as_bytes()).then(|| serde_json::from_slice(json).ok())?
}

/// The line of an entry.
pub(super) fn line(entry: &Entry) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(entry)?;
    Ok([digest(&json).as_bytes(), b" ", &json, b"\n"].concat())
}

fn digest(json: &[u8]) -> String {
    let mut digits = hex::encode(Sha256::digest(json));
    digits.truncate(DIGITS);
    digits
}

/// Writes a log. Entries that arrive at the same time become durable together.
pub(super) struct Writer(mpsc::Sender<Wanted>);

struct Wanted {
    line: Vec<u8>,
    durable: bool,
    done: oneshot::Sender<io::Result<()>>,
}

impl Writer {
    /// Writes into this file from now on.
    pub(super) fn new(mut file: File) -> Self {
        let (sender, wanted) = mpsc::channel::<Wanted>();
        std::thread::spawn(move || {
            while let Ok(first) = wanted.recv() {
                let batch: Vec<Wanted> = std::iter::once(first).chain(wanted.try_iter()).collect();
                let lines: Vec<u8> = batch.iter().flat_map(|wanted| &wanted.line).copied().collect();
                let written = file.write_all(&lines);
                let durable = batch.iter().any(|wanted| wanted.durable);
                let written = written.and_then(|()| if durable { file.sync_data() } else { Ok(()) });
                for wanted in batch {
                    let told = match &written {
                        Ok(()) => Ok(()),
                        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
                    };
                    // Nobody waits for an entry that was only for later.
                    let _ = wanted.done.send(told);
                }
            }
        });
        Self(sender)
    }

    /// Adds an entry. What announces an effect survives a power failure; an answer survives the end of any process.
    pub(super) async fn add(&self, entry: &Entry) -> io::Result<()> {
        let (done, written) = oneshot::channel();
        let wanted = Wanted { line: line(entry)?, durable: matches!(entry, Entry::Begun(_)), done };
        let ended = || io::Error::other("the log is closed");
        self.0.send(wanted).map_err(|_| ended())?;
        written.await.map_err(|_| ended())?
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Seek;

    use super::*;

    fn reread(file: &mut File) -> io::Result<Open> {
        file.rewind()?;
        read(file)
    }

    #[tokio::test]
    async fn a_log_keeps_what_no_journal_has() {
        let mut file = tempfile::tempfile().unwrap();
        let writer = Writer::new(file.try_clone().unwrap());
        let answer = |token: &str| Entry::Answered(token.into(), Private::new(b"state"));
        let begun = |token: &str| Entry::Begun(token.into());
        for entry in [begun("a"), begun("b"), begun("c"), begun("d"), answer("b"), answer("c")] {
            writer.add(&entry).await.unwrap();
        }
        writer.add(&Entry::Journalled("b".into())).await.unwrap();
        writer.add(&Entry::Refused("d".into())).await.unwrap();
        let open = reread(&mut file).unwrap();
        let expected = [("a", Kept::Begun), ("c", Kept::Answered(Private::new(b"state")))];
        assert_eq!(open, expected.map(|(token, kept)| (token.to_owned(), kept)).into());
    }

    #[tokio::test]
    async fn only_the_last_line_may_be_cut_off() {
        let mut file = tempfile::tempfile().unwrap();
        let writer = Writer::new(file.try_clone().unwrap());
        for token in ["a", "b"] {
            writer.add(&Entry::Begun(token.into())).await.unwrap();
        }
        let length = file.metadata().unwrap().len();
        file.set_len(length - 1).unwrap();
        assert_eq!(reread(&mut file).unwrap().keys().collect::<Vec<_>>(), ["a"]);
        file.set_len(length - 3).unwrap();
        file.rewind().unwrap();
        file.write_all(b"-").unwrap();
        assert_eq!(reread(&mut file).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
