//! SIGKILL during a command, and then the same command again.

use std::{thread, time::Duration};

use crate::desk::Desk;
use landform_testkit::random::Random;

/// The approximate duration of one command.
const LONGEST: Duration = Duration::from_millis(400);

#[test]
fn a_command_that_was_killed_is_given_again_and_done() {
    let desk = Desk::new();
    let mut random = Random::new(0);
    let apply = "apply --yes --state it --cluster working.yml --cluster production.yml";
    let times = 10 + random.below(4);
    let killed = interrupt(&desk, apply, times, &mut random);
    desk.succeed(apply);
    desk.assert_same("it", 260);
    desk.succeed(&format!("{} --json", apply.replace("apply --yes", "plan")));
    desk.succeed("apply --yes --state it --cluster working.yml --cluster production.yml")
        .assert_says(&["No changes."]);
    let destroy = "destroy --yes --state it";
    let times = 6 + random.below(4);
    let killed = killed + interrupt(&desk, destroy, times, &mut random);
    desk.succeed(destroy);
    desk.assert_same("it", 0);
    assert!(killed > 5, "only {killed} commands were killed before they ended");
    let created = desk.cloud("it").created().unwrap();
    let twice: Vec<_> = created.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "made twice by one attempt: {twice:?}");
}

/// Starts a command and kills it, up to a number of times or until it ends. Returns how many were killed.
fn interrupt(desk: &Desk, arguments: &str, times: usize, random: &mut Random) -> usize {
    for killed in 0..times {
        let mut child = desk.command(arguments).spawn().unwrap();
        thread::sleep(random.time(LONGEST));
        child.kill().unwrap();
        let status = child.wait_with_output().unwrap().status;
        // The state must be readable after every kill.
        desk.state("it");
        if status.code().is_some() {
            assert!(status.success(), "{arguments}: {status}");
            return killed;
        }
    }
    times
}
