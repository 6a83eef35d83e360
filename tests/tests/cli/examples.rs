//! Every short example, run as a reader runs it.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use crate::desk::Desk;
use landform_testkit::examples::example;

/// Runs an example in the desk's directory. It must succeed.
fn run(desk: &Desk, name: &str, arguments: &str) -> String {
    let mut command = Command::new(example(name));
    let output = command.args(arguments.split_whitespace()).current_dir(desk.path()).output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{name} {arguments}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn assert_says(said: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(said.contains(wanted), "expected {wanted:?} in: {said}");
    }
}

#[test]
fn two_tier() {
    let desk = Desk::new();
    let sim = "--cloud sim --zones us-east-2a,us-east-2b,us-east-2c";
    assert_says(&run(&desk, "two_tier", &format!("plan {sim}")), &["28 to add"]);
    run(&desk, "two_tier", &format!("apply --yes {sim}"));
    assert_says(&run(&desk, "two_tier", &format!("plan {sim}")), &["No changes."]);
    assert_says(&run(&desk, "two_tier", &format!("destroy --yes {sim}")), &["28 destroyed"]);
}

#[test]
fn provider() {
    let desk = Desk::new();
    let file = desk.path().join("greeting.txt");
    run(&desk, "provider", "apply --yes");
    assert_eq!(fs::read_to_string(&file).unwrap(), "hello\n");
    fs::write(&file, "goodbye\n").unwrap();
    assert_says(&run(&desk, "provider", "apply --yes"), &["1 changed"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "hello\n");
    run(&desk, "provider", "destroy --yes");
    assert!(!file.exists());
}

#[test]
fn server() {
    let desk = Desk::new();
    let mut served = Command::new(example("server"))
        .arg("127.0.0.1:0")
        .current_dir(desk.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(served.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_start_matches("listening on ").to_owned();
    let ask = |method: &str, path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answers = [ask("GET", "/plan"), ask("POST", "/apply"), ask("GET", "/plan")];
    served.kill().unwrap();
    served.wait().unwrap();
    for (answer, wanted) in answers.iter().zip(["1 to add", "1 added", "No changes."]) {
        assert_says(answer, &["200 OK", wanted]);
    }
}

#[test]
#[cfg(feature = "stores")]
fn remote_state() {
    let desk = Desk::new();
    let run = || {
        let mut command = Command::new(example("remote_state"));
        command.arg("there").env("LANDFORM_PASSPHRASE", "open sesame").current_dir(desk.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_says(&run(), &["1 added", "run 1: apply by"]);
    assert_says(&run(), &["0 added"]);
    let mut files = vec![desk.path().join("there")];
    while let Some(path) = files.pop() {
        match path.is_dir() {
            true => files.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path())),
            false => assert_hides(&path, "10.60.0.0"),
        }
    }
}

#[cfg(feature = "stores")]
fn assert_hides(file: &std::path::Path, text: &str) {
    let bytes = fs::read(file).unwrap();
    let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!found, "{text} is in clear text in {}", file.display());
}

#[test]
fn policy() {
    let said = run(&Desk::new(), "policy", "");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            "refused: aws_vpc.main: refused by policy: every resource needs the tag \"owner\"",
            "applied: 1 added",
            "refused: aws_vpc.main: refused by policy: this policy forbids the deletion of a network",
        ]
    );
}

#[test]
fn outputs() {
    assert_says(&run(&Desk::new(), "outputs", ""), &["+ create aws_subnet.apps", "vpc-", "1 to add"]);
}

#[test]
fn adopt() {
    let said = run(&Desk::new(), "adopt", "");
    assert_says(&said, &["> adopt aws_vpc.main", "0 added, 1 adopted", "No changes."]);
}

#[test]
fn from_terraform() {
    let desk = Desk::new();
    desk.write("terraform.tfstate", TFSTATE);
    let said = run(&desk, "from_terraform", "terraform.tfstate");
    assert_says(
        &said,
        &[
            "aws_eip.other is not declared here and stays with Terraform",
            "> adopt aws_vpc.main",
            "> adopt aws_subnet.apps",
            "0 to add",
        ],
    );
}

/// A state of Terraform 1.11, reduced to the relevant parts.
const TFSTATE: &str = r#"{
  "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "8a1f0f0c-0000-4000-8000-000000000000",
  "outputs": {},
  "resources": [
    { "mode": "managed", "type": "aws_vpc", "name": "main",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [{ "schema_version": 1, "attributes": { "id": "vpc-0a1b2c3d4e5f60718" } }] },
    { "mode": "managed", "type": "aws_subnet", "name": "apps",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [{ "schema_version": 1, "attributes": { "id": "subnet-0a1b2c3d4e5f60718" } }] },
    { "mode": "managed", "type": "aws_eip", "name": "other",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [{ "schema_version": 0, "attributes": { "id": "eipalloc-0a1b2c3d4e5f60718" } }] }
  ]
}"#;
