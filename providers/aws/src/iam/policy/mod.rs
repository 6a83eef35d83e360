//! `aws_iam_policy`.

#[cfg(feature = "iam")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// A policy that roles can share. AWS refuses to delete it while it is attached.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
/// stack.add("read", aws::IamPolicy::new("read", policy));
/// ```
#[resource(
    "aws_iam_policy",
    id = "arn:aws:iam::{account}:policy{path}{name}",
    unique("name"),
    at_most_one_of("name", "name_prefix"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct IamPolicy {
    /// Its name, unique in the account.
    #[field(immutable, generated = "name_prefix", max_length = 128, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 102, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name_prefix: Option<String>,
    /// The policy, in JSON.
    #[field(same = "policy")]
    pub policy: String,
    /// What it is for.
    #[field(immutable, max_length = 1000)]
    pub description: Option<String>,
    /// Its path.
    #[field(immutable, default = "/")]
    pub path: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`IamPolicy`].
#[attributes]
pub struct IamPolicyAttributes {
    /// The policy's ARN.
    pub id: Id<IamPolicy>,
    /// The same ARN, as a separate attribute.
    #[field(form = "{id}")]
    pub arn: String,
    /// The unique id that AWS gives it.
    #[field(form = "ANPA{hex17}")]
    pub policy_id: String,
}
