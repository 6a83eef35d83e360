//! Makes new keys: certificate authorities, and certificates of clients. The caller gives the time, the machine gives
//! randomness. Reads no clock and writes nothing. Needs the feature `pki`.
//!
//! Follows kops `pkg/pki`: RSA keys, 10 years for an authority, ids that grow with time.

use crate::keys::KeyError;
use crate::keystore::StoredKeyset;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData as _, RsaKeySize, SerialNumber,
};
use sha2::{Digest as _, Sha256};
use std::time::{Duration, SystemTime};

/// How far the clocks of machines may be slow.
const EARLIER: Duration = Duration::from_secs(48 * 3600);
/// How long an authority can sign.
const AUTHORITY: Duration = Duration::from_secs(10 * 365 * 24 * 3600);
/// The object identifier of a subject's serial number (RFC 4519, 2.31).
const SUBJECT_SERIAL: &[u64] = &[2, 5, 4, 5];

/// Why a key or certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// The key or certificate cannot be made.
    #[error("cannot make a certificate for {name}: {cause}")]
    Certificate {
        /// What it is for.
        name: String,
        /// Why.
        #[source]
        cause: rcgen::Error,
    },
    /// A private key is damaged, or does not belong to its certificate.
    #[error("{name}: the private key of {id} is damaged, or is not that of its certificate")]
    PrivateKey {
        /// The set's name.
        name: String,
        /// The key's id.
        id: String,
    },
    /// The set of keys refuses the key, or has no key that signs.
    #[error("{name}: {cause}")]
    Key {
        /// The set's name.
        name: String,
        /// Why.
        #[source]
        cause: KeyError,
    },
}

/// A certificate and its private key, both as PEM. `Debug` does not show the key.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// The private key: a secret.
    pub private_key: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Issued").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// A new self-signed certificate authority. `at` is the time.
///
/// # Errors
/// The machine gives no randomness.
pub fn authority(name: &str, at: SystemTime) -> Result<Issued, PkiError> {
    let failed = |cause| PkiError::Certificate { name: name.into(), cause };
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).map_err(failed)?;
    let serial = serial(at, &key);
    let mut params = params(&serial, at, AUTHORITY);
    params.distinguished_name.push(DnType::CommonName, name);
    // It makes authorities with the same name distinguishable.
    let number = crate::keys::decimal(&serial);
    params.distinguished_name.push(DnType::CustomDnType(SUBJECT_SERIAL.into()), number);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = params.self_signed(&key).map_err(failed)?;
    Ok(Issued { certificate: certificate.pem(), private_key: key.serialize_pem() })
}

/// A new set of one key, which signs. `at` is the time.
///
/// # Errors
/// As [`authority`].
pub fn keyset(name: &str, at: SystemTime) -> Result<StoredKeyset, PkiError> {
    let Issued { certificate, private_key } = authority(name, at)?;
    let failed = |cause| PkiError::Key { name: name.into(), cause };
    StoredKeyset::new(name, &certificate, &private_key).map_err(failed)
}

/// A certificate for a client of the Kubernetes API: a user with a name and an organization. It is valid from `at` on
/// for a time. The signing key of the set signs it.
///
/// # Errors
/// The signing key of the set has no private key, or as [`authority`].
pub fn client(
    signer: &StoredKeyset,
    user: &str,
    organization: &str,
    at: SystemTime,
    lasts: Duration,
) -> Result<Issued, PkiError> {
    let failed = |cause| PkiError::Certificate { name: user.into(), cause };
    let (certificate, private_key) =
        signer.signing().map_err(|cause| PkiError::Key { name: signer.name().into(), cause })?;
    let signs = KeyPair::from_pem(private_key).map_err(failed)?;
    let issuer = Issuer::from_ca_cert_pem(certificate, signs).map_err(failed)?;
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).map_err(failed)?;
    let mut params = params(&serial(at, &key), at, lasts);
    params.distinguished_name.push(DnType::OrganizationName, organization);
    params.distinguished_name.push(DnType::CommonName, user);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let certificate = params.signed_by(&key, &issuer).map_err(failed)?;
    Ok(Issued { certificate: certificate.pem(), private_key: key.serialize_pem() })
}

/// Checks that the private keys of a set belong to its certificates, so that users learn of a damaged file before a
/// machine fails.
///
/// # Errors
/// A private key does not belong to its certificate. The error names the first one.
pub fn verify(set: &StoredKeyset) -> Result<(), PkiError> {
    for (key, private) in set.private_keys() {
        let pair = KeyPair::from_pem(private).ok();
        if pair.is_none_or(|pair| pair.subject_public_key_info() != key.info()) {
            return Err(PkiError::PrivateKey { name: set.name().into(), id: key.id.clone() });
        }
    }
    Ok(())
}

fn params(serial: &[u8], at: SystemTime, lasts: Duration) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.serial_number = Some(SerialNumber::from_slice(serial));
    params.not_before = (at - EARLIER).into();
    params.not_after = (at + lasts).into();
    params
}

/// A serial number that is larger than those of earlier keys: the time in nanoseconds, and 32 bits derived from the
/// key.
fn serial(at: SystemTime, key: &KeyPair) -> [u8; 12] {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let nanoseconds = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX);
    let random = Sha256::digest(key.subject_public_key_info());
    let mut serial = [0; 12];
    serial[..8].copy_from_slice(&nanoseconds.to_be_bytes());
    serial[8..].copy_from_slice(&random[..4]);
    serial
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::keys::Key;
    use der::pem::{self, LineEnding};
    use x509_cert::Certificate;
    use x509_cert::der::{DecodePem as _, Encode as _};

    fn moment(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
    }

    #[test]
    fn keys_are_made_and_follow_each_other() {
        let mut set = keyset("service-account", moment(0)).unwrap();
        let first = set.keyset().unwrap();
        let Issued { certificate, private_key } = authority("service-account", moment(1)).unwrap();
        let second = set.add(&certificate, Some(&private_key)).unwrap();
        assert_eq!(set.keyset().unwrap().primary, first.primary, "a new key is trusted first");
        assert_eq!(set.promote(None).unwrap(), Some(second.clone()), "a later key has a larger number");
        assert_eq!(
            set.keyset().unwrap().web_keys()["keys"].as_array().unwrap().len(),
            2,
            "both vouch for accounts"
        );
        assert_eq!(set.distrust(&[], "2026-11-26T01:00:00Z").unwrap(), [first.primary]);
        assert_eq!(StoredKeyset::parse(&set.document()).unwrap(), set);
    }

    #[test]
    fn damaged_private_keys_are_found() {
        let (one, other) = (authority("a", moment(0)).unwrap(), authority("a", moment(1)).unwrap());
        let set = |private_key: &str| StoredKeyset::new("a", &one.certificate, private_key).unwrap();
        assert!(verify(&set(&one.private_key)).is_ok());
        assert!(verify(&set(&other.private_key)).is_err(), "it is the key of another certificate");
        let middle = one.private_key.len() / 2;
        let (before, after) = one.private_key.split_at(middle);
        let letter = if after.starts_with('A') { 'B' } else { 'A' };
        assert!(verify(&set(&format!("{before}{letter}{}", &after[1..]))).is_err(), "one letter is changed");
    }

    #[test]
    fn the_key_that_signs_vouches_for_clients() {
        let set = keyset("kubernetes-ca", moment(0)).unwrap();
        let issued =
            client(&set, "kubecfg-root", "system:masters", moment(0), Duration::from_secs(64_800)).unwrap();
        let read = |text: &str| Certificate::from_pem(text.trim()).unwrap().tbs_certificate;
        let (client, authority) = (read(&issued.certificate), read(&set.keyset().unwrap().certificates()));
        assert_eq!(client.issuer, authority.subject);
        assert_eq!(client.subject.to_string(), "CN=kubecfg-root,O=system:masters");
        let seconds =
            client.validity.not_after.to_unix_duration() - client.validity.not_before.to_unix_duration();
        assert_eq!(seconds, EARLIER + Duration::from_secs(64_800));
        assert!(!format!("{issued:?}").contains("PRIVATE"), "{issued:?}");
        let mut without = StoredKeyset::parse(&set.document()).unwrap();
        without.forget_private_keys();
        assert!(super::client(&without, "a", "b", moment(0), EARLIER).is_err());
    }

    #[test]
    fn certificates_are_read_as_another_library_reads_them() {
        let set = keyset("kubernetes-ca", moment(0)).unwrap();
        let client = client(&set, "kubecfg-root", "system:masters", moment(0), EARLIER).unwrap();
        let authorities =
            ["service-account", "apiserver-aggregator-ca"].map(|name| authority(name, moment(0)));
        let mut all = authorities.map(|it| it.unwrap().certificate).to_vec();
        all.push(client.certificate);
        for certificate in all {
            let (label, bytes) = pem::decode_vec(certificate.trim().as_bytes()).unwrap();
            assert!(agree(&certificate), "{certificate}");
            // One changed byte may change what both read, but neither the agreement nor the peace.
            for place in 0..bytes.len() {
                let mut bytes = bytes.clone();
                bytes[place] ^= 0x21;
                agree(&pem::encode_string(label, LineEnding::LF, &bytes).unwrap());
            }
        }
    }

    /// Whether both libraries can read a certificate. What both read is the same.
    fn agree(certificate: &str) -> bool {
        let (ours, theirs) = (Key::new(certificate), Certificate::from_pem(certificate.trim()));
        let (Ok(ours), Ok(theirs)) = (ours, theirs) else { return false };
        let theirs = theirs.tbs_certificate;
        let serial =
            theirs.serial_number.as_bytes().iter().fold(String::new(), |all, it| format!("{all}{it:02x}"));
        assert_eq!(u128::from_str_radix(&serial, 16).unwrap().to_string(), ours.id);
        assert_eq!(theirs.subject_public_key_info.to_der().unwrap(), ours.info());
        let is_account = theirs.subject.to_string().split(',').any(|part| part == "CN=service-account");
        assert_eq!(is_account, ours.signs_tokens());
        true
    }
}
