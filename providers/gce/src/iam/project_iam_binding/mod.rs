//! `google_project_iam_binding`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, resource};

/// All members of a role in a project. Members that others added are removed. It covers no conditions.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("admins", gce::ProjectIamBinding::new("my-project", "roles/viewer", ["group:net@example.com"]));
/// ```
#[resource(
    "google_project_iam_binding",
    id = "{project} {role}",
    unique("project", "role"),
    takes(create = 8, update = 8, delete = 8)
)]
pub struct ProjectIamBinding {
    /// The id of the project.
    #[field(immutable)]
    pub project: String,
    /// The role: `roles/viewer`, or the full name of a role of your own.
    #[field(immutable)]
    pub role: String,
    /// The members: `user:…`, `group:…`, `serviceAccount:…`, `domain:…`, and others.
    #[field(required, min_items = 1)]
    pub members: BTreeSet<String>,
}

/// The attributes that Google computes for a [`ProjectIamBinding`].
#[attributes]
pub struct ProjectIamBindingAttributes {
    /// The project and the role, separated by a space.
    pub id: Id<ProjectIamBinding>,
}
