//! A cluster's Kubernetes API: reads nodes and pods, and drains nodes. Knows no cloud.

use std::time::Duration;

use k8s_openapi::api::core::v1::{Node, Pod, Taint};
use kube::api::{Api, DeleteParams, EvictParams, ListParams, Patch, PatchParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use landform::kops::Spec;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::arguments::{Common, Reach};
use crate::store::Store;
use crate::{Failure, export};

/// The most objects in one page of a list.
const PAGE: u32 = 500;
/// The pause after an eviction that a disruption budget refused.
const REFUSED: Duration = Duration::from_secs(5);
/// The pause between checks of a pod that is terminating.
const LEAVING: Duration = Duration::from_secs(1);
/// The taint that keeps new pods away from machines that will be replaced.
const SCHEDULED: &str = "kops.k8s.io/scheduled-for-update";
/// The label that keeps load balancers away from a node.
const NO_BALANCER: &str = "node.kubernetes.io/exclude-from-external-load-balancers";

/// The API of one cluster.
#[derive(Clone)]
pub struct Kubernetes {
    client: Client,
    /// Its host, whose name may still have a placeholder address.
    host: String,
}

impl Kubernetes {
    /// The API of a cluster, with kubectl's file or with a new certificate. Sends no request.
    pub async fn open(common: &Common, store: &Store, spec: &Spec, reach: &Reach) -> Result<Self, Failure> {
        let name = spec.name();
        let mut given = if reach.use_kubeconfig || reach.kubeconfig.is_some() {
            match &reach.kubeconfig {
                Some(file) => {
                    Kubeconfig::read_from(file).map_err(|error| format!("{}: {error}", file.display()))?
                }
                None => Kubeconfig::read()?,
            }
        } else {
            let made =
                export::config(common, store, spec, Some(reach.lifetime()), reach.api_server.clone()).await?;
            Kubeconfig::from_yaml(&made.document())?
        };
        if let Some(server) = &reach.api_server {
            for cluster in given.clusters.iter_mut().filter_map(|named| named.cluster.as_mut()) {
                cluster.server = Some(server.clone());
            }
        }
        let options = KubeConfigOptions { context: Some(name.to_owned()), ..KubeConfigOptions::default() };
        let mut config = Config::from_custom_kubeconfig(given, &options)
            .await
            .map_err(|error| format!("cannot connect to the Kubernetes API of {name}: {error}"))?;
        // The client would repeat a refused eviction for minutes and ignore the time limit of the drain.
        config.default_retry = false;
        let host = config.cluster_url.host().unwrap_or_default().to_owned();
        Ok(Self { client: Client::try_from(config)?, host })
    }

    /// The host of its URL.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// All nodes.
    pub async fn nodes(&self) -> Result<Vec<Node>, Failure> {
        self.all(Api::all(self.client.clone()), ListParams::default()).await.map_err(|error| {
            format!("cannot list the nodes: {error}. --cloudonly works without the Kubernetes API").into()
        })
    }

    /// All pods.
    pub async fn pods(&self) -> Result<Vec<Pod>, Failure> {
        self.all(Api::all(self.client.clone()), ListParams::default())
            .await
            .map_err(|error| format!("cannot list the pods: {error}").into())
    }

    async fn all<K>(&self, api: Api<K>, parameters: ListParams) -> Result<Vec<K>, kube::Error>
    where
        K: Clone + serde::de::DeserializeOwned + std::fmt::Debug,
    {
        let (mut found, mut parameters) = (Vec::new(), parameters.limit(PAGE));
        loop {
            let page = api.list(&parameters).await?;
            found.extend(page.items);
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => parameters = parameters.continue_token(&token),
                None => return Ok(found),
            }
        }
    }

    /// Asks the scheduler to prefer other nodes.
    pub async fn schedule_for_update(&self, node: &Node) -> Result<(), Failure> {
        let spec = node.spec.clone().unwrap_or_default();
        let mut taints = spec.taints.unwrap_or_default();
        if spec.unschedulable == Some(true) || taints.iter().any(|taint| taint.key == SCHEDULED) {
            return Ok(());
        }
        taints.push(Taint {
            key: SCHEDULED.to_owned(),
            effect: "PreferNoSchedule".to_owned(),
            ..Taint::default()
        });
        self.patch(node, json!({ "spec": { "taints": taints } })).await
    }

    /// Keeps new pods and load balancers away from a node.
    pub async fn cordon(&self, node: &Node) -> Result<(), Failure> {
        let change = json!({
            "spec": { "unschedulable": true },
            "metadata": { "labels": { NO_BALANCER: "" } },
        });
        self.patch(node, change).await
    }

    /// Changes a node. Ignores a missing node.
    async fn patch(&self, node: &Node, change: serde_json::Value) -> Result<(), Failure> {
        let name = name_of(node);
        let nodes: Api<Node> = Api::all(self.client.clone());
        match nodes.patch(name, &PatchParams::default(), &Patch::Merge(change)).await {
            Err(error) if !is(&error, 404) => Err(format!("cannot change the node {name}: {error}").into()),
            _ => Ok(()),
        }
    }

    /// Removes a node whose machine ends. Ignores a missing node.
    pub async fn forget(&self, node: &Node) -> Result<(), Failure> {
        let name = name_of(node);
        let nodes: Api<Node> = Api::all(self.client.clone());
        match nodes.delete(name, &DeleteParams::default()).await {
            Err(error) if !is(&error, 404) => Err(format!("cannot delete the node {name}: {error}").into()),
            _ => Ok(()),
        }
    }

    /// Evicts the pods of a node and waits until they are gone. Leaves pods of daemon sets and static pods, because they
    /// would return at once.
    pub async fn drain(&self, node: &Node, longest: Duration) -> Result<(), Failure> {
        let (name, until) = (name_of(node), Instant::now() + longest);
        let on_node = ListParams::default().fields(&format!("spec.nodeName={name}"));
        let pods = self.all(Api::<Pod>::all(self.client.clone()), on_node).await;
        let pods = pods.map_err(|error| format!("cannot list the pods of {name}: {error}"))?;
        let leaving: Vec<Pod> = pods.into_iter().filter(leaves).collect();
        futures::future::try_join_all(leaving.iter().map(|pod| self.evict(pod, until))).await?;
        Ok(())
    }

    async fn evict(&self, pod: &Pod, until: Instant) -> Result<(), Failure> {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or("default");
        let name = pod.metadata.name.as_deref().unwrap_or_default();
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), namespace);
        let mut asked = false;
        loop {
            if !asked {
                match pods.evict(name, &EvictParams::default()).await {
                    Ok(_) => asked = true,
                    Err(error) if is(&error, 404) => return Ok(()),
                    // A disruption budget refuses it now, or the API is busy.
                    Err(error) if [429, 503, 504].iter().any(|code| is(&error, *code)) => {}
                    Err(error) => return Err(format!("cannot evict {namespace}/{name}: {error}").into()),
                }
            }
            if asked {
                let now = pods.get_opt(name).await;
                let now = now.map_err(|error| format!("cannot read {namespace}/{name}: {error}"))?;
                // A pod with the same name and another identity is its successor.
                if now.is_none_or(|now| now.metadata.uid != pod.metadata.uid) {
                    return Ok(());
                }
            }
            let pause = if asked { LEAVING } else { REFUSED };
            if Instant::now() + pause > until {
                let why = if asked { "it still exists" } else { "a disruption budget does not allow it" };
                return Err(format!("cannot evict {namespace}/{name} in time: {why}").into());
            }
            sleep(pause).await;
        }
    }
}

/// Whether a drain evicts a pod.
fn leaves(pod: &Pod) -> bool {
    let metadata = &pod.metadata;
    let is_static = metadata
        .annotations
        .as_ref()
        .is_some_and(|annotations| annotations.contains_key("kubernetes.io/config.mirror"));
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    let has_ended = matches!(phase, Some("Succeeded" | "Failed"));
    let owners = metadata.owner_references.iter().flatten();
    let by_daemon_set =
        owners.into_iter().any(|owner| owner.controller == Some(true) && owner.kind == "DaemonSet");
    !is_static && (has_ended || !by_daemon_set)
}

fn name_of(node: &Node) -> &str {
    node.metadata.name.as_deref().unwrap_or_default()
}

fn is(error: &kube::Error, code: u16) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == code)
}
