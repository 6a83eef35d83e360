//! A provider of Landform as a plugin of Terraform.
//!
//! The binary of a plugin calls [`serve`] and does nothing else. Terraform starts it, and ends it.

mod effects;
mod filled;
mod kept;
mod log;
mod patience;
mod plan;
mod plugin;
pub(crate) mod process;
mod reads;
mod served;
pub(crate) mod service;
mod settle;

use std::{io, path::Path};

use landform_core::Provider;

use self::{plugin::Plugin, service::Service};
use crate::tls::TlsError;

/// Why a plugin could not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// It was started by hand, not by Terraform.
    #[error("this program is a plugin of Terraform, which starts it; it is not run by hand")]
    NoHost,
    /// The host speaks other versions of the protocol.
    #[error("the host offers the versions {offered} of the plugin protocol, expected 5 or 6")]
    Protocol {
        /// The offered versions.
        offered: String,
    },
    /// A type of the provider cannot be written in Terraform's language.
    #[error("{0}")]
    Type(String),
    /// The connection could not be secured.
    #[error("cannot secure the connection")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The socket failed.
    #[error("cannot serve")]
    Io(#[source] io::Error),
}

impl ServeError {
    fn tls(error: TlsError) -> Self {
        Self::Tls(Box::new(error))
    }
}

/// Makes the process a plugin of Terraform that offers this provider. It returns when Terraform ends the plugin, or is
/// gone. Calls that run then are finished first.
///
/// The plugin speaks the protocol's versions 5 and 6, over TLS if Terraform asks for it. Each resource type and data
/// source of the provider becomes one of Terraform, under the same name. A provider that is opened with a configuration
/// ([`Provider::opened_by`]) declares it as the plugin's configuration.
///
/// ```no_run
/// # async fn example(provider: landform_core::Provider) -> Result<(), landform_terraform::ServeError> {
/// landform_terraform::serve(provider).await
/// # }
/// ```
///
/// # Guarantees
/// - An effect does not end with the connection. What exists travels with the error to Terraform, which records it.
/// - Terraform's reads of the same type at the same time become one `read_many`.
/// # Caveats
/// - If Terraform itself is killed before it receives an answer, it does not know of a new resource. The token of the
///   attempt dies with it.
/// - Terraform records secret arguments in the clear in its state, as those of any provider. Arguments that are
///   write-only are recorded nowhere.
/// - Landform's rules between resources are not checked by Terraform.
///
/// # Errors
/// Terraform did not start the process, or speaks no version that is known here; a type has a field that Terraform's
/// language does not allow; the socket failed.
///
/// # Cancel safety
/// Dropping the future ends the service. Effects that have begun go on in tasks of their own.
pub async fn serve(provider: Provider) -> Result<(), ServeError> {
    let plugin = Plugin::new(provider).map_err(ServeError::Type)?;
    process::serve(|running| Service::new(plugin, running)).await
}

/// Serves a provider at a socket, without TLS, until the future is dropped. Terraform connects to it if its variable
/// `TF_REATTACH_PROVIDERS` says so: see [`reattach`]. This is for debuggers and tests.
///
/// # Errors
/// As [`serve`].
///
/// # Cancel safety
/// That of [`serve`].
#[cfg(unix)]
pub async fn serve_at(provider: Provider, socket: &Path) -> Result<(), ServeError> {
    let plugin = Plugin::new(provider).map_err(ServeError::Type)?;
    process::serve_at(socket, |running| Service::new(plugin, running)).await
}

/// The value of `TF_REATTACH_PROVIDERS` for providers that this process serves. Each has its address, such as
/// `registry.terraform.io/landform/landform`, and its socket.
///
/// ```
/// use std::path::Path;
/// let value = landform_terraform::reattach([("registry.terraform.io/demo/demo", Path::new("/tmp/demo.sock"))]);
/// assert!(value.contains(r#""ProtocolVersion":6"#));
/// ```
pub fn reattach<'a>(providers: impl IntoIterator<Item = (&'a str, &'a Path)>) -> String {
    let one = |(address, socket): (&str, &Path)| {
        let at = serde_json::json!({ "Network": "unix", "String": socket });
        let provider = serde_json::json!({
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true, "Addr": at,
        });
        (address.to_owned(), provider)
    };
    let providers: serde_json::Map<_, _> = providers.into_iter().map(one).collect();
    serde_json::Value::Object(providers).to_string()
}
