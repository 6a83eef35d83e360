//! Feeds arbitrary bytes to every reader of external data. No reader may panic, hang, or accept data that it cannot
//! use. The fuzz targets and the bounded test share this code.

use std::{sync::Arc, time::Duration};

use landform::{
    Engine, Plan, Stack,
    journal::{Journal, JournalError, Options, State},
    kops::{self, FixedLookup, Spec},
    store::MemoryStore,
    view,
};
use serde_json::Value as Json;

/// The name of a reader and its corpus, and the reader.
pub type Reader = (&'static str, fn(&[u8]));

/// All of them.
pub const READERS: [Reader; 5] =
    [("journal", journal), ("document", document), ("plan", plan), ("stack", stack), ("spec", spec)];

/// Reads the files of a journal one after the other, once as given and once with corrected checksums, because few
/// random inputs have correct ones.
pub fn journal(bytes: &[u8]) {
    let files = files(bytes);
    let name = name_in(&files);
    let _ = load(&files, &name);
    let mut mended: Vec<Vec<u8>> = files.iter().map(|file| mend(file)).collect();
    // Each round corrects one link of the chain.
    for _ in 0..files.len() {
        let Err(JournalError::Chain { expected, found, .. }) = load(&mended, &name) else { break };
        let (expected, found) = (expected.to_string(), found.to_string());
        for file in &mut mended {
            *file = mend(String::from_utf8_lossy(file).replace(&expected, &found).as_bytes());
        }
    }
    if let Ok(state) = load(&mended, &name) {
        whole(&state);
    }
}

/// A state's document.
pub fn document(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(state) = State::from_json(text) {
        whole(&state);
    }
}

/// A plan file, and the plan in it whatever its checksum.
pub fn plan(bytes: &[u8]) {
    let _ = Plan::from_bytes("fuzz", bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let content = text.split_once('\n').map_or(text, |(_, content)| content);
    let Ok(plan) = serde_json::from_str::<Plan>(content) else { return };
    let _ = (plan.counts(), plan.critical_path(), plan.is_empty());
    let _ = view::text_with(&plan, &view::TextOptions::terminal()).to_string();
    let store = Arc::new(MemoryStore::new());
    let options = Options { group: Duration::ZERO, ..Options::default() };
    let engine = Engine::builder().store(store).journal(options).lag(Duration::ZERO).open();
    let engine = engine.expect("a store is all that an engine needs");
    // No provider is registered, so every plan gives an error or a failed step.
    let _ = block_on(engine.apply(&plan));
}

/// A stack as JSON.
pub fn stack(bytes: &[u8]) {
    let Ok(stack) = serde_json::from_slice::<Stack>(bytes) else { return };
    let _ = stack.check();
    let engine = Engine::builder().store(Arc::new(MemoryStore::new())).open();
    let engine = engine.expect("a store is all that an engine needs");
    let _ = block_on(engine.plan(&stack));
}

/// A cluster's spec, and everything derived from it.
pub fn spec(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(spec) = Spec::parse("fuzz.yml", text) else { return };
    let mut stack = Stack::new("fuzz");
    let lookup = FixedLookup::region("us-east-2").hosted_zone("Z1", "example.com", false);
    let made = kops::cluster(&mut stack, &spec, &kops::Options::default(), &lookup).is_ok();
    let google = FixedLookup::google("my-project", "us-central1").hosted_zone("1", "example.com", false);
    if made || kops::gce::cluster(&mut stack, &spec, &kops::Options::default(), &google).is_ok() {
        let _ = stack.check();
    }
}

/// Accepted data must be consistent and must survive a round trip through its document.
fn whole(state: &State) {
    state.verify().expect("a state that was read holds together");
    let text = state.to_json_with_private().expect("a state that was read can be written");
    let again = State::from_json(&text).expect("what was written can be read");
    assert_eq!(again.to_json_with_private().expect("as before"), text, "it comes back as it was");
}

/// Splits at the first lines of segments and snapshots.
fn files(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let begins = line.windows(12).any(|window| window == b"{\"landform\":");
        if begins || files.is_empty() {
            files.push(Vec::new());
        }
        if let Some(last) = files.last_mut() {
            last.extend_from_slice(line);
        }
    }
    files
}

/// The stack to which a journal says it belongs.
fn name_in(files: &[Vec<u8>]) -> String {
    let header = |file: &Vec<u8>| -> Option<String> {
        let line = file.split(|byte| *byte == b'\n').next()?.get(9..)?;
        let header: Json = serde_json::from_slice(line).ok()?;
        Some(header.get("stack")?.as_str()?.to_owned())
    };
    files.iter().find_map(header).unwrap_or_else(|| "scale".to_owned())
}

fn load(files: &[Vec<u8>], name: &str) -> Result<State, JournalError> {
    let store = MemoryStore::new();
    let mut next = 1;
    for file in files {
        if let Some(seq) = snapshot(file) {
            store.damage_snapshot(seq, Some(file));
            next = seq.saturating_add(1);
        } else {
            store.damage_segment(next, Some(file));
            next = next.saturating_add(1);
        }
    }
    Ok(block_on(Journal::read(Arc::new(store), name))?.state().clone())
}

/// The number of a snapshot. `None` for other files.
fn snapshot(file: &[u8]) -> Option<u64> {
    let line = file.split(|byte| *byte == b'\n').next()?.get(9..)?;
    let header: Json = serde_json::from_slice(line).ok()?;
    if header.get("landform")? == "snapshot" { header.get("seq")?.as_u64() } else { None }
}

/// Replaces the checksum of each line by the correct one.
fn mend(file: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(file.len());
    for line in file.split_inclusive(|byte| *byte == b'\n') {
        let (content, end) = match line.split_last() {
            Some((b'\n', content)) => (content, &b"\n"[..]),
            _ => (line, &b""[..]),
        };
        let content = content.get(9..).unwrap_or_default();
        mended.extend_from_slice(format!("{:08x} ", crc32(content)).as_bytes());
        mended.extend_from_slice(content);
        mended.extend_from_slice(end);
    }
    mended
}

/// CRC-32 as in Ethernet, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().expect("a runtime of one thread").block_on(work)
}
