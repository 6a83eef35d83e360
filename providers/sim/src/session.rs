//! Transactions: the ledger's lock, the entries of other processes, and the entries written under the lock.

use std::{path::Path, sync::Arc};

use landform_core::{Error, ErrorKind, ResourceType, Result};

use crate::{
    clock,
    ledger::{Effect, Entry},
    log::{Header, LedgerError, Line, Locked, Log},
    world::{Misfit, World},
};

/// One transaction: the current resources, and the way to change them.
pub(crate) struct Session<'a> {
    pub world: &'a mut World,
    pub now: u64,
    /// The types of the entries that this transaction wrote.
    pub written: Vec<String>,
    log: &'a mut Log,
    locked: Option<&'a Locked>,
}

impl Session<'_> {
    /// Writes an entry and applies it.
    pub(crate) fn commit(&mut self, entry: Entry) -> Result<()> {
        if let Some(locked) = self.locked {
            self.log.append(locked, &entry).map_err(failed)?;
        }
        let line = self.log.lines();
        self.written.push(entry.type_name.clone());
        self.world.apply(entry).map_err(|misfit| failed(misfit.at(self.log, line)))
    }
}

/// The file and the data derived from it.
pub(crate) struct Ledger {
    log: Log,
    pub(crate) world: World,
    found: Option<Header>,
    wanted: Header,
}

impl Ledger {
    /// Reads the present entries.
    pub(crate) fn open(directory: &Path, types: &[Arc<ResourceType>]) -> Result<Self, LedgerError> {
        let (log, world) = (Log::new(directory), World::new(types));
        let mut ledger = Self { log, world, found: None, wanted: Header::new("", "") };
        if let Some(locked) = ledger.log.lock(false)? {
            ledger.catch_up(&locked)?;
        }
        Ok(ledger)
    }

    /// The first line, if there is one.
    pub(crate) fn header(&self) -> Option<&Header> {
        self.found.as_ref()
    }

    /// Sets the first line of an empty ledger.
    pub(crate) fn settle_in(&mut self, wanted: Header) {
        self.wanted = wanted;
    }

    /// Runs a closure under the lock, after reading the entries of other processes.
    pub(crate) fn transact<T>(
        &mut self,
        make: bool,
        act: impl FnOnce(&mut Session<'_>) -> Result<T>,
    ) -> Result<T> {
        let locked = self.log.lock(make).map_err(failed)?;
        if let Some(locked) = &locked {
            self.catch_up(locked).map_err(failed)?;
            self.belongs_to(&self.wanted).map_err(failed)?;
            if self.found.is_none() && make {
                self.log.append(locked, &self.wanted).map_err(failed)?;
                self.found = Some(self.wanted.clone());
            }
        }
        let now = clock::now();
        let Self { world, log, .. } = self;
        let mut session = Session { world, now, written: Vec::new(), log, locked: locked.as_ref() };
        while let Some(entity) = session.world.due(now) {
            let mut entry = Entry::new(Effect::Deleted, now, entity.resource_type.name_str(), &entity.id);
            entry.by = entity.by.clone();
            session.commit(entry)?;
        }
        act(&mut session)
    }

    fn catch_up(&mut self, locked: &Locked) -> Result<(), LedgerError> {
        let Self { log, world, found, .. } = self;
        log.catch_up(locked, |log, line| match line {
            Line::Header(header) => {
                *found = Some(header);
                Ok(())
            }
            Line::Entry(entry) => world.apply(*entry).map_err(|misfit| misfit.at(log, log.lines() + 1)),
        })
    }

    /// Whether the cloud is in the wanted region and account.
    pub(crate) fn belongs_to(&self, wanted: &Header) -> Result<(), LedgerError> {
        let place = |header: &Header| format!("in region {}, account {}", header.region, header.account);
        match &self.found {
            Some(found) if (&found.region, &found.account) != (&wanted.region, &wanted.account) => {
                Err(LedgerError::Elsewhere {
                    path: self.log.path().to_owned(),
                    found: place(found),
                    expected: place(wanted),
                })
            }
            _ => Ok(()),
        }
    }
}

impl Misfit {
    fn at(self, log: &Log, line: usize) -> LedgerError {
        match self {
            Self::UnknownType(type_name) => {
                LedgerError::UnknownType { path: log.path().to_owned(), line, type_name }
            }
            Self::Nothing(what) => log.damaged(line, format!("{what} is not there")),
        }
    }
}

fn failed(error: LedgerError) -> Error {
    let kind = match &error {
        LedgerError::Io { .. } => ErrorKind::Unavailable,
        _ => ErrorKind::Internal,
    };
    Error::new(kind, error.to_string())
}
