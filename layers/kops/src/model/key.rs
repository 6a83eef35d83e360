//! The key pair for SSH (kops `sshkey.go`).

use super::{Model, Options};
use crate::problem::{Kind, Problem, Problems};
use crate::spec::Spec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use landform_aws as aws;
use landform_core::{Id, Input};
use md5::{Digest as _, Md5};

/// A public key that has been read.
pub(super) struct PublicKey {
    line: String,
    /// The MD5 of the key's bytes, as pairs of hexadecimal digits.
    fingerprint: Vec<String>,
}

/// The key to use for machines: none if the spec names an existing one, or none at all.
pub(super) fn public_key(spec: &Spec, options: &Options) -> Result<Option<PublicKey>, Problems> {
    if spec.cluster.spec.ssh_key_name.is_some() {
        return Ok(None);
    }
    let (line, place) = match (&options.ssh_public_key, spec.ssh_keys.first()) {
        (Some(line), _) => (line, None),
        (None, Some(document)) => (&document.spec.public_key, Some(&document.place)),
        (None, None) => return Ok(None),
    };
    let bytes = line.split_whitespace().nth(1).and_then(|key| STANDARD.decode(key).ok());
    let Some(bytes) = bytes else {
        return Err(Problems::from(Problem {
            kind: Kind::Invalid,
            document: "SSHCredential".into(),
            path: "spec.publicKey".into(),
            detail: "expected a public key as in authorized_keys: ssh-ed25519 AAAA… comment".into(),
            at: place.and_then(|place| place.of("spec.publicKey")),
        }));
    };
    let fingerprint = Md5::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(PublicKey { line: line.trim().into(), fingerprint }))
}

impl Model<'_> {
    /// The key pair of the machines, made or used.
    pub(super) fn key(&mut self, key: Option<PublicKey>) -> Option<Input<Id<aws::KeyPair>>> {
        self.at("spec.sshKeyName");
        if let Some(name) = &self.cluster().ssh_key_name {
            return (!name.is_empty()).then(|| name.as_str().into());
        }
        let PublicKey { line, fingerprint } = key?;
        let name = |separator| self.names.of("kubernetes") + "-" + &fingerprint.join(separator);
        let (key_name, local) = (name(":"), name(""));
        let pair = aws::KeyPair::new(key_name, line).tags(self.tags(self.names.cluster));
        Some((&self.add(&local, pair)).into())
    }
}
