//! Renamed resources: nothing is skipped because of a rename, and contradictory moves are refused.

use landform::{ChangeKind, Error, MoveConflict, PlanOptions, Stack};

use super::{existing, go, left_behind, names, notes, refuse_next, targets, try_with};
use landform_testkit::{
    bed::{Bed, at},
    demo::Note,
};

/// Adds moves of notes, each as `from>to`.
fn moving(mut stack: Stack, moves: &[&str]) -> Stack {
    for moved in moves {
        let (from, to) = moved.split_once('>').unwrap();
        stack.moved(at(&format!("demo_note.{from}")), at(&format!("demo_note.{to}")));
    }
    stack
}

#[tokio::test(start_paused = true)]
async fn a_destroy_takes_what_was_just_renamed() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "x"), ("other", "y")])).await;
    let stack = moving(notes(&[("b", "x"), ("other", "y")]), &["a>b"]);
    // A part of it, by the address that it has now.
    let one = PlanOptions { destroy: true, ..targets(&["demo_note.b"]) };
    let (plan, _) = try_with(&bed, &stack, &one).await;
    assert_eq!((names(&plan), existing(&bed)), (vec!["b"], vec!["y".to_owned()]));
    bed.destroy(&stack).await;
    assert!(bed.cloud.objects().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_destroy_of_what_was_renamed_and_replaced_takes_both() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let stack = moving(notes(&[("renamed", "new")]), &["it>renamed"]);
    let plan = bed.engine().plan_destroy(&stack).await.unwrap();
    assert_eq!(plan.changes.len(), 2, "{plan}");
    bed.destroy(&stack).await;
    assert!(bed.cloud.objects().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_moved_to_an_undeclared_address_goes_in_the_same_plan() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "x")])).await;
    let stack = moving(notes(&[]), &["a>z"]);
    let (plan, _) = go(&bed, &stack).await;
    assert_eq!(plan.changes[0].kind, ChangeKind::Delete);
    bed.settled(&stack).await;
    assert!(bed.cloud.objects().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_moved_to_a_removed_address_is_forgotten() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "x")])).await;
    let mut stack = moving(notes(&[]), &["a>z"]);
    stack.removed(at("demo_note.z"));
    let (plan, _) = go(&bed, &stack).await;
    assert_eq!(plan.changes[0].kind, ChangeKind::Forget);
    assert!(bed.state(&stack).await.is_empty() && existing(&bed) == ["x"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_replacement_left_behind_goes_with_the_renaming() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let stack = moving(notes(&[("renamed", "new")]), &["it>renamed"]);
    let (plan, _) = go(&bed, &stack).await;
    assert_eq!((plan.moves.len(), names(&plan)), (1, vec!["renamed"]), "{plan}");
    bed.settled(&stack).await;
    assert_eq!(existing(&bed), ["new"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_cleared_away_after_a_renaming_is_known_by_its_new_address() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let stack = moving(notes(&[("renamed", "new")]), &["it>renamed"]);
    refuse_next(&bed, landform::sim::Operation::Delete);
    let plan = bed.plan(&stack).await;
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    assert_eq!(bed.state(&stack).await.deposed(&at("demo_note.renamed")).count(), 1);
    go(&bed, &stack).await;
    bed.settled(&stack).await;
}

#[tokio::test(start_paused = true)]
async fn moves_that_contradict_each_other_are_refused_with_both_places() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a"), ("b", "b"), ("c", "c")])).await;
    bed.cloud.reset_calls();
    let line = |stack: &Stack, place: usize| stack.moves()[place].origin.as_ref().unwrap().to_string();
    for (declared, moves, said) in [
        (&["x"][..], &["a>x", "b>x"][..], "demo_note.x: demo_note.a"),
        (&["x", "y"], &["a>x", "a>y"], "demo_note.a: it moves to demo_note.x"),
        (&["a", "b"], &["a>b", "b>a"], "its moves lead back to it: demo_note.a to demo_note.b"),
        (&["a"], &["a>b", "b>c", "c>a"], "its moves lead back to it"),
        (&["a"], &["a>a"], "demo_note.a: it moves to itself"),
        (&["a", "x"], &["a>x"], "demo_note.a: it is declared and moved to demo_note.x"),
    ] {
        let declared: Vec<_> = declared.iter().map(|name| (*name, *name)).collect();
        let stack = moving(notes(&declared), moves);
        let error = bed.engine().plan(&stack).await.unwrap_err().to_string();
        assert!(error.contains(said), "{said:?} is missing in {error}");
        for (place, moved) in moves.iter().enumerate() {
            assert!(error.contains(&line(&stack, place)), "the place of {moved} is missing in {error}");
        }
        assert!(bed.engine().plan_destroy(&stack).await.is_err());
    }
    let mut removed = moving(notes(&[("x", "a")]), &["a>x"]);
    removed.removed(at("demo_note.a"));
    removed.moved(at("data.demo_note.a"), at("data.demo_note.x"));
    let error = bed.engine().plan(&removed).await.unwrap_err().to_string();
    for said in ["demo_note.a: it is moved to demo_note.x and removed", "a data source is not recorded"] {
        assert!(error.contains(said), "{said:?} is missing in {error}");
    }
    assert_eq!((bed.cloud.calls().total(), existing(&bed).len()), (0, 3));
}

#[tokio::test(start_paused = true)]
async fn the_same_move_said_twice_is_one() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a")])).await;
    let stack = moving(notes(&[("b", "a")]), &["a>b", "a>b"]);
    let (plan, _) = go(&bed, &stack).await;
    assert_eq!((plan.moves.len(), plan.changes.len()), (1, 0));
    bed.settled(&stack).await;
}

#[tokio::test(start_paused = true)]
async fn moves_that_do_not_fit_what_is_recorded_are_refused() {
    for (recorded, declared, moves, conflict) in [
        (&["a", "b"][..], &["b"][..], &["a>b"][..], MoveConflict::Occupied),
        (&["a", "b"], &["c"], &["a>b", "b>c"], MoveConflict::Together { other: at("demo_note.b") }),
        (&["a"], &["b", "c"], &["a>b", "b>c"], MoveConflict::ThroughDeclared { at: at("demo_note.b") }),
        (&["b"], &["b", "c"], &["a>b", "b>c"], MoveConflict::ThroughDeclared { at: at("demo_note.b") }),
        (&["a"], &[], &["a>b", "b>c"], MoveConflict::Nowhere),
    ] {
        let named =
            |names: &[&'static str]| notes(&names.iter().map(|name| (*name, *name)).collect::<Vec<_>>());
        let bed = Bed::new();
        go(&bed, &named(recorded)).await;
        bed.cloud.reset_calls();
        let stack = moving(named(declared), moves);
        let error = bed.engine().plan(&stack).await.unwrap_err();
        let Error::Move(problem) = &error else { panic!("{error}") };
        assert_eq!(problem.conflict, conflict, "{error}");
        for moved in &problem.moves {
            assert!(error.to_string().contains(&moved.origin.as_ref().unwrap().to_string()), "{error}");
        }
        assert_eq!((bed.cloud.calls().total(), existing(&bed).len()), (0, recorded.len()));
        // Everything is still deleted.
        bed.destroy(&stack).await;
        assert!(bed.cloud.objects().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn moves_that_are_done_with_do_nothing() {
    let bed = Bed::new();
    go(&bed, &notes(&[("c", "c")])).await;
    let stack = moving(notes(&[("c", "c"), ("y", "y")]), &["a>b", "b>c", "x>y"]);
    let (plan, _) = go(&bed, &stack).await;
    assert_eq!((plan.moves.len(), names(&plan)), (0, vec!["y"]));
    bed.settled(&stack).await;
}

#[tokio::test(start_paused = true)]
async fn who_was_made_from_what_is_renamed_knows_it_by_its_new_address() {
    let bed = Bed::new();
    let stack = |name: &str| {
        let mut stack = notes(&[]);
        let below = stack.add(name, Note::new("below"));
        stack.add("above", Note::new("above").paper(&below));
        stack
    };
    go(&bed, &stack("a")).await;
    let renamed = moving(stack("b"), &["a>b"]);
    let (plan, _) = try_with(&bed, &renamed, &targets(&["demo_note.b"])).await;
    assert_eq!((plan.changes.len(), plan.moves.len()), (0, 1));
    let state = bed.state(&renamed).await;
    assert_eq!(state.get(&at("demo_note.above")).unwrap().depends_on, [at("demo_note.b")]);
    bed.destroy(&renamed).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_selected_is_not_renamed() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a"), ("x", "x")])).await;
    let stack = moving(notes(&[("b", "a"), ("y", "x")]), &["a>b", "x>y"]);
    let (plan, _) = try_with(&bed, &stack, &targets(&["demo_note.b"])).await;
    assert_eq!(plan.moves.len(), 1, "{plan}");
    let state = bed.state(&stack).await;
    assert!(state.get(&at("demo_note.b")).is_some() && state.get(&at("demo_note.x")).is_some());
    // The old address is no longer known.
    let error = bed.engine().plan_with(&stack, &targets(&["demo_note.x"])).await.unwrap_err().to_string();
    assert!(error.contains("did you mean demo_note.y?"), "{error}");
    go(&bed, &stack).await;
    bed.settled(&stack).await;
}
