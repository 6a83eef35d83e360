//! The URL of a server for messages, never with a password.

use tokio_postgres::{Config, config::Host};

/// The URL of the server for messages.
pub(super) fn describe(config: &Config) -> String {
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        Some(Host::Unix(path)) => path.display().to_string().replace('/', "%2F"),
        None => String::new(),
    };
    let port = config.get_ports().first().filter(|port| **port != 5432);
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    format!("postgres://{user}{host}{port}/{}", config.get_dbname().unwrap_or_default())
}

/// A URL that may be malformed, without a possible password.
pub(super) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "postgres:…".into() };
    let (user, rest) = rest.split_once('@').unwrap_or(("", rest));
    let user = user.split(':').next().filter(|user| !user.is_empty());
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    let host = rest.split('?').next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // If the '@' is missing, the password looks like a port.
    let (host, after) = host.split_once(':').unwrap_or((host, ""));
    let after = match after.split_once('/') {
        Some((port, database)) if is_port(port) => format!(":{port}/{database}"),
        Some((_, database)) => format!(":…/{database}"),
        None if after.is_empty() => String::new(),
        None if is_port(after) => format!(":{after}"),
        None => ":…".into(),
    };
    format!("{scheme}://{user}{host}{after}")
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}
