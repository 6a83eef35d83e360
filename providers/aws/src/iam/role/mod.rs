//! `aws_iam_role`.

#[cfg(feature = "iam")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// An identity that instances, services or federated users assume.
///
/// AWS refuses to delete it while it has policies or is in an instance profile. `force_detach_policies` removes its
/// policies first.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
///     "Principal":{"Service":"ec2.amazonaws.com"}}]}"#;
/// stack.add("nodes", aws::IamRole::new("nodes", trust));
/// ```
#[resource(
    "aws_iam_role",
    id = "{name}",
    unique("name"),
    at_most_one_of("name", "name_prefix"),
    takes(create = 2, update = 1, delete = 2)
)]
pub struct IamRole {
    /// Its name, unique in the account, at most 64 characters.
    #[field(immutable, generated = "name_prefix", max_length = 64, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 38, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name_prefix: Option<String>,
    /// The trust policy in JSON, which says who may assume it.
    #[field(same = "policy")]
    pub assume_role_policy: String,
    /// What it is for.
    #[field(max_length = 1000)]
    pub description: Option<String>,
    /// Its path.
    #[field(immutable, default = "/")]
    pub path: String,
    /// The maximum duration of a session, in seconds.
    #[field(default = 3600, minimum = 3600, maximum = 43200)]
    pub max_session_duration: u32,
    /// The ARN of the policy that limits its permissions.
    pub permissions_boundary: Option<String>,
    /// Whether a deletion first removes its policies, even those that somebody else attached.
    #[field(unseen, default = false)]
    pub force_detach_policies: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`IamRole`].
#[attributes]
pub struct IamRoleAttributes {
    /// The role's name.
    pub id: Id<IamRole>,
    /// Its ARN.
    #[field(form = "arn:aws:iam::{account}:role{path}{name}")]
    pub arn: String,
    /// The unique id that AWS gives it.
    #[field(form = "AROA{hex17}")]
    pub unique_id: String,
    /// The time of its creation.
    #[field(form = "2020-01-01T00:00:00Z")]
    pub create_date: String,
}
