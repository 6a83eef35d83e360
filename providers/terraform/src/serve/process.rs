//! The process of a plugin: the handshake with Terraform, the socket, and the end. Knows nothing of calls.

use std::{
    convert::Infallible,
    io::{self, Write},
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures::stream;
use tokio::sync::{Notify, mpsc};
use tokio_rustls::TlsAcceptor;
use tonic::body::Body;

use super::{ServeError, log, service::Service};
use crate::{stream::Stream, tls::Identity, wire::Protocol};

/// The variable that Terraform sets for its plugins, and its value.
pub(crate) const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// How long a plugin lives without any connection. Terraform connects at once, and keeps its connection.
const ALONE: Duration = Duration::from_secs(60);

/// How long a plugin waits for a connection after the last one has ended.
const LEFT: Duration = Duration::from_secs(2);

/// What runs now.
#[derive(Default)]
pub(crate) struct Running {
    calls: AtomicUsize,
    connections: AtomicUsize,
    ended: AtomicUsize,
    changed: Notify,
}

/// Something that runs until this is dropped.
pub(crate) struct Busy {
    running: Arc<Running>,
    of: fn(&Running) -> &AtomicUsize,
}

impl Drop for Busy {
    fn drop(&mut self) {
        (self.of)(&self.running).fetch_sub(1, Ordering::SeqCst);
        self.running.changed.notify_waiters();
    }
}

impl Running {
    /// Counts a call.
    pub(crate) fn begin(self: &Arc<Self>) -> Busy {
        self.count(|running| &running.calls)
    }

    fn connect(self: &Arc<Self>) -> Busy {
        self.count(|running| &running.connections)
    }

    fn count(self: &Arc<Self>, of: fn(&Running) -> &AtomicUsize) -> Busy {
        of(self).fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
        Busy { running: self.clone(), of }
    }

    /// Ends the plugin after the calls that run.
    pub(crate) fn end(&self) {
        self.ended.store(1, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    fn reads(counter: &AtomicUsize) -> usize {
        counter.load(Ordering::SeqCst)
    }

    /// Waits until the host asked for the end, or is gone. No effect is cut off.
    pub(crate) async fn over(&self) {
        let mut patience = ALONE;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let idle = Self::reads(&self.calls) == 0;
            if Self::reads(&self.ended) > 0 && idle {
                // The answer to the last call is on its way.
                tokio::time::sleep(Duration::from_millis(50)).await;
                return;
            }
            let connected = Self::reads(&self.connections) > 0;
            patience = if connected { LEFT } else { patience };
            if connected || !idle {
                changed.await;
            } else if tokio::time::timeout(patience, changed).await.is_err() {
                log::line(log::Level::Info, "the host is gone");
                return;
            }
        }
    }
}

/// A socket that is removed with this value.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        // Nobody else removes it. If it is gone already, nothing is left to do.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Serves Terraform in this process, as the environment asks.
pub(super) async fn serve(service: impl FnOnce(Arc<Running>) -> Service) -> Result<(), ServeError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if variable(COOKIE.0).as_deref() != Some(COOKIE.1) {
        return Err(ServeError::NoHost);
    }
    let offered = variable("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_else(|| "5".to_owned());
    let protocols: Vec<Protocol> = offered.split(',').filter_map(Protocol::parse).collect();
    let protocol = match protocols.as_slice() {
        [] => return Err(ServeError::Protocol { offered }),
        some if some.contains(&Protocol::Six) => Protocol::Six,
        _ => Protocol::Five,
    };
    let (mut certificate, mut acceptor) = (String::new(), None);
    if let Some(client) = variable("PLUGIN_CLIENT_CERT") {
        let identity = Identity::new().map_err(ServeError::tls)?;
        certificate = identity.in_handshake();
        let config = identity.server(&client).map_err(ServeError::tls)?;
        acceptor = Some(TlsAcceptor::from(Arc::new(config)));
    }
    let folder = variable("PLUGIN_UNIX_SOCKET_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let (listener, at, _socket) = Listener::open(&folder).await.map_err(ServeError::Io)?;
    let line = format!("1|{protocol}|{at}|grpc|{certificate}\n");
    let mut stdout = io::stdout();
    stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush()).map_err(ServeError::Io)?;
    // An interrupt in a terminal reaches plugins too. Terraform asks them to stop in its own way.
    tokio::spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    let running = Arc::new(Running::default());
    let over = running.clone();
    answer(service(running.clone()), listener, acceptor, running, async move { over.over().await }).await
}

/// Serves whoever connects to a socket, without TLS and without a handshake.
#[cfg(unix)]
pub(super) async fn serve_at(
    path: &Path,
    service: impl FnOnce(Arc<Running>) -> Service,
) -> Result<(), ServeError> {
    let listener = Listener::Unix(tokio::net::UnixListener::bind(path).map_err(ServeError::Io)?);
    let _socket = Socket(path.to_owned());
    let running = Arc::new(Running::default());
    answer(service(running.clone()), listener, None, running, std::future::pending()).await
}

/// Serves whoever connects to a socket, without TLS, until `over` ends. Calls `ready` when connections are possible.
#[cfg(unix)]
pub(crate) async fn serve_until(
    path: &Path,
    service: impl Answers,
    running: Arc<Running>,
    ready: impl FnOnce() -> io::Result<()>,
    over: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let listener = Listener::Unix(tokio::net::UnixListener::bind(path).map_err(ServeError::Io)?);
    let _socket = Socket(path.to_owned());
    ready().map_err(ServeError::Io)?;
    answer(service, listener, None, running, over).await
}

/// What answers the calls of a connection.
pub(crate) trait Answers: Clone + Send + Sync + 'static {
    /// Answers one call.
    fn answer(self, request: http::Request<Body>) -> impl Future<Output = http::Response<Body>> + Send;
}

/// The calls as tonic's server passes them.
#[derive(Clone)]
struct Calls<S>(S);

impl<S: Answers> tower::Service<http::Request<Body>> for Calls<S> {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.0.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}

/// What Terraform connects to.
enum Listener {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    #[cfg(not(unix))]
    Tcp(tokio::net::TcpListener),
}

impl Listener {
    /// Opens it, and says where it is in the words of the handshake.
    #[cfg(unix)]
    async fn open(folder: &Path) -> io::Result<(Self, String, Option<Socket>)> {
        // A plugin that was killed leaves its socket, and a later one may get its number.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let path = folder.join(format!("landform-plugin-{}-{now:x}", std::process::id()));
        let listener = tokio::net::UnixListener::bind(&path)?;
        Ok((Self::Unix(listener), format!("unix|{}", path.display()), Some(Socket(path))))
    }

    /// Opens it, and says where it is in the words of the handshake.
    #[cfg(not(unix))]
    async fn open(_: &Path) -> io::Result<(Self, String, Option<Socket>)> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let at = format!("tcp|{}", listener.local_addr()?);
        Ok((Self::Tcp(listener), at, None))
    }

    async fn accept(&self) -> io::Result<Stream> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => listener.accept().await.map(|(stream, _)| Stream::new(stream)),
            #[cfg(not(unix))]
            Self::Tcp(listener) => listener.accept().await.map(|(stream, _)| Stream::new(stream)),
        }
    }
}

/// Answers calls until `over` ends.
async fn answer(
    service: impl Answers,
    listener: Listener,
    acceptor: Option<TlsAcceptor>,
    running: Arc<Running>,
    over: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let (connected, connections) = mpsc::channel::<io::Result<Stream>>(8);
    let accepting = async {
        loop {
            let stream = match listener.accept().await {
                Ok(stream) => stream,
                Err(problem) => {
                    log::line(log::Level::Warn, &format!("a connection failed: {problem}"));
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let (acceptor, connected, busy) = (acceptor.clone(), connected.clone(), running.connect());
            tokio::spawn(async move {
                let stream = match acceptor {
                    None => Ok(stream),
                    Some(acceptor) => acceptor.accept(stream).await.map(Stream::new),
                };
                match stream {
                    // If nobody receives it, the plugin is about to end.
                    Ok(stream) => drop(connected.send(Ok(stream.with_guard(busy))).await),
                    Err(problem) => log::line(log::Level::Error, &format!("TLS failed: {problem}")),
                }
            });
        }
    };
    let incoming = stream::unfold(connections, |mut connections| async move {
        connections.recv().await.map(|connection| (connection, connections))
    });
    let serving = tonic::transport::Server::builder()
        .max_frame_size(Some((1 << 24) - 1))
        .serve_with_incoming(Calls(service), Box::pin(incoming));
    tokio::select! {
        served = serving => served.map_err(|problem| ServeError::Io(io::Error::other(problem))),
        () = accepting => Ok(()),
        () = over => Ok(()),
    }
}
