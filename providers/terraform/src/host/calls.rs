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
    client::Grpc,
    transport::{Channel, Endpoint},
};

use super::{
    Launch, PluginError,
    process::{Network, Place, Process},
};
use crate::{
    stream::Stream,
    tls::Identity,
    wire::{LARGEST_MESSAGE, Protocol},
};

/// A connection to a plugin that runs.
pub(super) struct Session {
    channel: Channel,
    protocol: Protocol,
    plan_destroy: AtomicBool,
    process: Process,
}

impl Session {
    pub(super) async fn open(launch: &Launch) -> Result<Self, PluginError> {
        let program = launch.program.display().to_string();
        let connection = |source: Box<dyn std::error::Error + Send + Sync>| PluginError::Connection {
            program: program.clone(),
            source,
        };
        let identity = Identity::new().map_err(|error| connection(Box::new(error)))?;
        let (process, place) = Process::start(launch, &identity).await?;
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
        Ok(Self { channel, protocol, plan_destroy: AtomicBool::new(false), process })
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
        let failed = |status: Status| self.error(&status).operation(name);
        let mut client = Grpc::new(self.channel.clone())
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        client.ready().await.map_err(|error| failed(Status::unavailable(error.to_string())))?;
        let path = self.protocol.path(name).parse();
        let path = path.map_err(|_| failed(Status::internal("the call has no path")))?;
        let answer = client
            .unary(tonic::Request::new(ask), path, tonic_prost::ProstCodec::<Q, A>::default())
            .await
            .map_err(failed)?;
        Ok(answer.into_inner())
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
