//! The code that the calls of all types share: the client, its configuration, Google's errors and operations, and the
//! conversion of declarations to Compute Engine's JSON. The code of a single type is beside its declaration. The client
//! never waits and never repeats a call. The engine decides that.
//!
//! Google's SDK for Compute Engine leaves empty lists and absent values out of its requests, so it cannot remove the
//! last range of a subnetwork or the last NAT of a router. Compute Engine's REST API is uniform, so a type is a table
//! here, with its declaration as the schema. Google's library provides the credentials.

mod error;
mod operation;
pub(crate) mod part;
pub(crate) mod place;
pub(crate) mod policy;
pub(crate) mod prelude;
pub(crate) mod reserved;
pub(crate) mod service;
pub(crate) mod table;
mod wire;

use std::{sync::Arc, time::Duration};

use futures::lock::Mutex;
use google_cloud_auth::credentials::{self, CacheableResource, Credentials, impersonated};
use landform_core::{Error, ErrorKind, Provider as Drivers, Result};
use landform_kit::{
    Kit, Pace, Tags, chain, in_pages,
    rest::{Answer, Client as Http, Method, Request},
};
use serde_json::Value as Json;

pub(crate) use operation::begun;
pub(crate) use place::{Place, path_of};
use service::Endpoints;

use crate::Settings;

/// The label that carries the token of the attempt that made a resource. Users never see it among their labels.
pub const TOKEN_LABEL: &str = "landform-token";

/// The label of an instance that a change has stopped and has to start again. Users never see it among their labels.
pub(crate) const STOPPED_LABEL: &str = "landform-stopped";

/// The prefix of Google's labels.
const GOOGLE_LABELS: &str = "goog-";

/// The endpoint of Compute Engine.
const COMPUTE: &str = "https://compute.googleapis.com/compute/v1/";

/// The OAuth scope of the credentials.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// The longest pause with an emulator, whose operations end soon.
const EMULATED: Duration = Duration::from_millis(20);

/// The environment variables of each setting, in the order in which Google's tools and Terraform's provider try them.
const ENDPOINTS: [&str; 2] = ["GOOGLE_COMPUTE_CUSTOM_ENDPOINT", "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE"];
const PROJECTS: [&str; 5] =
    ["GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT", "GCP_PROJECT"];
const REGIONS: [&str; 3] = ["GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"];
const ZONES: [&str; 3] = ["GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"];
const IMPERSONATED: [&str; 2] =
    ["GOOGLE_IMPERSONATE_SERVICE_ACCOUNT", "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT"];

/// A client of one project.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) http: Http,
    endpoints: Endpoints,
    /// `None` sends no credentials, for emulators.
    credentials: Option<Credentials>,
    project: String,
    region: Option<String>,
    zone: Option<String>,
    tags: Tags,
    pace: Pace,
    /// Held while one call reads and writes a router: routers have no fingerprint.
    pub(crate) routers: Arc<Mutex<()>>,
    /// Held while one call reads and writes a policy.
    pub(crate) policies: Arc<Mutex<()>>,
}

/// Google Cloud as a provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider;

impl Client {
    /// A client configured like Google's tools and Terraform's provider: Application Default Credentials, a service
    /// account to impersonate in `GOOGLE_IMPERSONATE_SERVICE_ACCOUNT`, and the project, region and zone in
    /// `GOOGLE_PROJECT`, `GOOGLE_REGION`, `GOOGLE_ZONE` and the variables that mean the same.
    /// `GOOGLE_COMPUTE_CUSTOM_ENDPOINT` sets another endpoint, and the variables of Terraform's provider do so for the
    /// other services. An endpoint on the loopback interface needs no credentials, and the other services are beside it.
    ///
    /// # Errors
    /// Invalid if no project is configured or the endpoint is not a URL, Denied if it finds no credentials.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn from_env() -> Result<Self> {
        Self::with_settings(&Settings::default()).await
    }

    /// Like [`Client::from_env`], with these settings in place of those of the environment.
    ///
    /// # Errors
    /// Those of [`Client::from_env`]. Invalid if a default label is reserved.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn with_settings(settings: &Settings) -> Result<Self> {
        let set = |value: &Option<String>, names: &[&str]| value.clone().or_else(|| first_of(names));
        let Some(project) = set(&settings.project, &PROJECTS) else {
            let message = format!("no project is configured; expected one in {}", PROJECTS[0]);
            return Err(Error::new(ErrorKind::Invalid, message).resource("google"));
        };
        let endpoint = set(&settings.compute_custom_endpoint, &ENDPOINTS);
        let mut client = Self::new(endpoint.as_deref().unwrap_or(COMPUTE), &project)?;
        if let Some(endpoint) = endpoint.as_deref().filter(|endpoint| is_loopback(endpoint)) {
            client.endpoints = Endpoints::beside(endpoint)?;
            client.pace = Pace::AtMost(EMULATED);
        } else {
            let own = credentials::Builder::default().with_scopes([SCOPE]).build().map_err(no_credentials)?;
            let credentials = match set(&settings.impersonate_service_account, &IMPERSONATED) {
                None => own,
                Some(account) => impersonated::Builder::from_source_credentials(own)
                    .with_target_principal(account)
                    .with_scopes([SCOPE])
                    .build()
                    .map_err(no_credentials)?,
            };
            client = client.with_credentials(credentials);
            client.authorization().await?;
        }
        client.endpoints = client.endpoints.or_from_env()?;
        client.region = set(&settings.region, &REGIONS);
        client.zone = set(&settings.zone, &ZONES);
        client.with_default_labels(settings.default_labels.clone())
    }

    /// A client of an emulator, with no credentials. The URL of Compute Engine ends with `/compute/v1/`. The other
    /// services are at the same host.
    ///
    /// # Errors
    /// Invalid if the text is not a URL.
    pub fn emulator(url: &str, project: &str, region: &str) -> Result<Self> {
        let endpoints = Endpoints::beside(url)?;
        let client = Self { endpoints, ..Self::new(url, project)? };
        Ok(client.with_region(region).with_pace(Pace::AtMost(EMULATED)))
    }

    /// A client with Compute Engine at a URL and the other services at Google, without credentials.
    ///
    /// # Errors
    /// Invalid if the text is not a URL.
    pub fn new(endpoint: &str, project: &str) -> Result<Self> {
        Ok(Self {
            http: Http::new(endpoint)?.classes(error::REASONS),
            endpoints: Endpoints::google()?,
            credentials: None,
            project: project.to_owned(),
            region: None,
            zone: None,
            tags: Tags::marked_by(TOKEN_LABEL).reserving(GOOGLE_LABELS).reserving(STOPPED_LABEL),
            pace: Pace::Usual,
            routers: Arc::default(),
            policies: Arc::default(),
        })
    }

    /// Sets the credentials.
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets the region of resources that name none.
    pub fn with_region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    /// Sets the zone of resources that name none.
    pub fn with_zone(mut self, zone: &str) -> Self {
        self.zone = Some(zone.to_owned());
        self
    }

    /// Adds labels for every resource whose type has labels. If a declaration sets another value for a key, the
    /// declaration's value counts.
    ///
    /// # Errors
    /// Invalid if a key is reserved.
    pub fn with_default_labels<K: Into<String>, V: Into<String>>(
        mut self,
        labels: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self> {
        self.tags = self.tags.with_defaults(labels);
        self.tags.check()?;
        Ok(self)
    }

    /// Sets the pace at which the engine polls.
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The project of resources that name none.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The region of resources that name none.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The zone of resources that name none.
    pub(crate) fn zone(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    /// The client with the rules that all types share. It manages each of them.
    pub fn kit(self) -> Kit<Self> {
        let (tags, pace) = (self.tags.clone(), self.pace);
        Kit::new(self).tags(tags).pace(pace)
    }

    /// The provider's drivers with this client.
    pub fn provider(self) -> Drivers {
        let kit = Arc::new(self.kit());
        let drivers = crate::compute::drivers(Drivers::new("google"), &kit);
        let drivers = drivers.map(|driver| reserved::Reserved::over(driver, &kit));
        let drivers = crate::dns::drivers(drivers, &kit);
        let drivers = crate::iam::drivers(drivers, &kit);
        let drivers = crate::data::drivers(drivers, &kit);
        crate::storage::drivers(drivers, &kit)
    }

    /// Sends a request to a path below the endpoint.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Json>,
    ) -> Result<Json> {
        let mut url = self.http.url(path.split('/'));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let headers = self.authorization().await?;
        let conflict = if method == Method::POST { ErrorKind::AlreadyExists } else { ErrorKind::Conflict };
        let answer = self.http.send(Request { method, url, headers, body, conflict }).await;
        let Answer { body, .. } = answer.map_err(error::final_without_project)?;
        Ok(body)
    }

    /// All items of a collection of Compute Engine, page by page.
    pub(crate) async fn all(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<Json>> {
        in_pages(|page| table::list(self, path, query, page)).await
    }

    /// All items of a collection of Compute Engine in all regions or zones, page by page.
    pub(crate) async fn all_regions(
        &self,
        project: &str,
        collection: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<Json>> {
        let path = format!("projects/{project}/aggregated/{collection}");
        in_pages(|page| table::aggregated(self, &path, collection, query, page)).await
    }

    /// The headers that authenticate a request.
    pub(crate) async fn authorization(&self) -> Result<Vec<(&'static str, String)>> {
        let Some(credentials) = &self.credentials else { return Ok(Vec::new()) };
        let headers = credentials.headers(http::Extensions::new()).await.map_err(|problem| {
            let kind = if problem.is_transient() { ErrorKind::Unavailable } else { ErrorKind::Denied };
            let message = format!("no credentials: {}", chain(&problem));
            Error::new(kind, message).resource("google").with_effect(landform_core::Effect::None)
        })?;
        let CacheableResource::New { data, .. } = headers else { return Ok(Vec::new()) };
        let text = |name: &'static str| Some((name, data.get(name)?.to_str().ok()?.to_owned()));
        Ok(["authorization", "x-goog-user-project"].into_iter().filter_map(text).collect())
    }
}

/// The provider, configured like Google's tools.
///
/// # Errors
/// Those of [`Client::from_env`].
///
/// # Cancel safety
/// It only reads. Dropping the future leaves nothing behind.
pub async fn provider() -> Result<Drivers> {
    Ok(Client::from_env().await?.provider())
}

impl Provider {
    /// Like [`provider`].
    ///
    /// # Errors
    /// Those of [`Client::from_env`].
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn from_env() -> Result<Drivers> {
        provider().await
    }
}

fn first_of(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()))
}

fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|known| {
        host.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

fn no_credentials(problem: google_cloud_auth::build_errors::Error) -> Error {
    Error::new(ErrorKind::Denied, format!("no credentials: {}", chain(&problem))).resource("google")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_loopback_interface_needs_no_credentials() {
        for url in ["http://localhost:4500/compute/v1/", "http://127.0.0.1/", "http://[::1]:80"] {
            assert!(is_loopback(url), "{url}");
        }
        for url in ["https://compute.googleapis.com/", "http://localhost.example.com/", "http://10.0.0.1/"] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
