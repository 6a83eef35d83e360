//! The file of the ledger: one JSON line for each effect, appended under a lock that all processes share. Knows nothing
//! of the meaning of entries.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use landform_core::{Printable, words};
use serde::{Deserialize, Serialize};

use crate::ledger::Entry;

/// The ledger's name in the cloud's directory.
pub const PATH: &str = "ledger.log";

/// The version of the format of entries.
const FORMAT: u32 = 1;

/// A path for messages.
fn shown(path: &Path) -> impl fmt::Display {
    Printable(path.display()).in_a_line()
}

/// The errors of a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The file system refused an operation.
    #[error("{}: {source}", shown(path))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// The file does not start like a ledger.
    #[error("{}:1: this is not the ledger of an embedded cloud; use a new directory", shown(path))]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer version wrote the ledger.
    #[error(
        "{}:1: written in format {found}, this version reads up to {FORMAT}; use a newer one",
        shown(path)
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// A line within the ledger cannot be read.
    #[error(
        "{}:{line}: {}, expected an entry of the ledger; restore the file from a copy",
        shown(path),
        Printable(problem)
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The ledger belongs to another region or account.
    #[error("{}:1: this cloud is {found}, expected {expected}", shown(path))]
    Elsewhere {
        /// The file.
        path: PathBuf,
        /// Region and account in the ledger.
        found: String,
        /// Region and account asked for.
        expected: String,
    },
    /// The ledger holds a type that the cloud was not opened with.
    #[error("{}:{line}: the cloud holds {}, a type it was not opened with", shown(path), words::a(type_name))]
    UnknownType {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The type.
        type_name: String,
    },
}

/// The beginning of every ledger. A file with another beginning belongs to someone else and is not cut.
const BEGINNING: &[u8] = b"{\"landform_sim\":";

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    #[serde(rename = "landform_sim")]
    pub format: u32,
    pub region: String,
    pub account: String,
}

impl Header {
    pub(crate) fn new(region: &str, account: &str) -> Self {
        Self { format: FORMAT, region: region.to_owned(), account: account.to_owned() }
    }
}

/// A line that was not read before.
pub(crate) enum Line {
    Header(Header),
    Entry(Box<Entry>),
}

/// The file, read up to some point.
pub(crate) struct Log {
    directory: PathBuf,
    path: PathBuf,
    file: Option<Arc<File>>,
    read: u64,
    lines: usize,
}

/// The lock on a ledger. It is released when dropped.
pub(crate) struct Locked(Arc<File>);

impl Drop for Locked {
    fn drop(&mut self) {
        // The lock ends with the file at the latest.
        let _ = self.0.unlock();
    }
}

impl Log {
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), path: directory.join(PATH), file: None, read: 0, lines: 0 }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How many lines were read.
    pub(crate) fn lines(&self) -> usize {
        self.lines
    }

    /// Waits for the lock. Returns `None` if there is no ledger yet and none is to be created.
    pub(crate) fn lock(&mut self, make: bool) -> Result<Option<Locked>, LedgerError> {
        let file = match &self.file {
            Some(file) => file.clone(),
            None => match self.open(make) {
                Ok(file) => self.file.insert(Arc::new(file)).clone(),
                Err(error) if !make && error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(self.io(error)),
            },
        };
        file.lock().map_err(|error| self.io(error))?;
        let locked = Locked(file);
        self.still_there(&locked.0)?;
        Ok(Some(locked))
    }

    fn open(&self, make: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(make);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        if make {
            fs::create_dir_all(&self.directory)?;
        }
        options.open(&self.path)
    }

    /// Text that is written to a deleted file would be lost.
    fn still_there(&self, file: &File) -> Result<(), LedgerError> {
        #[cfg(unix)]
        {
            let metadata = file.metadata().map_err(|error| self.io(error))?;
            if std::os::unix::fs::MetadataExt::nlink(&metadata) == 0 {
                let gone = io::Error::new(io::ErrorKind::NotFound, "the ledger was deleted while in use");
                return Err(self.io(gone));
            }
        }
        #[cfg(not(unix))]
        let _ = file;
        Ok(())
    }

    /// Returns the lines that were appended since the last call, and cuts a line that a killed process did not finish.
    pub(crate) fn catch_up(
        &mut self,
        _locked: &Locked,
        mut take: impl FnMut(&Self, Line) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        let length = file.metadata().map_err(|error| self.io(error))?.len();
        if length == self.read {
            return Ok(());
        }
        if length < self.read {
            let shrunk = io::Error::new(io::ErrorKind::InvalidData, "the ledger became shorter while in use");
            return Err(self.io(shrunk));
        }
        let mut fresh = Vec::new();
        let mut reader = &*file;
        reader.seek(SeekFrom::Start(self.read)).map_err(|error| self.io(error))?;
        reader.take(length - self.read).read_to_end(&mut fresh).map_err(|error| self.io(error))?;
        for line in fresh.split_inclusive(|byte| *byte == b'\n') {
            let Some(text) = line.strip_suffix(b"\n") else {
                if self.lines == 0 && !line.starts_with(BEGINNING) && !BEGINNING.starts_with(line) {
                    return Err(LedgerError::Foreign { path: self.path.clone() });
                }
                file.set_len(self.read).map_err(|error| self.io(error))?;
                break;
            };
            take(self, self.parse(text)?)?;
            self.lines += 1;
            self.read += line.len() as u64;
        }
        Ok(())
    }

    fn parse(&self, text: &[u8]) -> Result<Line, LedgerError> {
        if self.lines == 0 {
            let foreign = |_| LedgerError::Foreign { path: self.path.clone() };
            let header: Header = serde_json::from_slice(text).map_err(foreign)?;
            if header.format > FORMAT {
                return Err(LedgerError::Newer { path: self.path.clone(), found: header.format });
            }
            return Ok(Line::Header(header));
        }
        let entry =
            serde_json::from_slice(text).map_err(|error| self.damaged(self.lines + 1, error.to_string()))?;
        Ok(Line::Entry(Box::new(entry)))
    }

    /// Writes one line. The next reader sees the whole line or nothing.
    pub(crate) fn append(&mut self, _locked: &Locked, line: &impl Serialize) -> Result<(), LedgerError> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        let mut text =
            serde_json::to_vec(line).map_err(|error| self.damaged(self.lines + 1, error.to_string()))?;
        text.push(b'\n');
        if let Err(error) = (&*file).write_all(&text) {
            // If a part of it was written, the next reader cuts it.
            let _ = file.set_len(self.read);
            return Err(self.io(error));
        }
        self.read += text.len() as u64;
        self.lines += 1;
        Ok(())
    }

    pub(crate) fn damaged(&self, line: usize, problem: String) -> LedgerError {
        LedgerError::Damaged { path: self.path.clone(), line, problem }
    }

    fn io(&self, source: io::Error) -> LedgerError {
        LedgerError::Io { path: self.path.clone(), source }
    }
}
