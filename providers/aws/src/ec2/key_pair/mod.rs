//! `aws_key_pair`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// The public half of an SSH key for instances. AWS allows its deletion while launch templates name it.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJj3Qu0cYaRyZlgwsRSGaE4Ex9mxPVxk0EYyMzLiDnIT admin";
/// stack.add("admin", aws::KeyPair::new("admin", line));
/// ```
#[resource(
    "aws_key_pair",
    id = "{key_name}",
    unique("key_name"),
    at_most_one_of("key_name", "key_name_prefix"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct KeyPair {
    /// Its name, unique in the region.
    #[field(immutable, generated = "key_name_prefix", min_length = 1, max_length = 255)]
    pub key_name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 229)]
    pub key_name_prefix: Option<String>,
    /// The key, as a line of `authorized_keys`.
    #[field(immutable)]
    pub public_key: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for a [`KeyPair`].
#[attributes]
pub struct KeyPairAttributes {
    /// The key pair's name.
    pub id: Id<KeyPair>,
    /// The unique id that AWS gives it.
    #[field(form = "key-{hex17}")]
    pub key_pair_id: String,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:key-pair/{key_name}")]
    pub arn: String,
    /// The MD5 or SHA-256 fingerprint that AWS shows.
    pub fingerprint: Option<String>,
    /// `rsa` or `ed25519`.
    pub key_type: Option<String>,
}
