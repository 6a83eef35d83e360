//! The settings of a client, as the configuration of a provider has them. Reads nothing and calls nothing.

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Secret, block};

/// How a provider reaches AWS, in the words of Terraform's AWS provider. The environment and the profile decide what is
/// not set, as with AWS's own tools. `Client::with_settings` opens a client with them.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// let settings = aws::Settings { region: Some("eu-central-1".to_owned()), ..aws::Settings::default() };
/// assert!(settings.profile.is_none(), "the environment decides");
/// ```
#[block]
#[derive(Default)]
pub struct Settings {
    /// The region.
    pub region: Option<String>,
    /// The profile in AWS's configuration files.
    pub profile: Option<String>,
    /// The id of an access key. Set it together with `secret_key`.
    pub access_key: Option<String>,
    /// The secret of the access key.
    pub secret_key: Option<Secret>,
    /// The session token of temporary credentials.
    pub token: Option<Secret>,
    /// The URL of another endpoint for all services, such as an emulator's.
    pub endpoint: Option<String>,
    /// A role to assume with the credentials.
    pub assume_role: Option<AssumeRole>,
    /// The accounts in which the provider may work. An empty set allows every account.
    pub allowed_account_ids: BTreeSet<String>,
    /// Tags that every resource gets.
    pub default_tags: Option<DefaultTags>,
    /// Tags that others manage.
    pub ignore_tags: Option<IgnoreTags>,
}

/// A role that the provider assumes.
#[block]
pub struct AssumeRole {
    /// The ARN of the role.
    pub role_arn: String,
    /// The name of the session, which AWS's logs show. The default is `landform`.
    pub session_name: Option<String>,
    /// The id that the owner of the role expects from this caller.
    pub external_id: Option<String>,
}

/// Tags that every resource gets. A resource's own value for a key counts more.
#[block]
pub struct DefaultTags {
    /// The tags.
    pub tags: BTreeMap<String, String>,
}

/// Tags that the provider does not show, change or remove, unless a resource sets them.
#[block]
pub struct IgnoreTags {
    /// The keys.
    pub keys: BTreeSet<String>,
    /// The starts of keys, such as `kubernetes.io/cluster/`.
    pub key_prefixes: BTreeSet<String>,
}
