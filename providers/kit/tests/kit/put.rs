//! Types that one call both creates and changes, and that a deletion only resets.

use std::{collections::BTreeMap, sync::Arc, sync::Mutex, time::Duration};

use landform_core::{
    Id, Observed, Provider, Resource, Result, attributes,
    conformance::{Clause, Sample, check},
    resource,
};
use landform_kit::{Cloud, Kit, Next, Put, Seen, Which, async_trait, calls_by_put};
use serde_json::json;

/// The lock of a shelf. Every shelf has one.
#[resource("demo_lock", id = "{shelf}", unique("shelf"))]
pub struct Lock {
    /// The shelf.
    #[field(immutable)]
    pub shelf: String,
    /// The code. `0` opens the lock for everybody.
    pub code: u32,
}

/// The attributes that the cloud computes for a [`Lock`].
#[attributes]
pub struct LockAttributes {
    /// The shelf.
    pub id: Id<Lock>,
}

/// The codes of the shelves, and how many times each was put.
#[derive(Default)]
struct Shelves {
    codes: Mutex<BTreeMap<String, u32>>,
    puts: Mutex<usize>,
}

impl Cloud for Shelves {}

calls_by_put!(Shelves; Lock);

#[async_trait]
impl Put<Shelves> for Lock {
    const RESETS: bool = true;

    fn identity(&self) -> String {
        self.shelf.clone()
    }

    async fn look(shelves: &Shelves, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let codes = shelves.codes.lock().unwrap();
        let seen = which.ids_or(|lock| lock.identity().into()).into_iter().map(|shelf| {
            let code = codes.get(&*shelf).copied().unwrap_or_default();
            Seen::new(Lock { shelf: shelf.to_string(), code }, LockAttributes { id: Id::new(&*shelf) })
        });
        Ok(seen.collect())
    }

    async fn put(&self, shelves: &Shelves) -> Result<()> {
        *shelves.puts.lock().unwrap() += 1;
        shelves.codes.lock().unwrap().insert(self.shelf.clone(), self.code);
        Ok(())
    }

    async fn remove(shelves: &Shelves, prior: &Observed<Self>) -> Result<Next> {
        shelves.codes.lock().unwrap().remove(prior.id());
        Ok(Next::Done)
    }
}

#[tokio::test]
async fn one_call_creates_and_changes_and_a_deletion_sets_back() {
    let kit = Arc::new(Kit::new(Shelves::default()));
    let provider = Provider::new("demo").with::<Lock, _>(&kit);
    let driver = provider.driver(Lock::TYPE).unwrap();
    assert!(driver.abilities().reset);
    let sample = Sample::new("demo_lock.a".parse().unwrap(), "run-1", json!({ "shelf": "a", "code": 7 }))
        .changed(json!({ "shelf": "a", "code": 8 }))
        .patience(Duration::from_secs(10));
    let verdict = check(&**driver, &sample, tokio::time::sleep).await.unwrap();
    assert!(verdict.kept.contains(&Clause::Update) && verdict.kept.contains(&Clause::DeleteAgain));
    assert!(verdict.skipped.contains(&Clause::Absent), "a read still shows the lock");
    assert!(*kit.client().puts.lock().unwrap() >= 2);
    assert!(kit.client().codes.lock().unwrap().is_empty());
}
