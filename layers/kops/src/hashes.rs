//! The lock file of the digests of released files, in the form of `sha256sum`: each line has a SHA-256 and a URL.
//! Fetches nothing.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};

/// The digests of files by their URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HashLock(BTreeMap<String, String>);

/// A line of a lock file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {text:?}: {expected}")]
pub struct HashLockError {
    /// The line's number, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
    /// What was expected.
    pub expected: &'static str,
}

impl HashLock {
    /// Reads a lock file. Empty lines and lines that begin with `#` are ignored.
    ///
    /// # Errors
    /// A line is not a digest with a URL, or two lines have the same URL with different digests.
    pub fn parse(text: &str) -> Result<Self, HashLockError> {
        let mut lock = Self::default();
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !is_comment(text)) {
            let wrong = |expected| HashLockError { line, text: text.to_owned(), expected };
            let (digest, url) = text
                .split_once(char::is_whitespace)
                .map(|(digest, url)| (digest, url.trim()))
                .filter(|(digest, url)| is_digest(digest) && url.contains("://"))
                .ok_or_else(|| wrong("expected a SHA-256 in 64 hexadecimal digits, two spaces and a URL"))?;
            if lock.get(url).is_some_and(|known| known != digest) {
                return Err(wrong("expected one digest for a URL; an earlier line has another one"));
            }
            lock.insert(url, digest);
        }
        Ok(lock)
    }

    /// The SHA-256 of the file at a URL, in hexadecimal.
    pub fn get(&self, url: &str) -> Option<&str> {
        self.0.get(url).map(String::as_str)
    }

    /// Sets the SHA-256 of the file at a URL. Returns the previous digest if it was different.
    pub fn insert(&mut self, url: &str, digest: &str) -> Option<String> {
        self.0.insert(url.to_owned(), digest.to_owned()).filter(|known| known != digest)
    }

    /// The digests by URL.
    pub fn into_map(self) -> BTreeMap<String, String> {
        self.0
    }
}

/// The SHA-256 of all that a reader returns, in hexadecimal.
///
/// # Errors
/// The reader fails.
pub fn sha256(mut file: impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    io::copy(&mut file, &mut digest)?;
    Ok(format!("{:x}", digest.finalize()))
}

/// The text of the file, by URL.
impl fmt::Display for HashLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(url, digest)| writeln!(f, "{digest}  {url}"))
    }
}

fn is_comment(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut lock = HashLock::default();
        assert_eq!(lock.insert("https://b.example.com/x y", &"ab".repeat(32)), None);
        assert_eq!(lock.insert("https://a.example.com/x", &"cd".repeat(32)), None);
        let text = lock.to_string();
        assert!(text.starts_with(&format!("{}  https://a.example.com/x\n", "cd".repeat(32))), "{text}");
        assert_eq!(HashLock::parse(&format!("# a comment\n\n{text}")).unwrap(), lock);
        assert_eq!(lock.insert("https://a.example.com/x", &"00".repeat(32)), Some("cd".repeat(32)));
    }

    #[test]
    fn a_line_that_is_none_is_told() {
        let digest = "ab".repeat(32);
        let other = "cd".repeat(32);
        for (text, line) in [
            ("hello", 1),
            ("abcd  https://example.com/x", 1),
            (&*format!("# a\n{digest}  example.com"), 2),
            (&*format!("{}  https://example.com/x", digest.to_uppercase()), 1),
            (&*format!("{digest}  https://example.com/x\n{other}  https://example.com/x"), 2),
        ] {
            let error = HashLock::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.to_string().contains("expected"), "{error}");
        }
    }
}
