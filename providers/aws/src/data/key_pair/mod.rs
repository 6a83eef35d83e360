//! `data.aws_key_pair`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;

/// A key pair that is there already: the one that fits.
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
    /// Its id, as `key-0123…`.
    pub key_pair_id: Option<String>,
    /// Whether the public key is told.
    #[field(default = false)]
    pub include_public_key: bool,
    /// Tags that it has, perhaps among others.
    pub tags: BTreeMap<String, String>,
    /// What else must hold of it.
    pub filter: Vec<Filter>,
}

/// What AWS knows of a [`KeyPair`].
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
    /// The public key, where it is asked for.
    pub public_key: Option<String>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
