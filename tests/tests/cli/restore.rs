//! The history of a state, and the restoration of an earlier run.

use crate::desk::{Desk, WORKING};

const NETWORK: usize = 40;
const CLUSTER: usize = 110;

#[test]
fn an_earlier_run_is_restored() {
    let desk = Desk::new();
    let json = |arguments: &str| desk.succeed(&format!("{arguments} --json --yes --state it")).counts();
    let done = |counts: [u64; 4]| ("done".to_owned(), counts);
    desk.succeed("apply --yes --state it");
    desk.succeed("apply --yes --state it --cluster working.yml");
    desk.write_changed("working.yml", WORKING, "minSize: &size 3", "minSize: &size 30");
    desk.succeed("apply --yes --state it --cluster working.yml");
    let listed = desk.succeed("history --state it").out;
    let runs: Vec<&str> = listed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    let [network, cluster, grown] = runs[..] else { panic!("three runs were expected: {listed}") };

    let difference = desk.succeed(&format!("history {cluster} {grown} --state it")).out;
    assert!(difference.contains("aws_autoscaling_group") && difference.contains("30"), "{difference}");
    assert_eq!(desk.succeed(&format!("history {grown} {grown} --json --state it")).out.lines().count(), 1);

    // Nothing changes without a confirmation.
    let asked = desk.run(&format!("restore --revision {cluster} --state it"));
    assert!(asked.code != Some(0) && asked.errors.contains("--yes"), "{asked:?}");
    assert!(asked.out.contains("min_size"), "the plan is shown: {asked:?}");
    assert_eq!(json(&format!("restore --revision {cluster}")), done([0, 1, 0, 0]));
    desk.write("working.yml", WORKING);
    assert_eq!(json("apply --cluster working.yml"), done([0; 4]), "it has not changed");
    assert_eq!(json(&format!("restore --revision {network}")), done([0, 0, 0, CLUSTER as u64]));
    desk.assert_same("it", NETWORK);
    // Restores everything from nothing.
    assert_eq!(json("restore --revision 0"), done([0, 0, 0, NETWORK as u64]));
    assert_eq!(json(&format!("restore --revision {grown}")), done([(NETWORK + CLUSTER) as u64, 0, 0, 0]));
    desk.write_changed("working.yml", WORKING, "minSize: &size 3", "minSize: &size 30");
    let plan = desk.succeed("plan --state it --cluster working.yml").out;
    assert!(plan.contains("No changes. All"), "outputs show the new resources: {plan}");
    assert_eq!(json("apply --cluster working.yml"), done([0; 4]), "what was made anew is wired up anew");
    desk.assert_same("it", NETWORK + CLUSTER);
}

#[test]
fn what_cannot_be_restored_is_refused_and_nothing_is_touched() {
    let desk = Desk::new();
    desk.succeed("apply --yes --state it");
    let before = desk.made("it").len();
    desk.write("secrets.yml", "aws_vpc.main: {tags.Key: [hunter2]}");
    for (arguments, said) in [
        ("--revision 7777", "7777"),
        ("--revision 1 --secrets secrets.yml", "secrets.yml: "),
        ("--revision 1 --secrets none.yml", "none.yml: "),
    ] {
        let ran = desk.run(&format!("restore {arguments} --yes --state it"));
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.errors.starts_with("error: ") && ran.errors.contains(said), "{ran:?}");
        assert!(!ran.errors.contains("hunter2"), "{ran:?}");
    }
    assert_eq!(desk.made("it").len(), before);
}
