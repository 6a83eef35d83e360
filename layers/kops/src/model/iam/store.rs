//! Access to the buckets that hold a cluster's files and backups (kops `pkg/model/iam/iam_builder.go`).

use super::super::Model;
use super::super::policy::{Policy, Statement};
use crate::spec::Role;
use std::collections::BTreeSet;

impl Model<'_> {
    /// The cluster's files: all are read by the control plane; backups of etcd are written.
    pub(super) fn buckets(&self, policy: &mut Policy, role: Role) {
        let cluster = self.cluster();
        let mut buckets = BTreeSet::new();
        let base = cluster.config_base.trim_end_matches('/');
        let mut roots: Vec<&str> = [base, &cluster.key_store, &cluster.secret_store].into();
        roots.retain(|root| !root.is_empty());
        roots.sort_unstable();
        roots.dedup();
        let all = roots.clone();
        let inside =
            |root: &str| all.iter().any(|other| *other != root && root.starts_with(&format!("{other}/")));
        for root in roots.into_iter().filter(|root| !inside(root)) {
            let Some(place) = StorePath::parse(root, "placeholder-read-bucket") else { continue };
            let arn = policy.arn(&format!("s3:::{}/*", place.path()));
            policy.add(Statement::allow_list(["s3:Get*"]).on(arn));
            buckets.insert(place.bucket);
        }
        if role == Role::ControlPlane {
            let mut written = Vec::new();
            for etcd in &cluster.etcd_clusters {
                let given = etcd.backups.as_ref().map(|backups| backups.backup_store.clone());
                let store = given.filter(|store| !store.is_empty());
                let store = store.unwrap_or_else(|| format!("{base}/backups/etcd/{}", etcd.name));
                if written.contains(&store) {
                    continue;
                }
                if let Some(place) = StorePath::parse(&store, "placeholder-write-bucket") {
                    let arn = policy.arn(&format!("s3:::{}/*", place.path()));
                    let actions =
                        ["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"];
                    policy.add(Statement::allow_list(actions).on(arn));
                    buckets.insert(place.bucket);
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

/// A place in a store of files.
struct StorePath {
    bucket: String,
    key: String,
}

impl StorePath {
    /// Reads `s3://bucket/key`. For `memfs://key`, the store of kops's tests, a bucket stands in.
    fn parse(url: &str, stand_in: &str) -> Option<Self> {
        if let Some(key) = url.strip_prefix("memfs://") {
            return Some(Self { bucket: stand_in.into(), key: key.trim_end_matches('/').into() });
        }
        let (bucket, key) =
            url.strip_prefix("s3://")?.split_once('/').unwrap_or((url.strip_prefix("s3://")?, ""));
        Some(Self { bucket: bucket.into(), key: key.trim_end_matches('/').into() })
    }

    fn path(&self) -> String {
        if self.key.is_empty() { self.bucket.clone() } else { format!("{}/{}", self.bucket, self.key) }
    }
}
