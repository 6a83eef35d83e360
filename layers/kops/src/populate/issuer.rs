//! Who vouches for the identity of service accounts (kops `pkg/model/components/discovery.go`).

use crate::lookup::Lookup;
use crate::problem::Kind;
use crate::spec::ClusterSpec;
use crate::validate::Report;

/// The URL of the issuer: given, of the store or service that publishes its documents, or of the API itself.
pub(super) fn find(cluster: &ClusterSpec, name: &str, lookup: &impl Lookup, report: &mut Report) -> String {
    let flags = cluster.kube_api_server.as_ref();
    if let Some(issuer) = flags.and_then(|flags| flags.text("serviceAccountIssuer")) {
        return issuer.into();
    }
    let discovery = cluster.service_account_issuer_discovery.clone().unwrap_or_default();
    if !discovery.discovery_store.is_empty() {
        return published_at(cluster, &discovery.discovery_store, lookup, report);
    }
    if let Some(service) = discovery.discovery_service {
        return service.url;
    }
    let anonymous = flags.and_then(|flags| flags.flag("anonymousAuth")) == Some(true);
    let open =
        cluster.kubernetes_api_access.iter().any(|source| ["0.0.0.0/0", "::/0"].contains(&source.as_str()));
    if anonymous && open && !cluster.master_public_name.is_empty() {
        format!("https://{}", cluster.master_public_name)
    } else {
        format!("https://api.internal.{name}")
    }
}

/// The URL under which a store is read. `memfs://` is the store of kops's tests.
fn published_at(cluster: &ClusterSpec, store: &str, lookup: &impl Lookup, report: &mut Report) -> String {
    let path = "spec.serviceAccountIssuerDiscovery.discoveryStore";
    if let Some(rest) = store.strip_prefix("memfs://") {
        return format!("https://{rest}");
    }
    let Some(rest) = store.strip_prefix("s3://") else {
        report.invalid(path, format!("{store:?}: expected a bucket, s3://bucket/path"));
        return String::new();
    };
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.contains('.') {
        let detail = format!(
            "{bucket:?} has dots, which the certificate of its URL does not cover; expected a name without"
        );
        report.invalid(path, detail);
    }
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
