//! `aws_kms_alias`.

#[cfg(feature = "kms")]
mod client;

use landform_core::{Id, attributes, resource};

use super::KmsKey;

/// An alias of a key.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let key = stack.add("data", aws::KmsKey::new());
/// stack.add("data", aws::KmsAlias::new("alias/data", &key));
/// ```
#[resource("aws_kms_alias", id = "{name}", unique("name"), takes(create = 1, update = 1, delete = 1))]
pub struct KmsAlias {
    /// Its name, unique in the region. It starts with `alias/`.
    #[field(immutable, max_length = 256, pattern = "^alias/[a-zA-Z0-9/_-]+$")]
    pub name: String,
    /// The key, by id or ARN.
    #[field(same = "self_link")]
    pub target_key_id: Id<KmsKey>,
}

/// The attributes that AWS computes for a [`KmsAlias`].
#[attributes]
pub struct KmsAliasAttributes {
    /// The alias's name.
    pub id: Id<KmsAlias>,
    /// Its ARN.
    #[field(form = "arn:aws:kms:{region}:{account}:{name}")]
    pub arn: String,
    /// The key's ARN.
    #[field(volatile, form = "arn:aws:kms:{region}:{account}:key/{target_key_id}")]
    pub target_key_arn: String,
}
