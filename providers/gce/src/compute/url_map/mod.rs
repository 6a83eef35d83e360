//! `google_compute_url_map`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

/// The backend service of each request, by host and path. It covers no route actions, no route rules and no changes of
/// headers.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let [web, api] = ["web", "api"].map(|name| stack.add(name, gce::BackendService::new(name)));
/// let rules = gce::HostRule::new(["example.com"], "paths");
/// let to_api = gce::PathRule::new(["/api/*"]).service(api.id());
/// let paths = gce::PathMatcher::new("paths").default_service(web.id()).path_rule([to_api]);
/// let map = gce::UrlMap::new("web").default_service(web.id()).host_rule([rules]).path_matcher([paths]);
/// stack.add("web", map);
/// ```
#[resource(
    "google_compute_url_map",
    id = "projects/{project}/global/urlMaps/{name}",
    unique("project", "name"),
    one_of("default_service", "default_url_redirect"),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct UrlMap {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    pub description: Option<String>,
    /// The link to the backend service or bucket of requests that no host rule covers. Set this or
    /// `default_url_redirect`.
    #[field(same = "self_link")]
    pub default_service: Option<String>,
    /// The redirect of requests that no host rule covers.
    pub default_url_redirect: Option<DefaultRedirect>,
    /// The path matcher of each host.
    pub host_rule: BTreeSet<HostRule>,
    /// The path matchers.
    pub path_matcher: Vec<PathMatcher>,
    /// Requests with their expected result. Compute Engine refuses a map that fails one of them.
    pub test: Vec<UrlTest>,
}

/// The attributes that Compute Engine computes for a [`UrlMap`].
#[attributes]
pub struct UrlMapAttributes {
    /// `projects/{project}/global/urlMaps/{name}`.
    pub id: Id<UrlMap>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The fingerprint. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// The hosts of a path matcher.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct HostRule {
    /// The hosts. `*` stands for any host, or for the first part of one.
    #[field(required)]
    pub hosts: BTreeSet<String>,
    /// The name of the path matcher.
    pub path_matcher: String,
    /// A description.
    pub description: Option<String>,
}

/// The backend service of each path.
#[block(one_of("default_service", "default_url_redirect"))]
pub struct PathMatcher {
    /// Its name.
    pub name: String,
    /// A description.
    pub description: Option<String>,
    /// The link to the backend service or bucket of other paths. Set this or `default_url_redirect`.
    #[field(same = "self_link")]
    pub default_service: Option<String>,
    /// The redirect of other paths.
    pub default_url_redirect: Option<DefaultRedirect>,
    /// The paths.
    pub path_rule: Vec<PathRule>,
}

/// Paths that lead to the same backend service.
#[block(one_of("service", "url_redirect"))]
pub struct PathRule {
    /// The paths. Each begins with `/`, and may end with `/*`.
    #[field(required)]
    pub paths: BTreeSet<String>,
    /// The link to the backend service or bucket. Set this or `url_redirect`.
    #[field(same = "self_link")]
    pub service: Option<String>,
    /// The redirect.
    pub url_redirect: Option<PathRedirect>,
}

/// A redirect.
#[block]
pub struct DefaultRedirect {
    /// Whether it drops the query.
    pub strip_query: bool,
    /// Another host.
    pub host_redirect: Option<String>,
    /// Whether it leads to HTTPS.
    #[field(default = false)]
    pub https_redirect: bool,
    /// Another path.
    pub path_redirect: Option<String>,
    /// Another start of the path.
    pub prefix_redirect: Option<String>,
    /// The HTTP status.
    #[field(computed)]
    pub redirect_response_code: Option<RedirectCode>,
}

/// A redirect of a path.
#[block]
pub struct PathRedirect {
    /// Whether it drops the query.
    #[field(default = false)]
    pub strip_query: bool,
    /// Another host.
    pub host_redirect: Option<String>,
    /// Whether it leads to HTTPS.
    #[field(default = false)]
    pub https_redirect: bool,
    /// Another path.
    pub path_redirect: Option<String>,
    /// Another start of the path.
    pub prefix_redirect: Option<String>,
    /// The HTTP status.
    #[field(computed)]
    pub redirect_response_code: Option<RedirectCode>,
}

/// The HTTP status of a redirect.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RedirectCode {
    /// 302.
    Found,
    /// 301.
    MovedPermanentlyDefault,
    /// 308.
    PermanentRedirect,
    /// 303.
    SeeOther,
    /// 307.
    TemporaryRedirect,
}

/// A request with its expected result.
#[block]
pub struct UrlTest {
    /// The host.
    pub host: String,
    /// The path.
    pub path: String,
    /// A description.
    pub description: Option<String>,
    /// The link to the expected backend service or bucket.
    #[field(same = "self_link")]
    pub service: Option<String>,
    /// The expected URL of a redirect.
    pub expected_output_url: Option<String>,
    /// The expected HTTP status of a redirect.
    pub expected_redirect_response_code: Option<u16>,
}
