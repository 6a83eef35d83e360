//! `aws_iam_instance_profile`.

#[cfg(feature = "iam")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::IamRole;

/// A container that gives a role to an instance.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let role = stack.add("nodes", aws::IamRole::new("nodes", "{}"));
/// stack.add("nodes", aws::IamInstanceProfile::new("nodes").role(&role));
/// ```
#[resource(
    "aws_iam_instance_profile",
    id = "{name}",
    unique("name"),
    at_most_one_of("name", "name_prefix"),
    takes(create = 5, update = 2, delete = 2)
)]
pub struct IamInstanceProfile {
    /// Its name, unique in the account.
    #[field(immutable, generated = "name_prefix", max_length = 128, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 102, pattern = "^[a-zA-Z0-9_+=,.@-]+$")]
    pub name_prefix: Option<String>,
    /// The role.
    pub role: Option<Id<IamRole>>,
    /// Its path.
    #[field(immutable, default = "/")]
    pub path: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`IamInstanceProfile`].
#[attributes]
pub struct IamInstanceProfileAttributes {
    /// The profile's name.
    pub id: Id<IamInstanceProfile>,
    /// Its ARN.
    #[field(form = "arn:aws:iam::{account}:instance-profile{path}{name}")]
    pub arn: String,
    /// The unique id that AWS gives it.
    #[field(form = "AIPA{hex17}")]
    pub unique_id: String,
    /// The time of its creation.
    #[field(form = "2020-01-01T00:00:00Z")]
    pub create_date: String,
}
