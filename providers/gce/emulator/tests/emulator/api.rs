//! The refusals of the emulator, and the life of operations.

use std::time::Duration;

use landform_gce_emulator::{Emulator, Fault, Life, Settings, What};
use serde_json::{Value as Json, json};

use crate::http::Http;

const GLOBAL: &str = "/compute/v1/projects/landform-test/global";
const REGION: &str = "/compute/v1/projects/landform-test/regions/us-central1";
const ZONE: &str = "/compute/v1/projects/landform-test/zones/us-central1-a";

struct Cloud {
    emulator: Emulator,
    http: Http,
}

impl Cloud {
    async fn start(settings: Settings) -> Self {
        let emulator = Emulator::start(settings).await.unwrap();
        let http = Http::new(emulator.url());
        Self { emulator, http }
    }

    async fn get(&self, path: &str) -> (u16, Json) {
        self.http.send("GET", path, None).await
    }

    async fn post(&self, path: &str, body: &Json) -> (u16, Json) {
        self.http.send("POST", path, Some(body)).await
    }

    /// Starts an operation and waits for it. Returns the code of its error, if it has one.
    async fn done(&self, verb: &str, path: &str, body: Option<&Json>) -> Option<String> {
        let (status, operation) = self.http.send(verb, path, body).await;
        assert_eq!(status, 200, "{verb} {path}: {operation}");
        let link = operation["selfLink"].as_str().unwrap().replace("https://www.googleapis.com", "");
        let (_, done) = self.http.send("POST", &format!("{link}/wait"), None).await;
        assert_eq!(done["status"], "DONE");
        done["error"]["errors"][0]["code"].as_str().map(str::to_owned)
    }

    async fn make(&self, path: &str, body: Json) {
        assert_eq!(self.done("POST", path, Some(&body)).await, None, "{body}");
    }

    /// The status, reason and message of a refusal.
    async fn refusal(&self, verb: &str, path: &str, body: Option<&Json>) -> (u16, String, String) {
        let (status, answer) = self.http.send(verb, path, body).await;
        let error = &answer["error"];
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        (status, text(&error["errors"][0]["reason"]), text(&error["message"]))
    }

    async fn network(&self) {
        self.make(&format!("{GLOBAL}/networks"), json!({ "name": "main", "autoCreateSubnetworks": false }))
            .await;
        let range =
            json!({ "name": "nodes", "network": "global/networks/main", "ipCidrRange": "10.0.0.0/20" });
        self.make(&format!("{REGION}/subnetworks"), range).await;
    }
}

#[tokio::test]
async fn bodies_are_checked_by_the_schema() {
    let cloud = Cloud::start(Settings::default()).await;
    let networks = format!("{GLOBAL}/networks");
    for (body, status, part) in [
        (json!({ "name": "a", "autoCreateSubnets": true }), 400, "Unknown name \"autoCreateSubnets\""),
        (json!({ "name": "a", "autoCreateSubnetworks": "yes" }), 400, "(TYPE_BOOL)"),
        (json!({ "name": "a", "autoCreateSubnetworks": false, "mtu": "big" }), 400, "(TYPE_INT32)"),
        (json!({ "name": "a", "autoCreateSubnetworks": false, "mtu": 9000 }), 400, "[1300, 8896]"),
        (json!({ "name": "Main", "autoCreateSubnetworks": false }), 400, "Must be a match of regex"),
        (json!({ "name": "a".repeat(64), "autoCreateSubnetworks": false }), 400, "Must be a match of regex"),
        (json!({ "autoCreateSubnetworks": false }), 400, "Required field 'resource.name'"),
        (
            json!({ "name": "a", "autoCreateSubnetworks": false, "routingConfig": { "routingMode": "WORLD" } }),
            400,
            "(TYPE_ENUM)",
        ),
        (
            json!({ "name": "a", "autoCreateSubnetworks": false, "routingConfig": { "mode": 1 } }),
            400,
            "at 'routingConfig'",
        ),
        (json!({ "name": "default", "autoCreateSubnetworks": false }), 409, "already exists"),
    ] {
        let (given, _, message) = cloud.refusal("POST", &networks, Some(&body)).await;
        assert_eq!(given, status, "{body}: {message}");
        assert!(message.contains(part), "{body}: {message}");
    }
    let (status, _, message) =
        cloud.refusal("POST", &format!("{networks}?dryRun=true"), Some(&json!({}))).await;
    assert_eq!((status, message.contains("\"dryRun\"")), (400, true), "{message}");
    assert_eq!(cloud.emulator.resources(), Vec::<String>::new());
}

#[tokio::test]
async fn references_lead_somewhere_and_ranges_do_not_overlap() {
    let cloud = Cloud::start(Settings::default()).await;
    cloud.network().await;
    let subnetwork =
        |network: &str, range: &str| json!({ "name": "more", "network": network, "ipCidrRange": range });
    let subnetworks = format!("{REGION}/subnetworks");
    for (body, status, reason) in [
        (subnetwork("global/networks/none", "10.9.0.0/24"), 400, "invalid"),
        (subnetwork("main", "10.9.0.0/24"), 400, "invalid"),
        (subnetwork("global/firewalls/main", "10.9.0.0/24"), 400, "invalid"),
        (subnetwork("global/networks/main", "10.0.8.0/24"), 400, "invalidUsage"),
        (subnetwork("global/networks/main", "10.0.0.0/8"), 400, "invalidUsage"),
        (subnetwork("global/networks/main", "10.9.0.1/24"), 400, "invalid"),
        (subnetwork("global/networks/main", "10.9.0.0/30"), 400, "invalid"),
    ] {
        let (given, why, message) = cloud.refusal("POST", &subnetworks, Some(&body)).await;
        assert_eq!((given, why.as_str()), (status, reason), "{body}: {message}");
    }
    let (status, reason, message) = cloud
        .refusal(
            "POST",
            "/compute/v1/projects/landform-test/regions/us-nowhere1/subnetworks",
            Some(&json!({})),
        )
        .await;
    assert_eq!((status, reason.as_str()), (400, "invalid"), "{message}");
    let (status, reason, _) =
        cloud.refusal("GET", "/compute/v1/projects/nobody/global/networks/main", None).await;
    assert_eq!((status, reason.as_str()), (404, "notFound"));
}

#[tokio::test]
async fn what_is_used_cannot_be_deleted() {
    let cloud = Cloud::start(Settings::default()).await;
    cloud.network().await;
    let instance = json!({
        "name": "vm", "machineType": "zones/us-central1-a/machineTypes/e2-medium",
        "disks": [{ "boot": true, "autoDelete": true, "initializeParams": {
            "sourceImage": "projects/debian-cloud/global/images/family/debian-12" } }],
        "networkInterfaces": [{ "subnetwork": "regions/us-central1/subnetworks/nodes" }],
    });
    cloud.make(&format!("{ZONE}/instances"), instance).await;
    let (status, reason, message) =
        cloud.refusal("DELETE", &format!("{REGION}/subnetworks/nodes"), None).await;
    assert_eq!((status, reason.as_str()), (400, "resourceInUseByAnotherResource"));
    assert!(
        message.contains("already being used by 'projects/landform-test/zones/us-central1-a/instances/vm'"),
        "{message}"
    );
    let error = cloud.done("DELETE", &format!("{GLOBAL}/networks/main"), None).await;
    assert_eq!(error.as_deref(), Some("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"));
    assert_eq!(cloud.get(&format!("{GLOBAL}/networks/main")).await.0, 200);
    let (status, _, _) = cloud.refusal("DELETE", &format!("{ZONE}/disks/vm"), None).await;
    assert_eq!(status, 400);
    for path in [
        format!("{ZONE}/instances/vm"),
        format!("{REGION}/subnetworks/nodes"),
        format!("{GLOBAL}/networks/main"),
    ] {
        assert_eq!(cloud.done("DELETE", &path, None).await, None, "{path}");
    }
    assert_eq!(cloud.emulator.resources(), Vec::<String>::new());
}

#[tokio::test]
async fn operations_are_pending_running_and_done() {
    let mut settings = Settings::default();
    let hour = Duration::from_secs(3600);
    settings.life = Life { pending: hour, running: hour };
    let cloud = Cloud::start(settings).await;
    let networks = format!("{GLOBAL}/networks");
    let body = json!({ "name": "main", "autoCreateSubnetworks": false });
    let (_, operation) = cloud.post(&networks, &body).await;
    assert_eq!(operation["status"], "PENDING");
    assert_eq!(cloud.get(&format!("{networks}/main")).await.0, 404);
    assert_eq!(cloud.post(&networks, &body).await.0, 409);
    let subnetwork =
        json!({ "name": "nodes", "network": "global/networks/main", "ipCidrRange": "10.0.0.0/20" });
    let (status, reason, _) =
        cloud.refusal("POST", &format!("{REGION}/subnetworks"), Some(&subnetwork)).await;
    assert_eq!((status, reason.as_str()), (400, "resourceNotReady"));
    cloud.emulator.finish();
    let link = operation["selfLink"].as_str().unwrap().replace("https://www.googleapis.com", "");
    let (_, done) = cloud.get(&link).await;
    assert_eq!((&done["status"], &done["progress"]), (&json!("DONE"), &json!(100)));
    assert_eq!(cloud.get(&format!("{networks}/main")).await.0, 200);
    cloud.emulator.set_life(Life { pending: Duration::ZERO, running: hour });
    let (_, operation) = cloud.http.send("DELETE", &format!("{networks}/main"), None).await;
    assert_eq!(operation["status"], "RUNNING");
    let (_, reason, _) = cloud.refusal("DELETE", &format!("{networks}/main"), None).await;
    assert_eq!(reason, "resourceNotReady");
}

#[tokio::test]
async fn a_request_id_begins_one_operation() {
    let cloud = Cloud::start(Settings::default()).await;
    let id = "0b8f0f5e-3f6c-4a4e-9e1b-1c2d3e4f5a6b";
    let networks = format!("{GLOBAL}/networks?requestId={id}");
    let body = json!({ "name": "main", "autoCreateSubnetworks": false });
    let (_, first) = cloud.post(&networks, &body).await;
    let (_, again) = cloud.post(&networks, &body).await;
    assert_eq!((&first["name"], &again["status"]), (&again["name"], &json!("DONE")));
    let other = json!({ "name": "other", "autoCreateSubnetworks": false });
    assert_eq!(cloud.post(&networks, &other).await.0, 400);
    for wrong in ["00000000-0000-0000-0000-000000000000", "one"] {
        assert_eq!(cloud.post(&format!("{GLOBAL}/networks?requestId={wrong}"), &other).await.0, 400);
    }
}

#[tokio::test]
async fn fingerprints_guard_changes() {
    let cloud = Cloud::start(Settings::default()).await;
    cloud.network().await;
    let path = format!("{REGION}/subnetworks/nodes");
    let (_, there) = cloud.get(&path).await;
    let patch = |fingerprint: Option<&Json>| {
        let mut patch = json!({ "logConfig": { "enable": true } });
        if let Some(fingerprint) = fingerprint {
            patch["fingerprint"] = fingerprint.clone();
        }
        patch
    };
    let (status, _, message) = cloud.refusal("PATCH", &path, Some(&patch(None))).await;
    assert_eq!((status, message.as_str()), (400, "Required field 'resource.fingerprint' not specified"));
    assert_eq!(cloud.done("PATCH", &path, Some(&patch(Some(&there["fingerprint"])))).await, None);
    let (status, reason, _) = cloud.refusal("PATCH", &path, Some(&patch(Some(&there["fingerprint"])))).await;
    assert_eq!((status, reason.as_str()), (412, "conditionNotMet"));
}

#[tokio::test]
async fn lists_are_filtered_and_in_pages() {
    let cloud = Cloud::start(Settings::default()).await;
    for index in 0..7 {
        cloud.make(&format!("{REGION}/addresses"), json!({ "name": format!("ip-{index}") })).await;
    }
    let mut names = Vec::new();
    let mut next = String::new();
    loop {
        let (status, page) = cloud.get(&format!("{REGION}/addresses?maxResults=3&pageToken={next}")).await;
        assert_eq!((status, &page["kind"]), (200, &json!("compute#addressList")));
        names.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()),
        );
        match page["nextPageToken"].as_str() {
            Some(token) => next = token.replace('=', "%3D"),
            None => break,
        }
    }
    assert_eq!(names, (0..7).map(|index| format!("ip-{index}")).collect::<Vec<_>>());
    let (_, some) = cloud.get(&format!("{REGION}/addresses?filter=(name=ip-1)OR(name=ip-3)")).await;
    assert_eq!(some["items"].as_array().unwrap().len(), 2);
    let (_, none) = cloud.get(&format!("{REGION}/addresses?filter=name=none")).await;
    assert_eq!(none["items"], Json::Null);
    let (_, all) = cloud.get("/compute/v1/projects/landform-test/aggregated/addresses").await;
    assert_eq!(all["items"]["regions/us-central1"]["addresses"].as_array().unwrap().len(), 7);
    assert_eq!(all["items"]["regions/us-east1"]["warning"]["code"], "NO_RESULTS_ON_PAGE");
    for wrong in ["maxResults=501", "maxResults=-1", "pageToken=%3F", "filter=name"] {
        assert_eq!(cloud.get(&format!("{REGION}/addresses?{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn quotas_end() {
    let mut settings = Settings::default();
    settings.quotas.insert("NETWORKS".to_owned(), 2);
    let cloud = Cloud::start(settings).await;
    let network = |name: &str| json!({ "name": name, "autoCreateSubnetworks": false });
    cloud.make(&format!("{GLOBAL}/networks"), network("a")).await;
    let (status, reason, message) =
        cloud.refusal("POST", &format!("{GLOBAL}/networks"), Some(&network("b"))).await;
    assert_eq!((status, reason.as_str()), (403, "quotaExceeded"));
    assert_eq!(message, "Quota 'NETWORKS' exceeded.  Limit: 2.0 globally.");
    assert_eq!(cloud.done("DELETE", &format!("{GLOBAL}/networks/a"), None).await, None);
    cloud.make(&format!("{GLOBAL}/networks"), network("b")).await;
}

#[tokio::test]
async fn nats_live_in_routers_and_cover_nothing_twice() {
    let cloud = Cloud::start(Settings::default()).await;
    cloud.network().await;
    for name in ["one", "two"] {
        cloud
            .make(&format!("{REGION}/routers"), json!({ "name": name, "network": "global/networks/main" }))
            .await;
    }
    let nat = |more: Json| {
        let mut nat = json!({
            "name": "nat", "natIpAllocateOption": "AUTO_ONLY",
            "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
        });
        for (name, value) in more.as_object().unwrap() {
            nat[name] = value.clone();
        }
        json!({ "nats": [nat] })
    };
    let one = format!("{REGION}/routers/one");
    for wrong in [
        json!({ "natIpAllocateOption": "MANUAL_ONLY" }),
        json!({ "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS" }),
        json!({ "enableDynamicPortAllocation": true, "enableEndpointIndependentMapping": true }),
        json!({ "maxPortsPerVm": 128 }),
        json!({ "natIps": ["regions/us-central1/addresses/none"], "natIpAllocateOption": "MANUAL_ONLY" }),
    ] {
        let (status, _, message) = cloud.refusal("PATCH", &one, Some(&nat(wrong.clone()))).await;
        assert_eq!(status, 400, "{wrong}: {message}");
    }
    assert_eq!(cloud.done("PATCH", &one, Some(&nat(json!({})))).await, None);
    let (_, router) = cloud.get(&one).await;
    assert_eq!(router["nats"][0]["type"], "PUBLIC");
    let (status, _, message) =
        cloud.refusal("PATCH", &format!("{REGION}/routers/two"), Some(&nat(json!({})))).await;
    assert_eq!(status, 400);
    assert!(message.contains("NAT 'nat' of router 'one'"), "{message}");
    assert_eq!(cloud.done("PATCH", &one, Some(&json!({ "nats": [] }))).await, None);
    assert_eq!(cloud.get(&one).await.1["nats"], Json::Null);
}

#[tokio::test]
async fn managed_groups_make_and_remove_instances() {
    let cloud = Cloud::start(Settings::default()).await;
    cloud.network().await;
    let template = |name: &str, machine: &str| {
        json!({ "name": name, "properties": {
            "machineType": machine,
            "disks": [{ "boot": true, "autoDelete": true, "initializeParams": {
                "sourceImage": "projects/debian-cloud/global/images/family/debian-12" } }],
            "networkInterfaces": [{ "subnetwork": "regions/us-central1/subnetworks/nodes" }],
            "metadata": { "items": [{ "key": "role", "value": "node" }] },
        } })
    };
    let templates = format!("{GLOBAL}/instanceTemplates");
    cloud.make(&templates, template("old", "e2-medium")).await;
    let group = json!({
        "name": "nodes", "baseInstanceName": "node", "targetSize": 3, "instanceTemplate": "global/instanceTemplates/old",
    });
    cloud.make(&format!("{REGION}/instanceGroupManagers"), group).await;
    let path = format!("{REGION}/instanceGroupManagers/nodes");
    let members = || async {
        let (_, list) = cloud.post(&format!("{path}/listManagedInstances"), &json!({})).await;
        let list = list["managedInstances"].as_array().cloned().unwrap_or_default();
        list.into_iter().map(|member| member["instance"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let three = members().await;
    let zones: std::collections::BTreeSet<_> =
        three.iter().map(|link| link.split('/').nth(8).unwrap()).collect();
    assert_eq!((three.len(), zones.len()), (3, 3), "{three:?}");
    let (_, shown) = cloud.get(&path).await;
    assert_eq!(shown["status"]["isStable"], true);

    // The manager recreates a deleted instance.
    let lost = three[0].replace("https://www.googleapis.com", "");
    assert_eq!(cloud.done("DELETE", &lost, None).await, None);
    assert_eq!(members().await, three);
    assert_eq!(cloud.get(&lost).await.0, 200);

    // The deletion of a template in use fails in the operation.
    let error = cloud.done("DELETE", &format!("{templates}/old"), None).await;
    assert_eq!(error.as_deref(), Some("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"));
    cloud.make(&templates, template("new", "e2-small")).await;
    let patch = json!({ "instanceTemplate": "global/instanceTemplates/new", "updatePolicy": { "type": "PROACTIVE" } });
    assert_eq!(cloud.done("PATCH", &path, Some(&patch)).await, None);
    let new = members().await;
    assert!(new.len() == 3 && new.iter().all(|link| !three.contains(link)), "{new:?}");
    assert_eq!(cloud.done("DELETE", &format!("{templates}/old"), None).await, None);

    assert_eq!(cloud.done("POST", &format!("{path}/resize?size=30"), None).await, None);
    assert_eq!(members().await.len(), 30);
    assert_eq!(cloud.done("DELETE", &path, None).await, None);
    let (_, all) =
        cloud.get("/compute/v1/projects/landform-test/aggregated/instances?filter=name:node*").await;
    assert!(all["items"].as_object().unwrap().values().all(|scope| scope["instances"].is_null()));
}

#[tokio::test]
async fn faults_happen_as_told() {
    let cloud = Cloud::start(Settings::default()).await;
    let networks = format!("{GLOBAL}/networks");
    let body = json!({ "name": "main", "autoCreateSubnetworks": false });
    cloud.emulator.inject(Fault::throttled("compute.networks.insert"));
    let (status, reason, _) = cloud.refusal("POST", &networks, Some(&body)).await;
    assert_eq!((status, reason.as_str()), (403, "rateLimitExceeded"));
    cloud.emulator.inject(Fault::new("compute.networks.insert", What::LoseAnswer));
    let lost =
        reqwest::Client::new().post(format!("{}{networks}", cloud.emulator.url())).json(&body).send().await;
    let lost = match lost {
        Ok(answer) => answer.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(lost, "the answer came");
    assert_eq!(cloud.get(&format!("{networks}/main")).await.0, 200);
    let failure = json!({
        "method": "compute.networks.delete", "fail": { "status": 503, "reason": "internalError", "message": "try again" },
    });
    assert_eq!(cloud.post("/emulator/faults", &failure).await.0, 200);
    let error = cloud.done("DELETE", &format!("{networks}/main"), None).await;
    assert_eq!(error.as_deref(), Some("INTERNAL_ERROR"));
    assert_eq!(cloud.done("DELETE", &format!("{networks}/main"), None).await, None);
    assert_eq!(cloud.emulator.calls()["compute.networks.insert"], 2);
}

#[tokio::test]
async fn peerings_keep_routes_waiting() {
    let cloud = Cloud::start(Settings::default()).await;
    cloud.network().await;
    cloud
        .make(&format!("{GLOBAL}/networks"), json!({ "name": "peer", "autoCreateSubnetworks": false }))
        .await;
    cloud.emulator.set_life(Life { pending: Duration::ZERO, running: Duration::from_secs(3600) });
    let peering = json!({ "networkPeering": {
        "name": "peer", "network": "global/networks/peer", "exchangeSubnetRoutes": true } });
    assert_eq!(cloud.post(&format!("{GLOBAL}/networks/main/addPeering"), &peering).await.0, 200);
    let route = json!({
        "name": "r", "network": "global/networks/main", "destRange": "10.9.0.0/16", "priority": 900,
        "nextHopGateway": "global/gateways/default-internet-gateway",
    });
    let (status, reason, message) = cloud.refusal("POST", &format!("{GLOBAL}/routes"), Some(&route)).await;
    assert_eq!((status, reason.as_str()), (400, "badRequest"));
    assert!(message.ends_with("Try again later."), "{message}");
    cloud.emulator.finish();
    let (status, answer) = cloud.post(&format!("{GLOBAL}/routes"), &route).await;
    assert_eq!(status, 200, "{answer}");
}
