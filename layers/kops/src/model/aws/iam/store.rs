//! Access to the buckets that hold a cluster's files and backups (kops `pkg/model/iam/iam_builder.go`).

use super::super::Model;
use super::super::policy::{Policy, Statement};
use crate::spec::values::Store;
use crate::spec::{EtcdCluster, Role};
use std::collections::BTreeSet;

impl Model<'_> {
    /// Lets machines read the cluster's files. The control plane may also write the backups of etcd.
    pub(super) fn buckets(&self, policy: &mut Policy, role: Role) {
        let cluster = self.cluster();
        let mut buckets = BTreeSet::new();
        let stores = [&cluster.config_base, &cluster.key_store, &cluster.secret_store];
        let mut roots: Vec<&Store> = stores.into_iter().flatten().map(|store| &**store).collect();
        roots.sort_unstable();
        roots.dedup();
        let all = roots.clone();
        let inside = |root: &Store| all.iter().any(|other| root.is_below(other));
        for root in roots.into_iter().filter(|root| !inside(root)) {
            let Some((bucket, path)) = bucket_and_path(root, "placeholder-read-bucket") else { continue };
            let arn = policy.arn(&format!("s3:::{path}/*"));
            policy.add(Statement::allow_list(["s3:Get*"]).on(arn));
            buckets.insert(bucket);
        }
        if role == Role::ControlPlane {
            let mut written: Vec<&Store> = Vec::new();
            for store in cluster.etcd_clusters.iter().filter_map(EtcdCluster::backup_store) {
                if written.contains(&store) {
                    continue;
                }
                if let Some((bucket, path)) = bucket_and_path(store, "placeholder-write-bucket") {
                    let arn = policy.arn(&format!("s3:::{path}/*"));
                    let actions =
                        ["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"];
                    policy.add(Statement::allow_list(actions).on(arn));
                    buckets.insert(bucket);
                }
                written.push(store);
            }
        }
        for bucket in buckets {
            let actions = [
                "s3:GetBucketLocation",
                "s3:GetEncryptionConfiguration",
                "s3:ListBucket",
                "s3:ListBucketVersions",
            ];
            let arn = policy.arn(&format!("s3:::{bucket}"));
            policy.add(Statement::allow(actions).on_list(&[arn]));
        }
    }
}

/// The bucket of a store, and the path of its files as ARNs have it. `stand_in` is the
/// bucket for the stores in memory of kops's test suite.
fn bucket_and_path(store: &Store, stand_in: &str) -> Option<(String, String)> {
    let (bucket, key) = match store {
        Store::S3 { bucket, key } => (bucket.as_str(), key),
        Store::Memory(key) => (stand_in, key),
        // The check before the model refuses other stores.
        Store::Gs { .. } | Store::Other { .. } => return None,
    };
    let path = if key.is_empty() { bucket.to_owned() } else { format!("{bucket}/{key}") };
    Some((bucket.to_owned(), path))
}
