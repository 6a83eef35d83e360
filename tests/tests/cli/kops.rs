//! The `kops` program as its users run it, in a VPC that another stack made.

mod api;
mod copy;
mod delete;
mod flags;
mod google;
mod machines;
mod options;
mod parts;
mod selector;
mod shelf;
mod template;

use std::fs;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use landform::sim::Existing;

use crate::desk::{Desk, Ran, WORKING};
use landform_testkit::{examples::example, random::Random};

const NAME: &str = "working.example.com";
/// The approximate duration of one command.
const LONGEST: Duration = Duration::from_millis(800);
/// A public key without a private key.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKyIbOp1ZVERj6TIE01dBhPGLi7fAXlhtRJqbe89T9Mb tests";

/// A directory with the base network's VPC in its cloud, and a spec that uses it.
struct Clusters(Desk);

impl Clusters {
    fn new() -> Self {
        let desk = Desk::new();
        desk.succeed("apply --yes");
        let made = desk.made("fairwinds.state");
        let id = |name: &str| {
            let named = |object: &&Existing| object.by.as_ref().is_some_and(|by| by.as_str() == name);
            made.iter().find(named).unwrap_or_else(|| panic!("no {name}")).id.clone()
        };
        let vpc = desk.ids("fairwinds.state", "aws_vpc").remove(0);
        let mut spec = WORKING.replace("  networkCIDR:", &format!("  networkID: {vpc}\n  networkCIDR:"));
        for zone in ["us-east-2a", "us-east-2b", "us-east-2c"] {
            let private = format!("  - name: {zone}\n    type: Private\n");
            assert!(spec.contains(&private), "{private}");
            let gateway = id(&format!("aws_nat_gateway.base-nat-{zone}"));
            spec = spec.replace(&private, &format!("{private}    egress: {gateway}\n"));
        }
        desk.write("cluster_spec.yml", spec);
        desk.write("key.pub", KEY);
        Self(desk)
    }

    /// A store with a cluster that can be updated.
    fn with_cluster() -> Self {
        let clusters = Self::new();
        clusters.succeed("create -f cluster_spec.yml");
        clusters.succeed(&format!("create secret --name {NAME} sshpublickey admin -i key.pub"));
        clusters
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(example("kops"));
        command
            .args(["--state", "store", "--cloud-directory", "fairwinds.cloud"])
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .env_remove("KOPS_STATE_STORE")
            .env_remove("KOPS_CLUSTER_NAME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &str) -> Ran {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let [out, errors] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ran { code: status.code(), out, errors }
    }

    fn succeed(&self, arguments: &str) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments}: {ran:?}");
        ran
    }

    /// Runs a command that must be refused and must change nothing.
    fn refuse(&self, arguments: &str, said: &[&str]) {
        let before = self.0.listing();
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments}: {ran:?}");
        for said in said {
            assert!(ran.errors.contains(said), "{arguments}: expected {said:?} in: {}", ran.errors);
        }
        assert!(!ran.errors.contains("panicked"), "{ran:?}");
        assert!(before == self.0.listing(), "{arguments}: a file changed");
    }

    /// Starts a command a number of times and kills it, each time later. Returns how many were killed before they
    /// ended.
    fn interrupt(&self, arguments: &str, times: u32) -> u32 {
        let mut random = Random::new(u64::from(times));
        for killed in 0..times {
            let mut child = self.command(arguments).spawn().unwrap();
            // The first time is so short that no machine ends the command before it.
            thread::sleep(random.time(LONGEST * (killed + 1) / times));
            child.kill().unwrap();
            let ended = child.wait_with_output().unwrap();
            if ended.status.code().is_some() {
                let said = String::from_utf8_lossy(&ended.stderr);
                assert!(ended.status.success(), "{arguments}: {said}");
                return killed;
            }
        }
        times
    }

    fn count(&self) -> usize {
        self.0.made("fairwinds.state").len()
    }
}

#[test]
fn a_cluster_comes_grows_and_goes() {
    let clusters = Clusters::with_cluster();
    let base = clusters.count();
    let shown = clusters.succeed(&format!("update cluster {NAME}"));
    shown.assert_says(&[
        "+ create aws_autoscaling_group.nodes-working-example-com",
        "kubernetes-ca",
        "Must specify --yes",
    ]);
    assert!(!shown.out.contains("aws_nat_gateway"), "the VPC's own gateways are used");
    assert_eq!(clusters.count(), base, "a shown plan is not applied");

    clusters
        .succeed(&format!("update cluster {NAME} --yes"))
        .assert_says(&["0 changed", "have been applied"]);
    assert!(clusters.count() > base + 50);
    let again = clusters.succeed(&format!("update cluster {NAME}"));
    assert!(!again.out.contains("Must specify --yes"), "a second update shows nothing: {}", again.out);
    clusters.succeed(&format!("validate cluster {NAME}")).assert_says(&["nodes", "matches the spec of"]);

    clusters.succeed("get clusters").assert_says(&[NAME, "us-east-2a,us-east-2b,us-east-2c"]);
    clusters.succeed(&format!("get ig --name {NAME} nodes")).assert_says(&["Node  t3.xlarge    3"]);
    clusters.succeed(&format!("get cluster {NAME} -o yaml")).assert_says(&["  networkID: vpc-"]);
    clusters
        .succeed(&format!("get cluster {NAME} -o yaml --full"))
        .assert_says(&["  podCIDR: 100.96.0.0/11"]);
    clusters
        .succeed(&format!("get assets --name {NAME}"))
        .assert_says(&["registry.k8s.io/kops/kops-controller:", "nodeup"]);
    clusters
        .succeed(&format!("get keypairs --name {NAME}"))
        .assert_says(&["service-account", "etcd-peers-ca-main"]);

    clusters.succeed(&format!("toolbox dump {NAME}")).assert_says(&[
        "aws_autoscaling_group",
        "nodes-working-example-com",
        "cluster-completed-spec",
    ]);

    clusters.succeed(&format!("edit ig --name {NAME} nodes --set spec.minSize=30 --set spec.maxSize=30"));
    clusters
        .succeed(&format!("update cluster {NAME} --yes"))
        .assert_says(&["aws_autoscaling_group.nodes-working-example-com", "0 added, 1 changed"]);
    let nodes = |cloud: &Clusters| {
        let made = cloud.0.made("fairwinds.state");
        let is_nodes = |object: &Existing| {
            object.arguments.get("name").is_some_and(|name| name == "nodes.working.example.com")
        };
        let of_type = |object: &Existing| object.type_name == "aws_autoscaling_group";
        let group = made.into_iter().find(|object| of_type(object) && is_nodes(object)).unwrap();
        group.arguments["min_size"].clone()
    };
    assert_eq!(nodes(&clusters), 30);

    let group = clusters.0.ids("fairwinds.state", "aws_autoscaling_group").remove(0);
    clusters.0.cloud("fairwinds.state").vanish("aws_autoscaling_group", &group).unwrap();
    let found = clusters.run(&format!("validate cluster {NAME}"));
    assert_eq!(found.code, Some(2), "{found:?}");
    found.assert_says(&["aws_autoscaling_group", "is declared and does not exist"]);

    clusters.succeed(&format!("delete cluster {NAME}")).assert_says(&["Must specify --yes"]);
    clusters.succeed(&format!("delete cluster {NAME} --yes")).assert_says(&["Deleted cluster"]);
    assert_eq!(clusters.count(), base, "the VPC and its gateways stay");
    clusters.refuse(&format!("get cluster {NAME}"), &["no cluster \"working.example.com\"", "it has none"]);
    let left: Vec<_> = fs::read_dir(clusters.0.path().join("store"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(left, ["landform"], "no file of the cluster is left");
}

#[test]
fn keys_follow_each_other() {
    let clusters = Clusters::with_cluster();
    clusters.refuse(&format!("export kubeconfig {NAME} --admin"), &["has no kubernetes-ca yet"]);
    clusters
        .refuse(&format!("create keypair other --name {NAME}"), &["expected all or one of", "kubernetes-ca"]);
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    let config = clusters.succeed(&format!("export kubeconfig {NAME} --admin --kubeconfig -")).out;
    assert!(config.contains("client-key-data: ") && config.contains("server: https://"), "{config}");
    let first = clusters.succeed(&format!("get keypairs --name {NAME} kubernetes-ca"));
    assert_eq!(first.out.lines().count(), 2, "{first:?}");

    clusters
        .succeed(&format!("create keypair kubernetes-ca --name {NAME}"))
        .assert_says(&["Created kubernetes-ca"]);
    clusters
        .succeed(&format!("update cluster {NAME} --yes"))
        .assert_says(&["nodeupconfig-master-us-east-2a"]);
    clusters
        .succeed(&format!("promote keypair kubernetes-ca --name {NAME}"))
        .assert_says(&["Promoted kubernetes-ca"]);
    clusters
        .succeed(&format!("distrust keypair kubernetes-ca --name {NAME}"))
        .assert_says(&["Distrusted kubernetes-ca"]);
    let trusted = clusters.succeed(&format!("get keypairs --name {NAME} kubernetes-ca"));
    assert_eq!(trusted.out.lines().count(), 2, "the new one alone: {trusted:?}");
    assert_ne!(trusted.out, first.out);
    let all = clusters.succeed(&format!("get keypairs --name {NAME} kubernetes-ca --distrusted -o json")).out;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let old = all.as_array().unwrap().iter().find(|key| key["distrustTimestamp"].is_string()).unwrap();
    let trust = format!("trust keypair --name {NAME} kubernetes-ca");
    clusters.refuse(&format!("{trust} 7"), &["kubernetes-ca", "7"]);
    clusters.refuse(&format!("trust keypair --name {NAME} all 7"), &["not all"]);
    let id = old["id"].as_str().unwrap();
    clusters.succeed(&format!("{trust} {id}")).assert_says(&[&format!("Trusted kubernetes-ca {id}")]);
    let trusted = clusters.succeed(&format!("get keypairs --name {NAME} kubernetes-ca"));
    assert_eq!(trusted.out.lines().count(), 3, "both are trusted again: {trusted:?}");
    assert_eq!(clusters.succeed(&format!("{trust} {id}")).out, "", "it is trusted already");
    clusters.succeed(&format!("distrust keypair kubernetes-ca --name {NAME}"));
    let plan = clusters.succeed(&format!("update cluster {NAME}"));
    plan.assert_says(&["aws_launch_template.nodes-working-example-com", "Must specify --yes"]);
    for secret in ["PRIVATE KEY", "privateMaterial"] {
        assert!(!plan.out.contains(secret), "{secret} in a plan");
    }
}

#[test]
fn a_cluster_of_a_few_options() {
    let clusters = Clusters::new();
    let options = "create cluster small.example.com --cloud aws --zones us-east-2a,us-east-2b --networking kindnet \
                   --config-base s3://fairwinds-state/small.example.com --network-cidr 10.99.0.0/16 --ssh-public-key key.pub";
    let shown = clusters.succeed(&format!("{options} --dry-run -o yaml"));
    shown.assert_says(&["  name: small.example.com", "- cidr: 10.99.0.0/17", "kind: InstanceGroup"]);
    clusters.refuse("get cluster small.example.com", &["no cluster"]);
    clusters
        .succeed(&format!("{options} --yes"))
        .assert_says(&["gives them to the machines", "have been applied"]);
    let again = clusters.succeed("update cluster small.example.com");
    assert!(!again.out.contains("Must specify --yes"), "a second update shows nothing: {}", again.out);
    clusters.succeed("update cluster small.example.com --target terraform --out tf");
    assert!(clusters.0.path().join("tf/kubernetes.tf.json").is_file());
    clusters.refuse(options, &["small.example.com already exists"]);
    clusters.refuse(
        "create cluster other.example.com --cloud aws --config-base s3://a/b",
        &["--zones: expected at least one zone"],
    );
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_made() {
    let clusters = Clusters::new();
    let desk = &clusters.0;
    let text = fs::read_to_string(desk.path().join("cluster_spec.yml")).unwrap();
    desk.write_changed("old.yml", &text, "kubernetesVersion: 1.34.0", "kubernetesVersion: 1.5.3");
    clusters.refuse("create -f old.yml", &["old.yml:", "spec.kubernetesVersion", "1.32"]);
    desk.write_changed("weave.yml", &text, "kindnet: {}", "weave: {}");
    clusters.refuse("create -f weave.yml", &["weave.yml:", "spec.networking.weave"]);
    clusters.refuse("create -f nowhere.yml", &["nowhere.yml"]);
    clusters.refuse("update cluster nobody.example.com", &["no cluster \"nobody.example.com\""]);
    clusters.refuse("get clusters --state memfs://tests", &["memfs://tests", "the memory of one process"]);

    let (given, other) = (
        "configBase: s3://fairwinds-state/working.example.com",
        "configBase: s3://fairwinds-state/other.example.com",
    );
    desk.write_changed("elsewhere.yml", &text, given, other);
    clusters.refuse(
        "create -f elsewhere.yml",
        &["elsewhere.yml:", "spec.configBase", "expected \"s3://BUCKET/working.example.com\""],
    );

    clusters.succeed("create -f cluster_spec.yml");
    clusters.refuse("create -f cluster_spec.yml", &["working.example.com already exists"]);
    clusters
        .refuse(&format!("update cluster {NAME} --yes"), &["no public key for SSH", "sshpublickey admin"]);
    desk.write("bad.pub", "nonsense");
    clusters.refuse(
        &format!("create sshpublickey --name {NAME} admin -i bad.pub"),
        &["bad.pub: expected a public key"],
    );
    clusters.refuse(
        &format!("edit cluster {NAME} --set spec.networkCIDR=10.30.0.0/16"),
        &["spec.networkCIDR", "cannot be changed"],
    );
    clusters.refuse(&format!("edit cluster {NAME} --set spec.chanel=alpha"), &["did you mean \"channel\"?"]);
    clusters.refuse(&format!("delete ig --name {NAME} master-us-east-2a --yes"), &["holds a member of etcd"]);
    desk.write_changed("moved.yml", &text, "networkID: vpc-", "networkID: vpc-0");
    clusters.refuse("replace -f moved.yml", &["moved.yml:", "spec.networkID", "cannot be changed"]);

    // A store in which somebody has put another cluster's document.
    let config = desk.path().join("store").join(NAME).join("config");
    let kept = fs::read_to_string(&config).unwrap();
    desk.write_changed(
        &format!("store/{NAME}/config"),
        &kept,
        "name: working.example.com",
        "name: other.example.com",
    );
    clusters.refuse(
        &format!("update cluster {NAME}"),
        &["\"other.example.com\": expected \"working.example.com\""],
    );
}

#[test]
fn what_was_killed_goes_on() {
    let clusters = Clusters::new();
    let base = clusters.count();
    let created = clusters.interrupt("create -f cluster_spec.yml", 2);
    if clusters.run(&format!("get cluster {NAME}")).code != Some(0) {
        clusters.succeed("create -f cluster_spec.yml");
    }
    clusters.succeed(&format!("create secret --name {NAME} sshpublickey admin -i key.pub"));
    let update = format!("update cluster {NAME} --yes");
    let updated = clusters.interrupt(&update, 12);
    clusters.succeed(&update);
    let again = clusters.succeed(&format!("update cluster {NAME}"));
    assert!(!again.out.contains("Must specify --yes"), "a second update shows nothing: {}", again.out);
    clusters.succeed(&format!("validate cluster {NAME}"));
    let cloud = clusters.0.cloud("fairwinds.state");
    let created_by: Vec<_> = cloud.created().unwrap().into_iter().filter(|(_, count)| *count > 1).collect();
    assert!(created_by.is_empty() && cloud.doubles().unwrap().is_empty(), "made twice: {created_by:?}");

    let delete = format!("delete cluster {NAME} --yes");
    let deleted = clusters.interrupt(&delete, 8);
    if clusters.run(&format!("get cluster {NAME}")).code == Some(0) {
        clusters.succeed(&delete);
    }
    assert_eq!(clusters.count(), base, "the VPC and its gateways stay");
    let folder = clusters.0.path().join("store").join(NAME);
    let files =
        clusters.0.listing().into_iter().filter(|(path, bytes)| bytes.is_some() && path.starts_with(&folder));
    assert_eq!(files.count(), 0, "no file of the cluster is left");
    assert!(created + updated + deleted > 5, "{created}, {updated} and {deleted} were killed");
}

#[test]
fn digests_of_files_come_from_a_lock_file() {
    let clusters = Clusters::with_cluster();
    let desk = &clusters.0;
    let locked = "--file-hashes hashes.lock";
    let update = format!("update cluster {NAME} {locked}");
    clusters.refuse(&update, &["hashes.lock", "get assets --refresh"]);
    desk.write("hashes.lock", "");
    clusters
        .refuse(&update, &["the lock file of hashes has no SHA-256 of https://dl.k8s.io/release/v1.34.0"]);
    desk.write("hashes.lock", "no digest");
    clusters.refuse(&update, &["hashes.lock: line 1", "expected a SHA-256"]);
    fs::remove_file(desk.path().join("hashes.lock")).unwrap();

    let refresh = format!("get assets --name {NAME} {locked} --refresh mirror");
    clusters.refuse(&refresh, &["mirror/dl.k8s.io/release/v1.34.0/bin/linux/amd64/kubelet"]);
    let all = clusters.succeed(&format!("get assets --name {NAME} -o json")).out;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let urls: Vec<&str> =
        all["files"].as_array().unwrap().iter().map(|file| file["canonical"].as_str().unwrap()).collect();
    assert!(urls.len() > 10, "{urls:?}");
    for url in &urls {
        desk.write(&format!("mirror/{}", url.strip_prefix("https://").unwrap()), format!("what {url} has"));
    }
    let kubelet = "mirror/dl.k8s.io/release/v1.34.0/bin/linux/amd64/kubelet";
    desk.write(&format!("{kubelet}.sha256"), "0".repeat(64));
    clusters.refuse(&refresh, &["kubelet.sha256: the file has the SHA-256", "expected \"000"]);
    fs::remove_file(desk.path().join(format!("{kubelet}.sha256"))).unwrap();
    clusters.succeed(&refresh).assert_says(&[&format!("hashes of {} files", urls.len())]);
    let lock = fs::read_to_string(desk.path().join("hashes.lock")).unwrap();
    assert_eq!(lock.lines().count(), urls.len());
    // As sha256sum has it.
    assert!(lock.contains("  https://dl.k8s.io/release/v1.34.0/bin/linux/amd64/kubelet\n"), "{lock}");

    clusters.succeed(&format!("{update} --yes"));
    let digest =
        lock.lines().find(|line| line.ends_with("linux/amd64/kubelet")).unwrap().split(' ').next().unwrap();
    let made = clusters.0.made("fairwinds.state");
    let loads = |object: &Existing| {
        let content =
            object.arguments.get("content").and_then(|content| content.as_str()).unwrap_or_default();
        object.type_name == "aws_s3_object" && content.contains(digest)
    };
    assert!(made.iter().any(loads), "no machine loads {digest}");
    let again = clusters.succeed(&update);
    assert!(!again.out.contains("Must specify --yes"), "{}", again.out);

    desk.write(kubelet, "another kubelet");
    clusters.refuse(&refresh, &["amd64/kubelet: the mirror's file has the SHA-256", "but the lock file has"]);
}

#[test]
fn a_cluster_takes_what_its_channel_recommends() {
    let clusters = Clusters::with_cluster();
    let upgrade = format!("upgrade cluster {NAME}");
    clusters.succeed(&upgrade).assert_says(&["No upgrade required"]);
    let channel = "spec:\n  images:\n  - {name: maker/linux-20260101, providerID: aws, kubernetesVersion: '>=1.32.0'}\n  \
                   kopsVersions:\n  - {range: '>=1.30.0', kubernetesVersion: 1.34.7}\n";
    let file = clusters.0.write("channel", channel);
    clusters.succeed(&format!("edit ig --name {NAME} nodes --set spec.image=maker/linux-20250101"));
    let other = format!("{upgrade} --channel file://{}", file.display());
    let shown = clusters.succeed(&other);
    shown.assert_says(&["1.34.0", "1.34.7", "maker/linux-20260101", "Must specify --yes"]);
    let version = || clusters.succeed(&format!("get cluster {NAME} -o yaml")).out;
    assert!(version().contains("kubernetesVersion: 1.34.0"));
    clusters.succeed(&format!("{other} --yes")).assert_says(&["Updates applied"]);
    assert!(version().contains("kubernetesVersion: 1.34.7"));
    let group = clusters.succeed(&format!("get ig --name {NAME} nodes -o yaml"));
    group.assert_says(&["image: maker/linux-20260101"]);
    clusters.succeed(&upgrade).assert_says(&["No upgrade required"]);
    clusters.0.write("channel", "spec: 7");
    clusters.refuse(&upgrade, &["channel"]);
}

/// A deletion and a creation that were killed while they worked on the store's files.
#[test]
fn files_that_a_kill_left_belong_to_nobody() {
    let clusters = Clusters::with_cluster();
    let folder = clusters.0.path().join("store").join(NAME);
    fs::remove_file(folder.join("instancegroup/nodes")).unwrap();
    clusters.succeed(&format!("delete cluster {NAME} --yes"));
    assert!(!folder.exists());

    clusters.0.write(&format!("store/{NAME}/instancegroup/stray"), "half of a creation");
    clusters.succeed("create -f cluster_spec.yml");
    assert!(!folder.join("instancegroup/stray").exists());
    clusters.succeed(&format!("get ig --name {NAME}"));
}

#[cfg(unix)]
#[test]
fn files_of_the_store_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let clusters = Clusters::with_cluster();
    clusters.0.write("secret", "auths: {}");
    clusters.succeed(&format!("create secret --name {NAME} dockerconfig -f secret"));
    let config = clusters.0.path().join("store").join(NAME).join("config");
    fs::set_permissions(&config, fs::Permissions::from_mode(0o644)).unwrap();
    clusters.succeed(&format!("edit cluster {NAME} --set spec.channel=alpha"));
    clusters.succeed(&format!("create keypair service-account --name {NAME} --primary"));
    let files = clusters
        .0
        .listing()
        .into_iter()
        .filter(|(path, bytes)| bytes.is_some() && path.starts_with(config.parent().unwrap()));
    let modes: Vec<_> =
        files.map(|(path, _)| (fs::metadata(&path).unwrap().permissions().mode() & 0o777, path)).collect();
    assert!(modes.len() > 7, "{modes:?}");
    assert!(modes.iter().all(|(mode, _)| *mode == 0o600), "{modes:?}");
}

#[test]
fn a_store_with_one_changed_byte_is_told() {
    let clusters = Clusters::with_cluster();
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    let store = clusters.0.path().join("store");
    let all = clusters.0.listing();
    let files = all.iter().filter_map(|(path, bytes)| Some((path, bytes.as_ref()?)));
    let wanted = |path: &std::path::Path| {
        path.ends_with("kubernetes-ca/keyset.yaml") || path.extension().is_some_and(|of| of == "seg")
    };
    let mut tried = 0;
    for (path, bytes) in files.filter(|(path, _)| path.starts_with(&store) && wanted(path)) {
        let mut changed = bytes.clone();
        // The middle of a keyset is in a key; that of a segment is in a record.
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        fs::write(path, &changed).unwrap();
        let ran = clusters.run(&format!("update cluster {NAME}"));
        assert_eq!(ran.code, Some(1), "{}: {ran:?}", path.display());
        assert!(ran.errors.starts_with("error: ") && !ran.errors.contains("PRIVATE"), "{ran:?}");
        fs::write(path, bytes).unwrap();
        tried += 1;
    }
    assert!(tried >= 2, "{tried}");
}
