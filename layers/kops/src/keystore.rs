//! Sets of keys as a cluster's store keeps them, `pki/private/NAME/keyset.yaml`: with private keys, and with the
//! rotation of keys (kops `create keypair`, `promote keypair`, `distrust keypair`). Makes no key, and reads no clock.

use crate::keys::{Key, KeyError, Keyset, age};
use crate::yaml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fmt;

/// A set of keys with their private keys. Its text is a secret. `Debug` hides the private keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKeyset {
    name: String,
    primary: String,
    /// Oldest first.
    keys: Vec<StoredKey>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct StoredKey {
    key: Key,
    private: Option<Private>,
    /// When the key was distrusted, in the form of RFC 3339.
    distrusted_at: Option<String>,
}

/// A private key, as PEM.
#[derive(Clone, PartialEq, Eq)]
struct Private(String);

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a private key")
    }
}

/// The file, without fields that only kops uses.
#[derive(Deserialize)]
struct File {
    metadata: Named,
    spec: Contents,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contents {
    #[serde(default)]
    keys: Vec<Item>,
    #[serde(default)]
    primary_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    distrust_timestamp: Option<String>,
    public_material: Option<String>,
    private_material: Option<String>,
}

impl StoredKeyset {
    /// A set of one key, which signs.
    ///
    /// # Errors
    /// The text is not a certificate, or its key is not an RSA key.
    pub fn new(name: &str, certificate: &str, private_key: &str) -> Result<Self, KeyError> {
        let mut set = Self { name: name.into(), primary: String::new(), keys: Vec::new() };
        set.primary = set.add(certificate, Some(private_key))?;
        Ok(set)
    }

    /// Reads a `keyset.yaml`.
    ///
    /// # Errors
    /// The text is not a `keyset.yaml`, a certificate in it is invalid, or the key that signs is missing.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        // The text at the position of an error may be a secret.
        let file: File = serde_saphyr::from_str(text)
            .map_err(|_| KeyError::Malformed("the text is not a set of keys".into()))?;
        let mut set = Self { name: file.metadata.name, primary: file.spec.primary_id, keys: Vec::new() };
        for item in file.spec.keys {
            let pem = |text: &str| {
                let bytes = STANDARD.decode(text.split_whitespace().collect::<String>()).ok();
                bytes.and_then(|bytes| String::from_utf8(bytes).ok())
            };
            let malformed = || KeyError::Malformed(format!("key {}: not base64 of PEM", item.id));
            let certificate = item.public_material.as_deref().and_then(pem).ok_or_else(malformed)?;
            let private = item.private_material.as_deref().map(|text| pem(text).ok_or_else(malformed));
            let private = private.transpose()?;
            let id = set.add(&certificate, private.as_deref())?;
            if id != item.id {
                return Err(KeyError::Malformed(format!("key {}: its certificate is that of {id}", item.id)));
            }
            if let (Some(key), Some(at)) = (set.get_mut(&id), item.distrust_timestamp) {
                key.key.distrusted = true;
                key.distrusted_at = Some(at);
            }
        }
        match set.get(&set.primary) {
            Some(primary) if primary.key.distrusted => Err(KeyError::Distrusted(set.primary)),
            Some(_) => Ok(set),
            None => Err(KeyError::NoPrimary(set.primary)),
        }
    }

    /// The set's name, such as `kubernetes-ca`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key that signs: its certificate and its private key, as PEM. The private key is a secret.
    ///
    /// # Errors
    /// The key or its private key is missing.
    pub fn signing(&self) -> Result<(&str, &str), KeyError> {
        let stored = self.get(&self.primary).ok_or_else(|| KeyError::NoPrimary(self.primary.clone()))?;
        let Private(private) =
            stored.private.as_ref().ok_or_else(|| KeyError::NoPrivateKey(self.primary.clone()))?;
        Ok((&stored.key.certificate, private))
    }

    /// The ids of the keys, oldest first. Each comes with whether it signs, and when it was distrusted.
    pub fn keys(&self) -> impl Iterator<Item = (&str, bool, Option<&str>)> {
        self.keys.iter().map(|stored| {
            (stored.key.id.as_str(), stored.key.id == self.primary, stored.distrusted_at.as_deref())
        })
    }

    /// The keys that have a private key, with their private keys.
    #[cfg(feature = "pki")]
    pub(crate) fn private_keys(&self) -> impl Iterator<Item = (&Key, &str)> {
        self.keys.iter().filter_map(|stored| Some((&stored.key, stored.private.as_ref()?.0.as_str())))
    }

    /// Keeps only the certificates, for machines that trust the keys and do not sign.
    pub fn forget_private_keys(&mut self) {
        self.keys.iter_mut().for_each(|stored| stored.private = None);
    }

    /// The file's text, which holds the private keys: a secret.
    pub fn document(&self) -> String {
        let item = |stored: &StoredKey| {
            let mut item = Map::new();
            item.insert("id".into(), stored.key.id.as_str().into());
            if let Some(at) = &stored.distrusted_at {
                item.insert("distrustTimestamp".into(), at.as_str().into());
            }
            if let Some(Private(private)) = &stored.private {
                item.insert("privateMaterial".into(), STANDARD.encode(private).into());
            }
            item.insert("publicMaterial".into(), STANDARD.encode(&stored.key.certificate).into());
            Value::Object(item)
        };
        let keys: Vec<Value> = self.keys.iter().map(item).collect();
        yaml::document(&json!({
            "apiVersion": "kops.k8s.io/v1alpha2",
            "kind": "Keyset",
            "metadata": { "name": self.name },
            "spec": { "keys": keys, "primaryId": self.primary, "type": "Keypair" },
        }))
    }

    /// The public part of the set, for the cluster's machines.
    ///
    /// # Errors
    /// The key that signs is missing.
    pub fn keyset(&self) -> Result<Keyset, KeyError> {
        Keyset::new(&self.primary, self.keys.iter().map(|stored| stored.key.clone()))
    }

    /// Adds a key and returns its id. The key is trusted at once, and signs once it is [promoted](Self::promote). A key
    /// without a private key cannot be promoted.
    ///
    /// # Errors
    /// The text is not a certificate, its key is not an RSA key, or the set has the key already.
    pub fn add(&mut self, certificate: &str, private_key: Option<&str>) -> Result<String, KeyError> {
        let key = Key::new(certificate)?;
        let id = key.id.clone();
        if self.get(&id).is_some() {
            return Err(KeyError::Doubled(id));
        }
        let private = private_key.map(|text| Private(format!("{}\n", text.trim())));
        self.keys.push(StoredKey { key, private, distrusted_at: None });
        self.keys.sort_by(|one, other| age(&one.key.id).cmp(&age(&other.key.id)));
        Ok(id)
    }

    /// Makes a key sign: the one with the id, or the newest possible one. Returns its id, or `None` if only the present
    /// key can sign. The previous key stays trusted.
    ///
    /// # Errors
    /// No key has the id, or the key is distrusted or has no private key.
    pub fn promote(&mut self, id: Option<&str>) -> Result<Option<String>, KeyError> {
        let id = match id {
            Some(id) => {
                let key = self.get(id).ok_or_else(|| KeyError::NotFound(id.into()))?;
                if key.key.distrusted {
                    return Err(KeyError::Distrusted(id.into()));
                }
                if key.private.is_none() {
                    return Err(KeyError::NoPrivateKey(id.into()));
                }
                id.to_owned()
            }
            None => {
                let mut able =
                    self.keys.iter().rev().filter(|key| !key.key.distrusted && key.private.is_some());
                match able.next() {
                    Some(newest) if newest.key.id != self.primary => newest.key.id.clone(),
                    _ => return Ok(None),
                }
            }
        };
        self.primary.clone_from(&id);
        Ok(Some(id))
    }

    /// Distrusts keys: those with these ids, or all that are older than the key that signs. `at` is the time in the
    /// form of RFC 3339. Returns the ids of the keys that were trusted before.
    ///
    /// # Errors
    /// No key has one of the ids, or one is the key that signs. The set is unchanged.
    pub fn distrust(&mut self, ids: &[&str], at: &str) -> Result<Vec<String>, KeyError> {
        for id in ids {
            if *id == self.primary {
                return Err(KeyError::Signs((*id).into()));
            }
            if self.get(id).is_none() {
                return Err(KeyError::NotFound((*id).into()));
            }
        }
        let primary = self.primary.clone();
        let meant = |id: &str| if ids.is_empty() { age(id) < age(&primary) } else { ids.contains(&id) };
        let trusted = self.keys.iter_mut().filter(|key| !key.key.distrusted && meant(&key.key.id));
        let changed = trusted.map(|key| {
            key.key.distrusted = true;
            key.distrusted_at = Some(at.into());
            key.key.id.clone()
        });
        Ok(changed.collect())
    }

    /// Trusts keys again. Returns the ids of the keys that were not trusted before.
    ///
    /// # Errors
    /// No key has one of the ids. The set is unchanged.
    pub fn trust(&mut self, ids: &[&str]) -> Result<Vec<String>, KeyError> {
        if let Some(unknown) = ids.iter().find(|id| self.get(id).is_none()) {
            return Err(KeyError::NotFound((*unknown).into()));
        }
        let distrusted =
            self.keys.iter_mut().filter(|key| key.key.distrusted && ids.contains(&key.key.id.as_str()));
        let changed = distrusted.map(|key| {
            key.key.distrusted = false;
            key.distrusted_at = None;
            key.key.id.clone()
        });
        Ok(changed.collect())
    }

    fn get(&self, id: &str) -> Option<&StoredKey> {
        self.keys.iter().find(|key| key.key.id == id)
    }

    fn get_mut(&mut self, id: &str) -> Option<&mut StoredKey> {
        self.keys.iter_mut().find(|key| key.key.id == id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const OLD: &str = "1000000000000000000001";
    const NEW: &str = "1000000000000000000002";
    const OLD_CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIB8zCCAVygAwIBAgIJNjXJrcXeoAABMA0GCSqGSIb3DQEBCwUAMBAxDjAMBgNV
BAMMBXRlc3RzMCAXDTI2MTEyNjAxMDMyMloYDzIxMjYxMTAyMDEwMzIyWjAQMQ4w
DAYDVQQDDAV0ZXN0czCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA2qnXmCGU
t3AuC+dG4iTqU5rLAjV/twtUEclBe49bpCSQJg5b0zBoN5SJcdqrlgcRHZQuu8F/
zpz2s1WvxxJFf2kMtA6SdZA8RoTTPaJI0R/+mqvbGayGFbXR/J/VHcoUQXycxg2B
54shVMrDKVVITWDePu1SI7HvqC9QYAZOmNMCAwEAAaNTMFEwHQYDVR0OBBYEFGZV
J1/TxCbH2bgY8anw85feogoHMB8GA1UdIwQYMBaAFGZVJ1/TxCbH2bgY8anw85fe
ogoHMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEAXJkK4+n2sRIF
f/32dCpg667o0Paj/eeo7BjHVIVVrTEnTnkp8/3XnEyJ9i89qR7qSB+XgkxQ+Haz
46tap2w5lGeat2+QwrMTNQFZL0naAWWqIsMw+E4tmUDa6veeCnfl5FCdRXzyWuhQ
+dbSi0293rfp8Tv0f18QyFbWP+fBPFM=
-----END CERTIFICATE-----
";
    const NEW_CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIB8zCCAVygAwIBAgIJNjXJrcXeoAACMA0GCSqGSIb3DQEBCwUAMBAxDjAMBgNV
BAMMBXRlc3RzMCAXDTI2MTEyNjAxMDMyMloYDzIxMjYxMTAyMDEwMzIyWjAQMQ4w
DAYDVQQDDAV0ZXN0czCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA2p05Cqcv
J5Cn9S+xd8lSoD3MD9PKQuVI+4SUFU0VQa0MqFWTKiNkeBQx6uSKf/CgTs3Tl9UH
xH2Q8scDsI65Z1H4MntU3+KabgE0bH6GlCJPwb5fM6cb5q+67fMWrBjRZK2tuz/1
u6f/KM9bC7DAj1NBLaxOcUlPgwBJ2ZmzLfMCAwEAAaNTMFEwHQYDVR0OBBYEFLoF
pHQ1vhicf48ZVnk8Ztqwss5TMB8GA1UdIwQYMBaAFLoFpHQ1vhicf48ZVnk8Ztqw
ss5TMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEAgm79Anj95zIS
IL1zizOdpvQde3RDUNArb6zhAtzyAQIhisfAKU47pdoPQ6ezsPoSNqcIOVskFNLZ
Ez0LHVI8c3lUR6N3RvcW70vxoIDzr0e0wfEDyRHFMfmpDxYgj3NLidiCY8evtbmT
tJ+ZVgAfYw3x3j8F/QhO+j4COg3rUs8=
-----END CERTIFICATE-----
";
    const SECRET: &str = "-----BEGIN RSA PRIVATE KEY-----\nbm90aGluZw==\n-----END RSA PRIVATE KEY-----";
    const AT: &str = "2026-11-26T01:00:00Z";

    #[test]
    fn keys_follow_each_other() {
        let mut set = StoredKeyset::new("kubernetes-ca", OLD_CERTIFICATE, SECRET).unwrap();
        assert_eq!(set.promote(None), Ok(None), "there is no newer one");
        assert_eq!(set.add(NEW_CERTIFICATE, Some(SECRET)).unwrap(), NEW);
        assert_eq!(set.add(NEW_CERTIFICATE, None), Err(KeyError::Doubled(NEW.into())));
        assert_eq!(set.keyset().unwrap().primary, OLD, "a new key is trusted first");
        assert_eq!(set.distrust(&[OLD], AT), Err(KeyError::Signs(OLD.into())));
        assert_eq!(
            set.distrust(&[], AT).unwrap(),
            Vec::<String>::new(),
            "no key is older than the one that signs"
        );
        assert_eq!(set.promote(None).unwrap().as_deref(), Some(NEW));
        let trusted = set.keyset().unwrap().certificates();
        assert!(trusted.contains(OLD_CERTIFICATE.trim()) && trusted.contains(NEW_CERTIFICATE.trim()));
        assert_eq!(set.distrust(&[], AT).unwrap(), [OLD]);
        assert!(!set.keyset().unwrap().certificates().contains(OLD_CERTIFICATE.trim()));
        assert_eq!(set.promote(Some(OLD)), Err(KeyError::Distrusted(OLD.into())));
        assert_eq!(set.promote(Some("7")), Err(KeyError::NotFound("7".into())));
        assert_eq!(set.trust(&[OLD, "7"]), Err(KeyError::NotFound("7".into())));
        assert_eq!(set.trust(&[OLD, NEW]).unwrap(), [OLD]);
        assert!(set.keyset().unwrap().certificates().contains(OLD_CERTIFICATE.trim()));
        assert!(!set.document().contains(AT), "it was never distrusted");
        assert_eq!(set.distrust(&[OLD], AT).unwrap(), [OLD]);
        assert_eq!(StoredKeyset::parse(&set.document()).unwrap(), set, "what is stored is read back");
        let shown = format!("{set:?}");
        assert!(!shown.contains("bm90aGluZw"), "{shown}");
    }

    #[test]
    fn a_key_without_its_private_half_is_only_trusted() {
        let mut set = StoredKeyset::new("kubernetes-ca", OLD_CERTIFICATE, SECRET).unwrap();
        set.add(NEW_CERTIFICATE, None).unwrap();
        assert_eq!(set.promote(None), Ok(None));
        assert_eq!(set.promote(Some(NEW)), Err(KeyError::NoPrivateKey(NEW.into())));
    }

    #[test]
    fn files_that_are_no_sets_of_keys() {
        let good = StoredKeyset::new("kubernetes-ca", OLD_CERTIFICATE, SECRET).unwrap().document();
        for (from, to) in [
            ("kind: Keyset", "kind: [Keyset"),
            ("primaryId: \"1", "primaryId: \"2"),
            ("id: \"1", "id: \"3"),
            ("publicMaterial: ", "publicMaterial: x"),
        ] {
            assert!(good.contains(from), "{from}: {good}");
            assert!(StoredKeyset::parse(&good.replacen(from, to, 1)).is_err(), "{to}");
        }
        assert!(StoredKeyset::parse("").is_err());
    }
}
