//! The local directory: the contract, foreign and deleted directories, leftovers.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stores_keep_the_contract() {
    contract::all(|| Arc::new(MemoryStore::new())).await;
    let directory = tempfile::tempdir().unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    contract::all(|| {
        let name = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        Arc::new(LocalStore::new(directory.path().join(name)))
    })
    .await;
}

#[tokio::test]
async fn reading_a_missing_directory_makes_nothing() {
    let (directory, store) = local();
    let journal = Journal::read(store, "base").await.unwrap();
    assert!(journal.state().is_empty() && journal.state().seq() == 0);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_directory_holds_the_journal() {
    let (_directory, store) = local();
    let writer = Journal::write_with(store.clone(), "base", claim("apply"), compacting()).await.unwrap();
    for record in story() {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    let again = store::open(&store.describe()).unwrap();
    assert_eq!(Journal::read(again, "base").await.unwrap().state(), &state);
    let left: Vec<_> = walk(store.root()).into_iter().filter(|path| path.contains(".tmp-")).collect();
    assert_eq!(left, Vec::<String>::new(), "no temporary files stay");
}

pub(crate) fn walk(root: &std::path::Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path.display().to_string()) }
    }
    files
}

#[tokio::test]
async fn places_that_cannot_hold_a_journal_say_so_and_stay_as_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let foreign = directory.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("main.tf"), "x").unwrap();
    for (place, part) in [(&file, "Use an empty or new place"), (&foreign, "\"main.tf\"")] {
        let store = Arc::new(LocalStore::new(place));
        for error in [
            Journal::read(store.clone(), "base").await.map(drop).unwrap_err(),
            Journal::write(store.clone(), "base", claim("apply")).await.map(drop).unwrap_err(),
        ] {
            assert!(error.to_string().contains(part), "{error}");
            assert!(error.to_string().contains(&place.display().to_string()), "{error}");
        }
    }
    assert_eq!(walk(directory.path()).len(), 2);
}

#[tokio::test]
async fn a_directory_that_vanishes_in_mid_run_is_named() {
    let (_directory, store) = local();
    let writer = write(store.clone()).await;
    std::fs::remove_dir_all(store.root()).unwrap();
    let error = writer.append(Record::Outputs(Default::default())).await.unwrap_err();
    let JournalError::Store(cause) = &error else { panic!("{error}") };
    assert_eq!(cause.kind(), StoreErrorKind::Vanished, "{error}");
    assert!(error.to_string().contains("base/journal"), "{error}");
    drop(writer);
}

#[tokio::test]
async fn leftovers_of_killed_processes_do_no_harm() {
    let (_directory, store) = local();
    write(store.clone()).await.close().await.unwrap();
    let journal = store.root().join("journal");
    for name in [".tmp-1-0", "00000000000000000009.seg.bak", "README", "9.seg"] {
        std::fs::write(journal.join(name), "half").unwrap();
    }
    assert_eq!(store.list().await.unwrap().segments, [1, 2]);
    write(store).await.close().await.unwrap();
}
