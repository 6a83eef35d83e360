//! SIGKILL during compaction: nothing is lost, and the next run removes the remains.

use std::{fs, path::Path, thread, time::Duration};

use landform::{
    journal::Options,
    store::{Listing, LocalStore, Store},
};

use landform_testkit::{
    place::{Place, Size, block_on},
    random::{Random, number},
};

const SIZE: Size = Size { resources: 120, latency: 2, parallelism: 4 };

/// The approximate duration of an undisturbed run, which is almost all compaction if it starts after each segment.
const LONGEST: Duration = Duration::from_millis(400);

#[test]
fn a_kill_in_the_midst_of_compaction_costs_nothing() {
    // At least a tenth of all kills must hit a compaction, else the test fails.
    let wanted = number("LANDFORM_KILLS", 200).div_ceil(10);
    let mut random = Random::new(7);
    let (mut cut, mut kills) = (0, 0);
    let mut place = Place::new(SIZE);
    while cut < wanted {
        assert!(kills < 20 * wanted, "{cut} of {kills} kills fell into compaction");
        let revision = random.below(3);
        let operation = match random.below(5) {
            0 => "destroy".to_owned(),
            _ => format!("apply --revision {revision}"),
        };
        let compacting = format!("{operation} --compact-segments 1");
        for _ in 0..1 + random.below(4) {
            let running = place.start(&compacting);
            thread::sleep(random.time(LONGEST));
            let ended = running.kill();
            place.assert_explained();
            if ended.signal.is_none() {
                assert!(ended.succeeded(), "{compacting}: {ended:?}");
                break;
            }
            kills += 1;
            cut += u64::from(left(&place.state).iter().any(|left| left.starts_with("snapshot")));
        }
        if random.below(3) == 0 {
            place.run(&compacting);
            if operation == "destroy" {
                place.assert_gone()
            } else {
                place.assert_complete(revision as u64)
            }
            assert_eq!(
                left(&place.state),
                Vec::<String>::new(),
                "the remains of an interrupted compaction are still there"
            );
            // Starts again from the beginning now and then, with few or no snapshots.
            if random.below(3) == 0 {
                place = Place::new(SIZE);
            }
        }
    }
    place.run("destroy --compact-segments 1");
    place.assert_gone();
    assert_eq!(
        left(&place.state),
        Vec::<String>::new(),
        "the remains of an interrupted compaction are still there"
    );
    println!("{cut} of {kills} kills fell into compaction");
}

/// The remains of an interrupted compaction: a partial snapshot, or segments that a complete one has replaced.
fn left(state: &Path) -> Vec<String> {
    let mut left = Vec::new();
    for folder in ["snapshot", "journal", "lease"] {
        let entries = fs::read_dir(state.join(folder)).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        left.extend(names.filter(|name| name.starts_with('.')).map(|name| format!("{folder}/{name}")));
    }
    let Listing { segments, snapshots } = block_on(LocalStore::new(state).list()).unwrap();
    if let Some(oldest) = snapshots.iter().rev().nth(Options::default().keep_snapshots - 1) {
        left.extend(snapshots.iter().filter(|seq| *seq < oldest).map(|seq| format!("snapshot {seq}")));
        left.extend(segments.iter().filter(|seq| *seq <= oldest).map(|seq| format!("snapshotted {seq}")));
    }
    left
}
