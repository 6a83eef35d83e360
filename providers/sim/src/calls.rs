//! Counts calls by operation.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use landform_core::TypeName;

/// A method of a driver that calls the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// `read_many`.
    Read,
    /// `create`.
    Create,
    /// `update`.
    Update,
    /// `delete`.
    Delete,
    /// `resume`.
    Resume,
    /// `find`.
    Find,
    /// `import`.
    Import,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Resume => "resume",
            Self::Find => "find",
            Self::Import => "import",
        })
    }
}

/// The number of calls of each operation through one [`Cloud`](crate::Cloud) and its clones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls {
    counts: BTreeMap<(Operation, TypeName), usize>,
    under_way: usize,
    most_at_once: usize,
}

impl Calls {
    /// Calls of an operation, for all types.
    pub fn of(&self, operation: Operation) -> usize {
        self.counts.iter().filter(|((one, _), _)| *one == operation).map(|(_, count)| count).sum()
    }

    /// Calls of an operation for one type.
    pub fn of_type(&self, operation: Operation, type_name: &str) -> usize {
        let matching = self.counts.iter().filter(|((one, name), _)| *one == operation && *name == type_name);
        matching.map(|(_, count)| count).sum()
    }

    /// All calls.
    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// The largest number of concurrent calls.
    pub fn most_at_once(&self) -> usize {
        self.most_at_once
    }
}

/// Counts calls when they start and end.
#[derive(Default)]
pub(crate) struct Counter(Mutex<Calls>);

/// A running call. It ends when dropped.
pub(crate) struct UnderWay<'a>(&'a Counter);

impl Counter {
    pub(crate) fn begin(&self, operation: Operation, type_name: &TypeName) -> UnderWay<'_> {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.counts.entry((operation, type_name.clone())).or_default() += 1;
        calls.under_way += 1;
        calls.most_at_once = calls.most_at_once.max(calls.under_way);
        UnderWay(self)
    }

    pub(crate) fn snapshot(&self) -> Calls {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn reset(&self) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *calls = Calls { under_way: calls.under_way, ..Calls::default() };
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).under_way -= 1;
    }
}
