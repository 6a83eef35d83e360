//! `aws_key_pair`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// The public half of an SSH key for instances. AWS allows its deletion while launch templates name it.
#[resource("aws_key_pair", id = "{key_name}", unique("key_name"), takes(create = 1, update = 1, delete = 1))]
pub struct KeyPair {
    /// Its name, unique in the region.
    #[field(immutable)]
    pub key_name: String,
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
}
