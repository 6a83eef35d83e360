//! Sets of keys: certificates that the cluster trusts, one of which signs. Holds no private key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use der::asn1::{BitStringRef, IntRef, UintRef};
use der::pem::{self, LineEnding};
use der::{AnyRef, Decode as _, Reader as _, SliceReader, Tag, TagNumber, Tagged as _};
use md5::Md5;
use sha2::{Digest as _, Sha256};

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
    /// Whether it signs the tokens of service accounts.
    signs_tokens: bool,
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
        let malformed = |error: der::Error| KeyError::Malformed(error.to_string());
        let (label, bytes) =
            pem::decode_vec(certificate.trim().as_bytes()).map_err(|it| malformed(it.into()))?;
        if label != "CERTIFICATE" {
            return Err(KeyError::Malformed(format!("the text is a {label}")));
        }
        let Fields { serial, common_names, info } = fields(&bytes).map_err(malformed)?;
        let (modulus, exponent) = rsa_parts(info).map_err(|_| KeyError::NotRsa)?;
        Ok(Self {
            id: decimal(serial),
            certificate: format!("{}\n", certificate.trim()),
            distrusted: false,
            signs_tokens: common_names.contains(&SERVICE_ACCOUNT),
            public_key: PublicKey { info: info.into(), modulus, exponent },
        })
    }
}

#[cfg(feature = "pki")]
impl Key {
    /// The public key with its algorithm, in DER.
    pub(crate) fn info(&self) -> &[u8] {
        &self.public_key.info
    }

    #[cfg(test)]
    pub(crate) fn signs_tokens(&self) -> bool {
        self.signs_tokens
    }
}

/// The common name of the certificates whose keys sign the tokens of service accounts.
const SERVICE_ACCOUNT: &[u8] = b"service-account";
/// The object identifier 2.5.4.3 of a common name, as its bytes in DER.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// The fields of a certificate that matter here.
struct Fields<'a> {
    serial: &'a [u8],
    common_names: Vec<&'a [u8]>,
    /// The key with its algorithm, in DER.
    info: &'a [u8],
}

/// Reads a certificate (RFC 5280, 4.1).
fn fields(certificate: &[u8]) -> der::Result<Fields<'_>> {
    let mut outer = SliceReader::new(certificate)?;
    let fields = outer.sequence(|certificate| {
        let fields = certificate.sequence(|tbs| {
            if tbs.peek_tag()? == (Tag::ContextSpecific { constructed: true, number: TagNumber::N0 }) {
                tbs.tlv_bytes()?;
            }
            let serial = IntRef::decode(tbs)?.as_bytes();
            let [_algorithm, _issuer, _validity] = [tbs.tlv_bytes()?, tbs.tlv_bytes()?, tbs.tlv_bytes()?];
            let common_names = common_names(tbs.tlv_bytes()?)?;
            let info = tbs.tlv_bytes()?;
            rest(tbs)?;
            Ok(Fields { serial, common_names, info })
        });
        rest(certificate)?;
        fields
    })?;
    outer.finish(fields)
}

/// Passes over the other values of a sequence.
fn rest<'a>(reader: &mut impl der::Reader<'a>) -> der::Result<()> {
    while !reader.is_finished() {
        reader.tlv_bytes()?;
    }
    Ok(())
}

/// The common names in a name: a sequence of sets of pairs of type and value.
fn common_names(name: &[u8]) -> der::Result<Vec<&[u8]>> {
    let mut found = Vec::new();
    SliceReader::new(name)?.sequence(|name| {
        while !name.is_finished() {
            let set = AnyRef::decode(name)?;
            set.tag().assert_eq(Tag::Set)?;
            let mut set = SliceReader::new(set.value())?;
            while !set.is_finished() {
                found.extend(set.sequence(|pair| {
                    let (kind, value) = (AnyRef::decode(pair)?, AnyRef::decode(pair)?);
                    Ok((kind.value() == COMMON_NAME).then_some(value.value()))
                })?);
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// The modulus and the exponent of an RSA public key with its algorithm (RFC 8017, A.1.1).
fn rsa_parts(info: &[u8]) -> der::Result<(Vec<u8>, Vec<u8>)> {
    let key = SliceReader::new(info)?.sequence(|info| {
        info.tlv_bytes()?;
        BitStringRef::decode(info)
    })?;
    SliceReader::new(key.raw_bytes())?.sequence(|key| {
        let (modulus, exponent) = (UintRef::decode(key)?, UintRef::decode(key)?);
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
        let of_accounts = self.trusted().filter(|key| key.signs_tokens);
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
