//! Damage: truncated, altered and missing bytes. The error names each.

use super::*;

#[tokio::test]
async fn a_last_segment_cut_anywhere_counts_up_to_its_last_whole_record() {
    let (store, _) = told(false).await;
    let writer = write(Arc::new(store.clone())).await;
    writer.enqueue(Record::forget(key("a"))).unwrap();
    writer.enqueue(Record::forget(key("d"))).unwrap();
    writer.flush().await.unwrap();
    let before = writer.state();
    drop(writer);
    let seq = before.seq();
    let whole = store.read(seq).await.unwrap();
    let line_ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').map(|at| at + 1).collect();
    for length in 0..whole.len() {
        for zeros in [0, 512] {
            let store = store.fork();
            let mut bytes = whole[..length].to_vec();
            bytes.resize(length + zeros, 0);
            store.damage_segment(seq, Some(&bytes));
            for later in seq + 1..=seq + 2 {
                store.damage_segment(later, None);
            }
            let journal = read(&store).await.unwrap();
            let lines = line_ends.iter().filter(|end| **end <= length).count();
            let forgotten = lines.saturating_sub(1).min(2);
            assert_eq!(journal.state().len(), 3 - forgotten, "cut at {length}");
            let whole_bytes = line_ends.iter().rev().find(|end| **end <= length).copied().unwrap_or(0) as u64;
            let dropped = (length + zeros) as u64 - whole_bytes;
            assert_eq!(journal.notices(), [Notice::Torn { seq, offset: whole_bytes, dropped }]);

            if zeros == 0 {
                // The next writer continues after the cut, and readers still accept the cut.
                landform_state::journal::unlock(&store).await.unwrap();
                let writer = write(Arc::new(store.clone())).await;
                writer.append(Record::observed(key("new"), object("new"))).await.unwrap();
                let state = writer.state();
                let journal = read(&store).await.unwrap();
                assert_eq!(journal.state(), &state);
                assert_eq!(journal.notices(), []);
                // The cut part appears later, as from a writer that slept during its write. That is damage.
                store.damage_segment(seq, Some(&whole));
                let error = read(&store).await.unwrap_err();
                assert!(matches!(error, JournalError::Chain { .. }), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn every_altered_byte_is_named() {
    let (store, state) = told(true).await;
    let last = state.seq();
    for seq in [1, 2, last / 2, last] {
        let whole = store.read(seq).await.unwrap();
        for position in 0..whole.len() {
            for change in [1u8, 0x20, 0x80, whole[position] ^ b'\n', whole[position]] {
                if change == 0 {
                    continue;
                }
                let mut bytes = whole.clone();
                bytes[position] ^= change;
                store.damage_segment(seq, Some(&bytes));
                let error = read(&store).await.unwrap_err();
                match &error {
                    JournalError::Damaged { place, offset, .. } => {
                        assert!(place.contains(&format!("segment {seq}")), "{error}");
                        assert!(*offset <= position as u64, "{error} should name {position}");
                    }
                    other => panic!("byte {position} of segment {seq} as {}: {other}", bytes[position]),
                }
            }
        }
        store.damage_segment(seq, Some(&whole));
    }
    read(&store).await.unwrap();
}

#[tokio::test]
async fn a_cut_in_the_middle_of_the_journal_is_damage() {
    let (store, _) = told(true).await;
    let whole = store.read(3).await.unwrap();
    for length in 0..whole.len() {
        store.damage_segment(3, Some(&whole[..length]));
        let error = read(&store).await.unwrap_err();
        assert!(
            matches!(error, JournalError::Chain { before: 3, .. } | JournalError::Integrity { .. }),
            "{length}: {error}"
        );
    }
}

#[tokio::test]
async fn bytes_after_the_end_are_damage() {
    let (store, state) = told(true).await;
    let whole = store.read(state.seq()).await.unwrap();
    for more in [&b"x"[..], b"\0", b"\n", &whole] {
        store.damage_segment(state.seq(), Some(&[&whole, more].concat()));
        let error = read(&store).await.unwrap_err();
        assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_missing_segment_is_named() {
    let (store, _) = told(true).await;
    store.damage_segment(5, None);
    store.damage_segment(6, None);
    let error = read(&store).await.unwrap_err();
    assert!(matches!(error, JournalError::Gap { missing: 5, found: 7, .. }), "{error}");
    assert!(error.to_string().contains("segment 5 is missing"), "{error}");
    assert!(Journal::write(Arc::new(store.clone()), "base", claim("apply")).await.is_err());
    assert_eq!(store.read_lease().await.unwrap(), None, "nothing was touched");
}

#[tokio::test]
async fn segments_out_of_place_are_named() {
    let (store, _) = told(true).await;
    let (third, fourth) = (store.read(3).await.unwrap(), store.read(4).await.unwrap());
    store.damage_segment(3, Some(&fourth));
    store.damage_segment(4, Some(&third));
    let error = read(&store).await.unwrap_err();
    assert!(error.to_string().contains("segment 3") && error.to_string().contains("is segment 4"), "{error}");

    let (one, _) = told(true).await;
    let (other, _) = told(true).await;
    one.damage_segment(3, Some(&other.read(3).await.unwrap()));
    let error = read(&one).await.unwrap_err();
    assert!(matches!(error, JournalError::OtherLineage { .. }), "{error}");
}

#[tokio::test]
async fn another_stacks_journal_is_refused_by_name() {
    let (store, _) = told(true).await;
    let store = Arc::new(store);
    let before = store.list().await.unwrap();
    let errors = [
        Journal::read(store.clone(), "prod").await.map(drop).unwrap_err(),
        Journal::write(store.clone(), "prod", claim("apply")).await.map(drop).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, JournalError::OtherStack { .. }), "{error}");
        assert!(error.to_string().contains("\"prod\"") && error.to_string().contains("\"base\""), "{error}");
    }
    assert_eq!(store.list().await.unwrap(), before);
    assert_eq!(store.read_lease().await.unwrap(), None);
}

#[tokio::test]
async fn a_newer_format_is_refused_by_number() {
    let store = MemoryStore::new();
    store.damage_segment(1, Some(&checked(&[r#"{"landform":"segment","format":7,"shape":"unheard of"}"#])));
    let error = read(&store).await.unwrap_err();
    assert!(matches!(error, JournalError::Newer { found: 7, supported: 1, .. }), "{error}");
    store.damage_segment(1, None);
    store.damage_snapshot(4, Some(&checked(&[r#"{"landform":"snapshot","format":8}"#])));
    let error = read(&store).await.unwrap_err();
    assert!(matches!(error, JournalError::Newer { found: 8, supported: 1, .. }), "{error}");
}

#[tokio::test]
async fn sound_lines_of_unsound_meaning_are_errors_not_crashes() {
    let header = r#"{"landform":"segment","format":1,"stack":"base","lineage":"l","seq":1,"run":"r"}"#;
    let cases: [&[&str]; 8] = [
        &["{}"],
        &["[]", header],
        &[r#"{"landform":"snapshot","format":1}"#],
        &[header, r#"{"unheard_of":{}}"#],
        &[header, r#"{"forget":{"key":"no address"}}"#],
        &[header, r#"{"forget":{"key":"aws_vpc.a"}}"#],
        &[header, r#"{"sealed":{"records":5}}"#],
        &[header, r#"{"sealed":{"records":0}}"#, r#"{"outputs":{}}"#],
    ];
    for lines in cases {
        let store = MemoryStore::new();
        store.damage_segment(1, Some(&checked(lines)));
        let error = read(&store).await.unwrap_err();
        assert!(error.to_string().contains(": segment 1"), "{lines:?}: {error}");
    }
}

#[tokio::test]
async fn no_meaning_however_bent_is_a_crash() {
    let (store, _) = told(false).await;
    let whole = store.read(2).await.unwrap();
    let lines: Vec<&[u8]> = whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let (mut understood, mut refused) = (0, 0);
    for (bent, line) in lines.iter().enumerate() {
        let (before, after) = (lines[..bent].join(&b'\n'), lines[bent + 1..].join(&b'\n'));
        for position in 9..line.len() {
            let json = [&line[9..position], &line[position + 1..]].concat();
            let checksum = format!("{:08x} ", crc(&json));
            let parts = [&before[..], checksum.as_bytes(), &json, &after];
            let bytes = if bent == 0 {
                [parts[1], parts[2], b"\n", parts[3], b"\n"].concat()
            } else {
                [parts[0], b"\n", parts[1], parts[2], b"\n", parts[3], b"\n"].concat()
            };
            store.damage_segment(2, Some(&bytes));
            match read(&store).await {
                Ok(_) => understood += 1,
                Err(JournalError::Damaged { what, .. }) if what.contains("checksum") => {
                    panic!("not bent: {what}")
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(understood > 0 && refused > understood, "{understood} understood, {refused} refused");
}

/// Lines with their checksums, by the description of the format.
pub(crate) fn checked(lines: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend(format!("{:08x} {line}\n", crc(line.as_bytes())).bytes());
    }
    bytes
}

/// CRC-32 bit by bit, independent of the journal's implementation.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8)
            .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (0u32.wrapping_sub(crc & 1))))
    })
}
