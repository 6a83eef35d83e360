//! The service: volumes and their snapshots, in memory, over HTTP/JSON. It makes the example self-contained, and knows
//! nothing of Landform.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

/// The number of reads before a new volume is ready.
const LOOKS: u64 = 2;

/// The content of the store, and the token that a caller must send.
pub struct Store {
    token: String,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The resources by path: `vol-00000001`, `vol-00000001/daily`.
    items: BTreeMap<String, Value>,
    made: u32,
}

type Shared = State<Arc<Store>>;

impl Store {
    /// An empty store.
    pub fn new(token: &str) -> Arc<Self> {
        Arc::new(Self { token: token.to_owned(), kept: Mutex::default() })
    }

    /// The number of resources, for the tests.
    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.kept().items.len()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves a store on a free port. Returns its URL.
///
/// # Errors
/// No port is free.
pub async fn serve(store: Arc<Store>) -> std::io::Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let routes = Router::new()
        .route("/v1/volumes", get(list).post(create))
        .route("/v1/volumes/{volume}", get(read).patch(change).delete(remove))
        .route("/v1/volumes/{volume}/snapshots", axum::routing::post(snapshot))
        .route("/v1/volumes/{volume}/snapshots/{name}", get(read).patch(change).delete(remove))
        .layer(axum::middleware::from_fn_with_state(store.clone(), admit))
        .with_state(store);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(url)
}

async fn admit(
    State(store): Shared,
    headers: HeaderMap,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let shown = headers.get("authorization").and_then(|value| value.to_str().ok());
    if shown == Some(&format!("Bearer {}", store.token)) {
        next.run(request).await
    } else {
        refused(StatusCode::UNAUTHORIZED, "no_token", "send the token")
    }
}

async fn list(State(store): Shared, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let kept = store.kept();
    let volumes = kept.items.iter().filter(|(path, _)| !path.contains('/')).map(|(_, item)| item);
    let asked = |item: &&Value| query.iter().all(|(key, value)| item[key].as_str() == Some(value));
    Json(volumes.filter(asked).collect::<Vec<_>>()).into_response()
}

async fn create(State(store): Shared, Json(mut volume): Json<Value>) -> Response {
    if volume["name"].as_str().is_none_or(str::is_empty) || !volume["size"].is_u64() {
        return refused(StatusCode::BAD_REQUEST, "bad_volume", "a volume has a name and a size");
    }
    let mut kept = store.kept();
    kept.made += 1;
    let id = format!("vol-{:08x}", kept.made);
    volume["mount"] = "".into();
    volume["id"] = id.clone().into();
    volume["looks"] = 0.into();
    volume["state"] = "creating".into();
    kept.items.insert(id, volume.clone());
    (StatusCode::CREATED, Json(volume)).into_response()
}

async fn snapshot(State(store): Shared, Path(volume): Path<String>, Json(snapshot): Json<Value>) -> Response {
    let mut kept = store.kept();
    let Some(name) = snapshot["name"].as_str() else {
        return refused(StatusCode::BAD_REQUEST, "bad_snapshot", "a snapshot has a name");
    };
    let path = format!("{volume}/{name}");
    if !kept.items.contains_key(&volume) {
        return refused(StatusCode::NOT_FOUND, "no_volume", "there is no such volume");
    }
    if kept.items.contains_key(&path) {
        return refused(StatusCode::CONFLICT, "taken", "the volume has a snapshot of that name");
    }
    kept.items.insert(path, snapshot.clone());
    (StatusCode::CREATED, Json(snapshot)).into_response()
}

async fn read(State(store): Shared, Path(path): Path<Vec<(String, String)>>) -> Response {
    let mut kept = store.kept();
    match kept.items.get_mut(&joined(&path)) {
        Some(item) => {
            if let Some(looks) = item["looks"].as_u64() {
                item["looks"] = (looks + 1).into();
                if looks >= LOOKS {
                    item["state"] = "ready".into();
                    item["mount"] = format!("store://{}", item["id"].as_str().unwrap_or_default()).into();
                }
            }
            Json(item.clone()).into_response()
        }
        None => refused(StatusCode::NOT_FOUND, "gone", "no such resource"),
    }
}

async fn change(
    State(store): Shared,
    Path(path): Path<Vec<(String, String)>>,
    Json(change): Json<BTreeMap<String, Value>>,
) -> Response {
    let mut kept = store.kept();
    match kept.items.get_mut(&joined(&path)) {
        Some(item) => {
            change.into_iter().for_each(|(field, value)| item[field] = value);
            Json(item.clone()).into_response()
        }
        None => refused(StatusCode::NOT_FOUND, "gone", "no such resource"),
    }
}

async fn remove(State(store): Shared, Path(path): Path<Vec<(String, String)>>) -> Response {
    let path = joined(&path);
    let mut kept = store.kept();
    if kept.items.keys().any(|other| other.starts_with(&format!("{path}/"))) {
        return refused(StatusCode::CONFLICT, "in_use", "the volume has snapshots");
    }
    match kept.items.remove(&path) {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => refused(StatusCode::NOT_FOUND, "gone", "no such resource"),
    }
}

fn joined(path: &[(String, String)]) -> String {
    path.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>().join("/")
}

fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
}
