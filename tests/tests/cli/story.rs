//! The whole story, without a command.

use std::fs;

use crate::desk::Desk;

#[test]
fn the_story_tells_all_it_has_to_show() {
    let desk = Desk::new();
    let ran = desk.succeed("--state told");
    ran.assert_says(&[
        "▸ plan a three-zone VPC and a cluster in it",
        "3 nat_gateway",
        "▸ plan again\nNo changes.",
        "It adds no NAT gateway",
        "▸ plan 30 nodes instead of 3",
        "~ update aws_autoscaling_group.nodes-working-example-com",
        "~ max_size = 3 → 30",
        "Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.",
        "resources as declared.",
        "The VPC, its NAT gateways and the second cluster stay.",
        "Only the hosted zone and the bucket are left",
    ]);
    let second = ran.out.split("▸ plan a second cluster").nth(1).unwrap().split("▸ apply").next().unwrap();
    assert!(!second.contains("nat_gateway"), "{second}");
    assert!(second.contains(" to add, 0 to change, 0 to replace, 0 to destroy"), "{second}");
    desk.assert_same("told", 0);
}

#[test]
fn the_story_ends_with_a_table_of_what_each_step_did_and_took() {
    let ran = Desk::new().succeed("--state told");
    let table: Vec<&str> = ran
        .out
        .lines()
        .skip_while(|line| !line.starts_with("step "))
        .take_while(|line| !line.is_empty())
        .collect();
    assert!(table[0].contains("result") && table[0].ends_with("took"), "{table:?}");
    let rows = &table[1..table.len() - 1];
    for step in
        ["plan a three-zone VPC", "plan again", "plan a second cluster", "validate", "destroy", "look around"]
    {
        assert!(rows.iter().any(|row| row.starts_with(step)), "no row for {step:?}: {table:?}");
    }
    assert!(table.iter().skip(1).all(|row| row.ends_with(" s")), "each row says how long it took: {table:?}");
    assert!(rows.iter().any(|row| row.starts_with("plan again") && row.contains("no changes")), "{table:?}");
}

#[test]
fn the_story_takes_a_fresh_directory_by_itself() {
    let desk = Desk::new();
    for _ in 0..2 {
        desk.succeed("");
    }
    let told = fs::read_dir(desk.path()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(told.count(), 2, "each story has a separate directory");
}

#[test]
fn the_story_as_json_is_one_object_a_line_and_ends_with_its_steps() {
    let ran = Desk::new().succeed("--json --state told");
    let lines = ran.lines();
    let steps = lines.last().unwrap()["steps"].as_array().unwrap();
    assert_eq!(lines.last().unwrap()["event"], "story");
    assert!(steps.len() > 10 && steps.iter().all(|step| step["seconds"].is_f64()), "{steps:?}");
    assert!(lines.iter().any(|line| line["event"] == "finished"), "each step is an event");
}

#[test]
fn the_story_does_not_begin_where_something_is() {
    let desk = Desk::new();
    desk.succeed("apply --yes --state used");
    desk.refuse("--state used", &["used", "the story needs an empty state, this one has 40 resources"]);
    #[cfg(feature = "aws-client")]
    desk.refuse("--cloud aws", &["the story runs on the embedded cloud only"]);
}
