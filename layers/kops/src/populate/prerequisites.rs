//! What the caller must create first: sets of keys, the encryption of secrets, and the roles of instance profiles.

use crate::keys::Keyset;
use crate::lookup::Lookup;
use crate::problem::{Kind, Problem};
use crate::spec::values::ProfileArn;
use crate::spec::{ClusterSpec, Spec};
use crate::validate::Report;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use std::collections::BTreeMap;

/// The sets of keys that the cluster needs.
pub(super) fn find_keysets(
    cluster: &ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> BTreeMap<String, Keyset> {
    let mut found = BTreeMap::new();
    for name in crate::store::keyset_names(cluster) {
        match lookup.keyset(&name) {
            Some(keyset) => drop(found.insert(name, keyset)),
            None => {
                report.add(
                    Kind::NotFound,
                    "spec.keyStore",
                    format!("there is no set of keys {name}: create it"),
                );
            }
        }
    }
    found
}

/// The digest of the secret that configures encryption at rest.
pub(super) fn find_encryption(
    cluster: &ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<String> {
    if cluster.encryption_config != Some(true) {
        return None;
    }
    let digest = lookup.secret_digest("encryptionconfig");
    if digest.is_none() {
        let detail = "there is no secret encryptionconfig, which configures encryption at rest: create it";
        report.add(Kind::NotFound, "spec.encryptionConfig", detail);
    }
    digest.map(|digest| URL_SAFE.encode(digest))
}

/// The roles of the instance profiles that groups name.
pub(super) fn find_profile_roles(
    spec: &Spec,
    lookup: &impl Lookup,
    problems: &mut Vec<Problem>,
) -> BTreeMap<ProfileArn, Vec<String>> {
    let mut found = BTreeMap::new();
    for group in &spec.groups {
        let Some(arn) = group.spec.iam.as_ref().and_then(|iam| iam.profile.as_ref()) else { continue };
        let name = arn.name();
        match lookup.profile_roles(name) {
            Some(roles) => drop(found.insert(arn.clone(), roles)),
            None => {
                let detail = format!("there is no instance profile {name}");
                Report::of_group(group, problems).add(Kind::NotFound, "spec.iam.profile", detail);
            }
        }
    }
    found
}
