//! The calls of a plugin, and their errors in Landform's terms. Knows no type.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use hyper_util::rt::TokioIo;
use landform_core::{Effect, Error, ErrorKind, Retry};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use tonic::{
    Code, Status,
    body::Body,
    client::Grpc,
    transport::{Channel, Endpoint},
};

use super::{
    Launch, PluginError,
    held::{Held, SETTLED},
    process::{Network, Place, Process},
};
use crate::{
    stream::Stream,
    tls::Identity,
    wire::{
        Applied, Apply, Empty, LARGEST_MESSAGE, Protocol,
        held::{ANSWER, APPLY, FORGET, HeldApplied, HeldApply, HeldToken},
    },
};

/// A connection to a plugin that runs.
pub(super) struct Session {
    channel: Channel,
    protocol: Protocol,
    plan_destroy: AtomicBool,
    process: Process,
    /// The holder that stands between this process and the plugin.
    held: Option<Held>,
}

impl Session {
    /// Starts a plugin, or the holder of one.
    pub(super) async fn open(launch: &Launch) -> Result<Self, PluginError> {
        let Some(folder) = &launch.held else { return Self::start(launch, None).await };
        let held = Held::make(launch, folder).await?;
        let holder = held.launch(launch)?;
        let program = launch.program.display().to_string();
        Self::start(&holder, Some(held))
            .await
            .map(|mut session| {
                session.process.program.clone_from(&program);
                session
            })
            .map_err(|error| match error {
                PluginError::Ended { status, said, .. } => {
                    let message = match said.strip_prefix(": ") {
                        Some(said) => said.to_owned(),
                        None => format!("its holder ended at its start ({status})"),
                    };
                    PluginError::Holder { program, message }
                }
                error => error,
            })
    }

    async fn start(launch: &Launch, held: Option<Held>) -> Result<Self, PluginError> {
        let program = launch.program.display().to_string();
        let connection = |source: Box<dyn std::error::Error + Send + Sync>| PluginError::Connection {
            program: program.clone(),
            source,
        };
        let identity = Identity::new().map_err(|error| connection(Box::new(error)))?;
        let (process, place) = Process::start(launch, &identity, held.is_some()).await?;
        let secured = match &place.certificate {
            None => None,
            Some(server) => {
                let config = identity.client(server).map_err(|error| connection(Box::new(error)))?;
                Some(TlsConnector::from(Arc::new(config)))
            }
        };
        let protocol = place.protocol;
        let connector = tower::service_fn(move |_: http::Uri| {
            let (place, secured) = (place.clone(), secured.clone());
            async move { connect(&place, secured).await.map(TokioIo::new) }
        });
        let endpoint = Endpoint::from_static("http://localhost");
        let connecting = endpoint.connect_with_connector(connector);
        let channel = match tokio::time::timeout(launch.patience, connecting).await {
            Ok(channel) => channel.map_err(|error| connection(Box::new(error)))?,
            Err(_) => {
                let what = "accept a connection";
                return Err(PluginError::Silent { program, what, after: launch.patience });
            }
        };
        Ok(Self { channel, protocol, plan_destroy: AtomicBool::new(false), process, held })
    }

    pub(super) fn program(&self) -> &str {
        &self.process.program
    }

    pub(super) fn protocol(&self) -> Protocol {
        self.protocol
    }

    pub(super) fn set_plan_destroy(&self, wanted: bool) {
        self.plan_destroy.store(wanted, Ordering::Relaxed);
    }

    /// Whether the plugin wants to plan deletions too.
    pub(super) fn plans_deletions(&self) -> bool {
        self.plan_destroy.load(Ordering::Relaxed)
    }

    /// Makes a call, by its name in protocol 6.
    ///
    /// # Errors
    /// The plugin does not have the call (Unsupported), is gone, or gives an answer that cannot be read.
    pub(super) async fn call<Q, A>(&self, name: &'static str, ask: Q) -> Result<A, Error>
    where
        Q: prost::Message + Send + Sync + 'static,
        A: prost::Message + Default + Send + Sync + 'static,
    {
        self.call_at(&self.protocol.path(name), name, ask).await
    }

    async fn call_at<Q, A>(&self, path: &str, name: &'static str, ask: Q) -> Result<A, Error>
    where
        Q: prost::Message + Send + Sync + 'static,
        A: prost::Message + Default + Send + Sync + 'static,
    {
        let failed = |status: Status| self.error(&status).operation(name);
        let mut client = Grpc::new(self.channel.clone())
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        client.ready().await.map_err(|error| failed(Status::unavailable(error.to_string())))?;
        let path = path.parse().map_err(|_| failed(Status::internal("the call has no path")))?;
        let answer = client
            .unary(tonic::Request::new(ask), path, tonic_prost::ProstCodec::<Q, A>::default())
            .await
            .map_err(failed)?;
        Ok(answer.into_inner())
    }

    /// Makes a change. Under a holder, it goes on if this process ends.
    pub(super) async fn apply(&self, ask: Apply) -> Result<Applied, Error> {
        if self.held.is_none() {
            return self.call("ApplyResourceChange", ask).await;
        }
        let ask = HeldApply { apply: Some(ask), ..HeldApply::default() };
        let HeldApplied { applied, failure } = self.send(ask).await?;
        applied.ok_or_else(|| {
            Error::new(ErrorKind::Unavailable, failure)
                .with_retry(Retry::Never)
                .with_effect(Effect::Unknown)
                .operation("ApplyResourceChange")
        })
    }

    /// The holder of the plugin.
    pub(super) fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    /// Gives the holder a change.
    pub(super) async fn send(&self, ask: HeldApply) -> Result<HeldApplied, Error> {
        self.call_at(APPLY, "ApplyResourceChange", ask).await
    }

    /// Waits for the holder's answer to a change.
    pub(super) async fn answer(&self, token: &str) -> Result<HeldApplied, Error> {
        let ask = HeldToken { token: token.to_owned() };
        self.call_at(ANSWER, "ApplyResourceChange", ask).await
    }

    /// Tells the holder that a journal has the answer.
    pub(super) async fn forget(&self, token: &str) {
        let ask = HeldToken { token: token.to_owned() };
        // If it cannot be told, the answer stays on the disk, and nobody asks for it again.
        let _: Result<Empty, Error> = self.call_at(FORGET, "ApplyResourceChange", ask).await;
    }

    /// Passes a call on to the plugin as it is.
    pub(super) async fn relay(&self, request: http::Request<Body>) -> Result<http::Response<Body>, Status> {
        let gone = |error: tonic::transport::Error| Status::unavailable(error.to_string());
        let mut channel = self.channel.clone();
        std::future::poll_fn(|context| tower::Service::poll_ready(&mut channel, context))
            .await
            .map_err(gone)?;
        tower::Service::call(&mut channel, request).await.map_err(gone)
    }

    fn error(&self, status: &Status) -> Error {
        let program = self.program();
        match status.code() {
            Code::Unimplemented => {
                Error::new(ErrorKind::Unsupported, format!("the plugin {program} does not have this call"))
            }
            // Nobody started the plugin again, so a repetition fails too.
            code => {
                let message = format!("the plugin {program} failed ({code:?}): {}", status.message());
                Error::new(ErrorKind::Unavailable, message)
                    .with_retry(Retry::Never)
                    .with_effect(Effect::Unknown)
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.held.as_ref().is_some_and(Held::is_settled) {
            self.process.say(SETTLED);
        }
    }
}

async fn connect(place: &Place, secured: Option<TlsConnector>) -> std::io::Result<Stream> {
    let stream = match place.network {
        #[cfg(unix)]
        Network::Unix => Stream::new(tokio::net::UnixStream::connect(&place.address).await?),
        #[cfg(not(unix))]
        Network::Unix => return Err(std::io::Error::other("this system has no sockets of this kind")),
        Network::Tcp => Stream::new(tokio::net::TcpStream::connect(&place.address).await?),
    };
    let Some(secured) = secured else { return Ok(stream) };
    let name = ServerName::try_from("localhost").map_err(std::io::Error::other)?;
    Ok(Stream::new(secured.connect(name, stream).await?))
}
