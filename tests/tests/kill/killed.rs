//! SIGKILL at random times, repeatedly, during creation, update, deletion and recovery.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use landform_testkit::{
    place::{Place, Size},
    random::{Random, number},
};

const SIZE: Size = Size { resources: 40, latency: 16, parallelism: 4 };

/// The approximate duration of an undisturbed operation: ten times the latency, plus the disk.
const LONGEST: Duration = Duration::from_millis(240);

#[test]
fn kills_at_any_time_lose_nothing_and_double_nothing() {
    let (kills, wanted) = (AtomicU64::new(0), number("LANDFORM_KILLS", 200));
    thread::scope(|scope| {
        for lane in 0..2 {
            let kills = &kills;
            scope.spawn(move || {
                let mut random = Random::new(lane);
                while kills.load(Ordering::Relaxed) < wanted {
                    let killed = life(&mut random);
                    kills.fetch_add(killed, Ordering::Relaxed);
                }
            });
        }
    });
    println!("{} processes were killed", kills.into_inner());
}

/// Runs one stack from creation to destruction, with kills. Returns how many processes were killed.
fn life(random: &mut Random) -> u64 {
    let place = Place::new(SIZE);
    let mut kills = 0;
    for _ in 0..2 + random.below(4) {
        let revision = random.below(3) as u64;
        let operation = match random.below(4) {
            0 => "destroy".to_owned(),
            _ => format!("apply --revision {revision}"),
        };
        kills += interrupt(&place, &operation, random);
        // The next operation starts after this one or in the middle of it.
        if random.below(2) == 0 {
            place.run(&operation);
            if operation == "destroy" { place.assert_gone() } else { place.assert_complete(revision) }
        }
    }
    kills += interrupt(&place, "apply --revision 7", random);
    place.run("apply --revision 7");
    place.assert_complete(7);
    kills += interrupt(&place, "destroy", random);
    place.run("destroy");
    place.assert_gone();
    kills
}

/// Starts an operation several times and kills each. After each kill the state must account for all resources.
fn interrupt(place: &Place, operation: &str, random: &mut Random) -> u64 {
    let mut kills = 0;
    for _ in 0..1 + random.below(8) {
        let running = place.start(operation);
        thread::sleep(random.time(LONGEST));
        let ended = running.kill();
        place.assert_explained();
        if ended.signal.is_none() {
            assert!(ended.succeeded(), "{operation}: {ended:?}");
            return kills;
        }
        kills += 1;
    }
    kills
}
