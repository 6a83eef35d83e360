//! `aws_iam_policy`.

#[cfg(feature = "iam")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// A policy of its own, which roles can share. Deleting one is refused while it is attached.
#[resource(
    "aws_iam_policy",
    id = "arn:aws:iam::{account}:policy{path}{name}",
    unique("name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct IamPolicy {
    /// Its name, unique in the account.
    #[field(immutable)]
    pub name: String,
    /// The policy, in JSON.
    #[field(same = "policy")]
    pub policy: String,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// Its path.
    #[field(immutable, default = "/")]
    pub path: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What AWS computes of an [`IamPolicy`].
#[attributes]
pub struct IamPolicyAttributes {
    /// The policy's ARN.
    pub id: Id<IamPolicy>,
    /// The same ARN, under its own name.
    #[field(form = "{id}")]
    pub arn: String,
    /// AWS's own id of it.
    #[field(form = "ANPA{hex17}")]
    pub policy_id: String,
}
