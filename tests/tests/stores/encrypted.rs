//! Encryption at rest over every store: no clear text, no access without the key, and every change or move is detected.

use std::{fs, path::Path, sync::Arc};

use landform::{
    Engine, Stack, aws,
    journal::{Journal, JournalError, Options, Record},
    sim::{Cloud, Latency},
    store::{Encrypted, Encryption, LocalStore, MemoryStore, Store, StoreError, StoreErrorKind, contract},
};

use crate::{
    journals::{self, creations, options, write, write_with},
    postgres::{place, shared},
    s3::S3,
};

/// A passphrase with a cheap key derivation, because the cost is not under test.
fn passphrase(text: &str) -> Encryption {
    Encryption::passphrase(text).cost(16, 1, 1)
}

fn sealed(inner: impl Store + 'static, key: &Encryption) -> Arc<dyn Store> {
    Arc::new(Encrypted::new(Arc::new(inner), key.clone()))
}

fn over(inner: Arc<dyn Store>) -> Arc<dyn Store> {
    Arc::new(Encrypted::new(inner, passphrase("open sesame")))
}

/// A journal of some creations and a snapshot.
async fn fill(store: &Arc<dyn Store>) -> landform::journal::State {
    let compacting = Options { compact_segments: 6, compact_bytes: 2 << 10, ..options() };
    let writer = write_with(store, compacting).await.unwrap();
    for record in creations(10) {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    assert!(writer.notices().is_empty(), "{:?}", writer.notices());
    state
}

async fn read(store: Arc<dyn Store>) -> Result<landform::journal::State, JournalError> {
    Ok(Journal::read(store, "base").await?.state().clone())
}

#[track_caller]
fn kind<T>(result: Result<T, JournalError>) -> StoreErrorKind {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(JournalError::Store(error)) => error.kind(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn encrypted_stores_keep_the_contract() {
    let directory = tempfile::tempdir().unwrap();
    let count = std::cell::Cell::new(0);
    let local = || {
        count.set(count.get() + 1);
        over(Arc::new(LocalStore::new(directory.path().join(count.get().to_string()))))
    };
    contract::all(|| over(Arc::new(MemoryStore::new()))).await;
    contract::all(local).await;
    journals::all(|| over(Arc::new(MemoryStore::new()))).await;
    journals::all(local).await;
}

#[tokio::test]
async fn encrypted_buckets_and_databases_keep_it_too() {
    let (s3, server) = (S3::new(), shared());
    contract::all(|| over(s3.open(&format!("s3://{}/base", s3.bucket())))).await;
    journals::all(|| over(s3.open(&format!("s3://{}/base", s3.bucket())))).await;
    contract::all(|| over(place(&server))).await;
    journals::all(|| over(place(&server))).await;
}

#[tokio::test]
async fn nothing_is_in_the_clear() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("base");
    let key = passphrase("open sesame");
    let store = sealed(LocalStore::new(&root), &key);
    let writer = write(&store).await.unwrap();
    for record in creations(3) {
        writer.append(record).await.unwrap();
    }
    let mut files = walk(&root);
    fill(&sealed(LocalStore::new(directory.path().join("other")), &key)).await;
    files.extend(walk(&directory.path().join("other")));
    assert!(files.iter().any(|path| path.ends_with("lease/00000000000000000001.json")), "{files:?}");
    assert!(files.iter().any(|path| path.contains("/snapshot/")), "{files:?}");
    for path in files {
        let bytes = fs::read(&path).unwrap();
        for word in ["aws_vpc", "10.1.0.0", "vpc-1", "base", "open sesame", "apply", "intent"] {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{path} has {word:?} in the clear");
        }
    }
    assert!(!format!("{store:?} {key:?}").contains("sesame"));
}

#[tokio::test]
async fn the_key_is_asked_for_and_has_to_be_right() {
    let plain = MemoryStore::new();
    let key = passphrase("open sesame");
    let state = fill(&sealed(plain.clone(), &key)).await;
    assert_eq!(read(sealed(plain.clone(), &key)).await.unwrap(), state);

    let bare: Arc<dyn Store> = Arc::new(plain.clone());
    let before = plain.list().await.unwrap();
    assert_eq!(kind(read(bare.clone()).await), StoreErrorKind::Encrypted);
    assert_eq!(kind(write(&bare).await), StoreErrorKind::Encrypted);
    for wrong in [passphrase("open barley"), passphrase(""), Encryption::key([7; 32])] {
        let store = sealed(plain.clone(), &wrong);
        let error = read(store.clone()).await.unwrap_err();
        assert!(error.to_string().contains("Give the passphrase or key command"), "{error}");
        assert_eq!(kind(Err::<(), _>(error)), StoreErrorKind::WrongKey);
        assert_eq!(kind(write(&store).await), StoreErrorKind::WrongKey);
    }
    assert_eq!(plain.list().await.unwrap(), before, "nothing was written");

    // A key ring alone, as a kill right after its creation leaves it, also counts as encrypted.
    let plain = MemoryStore::new();
    sealed(plain.clone(), &key).put_lease(None, b"x".to_vec()).await.unwrap();
    assert_eq!(kind(write(&(Arc::new(plain) as Arc<dyn Store>)).await), StoreErrorKind::Encrypted);
}

#[tokio::test]
async fn what_is_not_encrypted_is_refused_with_a_key() {
    let plain = MemoryStore::new();
    let bare: Arc<dyn Store> = Arc::new(plain.clone());
    let state = fill(&bare).await;
    let store = sealed(plain.clone(), &passphrase("open sesame"));
    let error = read(store.clone()).await.unwrap_err();
    assert!(error.to_string().contains("Open it without a key"), "{error}");
    assert_eq!(kind(Err::<(), _>(error)), StoreErrorKind::NotEncrypted);
    assert_eq!(kind(write(&store).await), StoreErrorKind::NotEncrypted);
    let error = store.append(100, b"x".as_slice().into()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotEncrypted, "a key ring is not started over a plain journal");
    assert_eq!(read(bare).await.unwrap(), state);

    // A plain segment among encrypted ones is refused.
    let mixed = MemoryStore::new();
    let key = passphrase("open sesame");
    write(&sealed(mixed.clone(), &key)).await.unwrap().close().await.unwrap();
    let other = MemoryStore::new();
    write(&(Arc::new(other.clone()) as Arc<dyn Store>)).await.unwrap().close().await.unwrap();
    mixed.damage_segment(2, Some(&other.read(2).await.unwrap()));
    assert_eq!(kind(read(sealed(mixed, &key)).await), StoreErrorKind::NotEncrypted);
}

#[tokio::test]
async fn every_altered_byte_and_every_cut_is_noticed() {
    let plain = MemoryStore::new();
    let key = Encryption::key([1; 32]);
    let store = sealed(plain.clone(), &key);
    store.append(1, b"a segment".as_slice().into()).await.unwrap();
    let parts = ["one", "two", "three"].map(|part| part.as_bytes().to_vec());
    store.put_snapshot(1, Box::new(parts.into_iter())).await.unwrap();
    let segment = plain.read(1).await.unwrap();
    let snapshot = whole(&plain, 1).await.unwrap();
    assert_eq!(whole(&*store, 1).await.unwrap(), b"onetwothree");

    let refused = |error: StoreError| {
        use StoreErrorKind as K;
        let kind = error.kind();
        assert!(matches!(kind, K::Damaged | K::NotEncrypted | K::WrongKey | K::Unsupported), "{error}");
    };
    for (bytes, is_segment) in [(&segment, true), (&snapshot, false)] {
        let mut variants: Vec<Vec<u8>> = (0..bytes.len()).map(|length| bytes[..length].to_vec()).collect();
        for place in 0..bytes.len() {
            for flip in [1u8, 0x80] {
                let mut altered = bytes.clone();
                altered[place] ^= flip;
                variants.push(altered);
            }
        }
        variants.push([&bytes[..], b"x"].concat());
        for variant in variants {
            if is_segment {
                plain.damage_segment(1, Some(&variant));
                refused(store.read(1).await.unwrap_err());
            } else {
                plain.damage_snapshot(1, Some(&variant));
                refused(whole(&*store, 1).await.unwrap_err());
            }
        }
    }
}

#[tokio::test]
async fn segments_cannot_be_exchanged() {
    let key = Encryption::key([1; 32]);
    let (plain, other) = (MemoryStore::new(), MemoryStore::new());
    for inner in [&plain, &other] {
        let store = sealed(inner.clone(), &key);
        for seq in 1..=2 {
            store.append(seq, b"same".as_slice().into()).await.unwrap();
        }
        store.put_snapshot(1, Box::new([b"same".to_vec()].into_iter())).await.unwrap();
    }
    let store = sealed(plain.clone(), &key);
    let from_elsewhere = other.read(1).await.unwrap();
    let snapshot = whole(&plain, 1).await.unwrap();
    for (stranger, expected) in [
        (plain.read(2).await.unwrap(), StoreErrorKind::Damaged),
        (snapshot, StoreErrorKind::Damaged),
        (from_elsewhere, StoreErrorKind::WrongKey),
    ] {
        plain.damage_segment(1, Some(&stranger));
        let error = store.read(1).await.unwrap_err();
        assert_eq!(error.kind(), expected, "{error}");
        assert!(error.to_string().contains("segment 1"), "{error}");
    }
}

#[tokio::test]
async fn a_damaged_snapshot_is_passed_over_as_without_encryption() {
    let plain = MemoryStore::new();
    let key = passphrase("open sesame");
    let state = fill(&sealed(plain.clone(), &key)).await;
    let newest = *plain.list().await.unwrap().snapshots.last().unwrap();
    let mut bytes = whole(&plain, newest).await.unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    plain.damage_snapshot(newest, Some(&bytes));
    let journal = Journal::read(sealed(plain, &key), "base").await.unwrap();
    assert_eq!(journal.state(), &state);
    assert_eq!(journal.notices().len(), 1);
}

#[tokio::test]
async fn rotation_rewrites_the_ring_and_nothing_else() {
    let plain = MemoryStore::new();
    let (first, second) = (passphrase("one"), passphrase("two"));
    let old = Encrypted::new(Arc::new(plain.clone()), first.clone());
    let state = fill(&sealed(plain.clone(), &first)).await;
    let before = snapshot_of(&plain).await;

    // A running writer and a running reader continue.
    let at_work = sealed(plain.clone(), &first);
    let writer = write(&at_work).await.unwrap();
    old.rotate(second.clone()).await.unwrap();
    writer.append(Record::Outputs(Default::default())).await.unwrap();
    writer.close().await.unwrap();
    let after = snapshot_of(&plain).await;
    assert!(before.iter().all(|object| after.contains(object)), "no object was written again");

    assert_eq!(kind(read(sealed(plain.clone(), &first)).await), StoreErrorKind::WrongKey);
    let next = sealed(plain.clone(), &second);
    assert_eq!(read(next.clone()).await.unwrap().len(), state.len());
    write(&next).await.unwrap().close().await.unwrap();

    // A process that opened the store before reads records of the new data key: it reads the ring again with its own
    // key.
    let line =
        |bytes: &[u8]| String::from_utf8_lossy(bytes.split(|b| *b == b'\n').next().unwrap()).into_owned();
    let key_of = |bytes: &[u8]| line(bytes).split(' ').nth(2).unwrap().to_owned();
    let listing = plain.list().await.unwrap();
    let (oldest, newest) = (listing.segments[0], *listing.segments.last().unwrap());
    assert_ne!(key_of(&plain.read(oldest).await.unwrap()), key_of(&plain.read(newest).await.unwrap()));
    assert_eq!(kind(read(at_work).await), StoreErrorKind::WrongKey);

    // A rotation to the same key also starts a data key. Two concurrent rotations do not overwrite each other.
    let again = Encrypted::new(Arc::new(plain.clone()), second.clone());
    let reader = sealed(plain.clone(), &second);
    read(reader.clone()).await.unwrap();
    again.rotate(second.clone()).await.unwrap();
    write(&sealed(plain.clone(), &second)).await.unwrap().close().await.unwrap();
    read(reader).await.unwrap();
    let error = Encrypted::new(Arc::new(plain.clone()), first).rotate(second.clone()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::WrongKey);
    let error =
        Encrypted::new(Arc::new(MemoryStore::new()), second.clone()).rotate(second).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotEncrypted);
}

#[tokio::test]
async fn a_key_command_is_asked() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key");
    fs::write(&file, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n").unwrap();
    let command = Encryption::command(format!("cat '{}'", file.display()));
    let plain = MemoryStore::new();
    let state = fill(&sealed(plain.clone(), &command)).await;
    assert_eq!(read(sealed(plain.clone(), &command)).await.unwrap(), state);
    let base64 = Encryption::command("echo ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=");
    assert_eq!(read(sealed(plain.clone(), &base64)).await.unwrap(), state);
    for (bad, said) in [
        ("echo dead; echo no such secret >&2; exit 3", "no such secret"),
        ("echo 0011", "printed 4 characters"),
        ("no-such-command-at-all", "127"),
    ] {
        let error = read(sealed(plain.clone(), &Encryption::command(bad))).await.unwrap_err();
        assert!(error.to_string().contains(said) && !error.to_string().contains("dead"), "{error}");
        assert_eq!(kind(Err::<(), _>(error)), StoreErrorKind::WrongKey);
    }
}

#[tokio::test]
async fn an_altered_ring_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("base");
    let key = passphrase("open sesame");
    fill(&sealed(LocalStore::new(&root), &key)).await;
    let path = walk(&root).into_iter().find(|path| path.contains("/keys/")).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("\"memory\": 16", "\"memory\": 4000000000"),
        ("\"memory\": 16", "\"memory\": 24"),
        ("\"format\": 1", "\"format\": 2"),
        ("\"since\": ", "\"since\": 1"),
        ("argon2id", "none"),
        ("{", "["),
    ] {
        assert!(text.contains(from), "{text}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let error = read(sealed(LocalStore::new(&root), &key)).await.unwrap_err();
        let kind = kind(Err::<(), _>(error));
        use StoreErrorKind as K;
        assert!(matches!(kind, K::WrongKey | K::Damaged | K::Unsupported), "{to}: {kind:?}");
    }
    fs::write(&path, text).unwrap();
    read(sealed(LocalStore::new(&root), &key)).await.unwrap();
}

#[tokio::test]
async fn a_copy_of_all_files_opens_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let (root, copy) = (directory.path().join("base"), directory.path().join("backup"));
    let key = passphrase("open sesame");
    let state = fill(&sealed(LocalStore::new(&root), &key)).await;
    fs::rename(&root, &copy).unwrap();
    assert_eq!(read(sealed(LocalStore::new(&copy), &key)).await.unwrap(), state);
}

#[tokio::test]
async fn an_engine_is_given_a_key() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::open(directory.path().join("cloud"))
        .types(aws::types())
        .latency(Latency::none())
        .build()
        .unwrap();
    let engine = |key: Option<&str>| {
        let builder =
            Engine::builder().provider(cloud.provider("aws")).state_dir(directory.path().join("state"));
        let builder = builder.journal(options());
        match key {
            Some(key) => builder.encryption(passphrase(key)).open().unwrap(),
            None => builder.open().unwrap(),
        }
    };
    let mut stack = Stack::new("base");
    let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<landform::Cidr>().unwrap()));
    stack.add("a", aws::Subnet::new(&vpc).cidr_block("10.0.1.0/24".parse::<landform::Cidr>().unwrap()));
    let plan = engine(Some("k")).plan(&stack).await.unwrap();
    assert!(engine(Some("k")).apply(&plan).await.unwrap().is_complete());
    assert!(engine(Some("k")).plan(&stack).await.unwrap().is_empty());
    for wrong in [None, Some("l")] {
        let error = engine(wrong).plan(&stack).await.unwrap_err();
        assert!(error.to_string().contains("Nothing was changed"), "{error}");
    }
}

async fn whole(store: &dyn Store, seq: u64) -> Result<Vec<u8>, StoreError> {
    use std::future::poll_fn;
    let mut chunks = store.read_snapshot(seq).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = poll_fn(|context| chunks.as_mut().poll_next(context)).await {
        bytes.extend(chunk?);
    }
    Ok(bytes)
}

/// All segments and snapshots in their stored form.
async fn snapshot_of(store: &MemoryStore) -> Vec<Vec<u8>> {
    let listing = store.list().await.unwrap();
    let mut all = Vec::new();
    for seq in listing.segments {
        all.push(store.read(seq).await.unwrap());
    }
    for seq in listing.snapshots {
        all.push(whole(store, seq).await.unwrap());
    }
    all
}

fn walk(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    found
}
