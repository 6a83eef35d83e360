//! Several processes on one directory, some of them killed.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::json;

use crate::demo::{User, builder, token};

const DIRECTORY: &str = "LANDFORM_SIM_TEST_DIRECTORY";
const NAME: &str = "LANDFORM_SIM_TEST_NAME";

/// Runs the same test in another process.
fn again(test: &str, directory: &Path, name: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env(DIRECTORY, directory).env(NAME, name);
    command
}

fn range(name: &str) -> serde_json::Value {
    json!({ "range": "10.0.0.0/16", "name": name })
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_was_answered_and_doubles_nothing() {
    if let Ok(directory) = env::var(DIRECTORY) {
        let user = User::new(builder(Path::new(&directory)));
        for number in 0.. {
            let name = format!("{}-{number}", env::var(NAME).unwrap());
            user.create_with(&token(&name), "demo_network", range(&name)).await.unwrap();
            let mut out = std::io::stdout().lock();
            writeln!(out, "answered {name}").unwrap();
            out.flush().unwrap();
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let mut answered = Vec::new();
    let test = "processes::a_killed_process_loses_nothing_that_was_answered_and_doubles_nothing";
    for round in 0..12u64 {
        let mut child =
            again(test, directory.path(), &format!("r{round}")).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.find(|line| line.as_ref().unwrap().starts_with("answered")).unwrap().unwrap();
        std::thread::sleep(Duration::from_micros(700 * round + 137));
        child.kill().unwrap();
        child.wait().unwrap();
        answered.push(first);
        // The last line may be torn as well.
        answered.extend(lines.map_while(Result::ok).filter(|line| line.starts_with("answered r")));
        let user = User::new(builder(directory.path()));
        assert!(user.cloud.created().unwrap().values().all(|made| *made == 1));
    }
    let user = User::new(builder(directory.path()));
    let created = user.cloud.created().unwrap();
    assert!(answered.len() > 12, "{}", answered.len());
    for line in &answered {
        let name = line.trim_start_matches("answered ");
        let whole = created.contains_key(name);
        let torn = created.keys().any(|token| token.as_str().starts_with(name));
        assert!(whole || torn, "{name} was created, answered and lost");
        let known = user.create_with(&token(name), "demo_network", range(name)).await;
        assert!(known.is_ok() || !whole, "{name}: {known:?}");
    }
    assert_eq!(user.cloud.objects().unwrap().len(), user.cloud.created().unwrap().len());
}

#[tokio::test]
async fn many_processes_at_once_agree() {
    if let Ok(directory) = env::var(DIRECTORY) {
        let user = User::new(builder(Path::new(&directory)));
        for number in 0..50 {
            let own = format!("{}-{number}", env::var(NAME).unwrap());
            user.create_with(&token(&own), "demo_network", range(&own)).await.unwrap();
            let shared = format!("shared-{number}");
            user.create_with(&token(&shared), "demo_network", range(&shared)).await.unwrap();
        }
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let test = "processes::many_processes_at_once_agree";
    let children: Vec<_> = (0..4)
        .map(|number| {
            again(test, directory.path(), &format!("p{number}")).stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let cloud = User::new(builder(directory.path())).cloud;
    let created = cloud.created().unwrap();
    assert_eq!(created.len(), 5 * 50);
    assert!(created.values().all(|made| *made == 1), "a shared token makes one");
    assert_eq!(cloud.objects().unwrap().len(), 5 * 50);
}
