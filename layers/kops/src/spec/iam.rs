//! Identity and access settings of a cluster. Data only.

use serde::Deserialize;

/// Identity and access settings.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Iam {
    /// The wide permissions of early releases, which kops no longer supports.
    pub legacy: bool,
    /// Lets machines read from the container registry.
    pub allow_container_registry: bool,
    /// The ARN of a policy that bounds every role.
    pub permissions_boundary: Option<String>,
    /// Gives service accounts roles of their own.
    pub use_service_account_external_permissions: Option<bool>,
    /// Roles for the user's service accounts.
    pub service_account_external_permissions: Vec<ServiceAccountPermission>,
}

/// Permissions of one service account.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccountPermission {
    /// The service account.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// What it may do on AWS.
    pub aws: Option<AwsPermission>,
}

/// What a service account may do on AWS: either existing policies or statements.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsPermission {
    /// ARNs of existing policies.
    #[serde(rename = "policyARNs")]
    pub policy_arns: Vec<String>,
    /// Statements, as JSON.
    pub inline_policy: String,
}
