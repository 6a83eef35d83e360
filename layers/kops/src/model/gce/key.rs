//! The public keys for SSH. On Google they are metadata of the machines, so there may be several.

use super::{Existing, Options};
use crate::keys::fingerprint;
use crate::problem::{Kind, Problem, Problems};
use crate::spec::Spec;

/// The users that own the keys on a machine.
const UBUNTU: &str = "ubuntu";
const OTHERS: &str = "admin";

/// The keys for machines, each a line of `authorized_keys`.
pub(super) fn public_keys(spec: &Spec, options: &Options<Existing>) -> Result<Vec<String>, Problems> {
    let given = match &options.ssh_public_key {
        Some(line) => vec![(line, None)],
        None => {
            spec.ssh_keys.iter().map(|document| (&document.spec.public_key, Some(&document.place))).collect()
        }
    };
    let mut problems = Vec::new();
    let mut keys = Vec::new();
    for (line, place) in given {
        if fingerprint(line).is_none() {
            problems.push(Problem {
                kind: Kind::Invalid,
                document: "SSHCredential".into(),
                path: "spec.publicKey".into(),
                detail: "expected a public key as in authorized_keys: ssh-ed25519 AAAA… comment".into(),
                at: place.and_then(|place| place.of("spec.publicKey")),
            });
        }
        keys.push(line.trim().to_owned());
    }
    Problems::check(problems)?;
    Ok(keys)
}

/// The keys as a machine's metadata has them. `image` is the image's name or link.
pub(super) fn metadata(keys: &[String], image: &str) -> Option<String> {
    let name = image.rsplit('/').next().unwrap_or(image).to_lowercase();
    // Images of Ubuntu have a group `admin`, so no user of this name can be made there.
    let user = if name.starts_with("ubuntu") { UBUNTU } else { OTHERS };
    let lines: Vec<String> = keys.iter().map(|key| format!("{user}: {key}")).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
