//! `aws_iam_role_policy`.

#[cfg(feature = "iam")]
mod client;

use landform_core::{Id, attributes, resource};

use super::IamRole;

/// A policy inside a role.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let role = stack.add("nodes", aws::IamRole::new("nodes", "{}"));
/// let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
/// stack.add("read", aws::IamRolePolicy::new(&role, "read", policy));
/// ```
#[resource(
    "aws_iam_role_policy",
    id = "{role}:{name}",
    unique("role", "name"),
    at_most_one_of("name", "name_prefix"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct IamRolePolicy {
    /// The role.
    #[field(immutable)]
    pub role: Id<IamRole>,
    /// Its name, unique in the role.
    #[field(immutable, generated = "name_prefix", max_length = 128, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 102, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name_prefix: Option<String>,
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
