//! An emulated Google Cloud that runs in memory: Compute Engine's networks, load balancers, disks, instances and
//! managed groups, and the parts of Cloud Storage, IAM and Cloud DNS that belong to them.
//!
//! It is as strict as Google's services. It refuses a body with an unknown field, a value of the wrong type or a name
//! of the wrong form. References must have a target, ranges must not overlap, fingerprints must be up to date, and a
//! resource that others use cannot be deleted. Operations are pending, running and done, with or without an error,
//! after times that a test can set. The format of requests comes from Google's discovery documents. The format of
//! answers was checked against recorded traffic, and with gcloud.
//!
//! It never runs anything. An instance has only an address and a status.
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use landform_gce_emulator::{Emulator, Fault};
//!
//! let cloud = Emulator::start(Default::default()).await?;
//! // GOOGLE_COMPUTE_CUSTOM_ENDPOINT for Terraform, CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE for gcloud.
//! println!("{}", cloud.compute_endpoint());
//! cloud.inject(Fault::throttled("compute.networks.insert").times(2));
//! # Ok::<(), std::io::Error>(()) })?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod answer;
mod call;
mod cloud;
mod compute;
mod connectivity;
mod control;
mod dns;
mod fault;
mod iam;
mod policy;
mod refusal;
mod schema;
mod server;
mod settings;
mod storage;
mod token;

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use serde_json::Value as Json;
use tokio::sync::oneshot;

pub use fault::{Fault, What};
pub use refusal::Refusal;
pub use settings::{Image, Life, Project, Settings};

/// A running emulator. Dropping it stops it.
pub struct Emulator {
    shared: Arc<server::Shared>,
    address: SocketAddr,
    /// The server ends when this is dropped.
    _stop: oneshot::Sender<()>,
}

impl Emulator {
    /// Starts an emulator on the loopback interface.
    ///
    /// # Errors
    /// The port cannot be opened.
    ///
    /// # Cancel safety
    /// Dropping the future closes the port. No server is left running.
    pub async fn start(settings: Settings) -> std::io::Result<Self> {
        let port = settings.port;
        let shared = Arc::new(server::Shared::new(cloud::Cloud::new(settings)));
        let (address, stop) = server::serve(shared.clone(), port).await?;
        Ok(Self { shared, address, _stop: stop })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL without a slash at the end: the base of Storage, IAM and DNS.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of Compute Engine with a slash at the end, for `GOOGLE_COMPUTE_CUSTOM_ENDPOINT`.
    pub fn compute_endpoint(&self) -> String {
        format!("{}/compute/v1/", self.url())
    }

    /// Injects a fault.
    pub fn inject(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
    }

    /// Sets how long later operations take.
    pub fn set_life(&self, life: Life) {
        self.shared.lock().set_life(life);
    }

    /// Ends all operations now.
    pub fn finish(&self) {
        self.shared.lock().compute.finish();
    }

    /// The number of calls of each method, such as `compute.networks.get`.
    pub fn calls(&self) -> BTreeMap<&'static str, u64> {
        self.shared.lock().calls.clone()
    }

    /// Resets the counts of calls.
    pub fn forget_calls(&self) {
        self.shared.lock().calls.clear();
    }

    /// The paths of all existing resources that requests made, such as `projects/P/global/networks/N`.
    pub fn resources(&self) -> Vec<String> {
        self.shared.lock().resources()
    }

    /// The paths of all existing resources of Compute Engine, including those that the server made.
    pub fn paths(&self) -> Vec<String> {
        let mut cloud = self.shared.lock();
        cloud.compute.settle(tokio::time::Instant::now());
        cloud.compute.paths().map(str::to_owned).collect()
    }

    /// A resource of Compute Engine as an answer shows it, by its path.
    pub fn get(&self, path: &str) -> Option<Json> {
        let mut cloud = self.shared.lock();
        cloud.compute.settle(tokio::time::Instant::now());
        cloud.compute.show(path)
    }

    /// Removes all resources that requests made, and all faults.
    pub fn reset(&self) {
        self.shared.lock().reset();
    }
}
