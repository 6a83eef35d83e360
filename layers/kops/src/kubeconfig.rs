//! The configuration file of `kubectl` for a cluster (kops `pkg/kubeconfig`). Makes no certificate.

use crate::yaml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, json};
use std::fmt;

/// How a user reaches a cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct Kubeconfig {
    /// The cluster's name. The context has the same name.
    pub cluster: String,
    /// The user's name.
    pub user: String,
    /// The API's URL.
    pub server: String,
    /// The name in the API server's certificate, if the URL has another one.
    pub tls_server_name: String,
    /// The certificate authorities of the API server, as PEM. `None` to trust those of the system.
    pub authorities: String,
    /// The user's certificate and private key, as PEM.
    pub client: Option<(String, String)>,
}

impl fmt::Debug for Kubeconfig {
    /// Hides the private key.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Kubeconfig")
            .field("cluster", &self.cluster)
            .field("user", &self.user)
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl Kubeconfig {
    /// The file's text. It is a secret if it contains a client's key.
    pub fn document(&self) -> String {
        let mut cluster = Map::new();
        if !self.authorities.is_empty() {
            cluster.insert("certificate-authority-data".into(), STANDARD.encode(&self.authorities).into());
        }
        cluster.insert("server".into(), self.server.as_str().into());
        if !self.tls_server_name.is_empty() {
            cluster.insert("tls-server-name".into(), self.tls_server_name.as_str().into());
        }
        let mut user = Map::new();
        if let Some((certificate, key)) = &self.client {
            user.insert("client-certificate-data".into(), STANDARD.encode(certificate).into());
            user.insert("client-key-data".into(), STANDARD.encode(key).into());
        }
        yaml::document(&json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{ "cluster": cluster, "name": self.cluster }],
            "contexts": [{ "context": { "cluster": self.cluster, "user": self.user }, "name": self.cluster }],
            "current-context": self.cluster,
            "users": [{ "name": self.user, "user": user }],
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_for_kubectl() {
        let config = Kubeconfig {
            cluster: "k8s.example.com".into(),
            user: "k8s.example.com".into(),
            server: "https://api.k8s.example.com".into(),
            tls_server_name: String::new(),
            authorities: "authority".into(),
            client: Some(("certificate".into(), "key".into())),
        };
        let text = config.document();
        for line in [
            "    certificate-authority-data: YXV0aG9yaXR5\n    server: https://api.k8s.example.com\n",
            "current-context: k8s.example.com\n",
            "    client-certificate-data: Y2VydGlmaWNhdGU=\n    client-key-data: a2V5\n",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(!format!("{config:?}").contains("key\""), "{config:?}");
    }
}
