//! The commands, in the order of a stack's life.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::desk::{BEFORE, Desk, WORKING};
use landform_testkit::examples::example;

const NETWORK: u64 = 40;
const CLUSTER: u64 = 110;

#[test]
fn a_stack_lives_and_ends() {
    let desk = Desk::new();
    let (working, both) = ("--cluster working.yml", "--cluster working.yml --cluster production.yml");
    let planned = |arguments: &str| desk.succeed(&format!("plan {arguments} --json --state it")).counts();
    let json = |arguments: &str| desk.succeed(&format!("{arguments} --json --yes --state it")).counts();
    let done = |counts: [u64; 4]| ("done".to_owned(), counts);

    assert_eq!(planned(working), ("plan".to_owned(), [NETWORK + CLUSTER, 0, 0, 0]));
    assert_eq!(json(&format!("apply {working}")), done([NETWORK + CLUSTER, 0, 0, 0]));
    desk.assert_same("it", (NETWORK + CLUSTER) as usize);
    assert_eq!(json(&format!("apply {working}")), done([0; 4]), "nothing is left to do");
    assert_eq!(planned(working), ("plan".to_owned(), [0; 4]));

    let shared =
        || ["aws_vpc", "aws_nat_gateway", "aws_eip", "aws_internet_gateway"].map(|name| desk.ids("it", name));
    let before = shared();
    assert_eq!(before.each_ref().map(Vec::len), [1, 3, 3, 1]);
    assert_eq!(json(&format!("apply {both}")), done([CLUSTER, 0, 0, 0]));
    assert_eq!(shared(), before, "a second cluster adds no NAT gateway");

    desk.write_changed("working.yml", WORKING, "minSize: &size 3", "minSize: &size 30");
    assert_eq!(json(&format!("apply {both}")), done([0, 1, 0, 0]), "growing is one update in place");
    let grown = desk.made("it");
    let grown = grown
        .iter()
        .find(|object| {
            object.type_name == "aws_autoscaling_group"
                && object.arguments["name"] == "nodes.working.example.com"
        })
        .unwrap();
    assert_eq!((&grown.arguments["min_size"], &grown.arguments["max_size"]), (&30.into(), &30.into()));

    let valid = desk.succeed(&format!("validate {both} --state it"));
    valid.assert_says(&["INSTANCE GROUPS", "nodes", "30", "260 resources as declared."]);

    // Without its file, the cluster is deleted. Its network stays.
    assert_eq!(json("apply --cluster production.yml"), done([0, 0, 0, CLUSTER]));
    assert_eq!(shared(), before);
    let names = desk.made("it").into_iter().map(|object| object.by.unwrap().to_string());
    assert!(!names.into_iter().any(|name| name.contains("working-example-com")), "the cluster is gone");
    desk.assert_same("it", (NETWORK + CLUSTER) as usize);

    assert_eq!(json("destroy"), done([0, 0, 0, NETWORK + CLUSTER]));
    desk.assert_same("it", 0);
    let left: Vec<_> = desk.cloud("it").objects().unwrap().into_iter().map(|object| object.id).collect();
    assert_eq!(left, BEFORE, "the objects that existed before stay");
    assert_eq!(json("destroy"), done([0; 4]));
}

#[test]
fn the_words_for_people_say_what_and_why() {
    let desk = Desk::new();
    let plan = desk.succeed("plan --cluster working.yml");
    plan.assert_says(&[
        "+ create aws_vpc.base",
        "Plan: 150 to add, 0 to change, 0 to replace, 0 to destroy.",
    ]);
    desk.succeed("apply --yes --cluster working.yml").assert_says(&["150 added"]);
    desk.succeed("plan --cluster working.yml").assert_says(&["No changes."]);
    desk.write_changed("working.yml", WORKING, "machineType: t3.xlarge", "machineType: t3.large");
    desk.succeed("plan --cluster working.yml").assert_says(&["~ update", "\"t3.xlarge\" → \"t3.large\""]);
    desk.succeed("plan").assert_says(&["- destroy", "0 to add", "110 to destroy"]);
}

#[test]
fn a_plan_touches_nothing() {
    let desk = Desk::new();
    let before = desk.listing();
    desk.succeed("plan --cluster working.yml");
    assert!(desk.listing() == before);
    desk.succeed("apply --yes");
    let before = desk.listing();
    for arguments in ["plan", "plan --json --cluster working.yml", "validate"] {
        desk.succeed(arguments);
        assert!(desk.listing() == before, "{arguments}");
    }
}

#[test]
fn events_are_one_json_object_a_line() {
    let desk = Desk::new();
    let lines = desk.succeed("apply --yes --json").lines();
    let count = |event: &str| lines.iter().filter(|line| line["event"] == event).count();
    assert_eq!((count("plan"), count("applying"), count("done")), (1, 1, 1));
    assert_eq!((count("started"), count("finished")), (40, 40));
    let last = lines.last().unwrap();
    assert_eq!((&last["failed"], &last["skipped"]), (&0.into(), &0.into()));
    assert_eq!(last["outputs"]["base_nat_gateway_ids"].as_object().unwrap().len(), 3);
    let invalid = desk.run("validate --json --cluster working.yml");
    assert_eq!(invalid.code, Some(1));
    assert_eq!(invalid.lines().pop().unwrap()["errors"].as_array().unwrap().len(), 110);
}

#[test]
fn errors_are_json_too_where_json_is_asked_for() {
    let ran = Desk::new().refuse("apply --yes --json --cluster nowhere.yml", &["nowhere.yml"]);
    let last = ran.lines().pop().unwrap();
    assert_eq!(last["event"], "error");
    assert!(last["message"].as_str().unwrap().contains("nowhere.yml"), "{last}");
}

#[test]
fn what_is_not_as_declared_is_not_valid() {
    let desk = Desk::new();
    let nothing = desk.run("validate");
    assert_eq!(nothing.code, Some(1));
    nothing.assert_says(&["VALIDATION ERRORS", "is declared and does not exist", "40 errors"]);
    desk.succeed("apply --yes");
    desk.succeed("validate").assert_says(&["40 resources as declared."]);
    let nat = desk.ids("fairwinds.state", "aws_nat_gateway").remove(0);
    desk.cloud("fairwinds.state").vanish("aws_nat_gateway", &nat).unwrap();
    let lost = desk.run("validate");
    assert_eq!(lost.code, Some(1));
    lost.assert_says(&["aws_nat_gateway", "base-nat-us-east-2"]);
    desk.succeed("apply --yes");
    desk.succeed("validate");
}

#[test]
fn nobody_at_a_terminal_and_no_yes_changes_nothing() {
    let desk = Desk::new();
    desk.refuse("apply", &["cannot ask for confirmation", "--yes"]);
    desk.succeed("apply --yes");
    desk.refuse("apply --cluster working.yml", &["cannot ask for confirmation"]);
    desk.refuse("destroy", &["cannot ask for confirmation"]);
    desk.assert_same("fairwinds.state", 40);
    // The command asks nobody if there is nothing to confirm.
    desk.succeed("apply");
}

#[test]
fn who_is_asked_at_a_terminal_has_to_say_yes() {
    let answer = |desk: &Desk, answer: &str| {
        let program = example("fairwinds");
        // script(1) of util-linux is the terminal.
        let mut script = Command::new("script")
            .args(["--quiet", "--return", "--command", &format!("{} apply", program.display()), "/dev/null"])
            .current_dir(desk.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("this test needs script(1), of Debian's package bsdutils: {error}")
            });
        let mut terminal = script.stdin.take().unwrap();
        writeln!(terminal, "{answer}").unwrap();
        let ended = script.wait_with_output().unwrap();
        drop(terminal);
        (ended.status.code(), String::from_utf8_lossy(&ended.stdout).into_owned())
    };
    let desk = Desk::new();
    let before = desk.listing();
    for word in ["no", "y", ""] {
        let (code, shown) = answer(&desk, word);
        assert_eq!(code, Some(1), "{word:?}: {shown}");
        assert!(shown.contains("Apply these changes?") && shown.contains("Nothing was changed."), "{shown}");
        assert!(desk.listing() == before, "{word:?} changed something");
    }
    let (code, shown) = answer(&desk, "yes");
    assert_eq!(code, Some(0), "{shown}");
    desk.assert_same("fairwinds.state", 40);
}

#[test]
fn a_wrong_command_line_says_what_there_is() {
    let desk = Desk::new();
    let before = desk.listing();
    for (arguments, said) in [
        ("appply", "'apply'"),
        ("apply --clouds sim", "--cloud"),
        ("plan --yes", "--yes"),
        ("apply --cloud azure", "sim"),
    ] {
        let ran = desk.run(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.errors.contains(said), "{ran:?}");
    }
    assert!(desk.listing() == before);
}
