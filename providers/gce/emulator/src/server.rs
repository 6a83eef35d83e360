//! The HTTP server of the emulated cloud.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri},
    response::Response,
};
use tokio::{net::TcpListener, sync::oneshot, time::Instant};

use crate::{
    answer::{Answer, Request},
    cloud::{Cloud, Step},
    control,
};

/// The longest time for which a call of `wait` blocks, as with Google.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// The largest body.
const LARGEST: usize = 256 << 20;

pub(crate) struct Shared(Mutex<Cloud>);

impl Shared {
    pub(crate) fn new(cloud: Cloud) -> Self {
        Self(Mutex::new(cloud))
    }

    /// The cloud, for one request. If a panic poisoned the lock, the test has failed already.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Cloud> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts to serve. Stops when the sender is dropped.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    port: u16,
) -> std::io::Result<(SocketAddr, oneshot::Sender<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let app = Router::new().fallback(handle).layer(DefaultBodyLimit::max(LARGEST)).with_state(shared);
    tokio::spawn(async move {
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            // Dropping the sender is the signal.
            stopped.await.ok();
        });
        // The listener is bound. Later failures concern single connections.
        server.await.ok();
    });
    Ok((address, stop))
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let host = headers.iter().find(|(name, _)| name == "host").map_or("localhost", |(_, host)| host);
    let request = Request {
        host: format!("http://{host}"),
        verb: method.as_str().to_owned(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        body: body.to_vec(),
        headers,
    };
    if let Some(rest) = request.path.strip_prefix("/emulator/") {
        return respond(control::answer(&shared, rest, &request)).await;
    }
    let latest = Instant::now() + LONGEST_WAIT;
    loop {
        let step = shared.lock().answer(&request, Instant::now() >= latest);
        match step {
            Step::Answer(answer) => return respond(answer).await,
            Step::Wait(due) => tokio::time::sleep_until(due.min(latest).min(Instant::now() + GLANCE)).await,
        }
    }
}

/// The interval at which a waiting request checks whether its operation has ended early.
const GLANCE: Duration = Duration::from_millis(50);

async fn respond(answer: Answer) -> Response {
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    let body = match answer.lost {
        true => {
            let broken = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "the answer is lost");
            Body::from_stream(futures::stream::once(async { Err::<Bytes, _>(broken) }))
        }
        false => Body::from(answer.body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
