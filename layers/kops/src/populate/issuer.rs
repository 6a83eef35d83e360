//! The issuer of service account tokens (kops `pkg/model/components/discovery.go`).

use crate::lookup::Lookup;
use crate::problem::Kind;
use crate::spec::ClusterSpec;
use crate::spec::values::{Store, text};
use crate::validate::Report;

/// Sets the issuer of service account tokens: the URL in the spec, the URL of the store or service that publishes the
/// issuer's documents, or the URL of the API itself. Returns whether the documents need public access lists of their
/// own.
pub(super) fn complete(
    cluster: &mut ClusterSpec,
    name: &str,
    lookup: &impl Lookup,
    report: &mut Report,
) -> bool {
    let discovery = cluster.service_account_issuer_discovery.clone().unwrap_or_default();
    let mut needs_acl = false;
    let given = cluster.kube_api_server.as_ref().and_then(|flags| flags.service_account_issuer.clone());
    let issuer = if let Some(issuer) = given {
        issuer
    } else if let Some(store) = &discovery.discovery_store {
        needs_acl = store.bucket().is_some_and(|bucket| !lookup.is_bucket_public(bucket));
        published_at(cluster, store, lookup, report)
    } else if let Some(service) = discovery.discovery_service {
        text(&service.url).to_owned()
    } else {
        format!("https://api.internal.{name}")
    };
    let flags = cluster.kube_api_server.get_or_insert_default();
    if flags.api_audiences.is_empty() {
        flags.api_audiences = vec!["kubernetes.svc.default".into()];
    }
    flags.service_account_jwks_uri = Some(format!("{issuer}/openid/v1/jwks"));
    flags.service_account_issuer = Some(issuer);
    needs_acl
}

/// The URL at which others read the files of a store.
fn published_at(cluster: &ClusterSpec, store: &Store, lookup: &impl Lookup, report: &mut Report) -> String {
    let path = "spec.serviceAccountIssuerDiscovery.discoveryStore";
    let (bucket, key) = match store {
        Store::S3 { bucket, key } => (bucket, key),
        Store::Memory(key) => return format!("https://{key}"),
        // `check::stores` refuses it.
        Store::Gs { .. } | Store::Other { .. } => return String::new(),
    };
    match lookup.bucket_region(bucket) {
        Some(region) => {
            let stack = if cluster.is_ipv6_only() { "dualstack." } else { "" };
            format!("https://{bucket}.s3.{stack}{region}.amazonaws.com/{key}").trim_end_matches('/').into()
        }
        None => {
            report.add(Kind::NotFound, path, format!("there is no bucket {bucket:?}"));
            String::new()
        }
    }
}
