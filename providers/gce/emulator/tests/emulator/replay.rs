//! Replays the recorded scenarios and compares the answers.
//!
//! The test reads the recordings in place and never copies them: `$LANDFORM_GCE_RECORDINGS`, else
//! `../shared/gce-recordings` beside the repository. If there are none, the test says so and passes.
//!
//! Names, ids, times, fingerprints and addresses are placeholders in them. One placeholder can stand for several names
//! (`${diskID}` for two disks), so the replay tries the names that it may mean until the answer is as recorded; a
//! refused request has no effect, so trying is free.

mod amend;
mod compare;
mod log;
mod names;
mod player;

use std::path::PathBuf;

use self::{
    compare::{Likeness, POORER, RICHER},
    player::Player,
};

fn recordings() -> Option<PathBuf> {
    let given = std::env::var_os("LANDFORM_GCE_RECORDINGS").map(PathBuf::from);
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/gce-recordings"));
    Some(given.unwrap_or_else(beside)).filter(|folder| folder.is_dir())
}

/// The number of exchanges by degree of similarity.
#[derive(Default)]
struct Totals {
    identical: usize,
    same_meaning: usize,
    deviating: usize,
    different: usize,
}

impl Totals {
    fn all(&self) -> usize {
        self.identical + self.same_meaning + self.deviating + self.different
    }

    fn equal(&self) -> f64 {
        100.0 * (self.all() - self.different) as f64 / self.all() as f64
    }
}

#[tokio::test]
async fn recorded_scenarios_get_equal_answers() {
    let Some(folder) = recordings() else {
        eprintln!("NOT REPLAYED: there are no recordings; set LANDFORM_GCE_RECORDINGS to their folder");
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    files.sort();
    let (mut totals, mut used) = (Totals::default(), std::collections::BTreeSet::new());
    for path in files {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let exchanges = log::read(&std::fs::read_to_string(&path).unwrap());
        let mut player = Player::new(&exchanges).await;
        for (index, exchange) in exchanges.iter().enumerate() {
            let comparison = player.play(index, exchange).await;
            used.extend(comparison.deviations.iter().cloned());
            match comparison.likeness() {
                Likeness::Identical => totals.identical += 1,
                Likeness::SameMeaning => totals.same_meaning += 1,
                Likeness::Deviating => totals.deviating += 1,
                Likeness::Different => {
                    totals.different += 1;
                    let short = exchange
                        .url
                        .replace("https://compute.googleapis.com/compute/v1/projects/${projectId}/", "");
                    eprintln!("{name} #{index} {} {short}", exchange.verb);
                    for difference in &comparison.different {
                        eprintln!("    {difference}");
                    }
                }
            }
        }
    }
    eprintln!(
        "{} exchanges: {} identical, {} the same in meaning, {} but for known deviations, {} different: {:.1} % equal",
        totals.all(),
        totals.identical,
        totals.same_meaning,
        totals.deviating,
        totals.different,
        totals.equal(),
    );
    for (field, _) in RICHER.iter().chain(POORER) {
        assert!(used.contains(*field), "{field} is said to deviate and does not");
    }
    assert!(totals.equal() >= 95.0, "only {:.1} % of the exchanges are equal", totals.equal());
}
