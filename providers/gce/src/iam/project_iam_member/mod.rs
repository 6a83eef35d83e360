//! `google_project_iam_member`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, resource};

/// A role of one member in a project. The role's other members stay as they are. It covers no conditions.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let nodes = stack.add("nodes", gce::ServiceAccount::new("nodes"));
/// stack.add("logs", gce::ProjectIamMember::new("my-project", "roles/logging.logWriter", nodes.member()));
/// ```
#[resource(
    "google_project_iam_member",
    id = "{project} {role} {member}",
    unique("project", "role", "member"),
    takes(create = 8, update = 1, delete = 8)
)]
pub struct ProjectIamMember {
    /// The id of the project.
    #[field(immutable)]
    pub project: String,
    /// The role: `roles/viewer`, or the full name of a role of your own.
    #[field(immutable)]
    pub role: String,
    /// The member: `user:…`, `group:…`, `serviceAccount:…`, `domain:…`, and others.
    #[field(immutable)]
    pub member: String,
}

/// The attributes that Google computes for a [`ProjectIamMember`].
#[attributes]
pub struct ProjectIamMemberAttributes {
    /// The project, the role and the member, separated by spaces.
    pub id: Id<ProjectIamMember>,
}
