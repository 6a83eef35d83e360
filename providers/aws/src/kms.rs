//! AWS KMS: keys.

mod alias;
#[cfg(feature = "kms")]
pub(crate) mod client;
mod key;

landform_kit::types! {
    with "kms" crate::client::Client;
    managed alias::KmsAlias;
    managed key::KmsKey;
}
