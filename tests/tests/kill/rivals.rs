//! Several processes on one stack whose state is in a directory.

use landform_testkit::{
    contest,
    place::{Place, Size},
};

const SIZE: Size = Size { resources: 40, latency: 40, parallelism: 4 };

/// Slow enough for others to find it running.
const SLOW: Size = Size { resources: 30, latency: 400, parallelism: 3 };

/// The duration of a lease that its holder sleeps through.
const LEASE: u64 = 2;

#[test]
fn two_at_once() {
    let place = Place::new(SIZE);
    contest::at_once(&place, 2);
    contest::by_turns(&place, 2);
}

#[test]
fn eight_at_once() {
    let place = Place::new(SIZE);
    contest::at_once(&place, 8);
    contest::by_turns(&place, 8);
}

#[test]
fn who_comes_second_is_told_who_was_first() {
    contest::second_is_told_who_was_first(&Place::new(SLOW));
}

#[test]
fn who_slept_past_its_lease_finds_its_work_done_and_stops() {
    contest::sleeper_finds_its_work_done(&Place::new(SLOW), LEASE);
}

#[test]
fn who_slept_past_its_lease_is_told_who_works_now() {
    contest::sleeper_is_told_who_works_now(&Place::new(SLOW), LEASE);
}
