//! gcloud as an independent check: it was written for Google's servers, checks their answers, and knows nothing of the
//! emulator. If it is not installed, the tests say so and pass.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use landform_gce_emulator::{Emulator, Settings};
use serde_json::{Value as Json, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Mutex,
};

/// gcloud in a separate process that runs one command after the other: see `driver.py`.
struct Gcloud {
    emulator: Emulator,
    config: tempfile::TempDir,
    talk: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
    _process: Child,
}

/// The SDK folder of the installed gcloud.
fn sdk() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let gcloud =
        std::env::split_paths(&path).map(|folder| folder.join("gcloud")).find(|path| path.is_file())?;
    let folder = gcloud.canonicalize().ok()?.parent()?.parent()?.to_owned();
    folder.join("lib/googlecloudsdk").is_dir().then_some(folder)
}

impl Gcloud {
    async fn start() -> Option<Self> {
        let Some(sdk) = sdk() else {
            eprintln!("NOT CHECKED WITH GCLOUD: it is not installed");
            return None;
        };
        let emulator = Emulator::start(Settings::default()).await.unwrap();
        let config = tempfile::tempdir().unwrap();
        let mut process = Self::command(&emulator, &sdk, config.path()).spawn().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        let talk = Mutex::new((process.stdin.take().unwrap(), answers));
        Some(Self { emulator, config, talk, _process: process })
    }

    fn command(emulator: &Emulator, sdk: &Path, config: &Path) -> Command {
        let url = emulator.url();
        let python = std::env::var_os("CLOUDSDK_PYTHON").unwrap_or_else(|| "python3".into());
        let mut command = Command::new(python);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emulator/gcloud/driver.py")).arg(sdk);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        for (name, value) in [
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", emulator.compute_endpoint().as_str()),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", &format!("{url}/")),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER", &format!("{url}/")),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS", &format!("{url}/dns/v1/")),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE", &format!("{url}/storage/v1/")),
            ("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true"),
            ("CLOUDSDK_CONFIG", &config.to_string_lossy()),
            ("CLOUDSDK_CORE_PROJECT", "landform-test"),
            ("CLOUDSDK_CORE_DISABLE_PROMPTS", "1"),
            ("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "1"),
            ("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "1"),
            ("CLOUDSDK_COMPUTE_REGION", "us-central1"),
            ("CLOUDSDK_COMPUTE_ZONE", "us-central1-a"),
        ] {
            command.env(name, value);
        }
        command
    }

    /// Runs a command. Returns its output as JSON.
    async fn run(&self, command: &str) -> Json {
        let (done, printed) = self.attempt(command).await;
        assert!(done, "gcloud {command}: {printed}");
        serde_json::from_str(&printed).unwrap_or_default()
    }

    /// Runs a command. Returns whether it succeeded, and its output.
    async fn attempt(&self, command: &str) -> (bool, String) {
        let arguments: Vec<_> = command.split_whitespace().chain(["--format=json", "--quiet"]).collect();
        let mut talk = self.talk.lock().await;
        talk.0.write_all(format!("{}\n", json!(arguments)).as_bytes()).await.unwrap();
        let line = talk.1.next_line().await.unwrap().expect("gcloud ended: see above");
        let answer: Json = serde_json::from_str(&line).unwrap();
        let text = |field: &str| answer[field].as_str().unwrap().to_owned();
        match answer["code"] == 0 {
            true => (true, text("out")),
            false => (false, text("err")),
        }
    }

    async fn names(&self, command: &str) -> Vec<String> {
        let list = self.run(command).await;
        let names = list.as_array().cloned().unwrap_or_default();
        names.iter().map(|item| item["name"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gcloud_makes_changes_and_deletes_a_network_with_all_in_it() {
    let Some(gcloud) = Gcloud::start().await else { return };
    gcloud.run("compute networks create main --subnet-mode=custom --bgp-routing-mode=regional").await;
    gcloud.run("compute networks update main --bgp-routing-mode=global").await;
    gcloud.run("compute networks subnets create nodes --network=main --range=10.0.0.0/20 --secondary-range=pods=10.4.0.0/14").await;
    let (done, why) =
        gcloud.attempt("compute networks subnets create more --network=main --range=10.0.8.0/24").await;
    assert!(!done && why.contains("conflicts with existing subnetwork 'nodes'"), "{why}");
    gcloud.run("compute networks subnets update nodes --enable-private-ip-google-access").await;
    gcloud.run("compute networks subnets update nodes --add-secondary-ranges=services=10.8.0.0/20").await;
    let nodes = gcloud.run("compute networks subnets describe nodes").await;
    assert_eq!(
        (&nodes["privateIpGoogleAccess"], nodes["secondaryIpRanges"].as_array().unwrap().len()),
        (&true.into(), 2)
    );
    gcloud.run("compute networks subnets expand-ip-range nodes --prefix-length=19").await;

    gcloud.run("compute routers create main --network=main").await;
    gcloud.run("compute routers nats create nat --router=main --auto-allocate-nat-external-ips --nat-all-subnet-ip-ranges").await;
    gcloud.run("compute routers nats update nat --router=main --min-ports-per-vm=128").await;
    assert_eq!(gcloud.run("compute routers nats describe nat --router=main").await["minPortsPerVm"], 128);

    gcloud
        .run("compute firewall-rules create ssh --network=main --allow=tcp:22 --source-ranges=10.0.0.0/8")
        .await;
    gcloud.run("compute firewall-rules update ssh --allow=tcp:22,icmp").await;
    gcloud.run("compute routes create out --network=main --destination-range=10.99.0.0/16 --next-hop-gateway=default-internet-gateway").await;
    for (listed, names) in [
        ("networks list", &["default", "main"][..]),
        ("networks subnets list --network=main", &["nodes"]),
        ("routers list", &["main"]),
        ("routers nats list --router=main", &["nat"]),
        ("firewall-rules list", &["ssh"]),
    ] {
        assert_eq!(gcloud.names(&format!("compute {listed}")).await, names, "{listed}");
    }

    let (done, why) = gcloud.attempt("compute networks delete main").await;
    assert!(!done && why.contains("is already being used by"), "{why}");
    for command in [
        "routes delete out",
        "firewall-rules delete ssh",
        "routers nats delete nat --router=main",
        "routers delete main",
        "networks subnets delete nodes",
        "networks delete main",
    ] {
        gcloud.run(&format!("compute {command}")).await;
    }
    assert_eq!(gcloud.emulator.resources(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn gcloud_makes_changes_and_deletes_machines_groups_and_balancers() {
    let Some(gcloud) = Gcloud::start().await else { return };
    gcloud.run("compute addresses create ip").await;
    gcloud.run("compute instances create vm --machine-type=e2-medium --image-project=debian-cloud --image-family=debian-12 --address=ip --metadata=a=1 --tags=web").await;
    assert_eq!(gcloud.run("compute addresses describe ip").await["status"], "IN_USE");
    gcloud.run("beta compute addresses update ip --update-labels=team=a").await;
    assert_eq!(gcloud.run("compute addresses describe ip").await["labels"], json!({ "team": "a" }));
    for listed in ["addresses", "instances"] {
        assert_eq!(gcloud.names(&format!("compute {listed} list")).await.len(), 1, "{listed}");
    }
    gcloud.run("compute instances add-metadata vm --metadata=b=2").await;
    gcloud.run("compute instances add-tags vm --tags=more").await;
    gcloud.run("compute instances stop vm").await;
    gcloud.run("compute instances set-machine-type vm --machine-type=e2-small").await;
    gcloud.run("compute instances start vm").await;
    let vm = gcloud.run("compute instances describe vm").await;
    assert_eq!(
        (vm["status"].as_str(), vm["metadata"]["items"].as_array().map(Vec::len)),
        (Some("RUNNING"), Some(2))
    );
    gcloud.run("compute disks create data --size=10GB --type=pd-ssd").await;
    gcloud.run("compute disks add-labels data --labels=team=a").await;
    gcloud.run("compute instances attach-disk vm --disk=data").await;
    gcloud.run("compute instances detach-disk vm --disk=data").await;
    gcloud.run("compute instances delete vm").await;
    assert_eq!(gcloud.names("compute disks list").await, ["data"]);

    gcloud.run("compute instance-templates create node --machine-type=e2-medium --image-project=debian-cloud --image-family=debian-12").await;
    gcloud.run("compute health-checks create http web --port=80").await;
    gcloud.run("compute instance-groups managed create nodes --template=node --size=2").await;
    gcloud.run("compute instance-groups managed resize nodes --size=3").await;
    assert_eq!(gcloud.names("compute instance-groups managed list-instances nodes").await.len(), 3);
    gcloud.run("compute backend-services create web --global --protocol=TCP --health-checks=web --global-health-checks").await;
    gcloud.run("compute backend-services add-backend web --global --instance-group=nodes --instance-group-zone=us-central1-a").await;
    gcloud.run("compute backend-services update web --global --timeout=60").await;
    gcloud.run("compute target-tcp-proxies create web --backend-service=web").await;
    gcloud.run("compute forwarding-rules create web --global --target-tcp-proxy=web --ports=443").await;
    for (listed, names) in [
        ("instance-templates", &["node"][..]),
        ("instance-groups managed", &["nodes"]),
        ("health-checks", &["web"]),
        ("backend-services", &["web"]),
        ("target-tcp-proxies", &["web"]),
        ("forwarding-rules", &["web"]),
    ] {
        assert_eq!(gcloud.names(&format!("compute {listed} list")).await, names, "{listed}");
    }
    let (done, why) = gcloud.attempt("compute backend-services delete web --global").await;
    assert!(!done && why.contains("already being used by"), "{why}");
    for command in [
        "forwarding-rules delete web --global",
        "target-tcp-proxies delete web",
        "backend-services delete web --global",
        "instance-groups managed delete nodes",
        "instance-templates delete node",
        "health-checks delete web",
        "addresses delete ip",
        "disks delete data",
    ] {
        gcloud.run(&format!("compute {command}")).await;
    }
    assert_eq!(gcloud.emulator.resources(), Vec::<String>::new());
}

/// The load balancers that kops makes: a pool behind a public address, and a service inside the network.
#[tokio::test(flavor = "multi_thread")]
async fn gcloud_makes_changes_and_deletes_regional_balancers() {
    let Some(gcloud) = Gcloud::start().await else { return };
    let region = "--region=us-central1";
    for made in [
        "networks create main --subnet-mode=custom",
        "networks subnets create nodes --network=main --range=10.0.0.0/20",
        "addresses create public",
        "addresses create private --subnet=nodes",
        "http-health-checks create api --port=3990 --request-path=/healthz",
        "target-pools create api --http-health-check=api",
        "target-pools create other",
        "health-checks create tcp api --region=us-central1 --port=443",
        "instance-templates create node --machine-type=e2-medium --network=main --subnet=nodes --instance-template-region=us-central1",
        "instance-groups managed create nodes --template=projects/landform-test/regions/us-central1/instanceTemplates/node --size=2",
    ] {
        gcloud.run(&format!("compute {made}")).await;
    }
    gcloud.run("compute instance-groups managed set-target-pools nodes --target-pools=api").await;
    let create = "compute forwarding-rules create";
    gcloud.run(&format!("{create} public {region} --address=public --ports=443 --target-pool=api")).await;
    // The server answers the number of the address, and the range of the port.
    let (address, rule) = (
        gcloud.run("compute addresses describe public").await,
        gcloud.run(&format!("compute forwarding-rules describe public {region}")).await,
    );
    assert_eq!((&rule["IPAddress"], rule["portRange"].as_str()), (&address["address"], Some("443-443")));
    gcloud.run(&format!("compute forwarding-rules set-target public {region} --target-pool=other")).await;
    let service = "backend-services create api --load-balancing-scheme=internal --protocol=TCP";
    gcloud
        .run(&format!("compute {service} {region} --health-checks=api --health-checks-region=us-central1"))
        .await;
    let backend = "--instance-group=nodes --instance-group-zone=us-central1-a";
    gcloud.run(&format!("compute backend-services add-backend api {region} {backend}")).await;
    let inside =
        "--load-balancing-scheme=internal --network=main --subnet=nodes --address=private --ports=443";
    gcloud.run(&format!("{create} private {region} {inside} --backend-service=api")).await;
    let mut rules = gcloud.names("compute forwarding-rules list").await;
    rules.sort();
    assert_eq!(rules, ["private", "public"]);
    let (done, why) = gcloud.attempt(&format!("compute addresses delete private {region}")).await;
    assert!(!done && why.contains("already being used by"), "{why}");
    for gone in [
        "forwarding-rules delete private --region=us-central1",
        "forwarding-rules delete public --region=us-central1",
        "backend-services delete api --region=us-central1",
        "instance-groups managed delete nodes",
        "instance-templates delete node --region=us-central1",
        "target-pools delete api",
        "target-pools delete other",
        "http-health-checks delete api",
        "health-checks delete api --region=us-central1",
        "addresses delete public",
        "addresses delete private",
        "networks subnets delete nodes",
        "networks delete main",
    ] {
        gcloud.run(&format!("compute {gone}")).await;
    }
    assert_eq!(gcloud.emulator.resources(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn gcloud_makes_accounts_zones_and_buckets() {
    let Some(gcloud) = Gcloud::start().await else { return };
    let account = "nodes-sa@landform-test.iam.gserviceaccount.com";
    gcloud.run("iam service-accounts create nodes-sa --display-name=Nodes").await;
    gcloud.run(&format!("projects add-iam-policy-binding landform-test --member=serviceAccount:{account} --role=roles/viewer --condition=None")).await;
    gcloud.run("dns managed-zones create main --dns-name=example.com. --description=main").await;
    gcloud
        .run("dns record-sets create www.example.com. --zone=main --type=A --ttl=60 --rrdatas=10.0.0.1")
        .await;
    gcloud
        .run("dns record-sets update www.example.com. --zone=main --type=A --ttl=60 --rrdatas=10.0.0.2")
        .await;
    let records = gcloud.run("dns record-sets list --zone=main").await;
    assert_eq!(records.as_array().map(Vec::len), Some(3), "{records}");
    gcloud.run("dns record-sets delete www.example.com. --zone=main --type=A").await;
    gcloud.run("dns managed-zones delete main").await;
    gcloud.run("storage buckets create gs://landform-bucket --location=us-central1").await;
    let file = gcloud.config.path().join("hello");
    std::fs::write(&file, "hello").unwrap();
    gcloud.run(&format!("storage cp {} gs://landform-bucket/a/hello", file.display())).await;
    let (done, printed) = gcloud.attempt("storage cat gs://landform-bucket/a/hello").await;
    // An empty list follows the content, because gcloud also formats the command's empty result.
    assert!(done && printed.starts_with("hello"), "{printed}");
    gcloud.run("storage rm gs://landform-bucket/a/hello").await;
    gcloud.run("storage buckets delete gs://landform-bucket").await;
    gcloud.run(&format!("iam service-accounts delete {account}")).await;
    assert_eq!(gcloud.emulator.resources(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn gcloud_makes_peerings_router_parts_autoscalers_and_url_maps() {
    let Some(gcloud) = Gcloud::start().await else { return };
    for network in ["main", "other"] {
        gcloud.run(&format!("compute networks create {network} --subnet-mode=custom")).await;
    }
    gcloud.run("compute networks subnets create hub --network=main --range=10.0.0.0/20").await;
    gcloud.run("compute networks peerings create out --network=main --peer-network=other").await;
    gcloud.run("compute networks peerings update out --network=main --export-custom-routes").await;
    let main = gcloud.run("compute networks describe main").await;
    assert_eq!(main["peerings"][0]["exportCustomRoutes"], true, "{main}");

    gcloud.run("compute routers create main --network=main --asn=64512").await;
    gcloud
        .run("compute routers add-interface main --interface-name=hub --subnetwork=hub --ip-address=10.0.0.9")
        .await;
    gcloud.run("compute routers add-bgp-peer main --peer-name=office --interface=hub --peer-asn=65001 --peer-ip-address=10.0.0.10").await;
    gcloud
        .run("compute routers update-bgp-peer main --peer-name=office --advertised-route-priority=50")
        .await;
    let router = gcloud.run("compute routers describe main").await;
    assert_eq!(router["bgpPeers"][0]["advertisedRoutePriority"], 50, "{router}");

    gcloud.run("compute instance-templates create node --machine-type=e2-medium --image-project=debian-cloud --image-family=debian-12").await;
    gcloud.run("compute instance-groups managed create nodes --template=node --size=1").await;
    gcloud.run("compute instance-groups managed set-autoscaling nodes --max-num-replicas=5 --target-cpu-utilization=0.5").await;
    gcloud.run("compute instance-groups managed update-autoscaling nodes --mode=only-scale-out").await;
    let group = gcloud.run("compute instance-groups managed describe nodes").await;
    assert_eq!(group["autoscaler"]["autoscalingPolicy"]["mode"], "ONLY_SCALE_OUT", "{group}");

    gcloud.run("compute health-checks create http web --port=80").await;
    gcloud.run("compute backend-services create web --global --protocol=HTTP --health-checks=web --global-health-checks").await;
    gcloud.run("compute url-maps create web --default-service=web").await;
    gcloud.run("compute url-maps add-path-matcher web --path-matcher-name=all --default-service=web --new-hosts=example.com --path-rules=/api=web").await;
    let map = gcloud.run("compute url-maps describe web").await;
    assert_eq!(map["hostRules"][0]["pathMatcher"], "all", "{map}");
    for command in [
        "url-maps delete web",
        "backend-services delete web --global",
        "health-checks delete web",
        "instance-groups managed stop-autoscaling nodes",
        "instance-groups managed delete nodes",
        "instance-templates delete node",
        "routers remove-bgp-peer main --peer-name=office",
        "routers remove-interface main --interface-name=hub",
        "routers delete main",
        "networks peerings delete out --network=main",
        "networks subnets delete hub",
        "networks delete main",
        "networks delete other",
    ] {
        gcloud.run(&format!("compute {command}")).await;
    }
    assert_eq!(gcloud.emulator.resources(), Vec::<String>::new());
}
