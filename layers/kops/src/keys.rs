//! Sets of keys: certificates that the cluster trusts, one of which signs. Holds no private key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use md5::Md5;
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::der::asn1::UintRef;
use x509_cert::der::pem::{self, LineEnding};
use x509_cert::der::{Decode as _, DecodePem as _, Encode as _, Reader as _, SliceReader};

/// A set of keys of one name, such as `kubernetes-ca`. Old keys stay trusted until they are distrusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyset {
    /// The id of the key that signs.
    pub primary: String,
    /// The keys, oldest first.
    keys: Vec<Key>,
}

/// A key of a [`Keyset`], as its certificate shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id: the serial number of its certificate, in decimal digits.
    pub id: String,
    /// Its certificate, as PEM.
    pub certificate: String,
    /// Whether it is distrusted.
    pub distrusted: bool,
    subject: String,
    public_key: PublicKey,
}

/// An RSA public key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PublicKey {
    /// The key with its algorithm, in DER.
    info: Vec<u8>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// Why a certificate cannot be a key of a set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not a certificate.
    #[error("expected a certificate as PEM: {0}")]
    Malformed(String),
    /// The certificate's key is not an RSA key.
    #[error("expected a certificate with an RSA key")]
    NotRsa,
    /// The operation would remove the key that signs.
    #[error("no key has the id {0} of the key that signs")]
    NoPrimary(String),
    /// No key has this id.
    #[error("no key has the id {0}")]
    NotFound(String),
    /// The set already has a key with this id.
    #[error("the set already has the key {0}")]
    Doubled(String),
    /// A distrusted key cannot sign.
    #[error("key {0} is distrusted and cannot sign")]
    Distrusted(String),
    /// A key without its private key cannot sign.
    #[error("key {0} has no private key and cannot sign")]
    NoPrivateKey(String),
    /// The key that signs must be trusted.
    #[error("key {0} signs and cannot be distrusted: promote another key first")]
    Signs(String),
}

impl Key {
    /// Reads a key's certificate.
    ///
    /// # Errors
    /// The text is not a certificate, or its key is not an RSA key.
    pub fn new(certificate: &str) -> Result<Self, KeyError> {
        let malformed = |error: x509_cert::der::Error| KeyError::Malformed(error.to_string());
        let read = Certificate::from_pem(certificate.trim()).map_err(malformed)?;
        let info = &read.tbs_certificate.subject_public_key_info;
        let key = info.subject_public_key.as_bytes().ok_or(KeyError::NotRsa)?;
        let (modulus, exponent) = rsa_parts(key).map_err(|_| KeyError::NotRsa)?;
        Ok(Self {
            id: decimal(read.tbs_certificate.serial_number.as_bytes()),
            certificate: format!("{}\n", certificate.trim()),
            distrusted: false,
            subject: read.tbs_certificate.subject.to_string(),
            public_key: PublicKey { info: info.to_der().map_err(malformed)?, modulus, exponent },
        })
    }
}

#[cfg(feature = "pki")]
impl Key {
    /// The public key with its algorithm, in DER.
    pub(crate) fn info(&self) -> &[u8] {
        &self.public_key.info
    }
}

/// The modulus and the exponent of an RSA public key (RFC 8017, A.1.1).
fn rsa_parts(key: &[u8]) -> x509_cert::der::Result<(Vec<u8>, Vec<u8>)> {
    SliceReader::new(key)?.sequence(|reader| {
        let (modulus, exponent) = (UintRef::decode(reader)?, UintRef::decode(reader)?);
        Ok((modulus.as_bytes().into(), exponent.as_bytes().into()))
    })
}

impl Keyset {
    /// A set of keys, of which the one with the id `primary` signs.
    ///
    /// # Errors
    /// No key has that id.
    pub fn new(primary: &str, keys: impl IntoIterator<Item = Key>) -> Result<Self, KeyError> {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_by(|one, other| age(&one.id).cmp(&age(&other.id)));
        if !keys.iter().any(|key| key.id == primary) {
            return Err(KeyError::NoPrimary(primary.to_owned()));
        }
        Ok(Self { primary: primary.to_owned(), keys })
    }

    /// The keys, oldest first.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    fn trusted(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|key| !key.distrusted)
    }

    /// The certificates that are trusted, as PEM.
    pub fn certificates(&self) -> String {
        self.trusted().map(|key| key.certificate.as_str()).collect()
    }

    /// The public keys that are trusted, as PEM.
    pub(crate) fn public_keys(&self) -> String {
        let pem = |key: &Key| {
            // kops's own label, though the key comes with its algorithm.
            pem::encode_string("RSA PUBLIC KEY", LineEnding::LF, &key.public_key.info).unwrap_or_default()
        };
        self.trusted().map(pem).collect()
    }

    /// The public keys that verify service account tokens, as a JSON Web Key Set (RFC 7517).
    pub(crate) fn web_keys(&self) -> serde_json::Value {
        let url = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let of_accounts =
            self.trusted().filter(|key| key.subject.split(',').any(|part| part == "CN=service-account"));
        let mut keys: Vec<(String, &PublicKey)> =
            of_accounts.map(|key| (url(&Sha256::digest(&key.public_key.info)), &key.public_key)).collect();
        keys.sort_by(|a, b| a.0.cmp(&b.0));
        let keys: Vec<_> = keys
            .into_iter()
            .map(|(id, key)| {
                serde_json::json!({
                    "use": "sig", "kty": "RSA", "kid": id, "alg": "RS256",
                    "n": url(&key.modulus), "e": url(&key.exponent),
                })
            })
            .collect();
        serde_json::json!({ "keys": keys })
    }
}

/// The fingerprint of a public key for SSH, as the state store names its file: the MD5 of the key's bytes in
/// hexadecimal digits. `None` if the text is not a line of `authorized_keys`.
pub fn fingerprint(line: &str) -> Option<String> {
    let bytes = STANDARD.decode(line.split_whitespace().nth(1)?).ok()?;
    Some(format!("{:x}", Md5::digest(&bytes)))
}

/// Compares the ids of keys, oldest first. Ids are numbers that grow with time.
pub(crate) fn age(id: &str) -> (usize, &str) {
    (id.len(), id)
}

/// A number of any size in decimal digits.
pub(crate) fn decimal(bytes: &[u8]) -> String {
    let mut digits = vec![0_u32];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let value = *digit * 256 + carry;
            (*digit, carry) = (value % 1_000_000, value / 1_000_000);
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    let mut text = digits.pop().unwrap_or_default().to_string();
    text.extend(digits.iter().rev().map(|digit| format!("{digit:06}")));
    text
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn long_numbers() {
        assert_eq!(decimal(&[]), "0");
        assert_eq!(decimal(&[2]), "2");
        assert_eq!(decimal(&[1, 0, 0, 0, 0]), "4294967296");
        assert_eq!(decimal(&[0xff; 12]), "79228162514264337593543950335");
        assert_eq!(decimal(&[0x0f, 0x42, 0x40]), "1000000");
    }
}
