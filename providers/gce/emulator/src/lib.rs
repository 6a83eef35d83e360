//! An emulated Google Cloud that runs in memory: Compute Engine's networks, load balancers, disks, instances and managed
//! groups, and what of Cloud Storage, IAM and Cloud DNS goes with them.
//!
//! It is as strict as Google's services are: a body with an unknown field, a value of the wrong type or a name of the
//! wrong form is refused, references must lead somewhere, ranges must not overlap, fingerprints must be up to date, and
//! what others use cannot be deleted. Operations are begun, at work, and done, with an error inside or without; how long
//! that takes can be said. What requests look like comes from Google's own discovery documents; what answers look like
//! was checked against recorded traffic, and with gcloud.
//!
//! What it never does: run anything. Instances have an address and a status, and that is all.
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

/// A running emulator. Dropping it ends it.
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
    /// Nothing can listen there.
    ///
    /// # Cancel safety
    /// Dropping it starts nothing: what listens already ends with it.
    pub async fn start(settings: Settings) -> std::io::Result<Self> {
        let port = settings.port;
        let shared = Arc::new(server::Shared::new(cloud::Cloud::new(settings)));
        let (address, stop) = server::serve(shared.clone(), port).await?;
        Ok(Self { shared, address, _stop: stop })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL, without a slash at the end. Storage, IAM and DNS begin here.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of Compute Engine, with a slash at the end: what `GOOGLE_COMPUTE_CUSTOM_ENDPOINT` takes.
    pub fn compute_endpoint(&self) -> String {
        format!("{}/compute/v1/", self.url())
    }

    /// Lets something go wrong.
    pub fn inject(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
    }

    /// How long operations take that begin from now on.
    pub fn set_life(&self, life: Life) {
        self.shared.lock().set_life(life);
    }

    /// Ends all operations now.
    pub fn finish(&self) {
        self.shared.lock().compute.finish();
    }

    /// How often each method was called, as `compute.networks.get`.
    pub fn calls(&self) -> BTreeMap<&'static str, u64> {
        self.shared.lock().calls.clone()
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.shared.lock().calls.clear();
    }

    /// The paths of all that was made and is there, as `projects/P/global/networks/N`; not what a project begins with.
    pub fn resources(&self) -> Vec<String> {
        self.shared.lock().resources()
    }

    /// A resource of Compute Engine as it is answered, by its path.
    pub fn get(&self, path: &str) -> Option<Json> {
        let mut cloud = self.shared.lock();
        cloud.compute.settle(tokio::time::Instant::now());
        cloud.compute.show(path)
    }

    /// Takes all that was made away, and all faults.
    pub fn reset(&self) {
        self.shared.lock().reset();
    }
}
