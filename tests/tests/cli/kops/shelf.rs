//! A file server that takes `PUT` requests, and a registry of images: the parts of the OCI distribution specification
//! that a copy needs. The registry refuses what the specification refuses: a blob whose digest differs, a manifest whose
//! parts are missing, and a write without credentials.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use landform::kops::sha256;
use serde_json::Value;
use tokio::runtime::Runtime;

/// `ada:hush`, as HTTP's basic authentication spells it.
const ADA: &str = "Basic YWRhOmh1c2g=";

/// The server, until it is dropped.
pub struct Shelf {
    pub address: SocketAddr,
    pub has: Arc<Mutex<Stock>>,
    _runtime: Runtime,
}

/// What it has.
#[derive(Default)]
pub struct Stock {
    /// The files, by their path.
    pub files: BTreeMap<String, Bytes>,
    /// The manifests, by repository and tag or digest, with their media types.
    pub manifests: BTreeMap<(String, String), (String, Bytes)>,
    /// The blobs, by repository and digest.
    pub blobs: BTreeMap<(String, String), Bytes>,
    uploads: BTreeMap<usize, Vec<u8>>,
}

type Shared = Arc<Mutex<Stock>>;

impl Shelf {
    pub fn open() -> Self {
        let has = Shared::default();
        let router = Router::new().fallback(serve).with_state(has.clone());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, has, _runtime: runtime }
    }
}

impl Stock {
    /// Puts an image for two platforms into a repository: an index, two manifests, a layer that they share.
    pub fn stock(&mut self, repository: &str, tag: &str) {
        let config = self.blob(repository, format!("{{\"of\": \"{repository}:{tag}\"}}").into_bytes());
        let layer = self.blob(repository, format!("layer of {repository}").repeat(100_000).into_bytes());
        let entries = ["amd64", "arm64"].map(|platform| {
            let manifest = format!(
                r#"{{"schemaVersion": 2, "mediaType": "{MANIFEST}", "annotations": {{"for": "{platform}"}},
                  "config": {{"mediaType": "application/vnd.oci.image.config.v1+json", {config}}},
                  "layers": [{{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", {layer}}}]}}"#
            );
            let (digest, size) = (digest(manifest.as_bytes()), manifest.len());
            let place = (repository.to_owned(), digest.clone());
            self.manifests.insert(place, (MANIFEST.to_owned(), manifest.into()));
            format!(
                r#"{{"mediaType": "{MANIFEST}", "digest": "{digest}", "size": {size},
                  "platform": {{"architecture": "{platform}", "os": "linux"}}}}"#
            )
        });
        // Old indexes do not name their own type.
        let index = format!(r#"{{"schemaVersion": 2, "manifests": [{}]}}"#, entries.join(", "));
        let index = (INDEX.to_owned(), Bytes::from(index));
        self.manifests.insert((repository.to_owned(), digest(&index.1)), index.clone());
        self.manifests.insert((repository.to_owned(), tag.to_owned()), index);
    }

    /// Adds a blob. Returns the fields of its descriptor.
    fn blob(&mut self, repository: &str, bytes: Vec<u8>) -> String {
        let (digest, size) = (digest(&bytes), bytes.len());
        self.blobs.insert((repository.to_owned(), digest.clone()), bytes.into());
        format!(r#""digest": "{digest}", "size": {size}"#)
    }

    /// Whether everything that a manifest refers to is there.
    fn is_whole(&self, repository: &str, manifest: &[u8]) -> bool {
        let Ok(manifest) = serde_json::from_slice::<Value>(manifest) else { return false };
        let has = |part: &Value, blob: bool| {
            let place = (repository.to_owned(), part["digest"].as_str().unwrap_or_default().to_owned());
            if blob { self.blobs.contains_key(&place) } else { self.manifests.contains_key(&place) }
        };
        let parts = |field: &str| manifest[field].as_array().cloned().unwrap_or_default();
        parts("manifests").iter().all(|part| has(part, false))
            && parts("layers").iter().all(|part| has(part, true))
            && manifest.get("config").is_none_or(|config| has(config, true))
    }
}

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256(bytes).unwrap())
}

async fn serve(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let mut has = shared.lock().unwrap();
    let path = parts.uri.path().to_owned();
    match path.strip_prefix("/v2/") {
        Some(path) => {
            registry(&mut has, &parts.method, path, parts.uri.query().unwrap_or(""), &parts.headers, body)
        }
        None if parts.method == Method::PUT => {
            has.files.insert(path, body);
            answer(StatusCode::CREATED, &[], Bytes::new())
        }
        None => match has.files.get(&path) {
            Some(bytes) => answer(StatusCode::OK, &[], bytes.clone()),
            None => answer(StatusCode::NOT_FOUND, &[], Bytes::new()),
        },
    }
}

fn registry(
    has: &mut Stock,
    method: &Method,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let reads = method == Method::GET || method == Method::HEAD;
    if (!reads || path.is_empty()) && headers.get(header::AUTHORIZATION).is_none_or(|given| given != ADA) {
        return answer(
            StatusCode::UNAUTHORIZED,
            &[("www-authenticate", "Basic realm=\"shelf\"")],
            Bytes::new(),
        );
    }
    if path.is_empty() {
        return answer(StatusCode::OK, &[], Bytes::new());
    }
    if let Some((repository, name)) = path.split_once("/manifests/") {
        return manifest(has, method, (repository.to_owned(), name.to_owned()), headers, body);
    }
    let Some((repository, name)) = path.split_once("/blobs/") else {
        return answer(StatusCode::NOT_FOUND, &[], Bytes::new());
    };
    if let Some(upload) = name.strip_prefix("uploads/") {
        return self::upload(has, method, (repository, upload), query, body);
    }
    match has.blobs.get(&(repository.to_owned(), name.to_owned())) {
        Some(blob) => answer(StatusCode::OK, &[("docker-content-digest", name)], blob.clone()),
        None => answer(StatusCode::NOT_FOUND, &[], Bytes::new()),
    }
}

fn manifest(
    has: &mut Stock,
    method: &Method,
    place: (String, String),
    headers: &HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if method != Method::PUT {
        return match has.manifests.get(&place) {
            Some((kind, bytes)) => {
                let digest = digest(bytes);
                let told = [("content-type", kind.as_str()), ("docker-content-digest", &digest)];
                answer(StatusCode::OK, &told, bytes.clone())
            }
            None => answer(StatusCode::NOT_FOUND, &[], Bytes::new()),
        };
    }
    let (repository, name) = place;
    let own = digest(&body);
    let named_wrongly = name.starts_with("sha256:") && name != own;
    if named_wrongly || !has.is_whole(&repository, &body) {
        return answer(StatusCode::BAD_REQUEST, &[], Bytes::new());
    }
    let kind = headers[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let location = format!("/v2/{repository}/manifests/{own}");
    for name in [name, own] {
        has.manifests.insert((repository.clone(), name), (kind.clone(), body.clone()));
    }
    answer(StatusCode::CREATED, &[("location", &location)], Bytes::new())
}

fn upload(
    has: &mut Stock,
    method: &Method,
    (repository, upload): (&str, &str),
    query: &str,
    body: Bytes,
) -> Response<Body> {
    if method == Method::POST {
        let number = has.uploads.len();
        has.uploads.insert(number, Vec::new());
        let location = format!("/v2/{repository}/blobs/uploads/{number}");
        return answer(StatusCode::ACCEPTED, &[("location", &location)], Bytes::new());
    }
    let Some(held) = upload.parse().ok().and_then(|number: usize| has.uploads.get_mut(&number)) else {
        return answer(StatusCode::NOT_FOUND, &[], Bytes::new());
    };
    held.extend_from_slice(&body);
    let location = format!("/v2/{repository}/blobs/uploads/{upload}");
    if method == Method::PATCH {
        let range = format!("0-{}", held.len().saturating_sub(1));
        return answer(StatusCode::ACCEPTED, &[("location", &location), ("range", &range)], Bytes::new());
    }
    let bytes = std::mem::take(held);
    let told = query.split('&').find_map(|pair| pair.strip_prefix("digest=")).unwrap_or_default();
    let told = told.replace("%3A", ":");
    if digest(&bytes) != told {
        return answer(StatusCode::BAD_REQUEST, &[], Bytes::new());
    }
    has.blobs.insert((repository.to_owned(), told.clone()), bytes.into());
    let location = format!("/v2/{repository}/blobs/{told}");
    answer(StatusCode::CREATED, &[("location", &location)], Bytes::new())
}

fn answer(status: StatusCode, headers: &[(&str, &str)], body: Bytes) -> Response<Body> {
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    answer.body(body.into()).unwrap()
}
