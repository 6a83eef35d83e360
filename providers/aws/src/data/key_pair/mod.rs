//! `data.aws_key_pair`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;

/// The existing key pair that fits.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let key = stack.read("admin", data::KeyPair::new().key_name("admin"));
/// stack.output("fingerprint", key.fingerprint());
/// ```
#[data("aws_key_pair")]
pub struct KeyPair {
    /// Its name.
    pub key_name: Option<String>,
    /// Its id, such as `key-0123…`.
    pub key_pair_id: Option<String>,
    /// Whether to include the public key in the attributes.
    #[field(default = false)]
    pub include_public_key: bool,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for a [`KeyPair`].
#[attributes]
pub struct KeyPairAttributes {
    /// The pair's name.
    pub id: Id<crate::KeyPair>,
    /// Its ARN.
    pub arn: String,
    /// Its id.
    pub key_pair_id: String,
    /// Its name.
    pub key_name: String,
    /// `rsa` or `ed25519`.
    #[field(form = "ed25519")]
    pub key_type: String,
    /// The fingerprint.
    pub fingerprint: String,
    /// The public key, if the query includes it.
    pub public_key: Option<String>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
