//! Real processes on one stack whose state is in a bucket or a database: raced, stopped, killed, and without their
//! store during an apply. The ledger shows what happened, as in `kill`.

use std::{sync::Arc, thread, time::Duration};

use crate::{
    gate::{Fate, Gate},
    postgres::{shared, unique},
    s3::S3,
};
use landform_testkit::{
    contest,
    place::{Ended, Place, Running, Size},
    postgres::Server,
    random::Random,
};

const SIZE: Size = Size { resources: 24, latency: 40, parallelism: 4 };

/// Slow enough for others to find it running.
const SLOW: Size = Size { resources: 20, latency: 1_000, parallelism: 3 };

/// The duration of a lease that its holder sleeps through. A busy bucket is slow to give one, too.
const LEASE: u64 = 4;

/// A place in a separate bucket, with its server.
fn bucket(size: Size) -> (S3, Place) {
    let s3 = S3::new();
    let place = Place::remote(size, format!("s3://{}/base", s3.bucket()), s3.environment());
    (s3, place)
}

/// The same behind a gate.
fn gated(size: Size) -> (S3, Gate, Place) {
    let s3 = S3::new();
    let gate = s3.gate();
    let mut environment = s3.environment();
    environment.push(("AWS_ENDPOINT_URL_S3", gate.url()));
    let place = Place::remote(size, format!("s3://{}/base", s3.bucket()), environment);
    (s3, gate, place)
}

/// A place in a database, with its server.
fn database(size: Size) -> (Arc<Server>, Place) {
    let server = shared();
    let place = Place::remote(size, format!("{}#{}", server.url("postgres"), unique()), Vec::new());
    (server, place)
}

#[test]
fn two_at_once() {
    let ((_s3, bucket), (_server, database)) = (bucket(SIZE), database(SIZE));
    both(&bucket, &database, |place| {
        contest::at_once(place, 2);
        contest::by_turns(place, 2);
    });
}

#[test]
fn eight_at_once_on_s3() {
    let (_s3, place) = bucket(SIZE);
    contest::at_once(&place, 8);
    // Eight rounds would keep moto, a single Python process, busy without showing anything new.
    place.run("destroy");
    place.assert_gone();
}

#[test]
fn eight_at_once_on_postgres() {
    let (_server, place) = database(SIZE);
    contest::at_once(&place, 8);
    contest::by_turns(&place, 8);
}

#[test]
fn who_comes_second_is_told_who_was_first() {
    let ((_s3, bucket), (_server, database)) = (bucket(SLOW), database(SLOW));
    both(&bucket, &database, contest::second_is_told_who_was_first);
}

#[test]
fn who_slept_past_its_lease_finds_its_work_done_and_stops() {
    let ((_s3, bucket), (_server, database)) = (bucket(SLOW), database(SLOW));
    both(&bucket, &database, |place| contest::sleeper_finds_its_work_done(place, LEASE));
}

#[test]
fn who_slept_past_its_lease_is_told_who_works_now() {
    let ((_s3, bucket), (_server, database)) = (bucket(SLOW), database(SLOW));
    both(&bucket, &database, |place| contest::sleeper_is_told_who_works_now(place, LEASE));
}

/// Most of the time is waiting, so both run concurrently.
fn both(bucket: &Place, database: &Place, work: impl Fn(&Place) + Sync) {
    thread::scope(|scope| {
        scope.spawn(|| work(bucket));
        work(database);
    });
}

#[test]
fn kills_at_any_time_lose_nothing_on_any_store() {
    let ((_s3, bucket), (_server, database)) = (bucket(SIZE), database(SIZE));
    both(&bucket, &database, |place| {
        let mut random = Random::new(7);
        let mut kills = 0;
        for operation in ["apply", "apply --revision 1", "destroy"] {
            for _ in 0..8 {
                let running = place.start(operation);
                thread::sleep(random.time(Duration::from_millis(500)));
                kills += usize::from(running.kill().signal.is_some());
                place.assert_explained();
            }
            place.run(operation);
            match operation {
                "apply" => place.assert_complete(0),
                "destroy" => place.assert_gone(),
                _ => place.assert_complete(1),
            }
        }
        assert!(kills > 0, "every process ended before its kill");
    });
}

#[test]
fn a_bucket_that_is_busy_or_forgets_to_answer_is_worked_with() {
    let (_s3, gate, place) = gated(SIZE);
    let mut count = 0;
    let fates = [
        Fate::Answer(503, "SlowDown"),
        Fate::Lose(503, "SlowDown"),
        Fate::Lose(412, "PreconditionFailed"),
        Fate::Answer(412, "PreconditionFailed"),
        Fate::Drop,
    ];
    gate.judge(move |method, _| {
        if method != "PUT" {
            return Fate::Pass;
        }
        count += 1;
        if count % 3 == 0 { fates[count / 3 % fates.len()].clone() } else { Fate::Pass }
    });
    place.run("apply");
    gate.open();
    place.assert_complete(0);
}

#[test]
fn a_bucket_that_withdraws_the_right_ends_the_run_and_loses_nothing() {
    let (_s3, gate, place) = gated(SIZE);
    let running = place.start("apply");
    place.wait_for_effects(3);
    gate.judge(|_, _| Fate::Answer(403, "AccessDenied"));
    running.wait().assert_refused(&["403 AccessDenied", "s3://", "Give this user the right"]);
    let made = place.made().len();
    gate.open();
    place.assert_explained();
    assert!((3..SIZE.resources).contains(&made), "{made} were made");
    place.run("apply");
    place.assert_complete(0);
}

#[test]
fn a_database_that_restarts_in_mid_apply_is_waited_for() {
    let mut server = Server::start();
    let place = Place::remote(SIZE, server.url("postgres"), Vec::new());
    let mut running = place.start("apply");
    for (effects, crash) in [(2, false), (6, true), (10, false)] {
        place.wait_for_effects(effects);
        if crash {
            server.crash();
        } else {
            server.stop();
        }
        thread::sleep(Duration::from_millis(200));
        assert!(running.is_running(), "the process should wait: {:?}", running.wait());
        server.run();
    }
    let ended: Ended = running.wait();
    assert!(ended.succeeded(), "{ended:?}");
    place.assert_complete(0);
}

#[test]
fn a_database_that_is_gone_is_named_and_nothing_is_made() {
    let mut server = Server::start();
    let place = Place::remote(SIZE, server.url("postgres"), Vec::new());
    server.stop();
    let refused: Vec<Running> = ["apply", "destroy"].map(|operation| place.start(operation)).into();
    for running in refused {
        running.wait().assert_refused(&["cannot connect to postgres://landform@127.0.0.1", "refused"]);
    }
    assert!(place.made().is_empty());
    server.run();
    place.run("apply");
    place.assert_complete(0);
}
