//! Searches a project of Google Cloud for the resources of a cluster without its spec: the templates of its machines name
//! it in their metadata, its network and its service accounts have names that only the cluster gives, and the rest is
//! what these use or contain. What only has a similar name stays.

use std::collections::{BTreeMap, BTreeSet};

use landform::gce::Client;
use landform::kops::names::gce as names;
use serde_json::Value;

use super::reading::Which;
use crate::Failure;

/// The role that a cluster gives to the service account of its control plane.
const CONTROL_PLANE: &str = "roles/container.serviceAgent";
/// The words for roles in network tags. The last one is from older clusters.
const ROLES: [&str; 5] = ["control-plane", "apiserver", "node", "bastion", "master"];

/// The collections to look through, with the type of their resources.
const COLLECTIONS: [(&str, &str); 13] = [
    ("instanceTemplates", "google_compute_instance_template"),
    ("instanceGroupManagers", "google_compute_instance_group_manager"),
    ("targetPools", "google_compute_target_pool"),
    ("backendServices", "google_compute_region_backend_service"),
    ("healthChecks", "google_compute_region_health_check"),
    ("httpHealthChecks", "google_compute_http_health_check"),
    ("forwardingRules", "google_compute_forwarding_rule"),
    ("addresses", "google_compute_address"),
    ("networks", "google_compute_network"),
    ("subnetworks", "google_compute_subnetwork"),
    ("routers", "google_compute_router"),
    ("firewalls", "google_compute_firewall"),
    ("disks", "google_compute_disk"),
];

/// The resources of a cluster: types and ids.
pub async fn resources(client: &Client, cluster: &str) -> Result<BTreeSet<Which>, Failure> {
    let listed = COLLECTIONS.map(|(collection, _)| client.resources(collection));
    let listed = futures::future::try_join_all(listed).await?;
    let all: BTreeMap<&str, Vec<Value>> = COLLECTIONS.iter().map(|(name, _)| *name).zip(listed).collect();
    let mut search = Search { cluster, project: client.project(), all: &all, found: BTreeSet::new() };
    search.run();
    let type_of =
        |collection: &str| COLLECTIONS.iter().find(|(name, _)| *name == collection).map(|(_, of)| *of);
    let mut which = BTreeSet::new();
    for (collection, path) in &search.found {
        if let Some(of) = type_of(collection) {
            which.insert((of.parse()?, path.clone()));
        }
    }
    for (router, nat) in search.nats() {
        which.insert(("google_compute_router_nat".parse()?, format!("{router}/{nat}")));
    }
    let project = client.project();
    for account in ["control-plane", "node", "bastion"] {
        let email = format!("{}@{project}.iam.gserviceaccount.com", names::service_account(account, cluster));
        which.insert((
            "google_service_account".parse()?,
            format!("projects/{project}/serviceAccounts/{email}"),
        ));
        which.insert((
            "google_project_iam_member".parse()?,
            format!("{project} {CONTROL_PLANE} serviceAccount:{email}"),
        ));
    }
    Ok(which)
}

/// A search in what a project has.
struct Search<'a> {
    cluster: &'a str,
    project: &'a str,
    all: &'a BTreeMap<&'a str, Vec<Value>>,
    /// Collections and paths.
    found: BTreeSet<(&'a str, String)>,
}

impl<'a> Search<'a> {
    fn run(&mut self) {
        let cluster = self.cluster;
        self.take("instanceTemplates", |_, template| {
            let items = template["properties"]["metadata"]["items"].as_array();
            let mut items = items.into_iter().flatten();
            items.any(|item| item["key"] == "cluster-name" && item["value"] == cluster)
        });
        self.take("disks", |_, disk| disk["labels"]["k8s-io-cluster-name"] == names::cluster(cluster));
        let network = format!("projects/{}/global/networks/{}", self.project, names::network(cluster));
        self.take("networks", |_, one| path(&one["selfLink"]) == Some(network.as_str()));
        for collection in ["subnetworks", "routers"] {
            self.take(collection, |of, one| of.has("networks", &one["network"]));
        }
        let tags = ROLES.map(|role| names::role_tag(cluster, role));
        self.take("firewalls", |of, one| {
            let targets = one["targetTags"].as_array();
            let is_own = |tag: &Value| tags.iter().any(|own| tag == own);
            of.has("networks", &one["network"])
                || targets.is_some_and(|targets| !targets.is_empty() && targets.iter().all(is_own))
        });
        self.take("instanceGroupManagers", |of, one| {
            of.has("instanceTemplates", &one["instanceTemplate"])
                || each(&one["versions"])
                    .any(|version| of.has("instanceTemplates", &version["instanceTemplate"]))
        });
        let pools = self.used("instanceGroupManagers", |one| each(&one["targetPools"]).cloned().collect());
        self.take("targetPools", |_, one| pools.contains(&text(&one["selfLink"])));
        let groups = self.used("instanceGroupManagers", |one| vec![one["instanceGroup"].clone()]);
        self.take("backendServices", |_, one| {
            // A balancer in front of other machines too is not the cluster's own.
            let backends: Vec<&Value> = each(&one["backends"]).collect();
            !backends.is_empty() && backends.iter().all(|backend| groups.contains(&text(&backend["group"])))
        });
        let checks = self.used("backendServices", |one| each(&one["healthChecks"]).cloned().collect());
        self.take("healthChecks", |_, one| checks.contains(&text(&one["selfLink"])));
        let checks = self.used("targetPools", |one| each(&one["healthChecks"]).cloned().collect());
        self.take("httpHealthChecks", |_, one| checks.contains(&text(&one["selfLink"])));
        self.take("forwardingRules", |of, one| {
            of.has("backendServices", &one["backendService"]) || of.has("targetPools", &one["target"])
        });
        // An internal address is unique in its network only.
        let place = |address: &Value, subnetwork: &Value| {
            let subnetwork = path(subnetwork).unwrap_or_default();
            Value::from(format!("{} {subnetwork}", address.as_str().unwrap_or_default()))
        };
        let addresses =
            self.used("forwardingRules", |one| vec![place(&one["IPAddress"], &one["subnetwork"])]);
        self.take("addresses", |of, one| {
            of.has("subnetworks", &one["subnetwork"])
                || addresses.contains(&text(&place(&one["address"], &one["subnetwork"])))
        });
    }

    /// Takes the resources of a collection that belong to the cluster. A health check without a place is of another type.
    fn take(&mut self, collection: &'a str, belongs: impl Fn(&Self, &Value) -> bool) {
        let of_project = format!("projects/{}/", self.project);
        let mut taken = Vec::new();
        for one in self.all.get(collection).into_iter().flatten().filter(|one| belongs(self, one)) {
            let Some(path) = path(&one["selfLink"]).filter(|path| path.starts_with(&of_project)) else {
                continue;
            };
            let has_place = path.contains("/regions/") || path.contains("/zones/");
            let is_global =
                matches!(collection, "instanceTemplates" | "networks" | "firewalls" | "httpHealthChecks");
            if has_place != is_global {
                taken.push((collection, path.to_owned()));
            }
        }
        self.found.extend(taken);
    }

    /// Whether a link leads to a resource that was taken.
    fn has(&self, collection: &'a str, link: &Value) -> bool {
        path(link).is_some_and(|path| self.found.contains(&(collection, path.to_owned())))
    }

    /// What the taken resources of a collection name.
    fn used(&self, collection: &'a str, names: impl Fn(&Value) -> Vec<Value>) -> BTreeSet<String> {
        let all = self.all.get(collection).into_iter().flatten();
        let taken = all.filter(|one| self.has(collection, &one["selfLink"]));
        taken.flat_map(names).map(|name| text(&name)).filter(|name| !name.is_empty()).collect()
    }

    /// The NATs of the taken routers: the router's path and the NAT's name.
    fn nats(&self) -> Vec<(String, String)> {
        let routers = self.all.get("routers").into_iter().flatten();
        let taken = routers.filter(|router| self.has("routers", &router["selfLink"]));
        let nats = taken.flat_map(|router| {
            let path = path(&router["selfLink"]).unwrap_or_default().to_owned();
            each(&router["nats"]).map(move |nat| (path.clone(), text(&nat["name"])))
        });
        nats.collect()
    }
}

/// The path of a link, from `projects` on.
fn path(link: &Value) -> Option<&str> {
    let link = link.as_str()?;
    link.find("projects/").map(|at| &link[at..])
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
