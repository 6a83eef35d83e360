//! Several processes on one stack. One proceeds at a time, and the others name it. The next append of a process that
//! slept too long fails. The same on every store.

use std::{fs, thread, time::Duration};

use crate::place::{Ended, Place, Running, USER, wait_until};

/// All start together. Every loser names the winner, or says that its plan is stale.
pub fn at_once(place: &Place, count: usize) {
    let running: Vec<Running> = (0..count).map(|_| place.start("apply")).collect();
    let ids: Vec<u32> = running.iter().map(Running::id).collect();
    let ended: Vec<Ended> = running.into_iter().map(Running::wait).collect();
    let (done, refused): (Vec<_>, Vec<_>) = ended.iter().partition(|ended| ended.succeeded());
    assert!(!done.is_empty(), "no process succeeded: {ended:?}");
    for refused in refused {
        refused.assert_refused(&[]);
        let holder = ids.iter().any(|id| refused.errors.contains(&named(*id)));
        let late = refused.errors.contains("stale");
        assert!(late || (holder && refused.errors.contains("in use by")), "nobody is named: {refused:?}");
    }
    assert_in_turn(place);
    place.assert_complete(0);
}

/// All retry until each has succeeded with its inputs. They take turns, and two never work at the same time.
pub fn by_turns(place: &Place, count: usize) {
    thread::scope(|scope| {
        for number in 0..count {
            scope.spawn(move || {
                let revision = format!("apply --revision {}", number + 1);
                wait_until("a turn", || {
                    let ended = place.start(&revision).wait();
                    if !ended.succeeded() {
                        ended.assert_refused(&[]);
                        let expected = ["in use by", "stale", "was taken over"];
                        assert!(expected.iter().any(|said| ended.errors.contains(said)), "{ended:?}");
                        thread::sleep(Duration::from_millis(20));
                    }
                    ended.succeeded()
                });
            });
        }
    });
    assert_in_turn(place);
    place.run("apply --revision 1");
    place.assert_complete(1);
    place.run("destroy");
    place.assert_gone();
}

/// Seven processes start while one works. Each names that one, and writes nothing.
pub fn second_is_told_who_was_first(place: &Place) {
    let mut first = place.start("apply");
    wait_until("a holder", || place.holder().is_some());
    place.wait_for_effects(1);
    let before = place.runs().len();
    let others: Vec<Running> = (0..7).map(|_| place.start("apply")).collect();
    let first_id = first.id();
    for other in others {
        other.wait().assert_refused(&["is in use by", &named(first_id), "apply since", "unlock"]);
    }
    assert!(first.is_running(), "the first was to be at work still");
    assert_eq!(place.runs().len(), before, "who was refused has written");
    // A reader needs no lease.
    let plan = place.start("plan").wait();
    assert!(plan.succeeded() || plan.errors.contains("in use by"), "{plan:?}");
    assert!(place.read().unwrap().len() < place.size.resources);
    let first = first.wait();
    assert!(first.succeeded(), "{first:?}");
    place.assert_complete(0);
}

/// One process sleeps while another does all its work. After waking up, it writes nothing more.
pub fn sleeper_finds_its_work_done(place: &Place, lease: u64) {
    let sleeper = put_to_sleep(place, lease);
    // What the sleeper had started is found or created by its own token.
    place.run(&format!("apply --lease-seconds {lease}"));
    place.assert_complete(0);
    sleeper.signal("CONT");
    let ended = sleeper.wait();
    ended.assert_refused(&["was taken over", "can no longer write", "run again"]);
    assert_in_turn(place);
    place.assert_complete(0);
    place.run("destroy");
    place.assert_gone();
}

/// One process wakes up while another works.
pub fn sleeper_is_told_who_works_now(place: &Place, lease: u64) {
    let sleeper = put_to_sleep(place, lease);
    let known = place.made().len();
    let second = place.start(&format!("apply --lease-seconds {lease}"));
    wait_until("another holder", || place.holder().is_some_and(|lease| lease.who.pid == second.id()));
    place.wait_for_effects(known + 1);
    sleeper.signal("CONT");
    sleeper.wait().assert_refused(&["was taken over by", &named(second.id())]);
    let second = second.wait();
    assert!(second.succeeded(), "{second:?}");
    assert_in_turn(place);
    place.assert_complete(0);
}

/// Starts a process, stops it in the middle, and waits until its lease has ended. Until then nobody takes over.
fn put_to_sleep(place: &Place, lease: u64) -> Running {
    let sleeper = place.start(&format!("apply --lease-seconds {lease}"));
    place.wait_for_effects(3);
    sleeper.signal("STOP");
    place.start("apply").wait().assert_refused(&["is in use by", &named(sleeper.id())]);
    wait_until("the end of the lease", || place.holder().is_some_and(|lease| lease.is_expired()));
    sleeper
}

/// No run wrote again after another had begun.
fn assert_in_turn(place: &Place) {
    let runs = place.runs();
    let mut once = runs.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), runs.len(), "two runs wrote by turns: {runs:?}");
}

/// The name of a process in messages.
fn named(process: u32) -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{USER} on {} (process {process})", host.trim())
}
