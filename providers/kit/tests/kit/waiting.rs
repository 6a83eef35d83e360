//! The kit on a cloud that lags, refuses, loses answers or takes its time.

use std::collections::BTreeMap;

use landform_core::{Effect, Error, ErrorKind, Found, Manage, Observed, Progress, Retry};
use landform_kit::State;

use crate::script::{Machine, Run, Turn, exists, kit, machine};

fn refused(kind: ErrorKind) -> Error {
    Error::new(kind, "not now").with_retry(Retry::Backoff).with_effect(Effect::None)
}

#[tokio::test]
async fn what_is_made_is_changed_and_removed() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let made = exists(run.create(&machine(2)).await);
    assert_eq!(made.arguments, Machine { rack: Some("r-7".into()), ..machine(2) });
    let tags = kit.client().machines.lock().unwrap()["m-0001"].1.clone();
    let expected = [("Name", "a"), ("landform:token", "t-1"), ("team", "net")];
    assert_eq!(tags, expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    let changed = exists(run.update(&made, &machine(3)).await);
    assert_eq!(changed.arguments.size, 3);
    assert!(matches!(run.delete(&changed).await, Ok(Progress::Gone)));
    assert!(matches!(run.delete(&changed).await, Ok(Progress::Gone)));
    assert_eq!(kit.client().count("make"), 1);
}

#[tokio::test]
async fn only_what_differs_is_changed_and_a_secret_is_sent_once_in_an_update() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let secret = Machine { password: Some(landform_core::Secret::new("hunter2")), ..machine(1) };
    let made = exists(run.create(&secret).await);
    assert_eq!(kit.client().count("change"), 0);
    exists(run.update(&made, &secret).await);
    assert_eq!((kit.client().count("set password"), kit.client().count("set size")), (1, 0));
    let mut retagged = machine(1);
    retagged.tags = BTreeMap::from([("Name".to_owned(), "b".to_owned())]);
    assert_eq!(exists(run.update(&made, &retagged).await).arguments.tags, retagged.tags);
    assert_eq!((kit.client().count("tag"), kit.client().count("set size")), (1, 0));
    let tags = kit.client().machines.lock().unwrap()["m-0001"].1.clone();
    assert_eq!(tags["landform:token"], "t-1");
}

/// What others add after the plan stays, also if another process continues the change.
#[tokio::test]
async fn keys_that_others_add_after_the_plan_stay() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let map = |entries: &[(&str, &str)]| -> BTreeMap<String, String> {
        entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let with = |notes: &[(&str, &str)], tags: &[(&str, &str)]| Machine {
        notes: map(notes),
        tags: map(tags),
        ..machine(1)
    };
    let made = exists(run.create(&with(&[("a", "1"), ("old", "1")], &[("Name", "a"), ("old", "1")])).await);
    let others = |key: &str| {
        let mut machines = kit.client().machines.lock().unwrap();
        let (machine, tags) = machines.get_mut("m-0001").unwrap();
        machine.notes.insert(key.to_owned(), "theirs".to_owned());
        tags.insert(key.to_owned(), "theirs".to_owned());
    };
    others("late");
    kit.client().then("change", [Turn::Starts("o-1")]);
    let wanted = with(&[("a", "2")], &[("Name", "b")]);
    let begun = kit.update(run.call(), &made, &wanted).await.unwrap();
    others("later");
    let changed = exists(run.follow(begun, &wanted).await);
    let theirs = [("late", "theirs"), ("later", "theirs")];
    assert_eq!(changed.arguments.notes, map(&[("a", "2"), theirs[0], theirs[1]]));
    assert_eq!(changed.arguments.tags, map(&[("Name", "b"), theirs[0], theirs[1]]));
    // The next plan shows them, so its change removes them.
    let settled = exists(run.update(&changed, &wanted).await);
    assert_eq!((settled.arguments.notes, settled.arguments.tags), (wanted.notes, wanted.tags));
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_one() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    kit.client().then("make", [Turn::Lost(Error::new(ErrorKind::Timeout, "no answer"))]);
    let error = run.create(&machine(1)).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    let Found::Pending(ticket) = kit.find(run.call(), &machine(1)).await.unwrap() else {
        panic!("not found")
    };
    exists(run.follow(Progress::Pending(ticket), &machine(1)).await);
    exists(run.create(&machine(1)).await);
    assert_eq!(kit.client().machines.lock().unwrap().len(), 1);
    let other = Run::new(&kit, "t-2");
    assert!(matches!(kit.find(other.call(), &machine(1)).await, Ok(Found::Nothing)));
}

#[tokio::test]
async fn one_read_that_does_not_show_it_is_not_believed() {
    use Turn::{Hidden, Usual};
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    // The first look searches for the token.
    kit.client().then("look", [Usual, Usual, Hidden, Usual, Hidden, Hidden, Usual, Usual]);
    exists(run.create(&machine(1)).await);
    assert_eq!(kit.client().count("look"), 8);
    let made = exists(run.create(&machine(1)).await);
    kit.client().then("look", [Hidden, Hidden]);
    exists(run.update(&made, &machine(2)).await);
}

#[tokio::test]
async fn what_never_shows_is_an_error_in_the_end() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    kit.client().then("look", vec![Turn::Hidden; 1000]);
    let error = run.create(&machine(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(kit.client().count("look") < 40, "{}", kit.client().count("look"));
}

#[tokio::test]
async fn states_are_waited_for_and_a_failure_leaves_what_exists() {
    let busy = || Turn::In(State::Busy("starting".into()));
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    kit.client().then("look", [Turn::Usual, busy(), busy(), busy()]);
    exists(run.create(&machine(1)).await);

    let run = Run::new(&kit, "t-2");
    let gave_up = Turn::In(State::Failed(Error::new(ErrorKind::Quota, "no room")));
    kit.client().then("look", [Turn::Usual, busy(), gave_up]);
    match run.create(&machine(1)).await.unwrap() {
        Progress::Partial { exists, problem } => {
            assert_eq!((exists.id(), problem.kind()), ("m-0002", ErrorKind::Quota));
        }
        other => panic!("{other:?}"),
    }

    let run = Run::new(&kit, "t-3");
    let mut looks = vec![Turn::Usual];
    looks.resize_with(1000, busy);
    kit.client().then("look", looks);
    match run.create(&machine(1)).await.unwrap() {
        Progress::Partial { problem, .. } => {
            assert_eq!((problem.kind(), problem.message()), (ErrorKind::Timeout, "starting"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn reads_leave_out_what_is_going_and_what_failed() {
    let kit = kit();
    let made = exists(Run::new(&kit, "t-1").create(&machine(1)).await);
    let ids = [landform_core::Id::<Machine>::new(made.id()), landform_core::Id::new("m-0009")];
    let read = async || kit.read_many(&ids).await.unwrap();
    assert!(matches!(read().await.as_slice(), [Some(_), None]));
    let listed = kit.list(&ids[1..]).await.unwrap();
    assert_eq!(listed.iter().map(|seen| seen.id()).collect::<Vec<_>>(), [made.id()]);
    for state in [State::Leaving, State::Failed(Error::new(ErrorKind::Internal, "broken"))] {
        kit.client().then("look", [Turn::In(state.clone()), Turn::In(state)]);
        assert!(matches!(read().await.as_slice(), [None, None]));
        assert!(kit.list(&ids).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_operation_is_asked_until_it_ends() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    kit.client().then("make", [Turn::Starts("op-1")]);
    kit.client().then("poll", [Turn::Busy, Turn::Busy]);
    let made = exists(run.create(&machine(1)).await);
    assert_eq!(kit.client().count("poll"), 3);
    kit.client().then("change", [Turn::Starts("op-2")]);
    exists(run.update(&made, &machine(2)).await);

    // The kit repeats a deletion whose operation ends with "in use".
    kit.client().then("remove", [Turn::Starts("op-3"), Turn::Starts("op-4")]);
    kit.client().then("poll", [Turn::Ends(refused(ErrorKind::InUse)), Turn::Ends(refused(ErrorKind::InUse))]);
    assert!(matches!(run.delete(&made).await, Ok(Progress::Gone)));
    assert_eq!(kit.client().count("remove"), 3);

    let run = Run::new(&kit, "t-2");
    kit.client().then("make", [Turn::Starts("op-5")]);
    kit.client().then("poll", [Turn::Ends(Error::new(ErrorKind::Quota, "no room"))]);
    assert!(matches!(run.create(&machine(1)).await, Ok(Progress::Partial { .. })));
}

#[tokio::test]
async fn what_others_hold_is_tried_again_and_who_holds_it_is_told() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let made = exists(run.create(&machine(1)).await);
    kit.client().then("remove", vec![Turn::Fails(refused(ErrorKind::InUse)); 5]);
    assert!(matches!(run.delete(&made).await, Ok(Progress::Gone)));
    assert_eq!(kit.client().count("remove"), 6);

    let made = exists(run.create(&machine(1)).await);
    kit.client().then("remove", vec![Turn::Fails(refused(ErrorKind::InUse)); 1000]);
    let error = run.delete(&made).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::InUse, Retry::Never));
    assert_eq!(error.message(), "not now; held by eni-1, eni-2");
}

#[tokio::test]
async fn a_change_leaves_alone_what_the_cloud_chose() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let mut made = exists(run.create(&machine(1)).await);
    // The cloud moves the machine to another rack along with the change. A plan asks for the recorded rack.
    made.arguments.rack = Some("r-6".into());
    let wanted = Machine { rack: Some("r-6".into()), ..machine(2) };
    let changed = exists(run.update(&made, &wanted).await);
    assert_eq!((changed.arguments.size, changed.arguments.rack.as_deref()), (2, Some("r-7")));
    assert_eq!(kit.client().count("change"), 1, "nothing moves it back");
    let moved = Machine { rack: Some("r-8".into()), ..machine(2) };
    let _ = run.update(&changed, &moved).await;
    assert!(kit.client().count("change") > 1, "another rack is asked for");
}

#[tokio::test]
async fn what_no_read_shows_is_no_difference_and_counts_as_it_is_recorded() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let wanted = Machine { force: Some(true), ..machine(1) };
    let made = exists(run.create(&wanted).await);
    assert_eq!(kit.client().count("change"), 0);
    exists(run.update(&made, &wanted).await);
    assert_eq!(kit.client().count("change"), 1, "an update sends it once");
    let recorded = Observed { arguments: wanted, ..made };
    kit.client().then("remove", vec![Turn::Fails(refused(ErrorKind::InUse)); 2]);
    assert!(matches!(run.delete(&recorded).await, Ok(Progress::Gone)));
    assert_eq!((kit.client().count("remove"), kit.client().count("force")), (3, 3));
}

#[tokio::test]
async fn what_a_change_leaves_behind_is_taken_away_in_the_end() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let made = exists(run.create(&machine(1)).await);
    let before = kit.client().count("settle");
    kit.client().then("settle", [Turn::Lingers]);
    let changed = exists(run.update(&made, &machine(2)).await);
    assert_eq!((changed.arguments.size, kit.client().count("settle") - before), (2, 2));
}

#[tokio::test]
async fn not_found_while_it_is_there_does_not_mean_gone() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let made = exists(run.create(&machine(1)).await);
    let another = Error::new(ErrorKind::NotFound, "no such interface").with_retry(Retry::Backoff);
    kit.client().then("remove", [Turn::Fails(another.clone()), Turn::Fails(another)]);
    assert!(matches!(run.delete(&made).await, Ok(Progress::Gone)));
    assert_eq!(kit.client().count("remove"), 3);
    assert!(kit.client().machines.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_lingers_is_gone_when_no_look_shows_it() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    let made = exists(run.create(&machine(1)).await);
    kit.client().then("remove", [Turn::Lingers]);
    kit.client().then("look", [Turn::Usual, Turn::In(State::Leaving), Turn::Hidden]);
    assert!(matches!(run.delete(&made).await, Ok(Progress::Gone)));
    assert_eq!(kit.client().count("remove"), 1);
}

#[tokio::test]
async fn a_step_that_is_refused_for_now_is_tried_again_and_one_for_good_leaves_what_exists() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    kit.client().then("make", [Turn::Usual]);
    let begun = kit.create(run.call(), &machine(1)).await.unwrap();
    kit.client().then(
        "change",
        [Turn::Fails(refused(ErrorKind::NotFound)), Turn::Fails(refused(ErrorKind::Conflict))],
    );
    let made = exists(run.follow(begun, &machine(2)).await);
    assert_eq!((kit.client().count("change"), made.arguments.size), (3, 2));

    let begun = kit.create(Run::new(&kit, "t-2").call(), &machine(1)).await.unwrap();
    kit.client().then("change", [Turn::Fails(Error::new(ErrorKind::Denied, "no"))]);
    assert!(matches!(run.follow(begun, &machine(2)).await, Ok(Progress::Partial { .. })));
}

#[tokio::test]
async fn an_id_of_the_wrong_form_is_refused_before_any_call() {
    let kit = kit();
    let error = Manage::<Machine>::import(&kit, "vol-1").await.unwrap_err();
    assert_eq!(error.message(), "invalid id \"vol-1\" for demo_machine: expected m-{digits4}");
    assert_eq!(kit.client().count("look"), 0);
    let error = Manage::<Machine>::import(&kit, "m-0001").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_reserved_tag_is_refused_before_anything_is_made() {
    let kit = kit();
    let mut wanted = machine(1);
    wanted.tags.insert("landform:token".into(), "mine".into());
    let error = Run::new(&kit, "t-1").create(&wanted).await.unwrap_err();
    assert_eq!((error.kind(), kit.client().count("make")), (ErrorKind::Invalid, 0), "{error}");
}

#[tokio::test]
async fn two_that_bear_one_token_are_for_someone_to_decide() {
    let kit = kit();
    let run = Run::new(&kit, "t-1");
    exists(run.create(&machine(1)).await);
    let double = kit.client().machines.lock().unwrap()["m-0001"].clone();
    kit.client().machines.lock().unwrap().insert("m-0002".into(), double);
    match kit.find(run.call(), &machine(1)).await.unwrap() {
        Found::Undecided(ids) => assert_eq!(ids, ["m-0001", "m-0002"]),
        other => panic!("{other:?}"),
    }
    assert_eq!(run.create(&machine(1)).await.unwrap_err().kind(), ErrorKind::AlreadyExists);
}
