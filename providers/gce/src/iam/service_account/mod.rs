//! `google_service_account`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, resource};

/// An account for programs. Other services may not know a new account for some seconds.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("nodes", gce::ServiceAccount::new("nodes-of-a").display_name("Nodes of cluster a"));
/// ```
#[resource(
    "google_service_account",
    id = "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com",
    unique("project", "account_id"),
    takes(create = 8, update = 3, delete = 3)
)]
pub struct ServiceAccount {
    /// The part of its address before the `@`.
    #[field(immutable, min_length = 6, max_length = 30, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])$")]
    pub account_id: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// Its name for people.
    pub display_name: Option<String>,
    /// A description of its purpose.
    #[field(max_length = 256)]
    pub description: Option<String>,
    /// Whether it cannot be used.
    #[field(default = false)]
    pub disabled: bool,
}

/// The attributes that Google computes for a [`ServiceAccount`].
#[attributes]
pub struct ServiceAccountAttributes {
    /// `projects/{project}/serviceAccounts/{email}`.
    pub id: Id<ServiceAccount>,
    /// The same.
    #[field(form = "{id}")]
    pub name: String,
    /// Its address.
    #[field(form = "{account_id}@{project}.iam.gserviceaccount.com")]
    pub email: String,
    /// The number that identifies it. An account that is made again has another one.
    #[field(form = "1{digits20}")]
    pub unique_id: String,
    /// It as a member of a policy: `serviceAccount:{email}`.
    #[field(form = "serviceAccount:{account_id}@{project}.iam.gserviceaccount.com")]
    pub member: String,
}
