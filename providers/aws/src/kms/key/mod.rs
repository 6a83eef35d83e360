//! `aws_kms_key`.

#[cfg(feature = "kms")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

/// A key. A deletion disables it at once and deletes it after a window of days. Until then you can restore it by hand.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// stack.add("data", aws::KmsKey::new().description("Data at rest").enable_key_rotation(true));
/// ```
#[resource(
    "aws_kms_key",
    id = "{hex8}-{hex4}-{hex4}-{hex4}-{hex12}",
    takes(create = 5, update = 2, delete = 2)
)]
pub struct KmsKey {
    /// What it is for.
    #[field(computed, max_length = 8192)]
    pub description: Option<String>,
    /// Its use.
    #[field(immutable, default = KeyUsage::EncryptDecrypt)]
    pub key_usage: KeyUsage,
    /// The type of the key.
    #[field(immutable, default = KeySpec::SymmetricDefault)]
    pub customer_master_key_spec: KeySpec,
    /// The key policy in JSON, which says who may use it. By default the account's IAM policies decide.
    #[field(computed, same = "policy")]
    pub policy: Option<String>,
    /// Whether it can be used.
    #[field(default = true)]
    pub is_enabled: bool,
    /// Whether KMS rotates it.
    #[field(default = false)]
    pub enable_key_rotation: bool,
    /// The rotation period in days, 90 to 2560.
    #[field(computed, maximum = 2560)]
    pub rotation_period_in_days: Option<u32>,
    /// Whether it can have replicas in other regions.
    #[field(immutable, computed, form = "false")]
    pub multi_region: Option<bool>,
    /// The number of days between a deletion and the loss of the key, 7 to 30.
    #[field(unseen, default = 30, minimum = 7, maximum = 30)]
    pub deletion_window_in_days: u32,
    /// Whether KMS accepts a policy that locks out its author.
    #[field(unseen, default = false)]
    pub bypass_policy_lockout_safety_check: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The use of a key.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyUsage {
    /// Encryption and decryption.
    EncryptDecrypt,
    /// Signatures.
    SignVerify,
    /// Message authentication codes.
    GenerateVerifyMac,
    /// Agreement on shared secrets.
    KeyAgreement,
}

/// The type of the key.
#[block]
pub enum KeySpec {
    /// AES with 256 bits.
    #[serde(rename = "SYMMETRIC_DEFAULT")]
    SymmetricDefault,
    /// RSA with 2048 bits.
    #[serde(rename = "RSA_2048")]
    Rsa2048,
    /// RSA with 3072 bits.
    #[serde(rename = "RSA_3072")]
    Rsa3072,
    /// RSA with 4096 bits.
    #[serde(rename = "RSA_4096")]
    Rsa4096,
    /// HMAC with 224 bits.
    #[serde(rename = "HMAC_224")]
    Hmac224,
    /// HMAC with 256 bits.
    #[serde(rename = "HMAC_256")]
    Hmac256,
    /// HMAC with 384 bits.
    #[serde(rename = "HMAC_384")]
    Hmac384,
    /// HMAC with 512 bits.
    #[serde(rename = "HMAC_512")]
    Hmac512,
    /// The curve P-256.
    #[serde(rename = "ECC_NIST_P256")]
    EccNistP256,
    /// The curve P-384.
    #[serde(rename = "ECC_NIST_P384")]
    EccNistP384,
    /// The curve P-521.
    #[serde(rename = "ECC_NIST_P521")]
    EccNistP521,
    /// The curve that cryptocurrencies use.
    #[serde(rename = "ECC_SECG_P256K1")]
    EccSecgP256k1,
    /// SM2, in China.
    #[serde(rename = "SM2")]
    Sm2,
}

/// The attributes that AWS computes for a [`KmsKey`].
#[attributes]
pub struct KmsKeyAttributes {
    /// The key's id.
    pub id: Id<KmsKey>,
    /// The same id, as a separate attribute.
    #[field(form = "{id}")]
    pub key_id: String,
    /// Its ARN.
    #[field(form = "arn:aws:kms:{region}:{account}:key/{id}")]
    pub arn: String,
}
