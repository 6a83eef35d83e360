//! What was read ahead of one type: which resources Terraform will ask for is not known, but a list shows them. Holds
//! answers for a short time only, and gives each of them once.

use std::{collections::HashMap, time::Duration};

use landform_core::Object;
use tokio::time::Instant;

/// How long an answer that was read ahead counts. A walk of Terraform with thousands of resources takes less.
const FRESH: Duration = Duration::from_secs(30);

/// How many resources of a type Terraform asks for before a list is worth its calls.
const FEW: usize = 8;

/// How many lists of a type one walk needs at most. The regions or zones of the resources may come in several parts.
const LISTS: usize = 3;

/// The answers of one type.
#[derive(Debug)]
pub(super) struct Ahead {
    objects: HashMap<String, Object>,
    /// How many resources were asked for, and how many lists were made.
    asked: usize,
    lists: usize,
    /// Nothing here is older.
    since: Instant,
}

impl Default for Ahead {
    fn default() -> Self {
        Self { objects: HashMap::new(), asked: 0, lists: 0, since: Instant::now() }
    }
}

impl Ahead {
    /// Takes the answer for an id, if there is one.
    pub(super) fn take(&mut self, id: &str) -> Option<Object> {
        self.forget_old();
        self.objects.remove(id)
    }

    /// Whether to list before so many resources are read, which have no answer yet.
    pub(super) fn lists_before(&mut self, reads: usize) -> bool {
        self.forget_old();
        let lists = self.asked >= FEW && self.lists < LISTS;
        self.asked += reads;
        self.lists += usize::from(lists);
        lists
    }

    /// Keeps what a list showed. It counts as long as everything else does, so at most for the whole time.
    pub(super) fn keep(&mut self, listed: HashMap<String, Object>) {
        self.objects.extend(listed);
    }

    fn forget_old(&mut self) {
        if self.since.elapsed() >= FRESH {
            *self = Self::default();
        }
    }
}
