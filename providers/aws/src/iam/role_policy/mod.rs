//! `aws_iam_role_policy`.

#[cfg(feature = "iam")]
mod client;

use landform_core::{Id, attributes, resource};

use super::IamRole;

/// A policy inside a role.
#[resource(
    "aws_iam_role_policy",
    id = "{role}:{name}",
    unique("role", "name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct IamRolePolicy {
    /// The role.
    #[field(immutable)]
    pub role: Id<IamRole>,
    /// Its name, unique in the role.
    #[field(immutable)]
    pub name: String,
    /// The policy, in JSON.
    #[field(same = "policy")]
    pub policy: String,
}

/// The attributes that AWS computes for an [`IamRolePolicy`].
#[attributes]
pub struct IamRolePolicyAttributes {
    /// The role and the name, joined by `:`.
    pub id: Id<IamRolePolicy>,
}
