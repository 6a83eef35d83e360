//! TLS to PostgreSQL, with the modes and names of PostgreSQL's own clients. Reads certificates, never a key.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor,
    },
    crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
    server::ParsedCertificate,
};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::decode;

/// The name that PostgreSQL's clients use for the certificate authorities of the system.
const SYSTEM: &str = "system";

/// The TLS settings of a URL or the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tls {
    /// Whether TLS is used at all.
    pub mode: SslMode,
    trust: Trust,
}

/// Which servers the connection trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trust {
    /// Any server. Nobody can listen, but it is unknown who answers.
    Anybody,
    /// A server with a certificate of an authority in this file, whatever its name.
    Authority(PathBuf),
    /// A server with a certificate for the name of the host, from an authority in this file or, without a file, of the
    /// system.
    Name(Option<PathBuf>),
}

impl Tls {
    /// Takes `sslmode` and `sslrootcert` out of a URL. `PGSSLMODE` and `PGSSLROOTCERT` apply where the URL has neither.
    ///
    /// Fails with the reason in words.
    pub(super) fn take(url: &str, environment: &[(String, String)]) -> Result<(String, Self), String> {
        // A password may hold a question mark.
        let host = url.find('@').unwrap_or(0);
        let (server, query) = match url[host..].find('?') {
            Some(at) => (&url[..host + at], &url[host + at + 1..]),
            None => (url, ""),
        };
        let (mut mode, mut root) = (None, None);
        let mut rest: Vec<&str> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || decode(value).ok_or_else(|| format!("{name} is not valid percent-encoding"));
            match name {
                "sslmode" => mode = Some(value()?),
                "sslrootcert" => root = Some(value()?),
                _ => rest.push(pair),
            }
        }
        let variable = |name: &str| {
            let found = environment.iter().find(|(key, value)| key == name && !value.is_empty());
            found.map(|(_, value)| value.clone())
        };
        let is_named = root.is_some();
        let mode = mode.or_else(|| variable("PGSSLMODE"));
        let root = root.or_else(|| variable("PGSSLROOTCERT"));
        let tls = Self::new(mode.as_deref().unwrap_or("prefer"), root, is_named)?;
        let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
        Ok((format!("{server}{query}"), tls))
    }

    fn new(mode: &str, root: Option<String>, is_named: bool) -> Result<Self, String> {
        let system = root.as_deref() == Some(SYSTEM);
        let file = root.filter(|_| !system).map(PathBuf::from);
        let (mode, trust) = match (mode, file) {
            ("disable" | "prefer", _) if is_named => {
                return Err(format!("sslrootcert has no effect with sslmode={mode}; use verify-full"));
            }
            ("require" | "verify-ca", _) if system => {
                return Err(format!(
                    "sslrootcert=system with sslmode={mode} would trust the certificate of any server; use verify-full"
                ));
            }
            ("verify-ca", None) => {
                return Err("sslmode=verify-ca needs sslrootcert=FILE, the authority's certificate".into());
            }
            ("disable", _) => (SslMode::Disable, Trust::Anybody),
            ("prefer", _) => (SslMode::Prefer, Trust::Anybody),
            ("require", None) => (SslMode::Require, Trust::Anybody),
            // As in PostgreSQL's own clients: a user who names an authority wants it checked.
            ("require" | "verify-ca", Some(file)) => (SslMode::Require, Trust::Authority(file)),
            ("verify-full", file) => (SslMode::Require, Trust::Name(file)),
            (other, _) => {
                return Err(format!(
                    "unknown sslmode={other}: expected disable, prefer, require, verify-ca or verify-full"
                ));
            }
        };
        Ok(Self { mode, trust })
    }

    /// Makes a connector with these rules. Reads the certificates of the authorities.
    ///
    /// Fails with the reason in words.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let unnamed = |roots| Arc::new(Unnamed { roots, algorithms });
        let builder = match &self.trust {
            Trust::Anybody => builder.dangerous().with_custom_certificate_verifier(unnamed(None)),
            Trust::Authority(file) => {
                builder.dangerous().with_custom_certificate_verifier(unnamed(Some(authorities(file)?)))
            }
            Trust::Name(Some(file)) => builder.with_root_certificates(authorities(file)?),
            Trust::Name(None) => builder.with_root_certificates(systems_authorities()?),
        };
        Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
    }
}

/// Why a connection cannot be trusted and what to do, if that is why it failed.
pub(super) fn refusal(error: &tokio_postgres::Error) -> Option<String> {
    let cause = std::error::Error::source(error)?;
    // The library has no type for this error.
    if cause.to_string() == "server does not support TLS" {
        return Some(
            "the server does not support TLS. Turn it on there (ssl = on), or use sslmode=disable where \
             nobody else can listen"
                .into(),
        );
    }
    let told = cause.downcast_ref::<std::io::Error>()?.get_ref()?.downcast_ref::<Error>()?;
    let advice = match told {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "Give the certificate of the server's authority with sslrootcert=FILE"
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "Connect by a name in the certificate, or check only its authority with sslmode=verify-ca",
        Error::InvalidCertificate(_) => "Give the server another certificate",
        _ => "See the server's log",
    };
    Some(format!("{told}. {advice}"))
}

fn authorities(file: &Path) -> Result<RootCertStore, String> {
    let fail = |why: String| format!("sslrootcert {}: {why}", file.display());
    let bytes = std::fs::read(file).map_err(|error| fail(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(|error| fail(error.to_string()))?;
        roots.add(certificate).map_err(|error| fail(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(fail("it contains no certificate, expected one in PEM form".into()));
    }
    Ok(roots)
}

fn systems_authorities() -> Result<RootCertStore, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added > 0 {
        return Ok(roots);
    }
    let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
    Err(format!("this system has no trusted certificate authorities{why}; give one with sslrootcert=FILE"))
}

/// Checks the authority of a certificate but not its name; without roots, checks neither.
#[derive(Debug)]
struct Unnamed {
    roots: Option<RootCertStore>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Unnamed {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let certificate = ParsedCertificate::try_from(certificate)?;
            let algorithms = self.algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&certificate, roots, intermediates, now, algorithms)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn take(query: &str, environment: &[(&str, &str)]) -> Result<(String, Tls), String> {
        let environment: Vec<(String, String)> =
            environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Tls::take(&format!("postgres://host/db{query}"), &environment)
    }

    #[test]
    fn modes_mean_what_they_mean_to_others() {
        let root = || PathBuf::from("/a b.pem");
        let cases = [
            ("", SslMode::Prefer, Trust::Anybody),
            ("?sslmode=disable", SslMode::Disable, Trust::Anybody),
            ("?sslmode=require", SslMode::Require, Trust::Anybody),
            ("?sslmode=require&sslrootcert=/a%20b.pem", SslMode::Require, Trust::Authority(root())),
            ("?sslrootcert=/a%20b.pem&sslmode=verify-ca", SslMode::Require, Trust::Authority(root())),
            ("?sslmode=verify-full&sslrootcert=/a%20b.pem", SslMode::Require, Trust::Name(Some(root()))),
            ("?sslmode=verify-full", SslMode::Require, Trust::Name(None)),
            ("?sslmode=verify-full&sslrootcert=system", SslMode::Require, Trust::Name(None)),
        ];
        for (query, mode, trust) in cases {
            let expected = ("postgres://host/db".to_owned(), Tls { mode, trust });
            assert_eq!(take(query, &[]).unwrap(), expected, "{query}");
        }
        let (url, _) = take("?connect_timeout=3&sslmode=require&options=-cx%3Dy", &[]).unwrap();
        assert_eq!(url, "postgres://host/db?connect_timeout=3&options=-cx%3Dy");
        let (url, tls) = Tls::take("postgres://me:a?b&&c@host/db?sslmode=require", &[]).unwrap();
        assert_eq!((url.as_str(), tls.mode), ("postgres://me:a?b&&c@host/db", SslMode::Require));
    }

    #[test]
    fn the_environment_says_what_the_url_does_not() {
        let environment = [("PGSSLMODE", "verify-ca"), ("PGSSLROOTCERT", "/root.pem")];
        let (_, tls) = take("", &environment).unwrap();
        assert_eq!(tls.trust, Trust::Authority("/root.pem".into()));
        let (_, tls) = take("?sslmode=disable", &environment).unwrap();
        assert_eq!(tls, Tls { mode: SslMode::Disable, trust: Trust::Anybody });
    }

    #[test]
    fn what_would_check_nothing_is_refused() {
        let cases = [
            ("?sslmode=sometimes", "disable, prefer, require"),
            ("?sslmode=verify-ca", "sslrootcert=FILE"),
            ("?sslmode=verify-ca&sslrootcert=system", "verify-full"),
            ("?sslmode=require&sslrootcert=system", "verify-full"),
            ("?sslrootcert=/root.pem", "verify-full"),
            ("?sslmode=%zz", "not valid percent-encoding"),
        ];
        for (query, said) in cases {
            let why = take(query, &[]).unwrap_err();
            assert!(why.contains(said), "{query}: {why}");
        }
    }
}
