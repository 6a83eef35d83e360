//! Options of kops's verbs that are not about one subject.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use landform::serde_json::Value;

use super::{Clusters, KEY, NAME};

impl Clusters {
    /// Runs a command with a text on its standard input.
    fn given(&self, arguments: &str, text: &str) -> (Option<i32>, String, String) {
        answered(&mut self.command(arguments), text)
    }
}

/// Runs a command with answers on its standard input. Returns its status, its output and its errors.
pub fn answered(command: &mut Command, answers: &str) -> (Option<i32>, String, String) {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let [out, errors] =
        [ended.stdout, ended.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (ended.status.code(), out, errors)
}

#[test]
fn documents_come_from_standard_input_and_go_by_file() {
    let clusters = Clusters::new();
    let text = fs::read_to_string(clusters.0.path().join("cluster_spec.yml")).unwrap();
    let (code, out, errors) = clusters.given("create -f -", &text);
    assert_eq!(code, Some(0), "{out} {errors}");
    let (code, _, errors) = clusters.given("replace -f -", &text.replace("minSize: 1", "minsize: 1"));
    assert!(code == Some(1) && errors.contains("standard input:"), "{errors}");
    clusters.refuse("create -f - -f -", &["only once"]);
    clusters.succeed(&format!("update cluster {NAME} --ssh-public-key key.pub"));
    clusters.refuse(&format!("update cluster {NAME} --ssh-public-key nowhere"), &["nowhere"]);
    clusters.succeed(&format!("get sshpublickeys --name {NAME} -o json")).assert_says(&[KEY]);

    clusters.succeed(&format!("get {NAME}")).assert_says(&["Cluster", "Instance Groups", "nodes"]);
    let all = clusters.succeed(&format!("get {NAME} -o yaml")).out;
    assert_eq!(all, clusters.succeed(&format!("get all --name {NAME} -o yaml")).out);
    let all: Value =
        landform::serde_json::from_str(&clusters.succeed(&format!("get --name {NAME} -o json")).out).unwrap();
    assert_eq!(all[0]["kind"], "Cluster");

    clusters.refuse("delete", &["expected -f FILE"]);
    clusters.0.write("other.yml", "kind: Secret\nmetadata: {name: a}\n");
    clusters.refuse("delete -f other.yml --yes", &["other.yml: a: kind \"Secret\""]);
    clusters.succeed(&format!("create ig extra --name {NAME} --subnet us-east-2a --edit=false"));
    clusters.0.write(
        "extra.yml",
        format!("kind: InstanceGroup\nmetadata: {{name: extra, labels: {{kops.k8s.io/cluster: {NAME}}}}}\n"),
    );
    clusters.succeed("delete -f extra.yml").assert_says(&["Must specify --yes"]);
    clusters.succeed("delete -f extra.yml --yes").assert_says(&["Deleted instancegroup/extra"]);
    clusters.succeed("delete -f cluster_spec.yml").assert_says(&["Must specify --yes"]);
    clusters.succeed("delete -f cluster_spec.yml --yes").assert_says(&["Deleted cluster"]);
    clusters.refuse(&format!("get {NAME}"), &["no cluster"]);
}

#[test]
fn clusters_are_added_to_the_file_of_kubectl() {
    let clusters = Clusters::with_cluster();
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    let export = |rest: &str| {
        let file = clusters.0.path().join("config");
        let ran =
            clusters.command(&format!("export kubeconfig {rest}")).env("KUBECONFIG", &file).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        fs::read_to_string(file).unwrap_or_default()
    };
    clusters
        .0
        .write("config", "apiVersion: v1\nkind: Config\nusers:\n- name: other\n  user: {token: secret}\n");
    let written = export(&format!("{NAME} --admin"));
    assert!(written.contains("token: secret") && written.contains("client-key-data"), "{written}");
    assert!(written.contains(&format!("current-context: {NAME}")), "{written}");
    assert!(
        export(&format!("{NAME} --user other --internal")).contains(&format!("https://api.internal.{NAME}"))
    );
    assert!(export("--all").contains(&format!("current-context: {NAME}")));
    let printed = clusters.succeed(&format!("export kubecfg {NAME} --kubeconfig -")).out;
    assert!(printed.contains("server: https://") && !printed.contains("token"), "{printed}");
}

#[cfg(unix)]
#[test]
fn documents_are_edited() {
    let clusters = Clusters::with_cluster();
    let edit = |what: &str, editor: &str| {
        let mut command = clusters.command(&format!("edit {what}"));
        command.env("EDITOR", editor).env_remove("VISUAL").env_remove("KUBE_EDITOR");
        let ran = command.env("TMPDIR", clusters.0.path()).output().unwrap();
        (
            ran.status.code(),
            String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr),
        )
    };
    let cluster = format!("cluster {NAME}");
    let nodes = format!("ig nodes --name {NAME}");
    assert_eq!(edit(&cluster, "true"), (Some(0), "Edit cancelled, no changes made.\n".into()));
    let (code, said) = edit(&cluster, "sed -i s/1.34.0/1.34.3/");
    assert_eq!(code, Some(0), "{said}");
    clusters.succeed(&format!("get {NAME} -o yaml")).assert_says(&["kubernetesVersion: 1.34.3"]);
    let (code, said) = edit(&nodes, "sed -i s/maxSize:.3/maxSize:\\x207/");
    assert_eq!(code, Some(0), "{said}");
    clusters.succeed(&format!("get ig --name {NAME} nodes -o yaml")).assert_says(&["maxSize: 7"]);
    let (code, said) = edit(&nodes, "sed -i s/maxSize/maxsize/");
    assert!(code == Some(1) && said.contains("nothing was changed. The document is in"), "{said}");
    let mut command = clusters.command(&format!("edit {nodes}"));
    command.env("EDITOR", "sed -i s/maxSize/maxsize/").env_remove("VISUAL").env_remove("KUBE_EDITOR");
    let (code, out, errors) = answered(command.env("TMPDIR", clusters.0.path()), "perhaps\nyes\nNo\n");
    assert_eq!((code, out.matches("Edit the document again?").count()), (Some(1), 3), "{out} {errors}");
    assert!(out.contains("\"perhaps\" is not an answer. Type one of: y, yes, n, no"), "{out}");
    let kept = said.rsplit(' ').next().unwrap().trim();
    assert!(fs::read_to_string(kept).unwrap().contains("maxsize: 7"));
    let (code, said) = edit(&nodes, "sed -i s/name:.nodes/name:\\x20others/");
    assert!(code == Some(1) && said.contains("expected the group nodes alone"), "{said}");
    let (code, said) = edit(&nodes, "false");
    assert!(code == Some(1) && said.contains("the editor"), "{said}");
}

#[test]
fn versions_are_shown_and_chosen() {
    let clusters = Clusters::with_cluster();
    clusters.succeed("version").assert_says(&["Client version: 1.", "Landform"]);
    let short = clusters.succeed("version --short").out;
    assert_eq!(short.lines().count(), 1, "{short}");
    let upgrade = format!("upgrade cluster {NAME} --kubernetes-version");
    clusters.succeed(&format!("{upgrade} 1.34.2")).assert_says(&["1.34.0", "1.34.2", "Must specify --yes"]);
    clusters.refuse(&format!("{upgrade} 1.33.0 --yes"), &["newer version"]);
    clusters.refuse(&format!("{upgrade} new"), &["expected a version"]);
    clusters.succeed(&format!("{upgrade} 1.34.2 --yes")).assert_says(&["Updates applied"]);
    clusters.succeed(&format!("get {NAME} -o yaml")).assert_says(&["kubernetesVersion: 1.34.2"]);
    let options = "create cluster other.example.com --cloud aws --zones us-east-2a --networking kindnet --config-base \
                   s3://fairwinds-state/other.example.com --ssh-public-key key.pub --target terraform --out tf";
    clusters.succeed(options);
    assert!(clusters.0.path().join("tf/kubernetes.tf.json").is_file());
}
