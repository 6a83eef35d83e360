//! Google's services other than Compute Engine: their endpoints, and requests to them.

use landform_core::{Error, ErrorKind, Result};
use landform_kit::rest::{Answer, Method, Request, Url};
use serde_json::Value as Json;

use super::{Client, first_of};

/// A service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Cloud Storage.
    Storage,
    /// Identity and Access Management.
    Iam,
    /// Resource Manager: projects.
    Projects,
    /// Cloud DNS.
    Dns,
}

impl Service {
    const ALL: [Self; 4] = [Self::Storage, Self::Iam, Self::Projects, Self::Dns];

    /// Its endpoint at Google, its path at an emulator, and the variables that set another endpoint.
    fn facts(self) -> (&'static str, &'static str, [&'static str; 2]) {
        match self {
            Self::Storage => (
                "https://storage.googleapis.com/storage/v1/",
                "/storage/v1/",
                ["GOOGLE_STORAGE_CUSTOM_ENDPOINT", "CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE"],
            ),
            Self::Iam => (
                "https://iam.googleapis.com/v1/",
                "/v1/",
                ["GOOGLE_IAM_CUSTOM_ENDPOINT", "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM"],
            ),
            Self::Projects => (
                "https://cloudresourcemanager.googleapis.com/v1/",
                "/v1/",
                [
                    "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT",
                    "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER",
                ],
            ),
            Self::Dns => (
                "https://dns.googleapis.com/dns/v1/",
                "/dns/v1/",
                ["GOOGLE_DNS_CUSTOM_ENDPOINT", "CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS"],
            ),
        }
    }
}

/// The endpoint of each service.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints([Url; 4]);

impl Endpoints {
    /// Google's endpoints.
    pub(super) fn google() -> Result<Self> {
        Self::by(|service| service.facts().0.to_owned())
    }

    /// The endpoints at the host of an emulator, whose Compute Engine has this URL.
    pub(super) fn beside(compute: &str) -> Result<Self> {
        let host = compute.trim_end_matches('/').trim_end_matches("/compute/v1");
        Self::by(|service| format!("{host}{}", service.facts().1))
    }

    /// These endpoints, or those that the environment sets.
    pub(super) fn or_from_env(self) -> Result<Self> {
        Self::by(|service| match first_of(&service.facts().2) {
            Some(url) => url,
            None => self.0[service as usize].to_string(),
        })
    }

    fn by(url: impl Fn(Service) -> String) -> Result<Self> {
        let parsed = Service::ALL.map(|service| {
            let text = url(service);
            Url::parse(&text).map_err(|problem| {
                let message = format!("invalid endpoint {text:?}: {problem}, expected http(s)://…");
                Error::new(ErrorKind::Invalid, message).resource("google")
            })
        });
        let [storage, iam, projects, dns] = parsed;
        Ok(Self([storage?, iam?, projects?, dns?]))
    }
}

impl Client {
    /// The URL of a path below a service's endpoint. The parts are encoded.
    pub(crate) fn url_at<'a>(&self, service: Service, parts: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.endpoints.0[service as usize].clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    /// The URL to which objects of a bucket are uploaded.
    pub(crate) fn upload_url(&self, bucket: &str) -> Url {
        let mut url = self.url_at(Service::Storage, ["b", bucket, "o"]);
        let path = format!("/upload{}", url.path());
        url.set_path(&path);
        url
    }

    /// Sends a request to a service other than Compute Engine.
    pub(crate) async fn ask(
        &self,
        method: Method,
        mut url: Url,
        query: &[(&str, &str)],
        body: Option<Json>,
        conflict: ErrorKind,
    ) -> Result<Json> {
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let headers = self.authorization().await?;
        let Answer { body, .. } = self.http.send(Request { method, url, headers, body, conflict }).await?;
        Ok(body)
    }
}
