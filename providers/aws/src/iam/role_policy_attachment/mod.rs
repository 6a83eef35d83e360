//! `aws_iam_role_policy_attachment`.

#[cfg(feature = "iam")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{IamPolicy, IamRole};

/// A shared policy that a role has.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let role = stack.add("nodes", aws::IamRole::new("nodes", "{}"));
/// let policy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
/// stack.add("ssm", aws::IamRolePolicyAttachment::new(&role, policy));
/// ```
#[resource(
    "aws_iam_role_policy_attachment",
    id = "{role}/{policy_arn}",
    unique("role", "policy_arn"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct IamRolePolicyAttachment {
    /// The role.
    #[field(immutable)]
    pub role: Id<IamRole>,
    /// The policy.
    #[field(immutable)]
    pub policy_arn: Id<IamPolicy>,
}

/// The attributes that AWS computes for an [`IamRolePolicyAttachment`].
#[attributes]
pub struct IamRolePolicyAttachmentAttributes {
    /// The role and the policy, joined by `/`.
    pub id: Id<IamRolePolicyAttachment>,
}
