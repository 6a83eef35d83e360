//! A Kubernetes API of a cluster in the embedded cloud: every instance of its groups is a node at once and has pods. Only
//! what a drain needs: nodes, pods, evictions. `kubectl drain` is run against it, too, where there is one.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use landform::sim::{Cloud, Existing};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The API, until it is dropped.
pub struct Api {
    pub address: SocketAddr,
    pub seen: Arc<Mutex<Seen>>,
    _runtime: Runtime,
}

/// What it knows beside the cloud, and what it was asked to do.
#[derive(Default)]
pub struct Seen {
    /// Changes of nodes, and evictions, in order.
    pub log: Vec<String>,
    /// Pods whose machine went before they did.
    pub lost: Vec<String>,
    /// Nodes, by their name, that are not ready.
    pub unready: BTreeSet<String>,
    /// Pods that a disruption budget keeps, and how many evictions it refuses.
    pub budgets: BTreeMap<String, u32>,
    patches: BTreeMap<String, Value>,
    evicted: BTreeSet<String>,
    /// Machines whose node was deleted.
    forgotten: BTreeSet<String>,
    /// The pods that must not be lost, by the node that they are on.
    pods: BTreeMap<String, String>,
}

#[derive(Clone)]
struct World {
    cloud: Cloud,
    seen: Arc<Mutex<Seen>>,
}

/// An instance as a node.
struct Machine {
    /// What tells it from a machine that has its name later.
    id: String,
    node: String,
    zone: String,
    /// The cloud's path of it, as its node names it.
    provider: String,
    controls: bool,
}

impl Machine {
    fn of(object: &Existing) -> Option<Self> {
        let text = |name: &str| object.arguments[name].as_str().unwrap().to_owned();
        let attribute = |name: &str| object.attributes[name].as_str().unwrap().to_owned();
        match object.type_name.as_str() {
            "aws_instance" => Some(Self {
                node: attribute("private_dns"),
                provider: format!("aws:///{}/{}", text("availability_zone"), object.id),
                zone: text("availability_zone"),
                controls: object.arguments["tags"].get("k8s.io/role/control-plane").is_some(),
                id: object.id.clone(),
            }),
            "google_compute_instance" => Some(Self {
                node: text("name"),
                provider: format!("gce://{}/{}/{}", text("project"), text("zone"), text("name")),
                zone: text("zone"),
                controls: object.arguments["labels"].get("k8s-io-role-control-plane").is_some(),
                id: attribute("instance_id"),
            }),
            _ => None,
        }
    }
}

impl Api {
    /// Serves the machines of a cloud.
    pub fn of(cloud: Cloud) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let world = World { cloud, seen: seen.clone() };
        let pod = "/api/v1/namespaces/{namespace}/pods/{name}";
        let router = Router::new()
            .route("/api", get(async || Json(json!({ "kind": "APIVersions", "versions": ["v1"] }))))
            .route("/apis", get(async || Json(groups())))
            .route("/api/v1", get(async || Json(resources())))
            .route("/apis/policy/v1", get(async || Json(policies())))
            .route("/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}", get(daemon_set))
            .route("/api/v1/nodes", get(nodes))
            .route("/api/v1/nodes/{name}", get(node).patch(patch).delete(forget))
            .route("/api/v1/pods", get(pods))
            .route(pod, get(one_pod))
            .route(&format!("{pod}/eviction"), post(evict))
            .with_state(world);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, seen, _runtime: runtime }
    }

    /// The option of the command line that names it.
    pub fn option(&self) -> String {
        format!("--api-server http://{}", self.address)
    }

    /// Forgets what it was asked to do, and tells it.
    pub fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.seen.lock().unwrap().log)
    }
}

impl World {
    /// The machines of the cluster now. Tells which pods went with their machine.
    fn machines(&self) -> Vec<Machine> {
        let objects = self.cloud.objects().unwrap().into_iter();
        let machines: Vec<Machine> = objects.filter_map(|object| Machine::of(&object)).collect();
        let mut seen = self.seen.lock().unwrap();
        let before = std::mem::take(&mut seen.pods);
        let with_pod = machines.iter().filter(|machine| !machine.controls);
        seen.pods = with_pod.map(|machine| (machine.node.clone(), web(&machine.id))).collect();
        for (node, pod) in before {
            if seen.pods.get(&node) != Some(&pod) && !seen.evicted.contains(&pod) {
                seen.lost.push(pod);
            }
        }
        // A machine registers its node once.
        machines.into_iter().filter(|machine| !seen.forgotten.contains(&machine.id)).collect()
    }

    fn node(&self, machine: &Machine) -> Value {
        let seen = self.seen.lock().unwrap();
        let mut labels = json!({
            "kubernetes.io/hostname": machine.node,
            "topology.kubernetes.io/zone": machine.zone,
        });
        if machine.controls {
            labels["node-role.kubernetes.io/control-plane"] = "".into();
        }
        let ready = if seen.unready.contains(&machine.node) { "False" } else { "True" };
        let mut node = json!({
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": { "name": machine.node, "uid": machine.id, "labels": labels },
            "spec": { "providerID": machine.provider },
            "status": { "conditions": [{ "type": "Ready", "status": ready }] },
        });
        if let Some(patch) = seen.patches.get(&machine.node) {
            merge(&mut node, patch);
        }
        node
    }

    /// The pods of the machines: one that must not be lost, a daemon set's, and those of the control plane.
    fn pods(&self, node: Option<&str>) -> Vec<Value> {
        let mut pods = Vec::new();
        let machines = self.machines();
        let seen = self.seen.lock().unwrap();
        for machine in machines.iter().filter(|machine| node.is_none_or(|node| node == machine.node)) {
            let web = web(&machine.id);
            if !machine.controls && !seen.evicted.contains(&web) {
                let owner = json!({ "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "web", "controller": true });
                pods.push(pod("default", &web, &machine.node, json!({ "ownerReferences": [owner] }), ""));
            }
            let owner = json!({ "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "net", "uid": "net", "controller": true });
            let net = json!({ "ownerReferences": [owner], "labels": { "k8s-app": "net" } });
            pods.push(pod(
                "kube-system",
                &format!("net-{}", machine.id),
                &machine.node,
                net,
                "system-node-critical",
            ));
            for app in ["kube-apiserver", "kube-controller-manager", "kube-scheduler"]
                .iter()
                .filter(|_| machine.controls)
            {
                let metadata = json!({
                    "labels": { "k8s-app": app },
                    "annotations": { "kubernetes.io/config.mirror": "digest" },
                });
                pods.push(pod(
                    "kube-system",
                    &format!("{app}-{}", machine.id),
                    &machine.node,
                    metadata,
                    "system-cluster-critical",
                ));
            }
        }
        pods
    }
}

/// The pod of a machine that must not be lost.
fn web(id: &str) -> String {
    format!("web-{id}")
}

fn pod(namespace: &str, name: &str, node: &str, metadata: Value, priority: &str) -> Value {
    let mut all = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "namespace": namespace, "name": name, "uid": name },
        "spec": { "nodeName": node, "containers": [], "priorityClassName": priority },
        "status": { "phase": "Running", "containerStatuses": [] },
    });
    merge(&mut all["metadata"], &metadata);
    all
}

/// A JSON merge patch, RFC 7396.
fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (name, value) in patch {
                match value {
                    Value::Null => drop(into.remove(name)),
                    value => merge(into.entry(name).or_insert(Value::Null), value),
                }
            }
        }
        (into, patch @ Value::Object(_)) => {
            *into = json!({});
            merge(into, patch);
        }
        (into, patch) => *into = patch.clone(),
    }
}

async fn nodes(State(world): State<World>) -> Json<Value> {
    let nodes: Vec<Value> = world.machines().iter().map(|machine| world.node(machine)).collect();
    Json(json!({ "apiVersion": "v1", "kind": "NodeList", "metadata": {}, "items": nodes }))
}

async fn node(State(world): State<World>, Path(name): Path<String>) -> (StatusCode, Json<Value>) {
    let machines = world.machines();
    match machines.iter().find(|machine| machine.node == name) {
        Some(machine) => (StatusCode::OK, Json(world.node(machine))),
        None => status(404, "NotFound"),
    }
}

async fn patch(
    State(world): State<World>,
    Path(name): Path<String>,
    body: axum::body::Bytes,
) -> (StatusCode, Json<Value>) {
    let change: Value = serde_json::from_slice(&body).unwrap();
    {
        let mut seen = world.seen.lock().unwrap();
        let what = if change["spec"]["unschedulable"] == true { "cordon" } else { "taint" };
        seen.log.push(format!("{what} {name}"));
        let patch = seen.patches.entry(name.clone()).or_insert_with(|| json!({}));
        merge(patch, &change);
    }
    node(State(world), Path(name)).await
}

async fn forget(State(world): State<World>, Path(name): Path<String>) -> (StatusCode, Json<Value>) {
    let Some(machine) = world.machines().into_iter().find(|machine| machine.node == name) else {
        return status(404, "NotFound");
    };
    let mut seen = world.seen.lock().unwrap();
    seen.log.push(format!("delete {name}"));
    seen.patches.remove(&name);
    seen.forgotten.insert(machine.id);
    (
        StatusCode::OK,
        Json(json!({ "apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Success" })),
    )
}

async fn pods(State(world): State<World>, Query(asked): Query<BTreeMap<String, String>>) -> Json<Value> {
    let node = asked.get("fieldSelector").and_then(|selector| selector.strip_prefix("spec.nodeName="));
    let pods = world.pods(node);
    // Two pages, so that clients have to ask for the second.
    let half = pods.len() / 2;
    let (items, next) = match asked.get("continue") {
        Some(_) => (&pods[half..], ""),
        None if asked.contains_key("limit") && half > 0 => (&pods[..half], "second"),
        None => (&pods[..], ""),
    };
    Json(json!({ "apiVersion": "v1", "kind": "PodList", "metadata": { "continue": next }, "items": items }))
}

async fn one_pod(
    State(world): State<World>,
    Path((namespace, name)): Path<(String, String)>,
) -> (StatusCode, Json<Value>) {
    let is_it = |pod: &Value| pod["metadata"]["namespace"] == namespace && pod["metadata"]["name"] == name;
    match world.pods(None).into_iter().find(is_it) {
        Some(pod) => (StatusCode::OK, Json(pod)),
        None => status(404, "NotFound"),
    }
}

async fn evict(
    State(world): State<World>,
    Path((_, name)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    // A body without a kind is what its place says.
    let kind = body["kind"].as_str().unwrap_or("Eviction");
    if kind != "Eviction" || body["metadata"]["name"] != name {
        return status(400, "BadRequest");
    }
    let mut seen = world.seen.lock().unwrap();
    if let Some(left) = seen.budgets.get_mut(&name).filter(|left| **left > 0) {
        *left -= 1;
        return status(429, "TooManyRequests");
    }
    seen.log.push(format!("evict {name}"));
    if !seen.evicted.insert(name) {
        return status(404, "NotFound");
    }
    (
        StatusCode::CREATED,
        Json(json!({ "apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Success" })),
    )
}

async fn daemon_set(Path((namespace, name)): Path<(String, String)>) -> Json<Value> {
    let metadata = json!({ "namespace": namespace, "name": name, "uid": name });
    Json(json!({ "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata }))
}

fn status(code: u16, reason: &str) -> (StatusCode, Json<Value>) {
    let body = json!({
        "apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Failure", "message": reason,
        "reason": reason, "code": code,
    });
    (StatusCode::from_u16(code).unwrap(), Json(body))
}

fn groups() -> Value {
    let version = json!({ "groupVersion": "policy/v1", "version": "v1" });
    let policy = json!({ "name": "policy", "versions": [version], "preferredVersion": version });
    json!({ "apiVersion": "v1", "kind": "APIGroupList", "groups": [policy] })
}

fn resources() -> Value {
    let of = |name: &str, kind: &str, namespaced: bool| json!({ "name": name, "singularName": "", "kind": kind, "namespaced": namespaced, "verbs": ["get", "list", "patch"] });
    let mut eviction = of("pods/eviction", "Eviction", true);
    eviction["group"] = "policy".into();
    eviction["version"] = "v1".into();
    let all = [of("nodes", "Node", false), of("pods", "Pod", true), eviction];
    json!({ "apiVersion": "v1", "kind": "APIResourceList", "groupVersion": "v1", "resources": all })
}

fn policies() -> Value {
    json!({ "apiVersion": "v1", "kind": "APIResourceList", "groupVersion": "policy/v1", "resources": [] })
}
