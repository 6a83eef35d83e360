//! The `kops` command on Google's APIs: a cluster in a network of its own comes, grows, and goes. Plain HTTP counts.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value as Json, json};

use crate::{
    PROJECT, World,
    plain::{ask, count, everything},
};
use landform_testkit::examples::example;

const NAME: &str = "k8s.example.com";
pub const SPEC: &str = include_str!("../../../layers/kops/tests/kops/specs/google.yaml");
/// A public key without a private key.
pub const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKyIbOp1ZVERj6TIE01dBhPGLi7fAXlhtRJqbe89T9Mb tests";

impl World {
    pub fn command(&self, arguments: &str) -> Command {
        let account = json!({
            "private_key": "none", "private_key_id": "none", "client_email": "tests@example.com",
            "disable_oauth": true, "gcs_base_url": format!("http://{}", self.emulator.address()),
        });
        let mut command = Command::new(example("kops"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.directory.path())
            .env("GOOGLE_COMPUTE_CUSTOM_ENDPOINT", self.emulator.compute_endpoint())
            .env("GOOGLE_PROJECT", PROJECT)
            // For stores in buckets. The library would ask Google for a token otherwise.
            .env("GOOGLE_SERVICE_ACCOUNT_KEY", account.to_string())
            .stdin(Stdio::null());
        for (name, value) in
            [("KOPS_STATE_STORE", "store"), ("KOPS_CLUSTER_NAME", NAME), ("KOPS_FILE_HASHES", "hashes.lock")]
        {
            command.env(name, value);
        }
        if !arguments.contains("--provider") {
            command.env("KOPS_PROVIDER", "gce");
        }
        command
    }

    pub fn kops(&self, arguments: &str) -> Result<String, String> {
        let output = self.command(arguments).output().unwrap();
        let [out, errors] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        if output.status.success() { Ok(out) } else { Err(format!("{arguments}: {out}\n{errors}")) }
    }

    pub fn run(&self, arguments: &str) -> String {
        self.kops(arguments).unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Writes a lock file with a digest for each file that the machines need.
    pub fn lock(&self) {
        let path = |name: &str| self.directory.path().join(name);
        fs::write(path("hashes.lock"), "").unwrap();
        // The refresh names the files that a mirror lacks.
        let missing = self.kops("get assets --refresh mirror").unwrap_err();
        let files =
            missing.split_whitespace().filter_map(|word| word.strip_suffix(':')?.strip_prefix("mirror/"));
        for file in files {
            let file = path("mirror").join(file);
            fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).unwrap();
            fs::write(&file, file.display().to_string()).unwrap();
        }
        self.run("get assets --refresh mirror");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_on_google_is_made_grows_and_goes() {
    let world = World::new().await;
    tokio::task::block_in_place(|| {
        let server = world.emulator.address();
        let bucket = json!({ "name": "clusters", "location": "US" });
        ask(server, "POST", &format!("/storage/v1/b?project={PROJECT}"), Some(bucket));
        let before = everything(server);
        let write = |name: &str, text: &str| fs::write(world.directory.path().join(name), text).unwrap();
        write("google.yml", &SPEC.replace("my-project", PROJECT));
        write("key.pub", KEY);
        world.run("create -f google.yml");
        world.run("create secret sshpublickey admin -i key.pub");
        world.lock();

        let shown = world.run("update cluster");
        assert!(shown.contains("Must specify --yes"), "{shown}");
        assert_eq!(everything(server), before);

        let updated = world.run("update cluster --yes");
        assert!(updated.contains("The load balancer of the API has addresses now."), "{updated}");
        let made = everything(server);
        assert_eq!(count(&made, "/instances/"), 4);
        // Machines learn the address of the internal load balancer.
        let address = ask(
            server,
            "GET",
            &format!("/compute/v1/projects/{PROJECT}/regions/us-central1/addresses/api-main-k8s-example-com"),
            None,
        );
        let templates =
            ask(server, "GET", &format!("/compute/v1/projects/{PROJECT}/global/instanceTemplates"), None);
        let address = address["address"].as_str().unwrap();
        let template = templates["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|template| template["name"].as_str().is_some_and(|name| name.starts_with("workers-")));
        let metadata = template.unwrap()["properties"]["metadata"]["items"].as_array().unwrap();
        let user_data = metadata.iter().find(|item| item["key"] == "user-data").map(Json::to_string).unwrap();
        assert!(user_data.contains(&format!("https://{address}:3988/")), "{user_data}");

        let again = world.run("update cluster --yes");
        assert!(again.contains("No changes."), "{again}");
        assert_eq!(everything(server), made);

        world.run("edit instancegroup workers --set spec.minSize=30 --set spec.maxSize=30");
        world.run("update cluster --yes");
        let grown = everything(server);
        assert_eq!(count(&grown, "/instances/"), 31);
        assert!(grown.is_superset(&made), "no machine is replaced");

        // A deletion finds the cluster without the engine's state.
        fs::remove_dir_all(world.directory.path().join("store/landform")).unwrap();
        let deleted = world.run("delete cluster --yes");
        assert!(deleted.contains("Deleted cluster: \"k8s.example.com\""), "{deleted}");
        assert_eq!(everything(server), before);
    });
}

/// The store does not have the cluster any more, and another cluster has a similar name.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_no_store_has_is_found_by_its_names() {
    let world = World::new().await;
    tokio::task::block_in_place(|| {
        let server = world.emulator.address();
        let bucket = json!({ "name": "clusters", "location": "US" });
        ask(server, "POST", &format!("/storage/v1/b?project={PROJECT}"), Some(bucket));
        let write = |name: &str, text: &str| fs::write(world.directory.path().join(name), text).unwrap();
        write("key.pub", KEY);
        let spec = SPEC.replace("my-project", PROJECT);
        // The name of this one ends with the name of the other, as the names of its resources do.
        let other = spec.replace("k8s.example.com", "staging.k8s.example.com");
        let other =
            other.replace("    region: us-central1\n", "    region: us-central1\n    cidr: 10.20.0.0/19\n");
        write("other.yml", &other);
        world.run("create -f other.yml");
        world.run("create secret sshpublickey admin -i key.pub --name staging.k8s.example.com");
        write("google.yml", &spec);
        world.run("create -f google.yml");
        world.run("create secret sshpublickey admin -i key.pub");
        world.lock();
        world.run("update cluster --yes --name staging.k8s.example.com");
        let before = everything(server);
        let public = spec.replace("{type: Internal}", "{type: Public}");
        write("google.yml", &public);
        world.run("replace -f google.yml");
        world.run("update cluster --yes");
        fs::remove_dir_all(world.directory.path().join("store")).unwrap();

        let made = everything(server);
        let delete = "delete cluster --external --region us-central1";
        let shown = world.run(delete);
        assert!(
            shown.contains("Must specify --yes") && !shown.contains("staging-k8s-example-com"),
            "{shown}"
        );
        assert_eq!(everything(server), made);
        world.run(&format!("{delete} --yes"));
        // What is in buckets stays, because nothing in the project says where it is.
        let is_in_bucket = |id: &&String| id.starts_with("clusters/") || id.contains("clusters ");
        let left: Vec<_> = everything(server).difference(&before).cloned().collect();
        let left: Vec<_> = left.iter().filter(|id| !is_in_bucket(id)).collect();
        assert!(left.is_empty(), "{left:#?}");
        assert!(everything(server).is_superset(&before), "the other cluster stays");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_google_does_not_have_is_refused_by_name() {
    let world = World::new().await;
    tokio::task::block_in_place(|| {
        let server = world.emulator.address();
        let before = everything(server);
        let write = |name: &str, text: &str| fs::write(world.directory.path().join(name), text).unwrap();
        write("key.pub", KEY);
        let spec = SPEC.replace("my-project", PROJECT);
        let cases = [
            ("role: Node", "role: Node\n  machineType: e9-huge", "there is no type of machine \"e9-huge\""),
            (
                "role: Node",
                "role: Node\n  image: debian-cloud/debian-1",
                "there is no image \"debian-cloud/debian-1\"",
            ),
            (
                "us-central1-b, us-central1-c",
                "us-central1-b, us-central1-x",
                "there is no zone \"us-central1-x\"",
            ),
            (
                "  configBase:",
                "  networkID: other\n  configBase:",
                "spec.networkID: there is no network other",
            ),
            ("project: landform-test", "project: another-project", "the environment names \"landform-test\""),
        ];
        for (number, (from, to, said)) in cases.into_iter().enumerate() {
            assert!(spec.contains(from), "{from}");
            write("google.yml", &spec.replacen(from, to, 1));
            let store = format!("--state store-{number}");
            world.run(&format!("{store} create -f google.yml"));
            world.run(&format!("{store} create secret sshpublickey admin -i key.pub"));
            write("hashes.lock", "");
            let failure = world.kops(&format!("{store} update cluster --yes")).unwrap_err();
            assert!(failure.contains(said), "expected {said:?} in: {failure}");
            assert_eq!(everything(server), before);
        }
    });
}
