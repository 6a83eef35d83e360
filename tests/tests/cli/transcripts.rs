//! The transcripts in `docs/cli.md`: each command runs as the page shows it, and says what the page shows.

use std::process::Command;

use crate::desk::Desk;
use landform_testkit::examples::example;

const PAGE: &str = include_str!("../../../docs/cli.md");

/// The transcripts of the page: a command line, and what it prints.
fn transcripts() -> Vec<(&'static str, &'static str)> {
    let blocks = PAGE.split("```text\n").skip(1).filter_map(|rest| rest.split_once("\n```"));
    let transcript = |block: &'static str| block.strip_prefix("$ ")?.split_once('\n');
    blocks.filter_map(|(block, _)| transcript(block)).collect()
}

/// Runs a command line of the page. Returns its standard error and output, and its exit status.
fn run(desk: &Desk, line: &str) -> ([String; 2], Option<i32>) {
    let mut words = line.split(' ');
    let mut command = Command::new(example(words.next().unwrap()));
    command.args(words).current_dir(desk.path()).env_remove("LANDFORM_STATE").env_remove("LANDFORM_CLOUD");
    if !line.ends_with("--help") {
        // With the feature `client`, AWS is the default cloud.
        command.env("LANDFORM_CLOUD", "sim");
    }
    let output = command.output().unwrap();
    let texts = [output.stderr, output.stdout].map(|bytes| String::from_utf8(bytes).unwrap());
    (texts, output.status.code())
}

/// A line without what differs between two runs or two sets of features: ids, times, the list of clouds.
fn lasting(line: &str) -> String {
    if let Some((option, _)) = line.split_once(" [env: LANDFORM_CLOUD") {
        return option.to_owned();
    }
    let is_id = |word: &str| {
        let id = word.trim_matches(['"', ',']).split_once('-').map_or("", |(_, id)| id);
        id.len() > 8 && id.chars().take(8).all(|letter| letter.is_ascii_hexdigit())
    };
    let words: Vec<&str> = line.split(' ').collect();
    let unit = |index: usize| words.get(index).is_some_and(|word| matches!(*word, "ms" | "ms." | "s" | "s."));
    let is_time = |index: usize, word: &str| word.parse::<f64>().is_ok() && unit(index + 1);
    let lasting = words.iter().enumerate().filter(|(index, _)| *index == 0 || !unit(*index));
    let lasting = lasting.map(|(index, word)| match *word {
        word if is_id(word) => "ID",
        word if is_time(index, word) => "TIME",
        word => word,
    });
    lasting.collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

#[test]
fn every_transcript_is_true() {
    let desk = Desk::new();
    let transcripts = transcripts();
    assert_eq!(transcripts.len(), 4, "the help, a plan, an apply, a failure");
    for (line, shown) in transcripts {
        let ([errors, output], status) = run(&desk, line);
        let (shown, wanted) = match shown.split_once("\n$ echo $?\n") {
            Some((shown, status)) => (shown, status.parse().unwrap()),
            None => (shown, 0),
        };
        assert_eq!(status, Some(wanted), "{line}: {errors}");
        let is_shortened = shown.lines().any(|line| line == "…");
        // The page shows the progress of the apply only.
        let said = if is_shortened || wanted != 0 { errors + &output } else { output };
        let said: Vec<String> = said.lines().map(lasting).collect();
        let shown: Vec<String> = shown.lines().map(lasting).collect();
        if is_shortened {
            // Steps run at the same time, so their order is not always the same.
            let missing: Vec<_> = shown.iter().filter(|line| *line != "…" && !said.contains(line)).collect();
            assert!(missing.is_empty(), "{line}: {missing:?} is not in {said:#?}");
        } else {
            assert_eq!(said, shown, "{line}");
        }
    }
}
