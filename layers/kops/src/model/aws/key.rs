//! The key pair for SSH (kops `sshkey.go`).

use super::{Model, Options};
use crate::keys::fingerprint;
use crate::problem::{Kind, Problem, Problems};
use crate::source::Place;
use crate::spec::Spec;
use landform_aws as aws;
use landform_core::{Id, Input};

/// A public key that has been read.
pub(super) struct PublicKey {
    line: String,
    /// The MD5 of the key's bytes, in hexadecimal digits.
    fingerprint: String,
}

/// The key for machines. `None` if the spec names an existing key pair, or if machines get no key.
pub(super) fn public_key(spec: &Spec, options: &Options) -> Result<Option<PublicKey>, Problems> {
    if spec.cluster.spec.ssh_key_name.is_some() {
        return Ok(None);
    }
    let wrong = |kind, detail: &str, place: Option<&Place>| {
        Problems::from(Problem {
            kind,
            document: "SSHCredential".into(),
            path: "spec.publicKey".into(),
            detail: detail.into(),
            at: place.and_then(|place| place.of("spec.publicKey")),
        })
    };
    let (line, place) = match (&options.ssh_public_key, spec.ssh_keys.as_slice()) {
        (Some(line), _) => (line, None),
        (None, []) => return Ok(None),
        (None, [document]) => (&document.spec.public_key, Some(&document.place)),
        (None, [_, second, ..]) => {
            let detail = "a second public key for SSH: expected one, because AWS gives a machine one key";
            return Err(wrong(Kind::Forbidden, detail, Some(&second.place)));
        }
    };
    let Some(fingerprint) = fingerprint(line) else {
        let detail = "expected a public key as in authorized_keys: ssh-ed25519 AAAA… comment";
        return Err(wrong(Kind::Invalid, detail, place));
    };
    Ok(Some(PublicKey { line: line.trim().into(), fingerprint }))
}

impl Model<'_> {
    /// The key pair of the machines: a new one, or an existing one.
    pub(super) fn key(&mut self, key: Option<PublicKey>) -> Option<Input<Id<aws::KeyPair>>> {
        self.at("spec.sshKeyName");
        if let Some(name) = &self.cluster().ssh_key_name {
            return (!name.is_empty()).then(|| name.as_str().into());
        }
        let PublicKey { line, fingerprint } = key?;
        let name = |fingerprint: &str| self.names.of("kubernetes") + "-" + fingerprint;
        let pairs: Vec<&str> = (0..fingerprint.len()).step_by(2).map(|at| &fingerprint[at..at + 2]).collect();
        let (key_name, local) = (name(&pairs.join(":")), name(&fingerprint));
        let pair = aws::KeyPair::new(key_name, line).tags(self.tags(self.names.cluster));
        Some((&self.add(&local, pair)).into())
    }
}
