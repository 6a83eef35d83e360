//! Identity and access settings of a cluster. Data only.

use super::section::absent;
use super::values::{PolicyArn, Statements, Written};
use serde::{Deserialize, Serialize};

/// Identity and access settings.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Iam {
    /// The wide permissions of early releases, which kops no longer supports. Always written.
    pub legacy: bool,
    /// Lets machines read from the container registry.
    #[serde(skip_serializing_if = "absent")]
    pub allow_container_registry: bool,
    /// The ARN of a policy that bounds every role.
    #[serde(skip_serializing_if = "absent")]
    pub permissions_boundary: Option<PolicyArn>,
    /// Gives service accounts roles of their own.
    #[serde(skip_serializing_if = "absent")]
    pub use_service_account_external_permissions: Option<bool>,
    /// Roles for the user's service accounts.
    #[serde(skip_serializing_if = "absent")]
    pub service_account_external_permissions: Vec<ServiceAccountPermission>,
}

section! {
    /// Permissions of one service account.
    pub struct ServiceAccountPermission {
        /// The service account.
        pub name: String,
        /// Its namespace.
        pub namespace: String,
        /// What it may do on AWS.
        pub aws: Option<AwsPermission>,
    }

    /// What a service account may do on AWS: either existing policies or statements.
    pub struct AwsPermission {
        /// ARNs of existing policies.
        #[serde(rename = "policyARNs")]
        pub policy_arns: Vec<PolicyArn>,
        /// Statements, as JSON.
        pub inline_policy: Option<Written<Statements>>,
    }
}
