//! `cluster-completed.spec`: the cluster's document with all defaults, as kops and its machines read it.

use crate::populate::Populated;
use crate::spec::{ClusterSpec, DnsPublisher, Metadata};
use crate::write;

/// The document.
pub(crate) fn document(populated: &Populated) -> String {
    let cluster = &populated.spec.cluster;
    // Only the state store counts generations.
    let metadata = Metadata { generation: None, ..cluster.metadata.clone() };
    write::document("Cluster", &metadata, &as_stored(&cluster.spec))
}

/// A specification in the form in which kops stores it.
fn as_stored(spec: &ClusterSpec) -> ClusterSpec {
    let mut spec = spec.clone();
    if let Some(dns) = spec.external_dns.as_mut().filter(|dns| dns.provider == Some(DnsPublisher::None)) {
        dns.disable = true;
        dns.provider = None;
    }
    if let Some(flags) = &mut spec.kube_api_server {
        flags.oidc_required_claim.sort();
    }
    spec
}
