//! The service accounts that machines run as, and their permissions (kops `service_accounts.go`, `storageacl.go`).

use super::Model;
use crate::names;
use crate::spec::values::Store;
use crate::spec::{EtcdCluster, Role};
use landform_core::{Handle, Input};
use landform_gce as gce;
use std::collections::{BTreeMap, BTreeSet};

/// The role of Google's own Kubernetes service, which allows a control plane what it needs.
const CONTROL_PLANE: &str = "roles/container.serviceAgent";
/// The role that reads and writes the objects of a bucket.
const WRITER: &str = "roles/storage.objectAdmin";
/// The role that reads the objects of a bucket.
const READER: &str = "roles/storage.objectViewer";

/// The service accounts of machines.
pub(super) struct Accounts {
    /// The new accounts, by role of machines.
    pub(super) made: BTreeMap<Role, Handle<gce::ServiceAccount>>,
    /// The address of an existing account for all machines.
    shared: Option<String>,
}

impl Accounts {
    /// The address of the account of a role's machines.
    pub(super) fn email(&self, role: Role) -> Option<Input<String>> {
        match &self.shared {
            Some(email) => Some(email.as_str().into()),
            None => self.made.get(&role).map(|account| account.email().into()),
        }
    }
}

impl Model<'_> {
    pub(super) fn accounts(&mut self) -> Accounts {
        self.at("spec.cloudConfig.gceServiceAccount");
        let given =
            self.cluster().cloud_config.as_ref().map_or("", |config| config.gce_service_account.as_str());
        if !given.is_empty() {
            return Accounts { made: BTreeMap::new(), shared: Some(given.into()) };
        }
        let mut made = BTreeMap::new();
        let roles: BTreeSet<Role> = self.populated.groups.iter().map(|group| group.role).collect();
        for role in roles {
            // API servers run as the control plane does.
            let account = match made.get(&Role::ControlPlane).filter(|_| role == Role::ApiServer) {
                Some(shared) => Handle::clone(shared),
                None => self.account(role),
            };
            made.insert(role, account);
        }
        if let Some(account) = made.get(&Role::ControlPlane).cloned() {
            // A binding, as in kops's Terraform output, would take the role from others in the project.
            let member = gce::ProjectIamMember::new(&*self.home.project, CONTROL_PLANE, account.member());
            self.add_common("serviceaccount-control-plane", member);
            self.bucket_permissions(&account);
        }
        Accounts { made, shared: None }
    }

    fn account(&mut self, role: Role) -> Handle<gce::ServiceAccount> {
        let (name, description) = match role {
            Role::ControlPlane | Role::ApiServer => ("control-plane", "kubernetes control-plane instances"),
            Role::Node => ("node", "kubernetes worker nodes"),
            Role::Bastion => ("bastion", "bastion nodes"),
        };
        let id = names::gce::service_account(name, self.names.cluster);
        let account = gce::ServiceAccount::new(id)
            .project(&*self.home.project)
            .display_name(name)
            .description(description);
        self.add_common(name, account)
    }

    /// Lets the control plane write the backups of etcd and read the cluster's files. Other machines get what they need
    /// from the control plane.
    fn bucket_permissions(&mut self, account: &Handle<gce::ServiceAccount>) {
        self.at("spec.configBase");
        let cluster = self.cluster();
        let stores = cluster.etcd_clusters.iter().filter_map(EtcdCluster::backup_store);
        let written: BTreeSet<&str> = stores.filter_map(Store::gs_bucket).collect();
        let read = self.populated.base.gs_bucket().filter(|bucket| !written.contains(bucket));
        let of = |bucket, role, prefix| (bucket, role, prefix);
        let written = written.into_iter().map(|bucket| of(bucket, WRITER, "objectadmin"));
        for (bucket, role, prefix) in written.chain(read.map(|bucket| of(bucket, READER, "objectviewer"))) {
            let member = gce::StorageBucketIamMember::new(bucket, role, account.member());
            self.add_common(&format!("{prefix}-{bucket}-serviceaccount-controlplane"), member);
        }
    }
}
