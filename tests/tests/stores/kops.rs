//! A cluster whose spec is in kops's state store: planned from there as from a file. boto3 fills the bucket in kops's
//! layout.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::s3::S3;
use landform_testkit::examples::example;

const WORKING: &str = include_str!("../../../examples/fairwinds/working.yml");
const CLUSTER: &str = "working.example.com";

/// Puts every file of a directory into a new bucket.
const ALL: &str = r#"
import boto3, os, sys
root, bucket = sys.argv[1:]
s3 = boto3.client("s3", region_name="us-east-1")
s3.create_bucket(Bucket=bucket)
for folder, _, names in os.walk(root):
    for name in names:
        path = os.path.join(folder, name)
        s3.put_object(Bucket=bucket, Key=os.path.relpath(path, root), Body=open(path, "rb").read())
"#;

/// Puts one object.
const ONE: &str = r#"
import boto3, sys
bucket, key, body = sys.argv[1:]
s3 = boto3.client("s3", region_name="us-east-1")
s3.put_object(Bucket=bucket, Key=key, Body=body.encode("latin-1"))
"#;

struct Desk {
    s3: S3,
    directory: TempDir,
}

/// The result of the program.
struct Ran {
    good: bool,
    out: String,
    errors: String,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { s3: S3::new(), directory: tempfile::tempdir().unwrap() };
        fs::write(desk.directory.path().join("working.yml"), WORKING).unwrap();
        desk
    }

    fn boto3(&self, script: &str, arguments: &[&str]) {
        let mut command = Command::new(self.s3.python());
        let output =
            command.args(["-c", script]).args(arguments).envs(self.s3.environment()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A bucket with the working cluster in kops's layout, and with unrelated objects.
    fn bucket(&self, name: &str) -> String {
        let store = self.directory.path().join(name);
        lay_out(&store, WORKING);
        self.boto3(ALL, &[store.to_str().unwrap(), name]);
        format!("s3://{name}")
    }

    fn run(&self, arguments: &str) -> Ran {
        let output = Command::new(example("fairwinds"))
            .args(arguments.split(' '))
            .current_dir(self.directory.path())
            .envs(self.s3.environment())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { good: output.status.success(), out: text(output.stdout), errors: text(output.stderr) }
    }

    fn good(&self, arguments: &str) -> String {
        let ran = self.run(arguments);
        assert!(ran.good, "{arguments}: {}", ran.errors);
        ran.out
    }

    /// Checks that the program refuses in one line with all of these words, and makes nothing.
    fn refused(&self, arguments: &str, said: &[&str]) {
        let ran = self.run(arguments);
        assert!(!ran.good && ran.out.is_empty(), "{arguments}: {}", ran.out);
        let lines: Vec<&str> = ran.errors.lines().collect();
        assert_eq!(lines.len(), 1, "{arguments}: {}", ran.errors);
        for said in said {
            assert!(lines[0].contains(said), "{arguments}: expected {said:?} in: {}", ran.errors);
        }
        assert!(!self.directory.path().join("fairwinds.state").exists(), "{arguments} made something");
    }
}

/// Writes a spec's documents to a directory as kops does, with kops's notes in and beside them.
fn lay_out(store: &Path, spec: &str) {
    let cluster = store.join(CLUSTER);
    let write = |path: &str, text: &str| {
        let file = cluster.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    let noted = "metadata:\n  creationTimestamp: \"2026-08-22T15:13:15Z\"\n  generation: 2\n";
    for document in spec.split("\n---\n") {
        let (_, after) = document.split_once("\n  name: ").unwrap();
        let name = after.lines().next().unwrap();
        let document = document.replacen("metadata:\n", noted, 1);
        match document.contains("kind: Cluster\n") {
            true => write("config", &document),
            false => write(&format!("instancegroup/{name}"), &document),
        }
    }
    write("cluster-completed.spec", "not: {read");
    write("kops-version.txt", "1.36.0");
    write("pki/private/kubernetes-ca/keyset.yaml", "kind: Keyset");
    write("instancegroup.old/nodes", "not: {read");
    fs::create_dir_all(store.join("other.example.com")).unwrap();
    fs::write(store.join("other.example.com/config"), "not: {read").unwrap();
    fs::create_dir_all(store.join("no-cluster")).unwrap();
    fs::write(store.join("no-cluster/readme"), "").unwrap();
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_plan_from_the_state_store_is_the_plan_from_the_file() {
    let desk = Desk::new();
    let bucket = desk.bucket("kops-same");
    // The completed spec holds the creation time of the cluster, which kops records in its store.
    let made = "metadata:\n  creationTimestamp: \"2026-08-22T15:13:15Z\"\n";
    fs::write(desk.directory.path().join("working.yml"), WORKING.replacen("metadata:\n", made, 1)).unwrap();
    let file = desk.good("plan --cluster working.yml");
    let stored = desk.good(&format!("plan --cluster {bucket}/{CLUSTER}"));
    assert!(file.contains("150 to add"), "{file}");
    assert_eq!(sorted(&file), sorted(&stored));

    desk.good("apply --yes --cluster working.yml");
    let local = format!("file://{}/kops-same/{CLUSTER}", desk.directory.path().display());
    for url in [format!("{bucket}/{CLUSTER}/"), local] {
        let plan = desk.good(&format!("plan --cluster {url}"));
        assert!(plan.contains("No changes."), "{plan}");
    }
}

#[test]
fn the_key_for_ssh_comes_from_the_state_store() {
    let desk = Desk::new();
    let bucket = desk.bucket("kops-key");
    let cluster = format!("{bucket}/{CLUSTER}");
    let key = |last: &str| {
        format!(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPXrcczECgmiX/OWy4G5dXfz4qieJk97VOJsPlQPsGo{last} kops\n"
        )
    };
    let folder = format!("{CLUSTER}/pki/ssh/public/admin");
    desk.boto3(ONE, &["kops-key", &format!("{folder}/0a1b"), &key("t")]);
    let plan = desk.good(&format!("plan --cluster {cluster}"));
    assert!(plan.contains(key("t").trim()), "{plan}");
    fs::write(desk.directory.path().join("mine.pub"), key("u")).unwrap();
    let plan = desk.good(&format!("plan --cluster {cluster} --ssh-key mine.pub"));
    assert!(plan.contains(key("u").trim()) && !plan.contains(key("t").trim()), "{plan}");

    desk.boto3(ONE, &["kops-key", &format!("{folder}/2c3d"), &key("v")]);
    let both = [format!("{folder}/0a1b"), format!("{folder}/2c3d"), "--ssh-key".into()];
    desk.refused(&format!("plan --cluster {cluster}"), &both.each_ref().map(String::as_str));
    desk.good(&format!("plan --cluster {cluster} --ssh-key mine.pub"));
}

#[test]
fn what_is_wrong_in_the_state_store_is_named() {
    let desk = Desk::new();
    let bucket = desk.bucket("kops-bad");
    let plan = |url: &str| format!("plan --cluster {url}");
    desk.refused(&plan("s3://no-such-kops/a.example.com"), &["s3://no-such-kops", "Create it first"]);
    desk.refused(&plan("s3://bück/a.example.com"), &["invalid bucket name", "s3://bucket/prefix"]);
    desk.refused(&plan("postgres://me:hush@host/db"), &["a database holds no files"]);
    let known = ["it has other.example.com, working.example.com"];
    desk.refused(&plan(&format!("{bucket}/working.example.co")), &["\"working.example.co\"", known[0]]);
    desk.refused(&plan(&format!("{bucket}/no-cluster")), &["no cluster \"no-cluster\"", known[0]]);
    desk.refused(&plan(&bucket), &["expected a cluster's name", known[0]]);
    desk.refused(&plan(&format!("{bucket}/deep/a.example.com")), &["s3://kops-bad/deep", "it has none"]);
    desk.refused(&plan(&format!("{bucket}/other.example.com")), &["s3://kops-bad/other.example.com/config:"]);

    let cluster = format!("{bucket}/{CLUSTER}");
    let nodes = format!("{CLUSTER}/instancegroup/nodes");
    let good = fs::read_to_string(desk.directory.path().join("kops-bad").join(&nodes)).unwrap();
    let cases = [
        (good.replace("machineType", "machineTyp"), "instancegroup/nodes:", "did you mean \"machineType\"?"),
        (good.replace("kind: InstanceGroup", "kind: InstanceGrup"), "instancegroup/nodes:", "InstanceGroup"),
        ("\u{ff}".into(), "instancegroup/nodes:", "not UTF-8"),
    ];
    for (text, place, said) in cases {
        desk.boto3(ONE, &["kops-bad", &nodes, &text]);
        desk.refused(&plan(&cluster), &[&format!("s3://kops-bad/{CLUSTER}/{place}"), said]);
    }
    desk.boto3(ONE, &["kops-bad", &nodes, &good]);
    let config = format!("{CLUSTER}/config");
    let text = fs::read_to_string(desk.directory.path().join("kops-bad").join(&config)).unwrap();
    desk.boto3(ONE, &["kops-bad", &config, &text.replacen(CLUSTER, "renamed.example.com", 1)]);
    let said = ["/config:", "metadata.name: \"renamed.example.com\": expected \"working.example.com\""];
    desk.refused(&plan(&cluster), &said);
    desk.boto3(ONE, &["kops-bad", &config, &good]);
    desk.refused(&plan(&cluster), &[&format!("s3://kops-bad/{config}"), "no Cluster document"]);
}
