//! The user's key: a passphrase, a command that prints one, or the key itself. It is never shown.

use std::{fmt, process::Command, sync::Arc};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{StoreError, StoreErrorKind, seal::random};

/// The user's key to an encrypted store.
#[derive(Clone)]
pub struct Encryption {
    source: Arc<Source>,
    cost: Cost,
}

enum Source {
    Passphrase(Zeroizing<String>),
    Command(String),
    Key(Zeroizing<[u8; 32]>),
}

/// The cost of Argon2id: memory in KiB, passes over it, parallel lanes.
#[derive(Debug, Clone, Copy)]
struct Cost {
    memory: u32,
    passes: u32,
    lanes: u32,
}

/// The second recommendation of RFC 9106: 64 MiB, three passes, four lanes.
const COST: Cost = Cost { memory: 64 << 10, passes: 3, lanes: 4 };

/// The largest cost that a ring may ask for, so that an altered ring cannot take all memory or time: 1 GiB, 64 passes
/// and lanes.
const MOST: Cost = Cost { memory: 1 << 20, passes: 64, lanes: 64 };

impl Encryption {
    /// Argon2id derives the key from a passphrase, with 64 MiB, three passes and a random salt.
    pub fn passphrase(passphrase: impl Into<String>) -> Self {
        Self::of(Source::Passphrase(Zeroizing::new(passphrase.into())))
    }

    /// A shell command prints the key: 32 random bytes in hexadecimal or Base64, as from `openssl rand -hex 32`.
    pub fn command(command: impl Into<String>) -> Self {
        Self::of(Source::Command(command.into()))
    }

    /// The key itself.
    pub fn key(key: [u8; 32]) -> Self {
        Self::of(Source::Key(Zeroizing::new(key)))
    }

    /// Sets the cost of deriving the key of a new or rotated ring: memory in KiB, passes, lanes.
    ///
    /// A lower cost than the default makes guessing the passphrase cheaper.
    pub fn cost(mut self, memory: u32, passes: u32, lanes: u32) -> Self {
        self.cost = Cost { memory, passes, lanes };
        self
    }

    fn of(source: Source) -> Self {
        Self { source: Arc::new(source), cost: COST }
    }

    /// How a new ring is sealed.
    pub(super) fn new_derivation(&self) -> Derivation {
        let Cost { memory, passes, lanes } = self.cost;
        match *self.source {
            Source::Passphrase(_) => {
                Derivation::Argon2id { memory, passes, lanes, salt: hex::encode(random::<16>()) }
            }
            Source::Command(_) | Source::Key(_) => Derivation::None,
        }
    }

    /// The key for a ring with this seal. It may take a second, and runs the key command if there is one.
    pub(super) async fn derive(
        &self,
        derivation: &Derivation,
        place: &str,
    ) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let source = self.source.clone();
        let derivation = derivation.clone();
        let derived = tokio::task::spawn_blocking(move || source.derive(&derivation)).await;
        let derived = derived.unwrap_or_else(|stopped| Err(stopped.to_string()));
        derived
            .map_err(|why| StoreError::new(StoreErrorKind::WrongKey, "open the keys of", place).because(why))
    }
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self.source {
            Source::Passphrase(_) => "Encryption(passphrase)",
            Source::Command(_) => "Encryption(command)",
            Source::Key(_) => "Encryption(key)",
        })
    }
}

/// How the ring derives its sealing key from the user's key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kdf", rename_all = "lowercase")]
pub(super) enum Derivation {
    Argon2id { memory: u32, passes: u32, lanes: u32, salt: String },
    None,
}

impl Source {
    fn derive(&self, derivation: &Derivation) -> Result<Zeroizing<[u8; 32]>, String> {
        match (self, derivation) {
            (Self::Passphrase(passphrase), Derivation::Argon2id { memory, passes, lanes, salt }) => {
                if *memory > MOST.memory || *passes > MOST.passes || *lanes > MOST.lanes {
                    return Err(format!("the ring asks for {memory} KiB, {passes} passes, {lanes} lanes"));
                }
                let params = Params::new(*memory, *passes, *lanes, Some(32)).map_err(|e| e.to_string())?;
                let mut key = Zeroizing::new([0; 32]);
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(passphrase.as_bytes(), salt.as_bytes(), &mut *key)
                    .map_err(|error| error.to_string())?;
                Ok(key)
            }
            (Self::Command(command), Derivation::None) => ask(command),
            (Self::Key(key), Derivation::None) => Ok(key.clone()),
            (Self::Passphrase(_), Derivation::None) => {
                Err("a passphrase was given, and the place has a key from a command".into())
            }
            (_, Derivation::Argon2id { .. }) => Err("a key was given, and the place has a passphrase".into()),
        }
    }
}

/// Runs a key command. Its output appears in no message.
fn ask(command: &str) -> Result<Zeroizing<[u8; 32]>, String> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let output = Command::new(shell).args([flag, command]).output();
    let output = output.map_err(|error| format!("the key command cannot be run: {error}"))?;
    let printed = Zeroizing::new(output.stdout);
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the key command ended with {}: {}", output.status, said.trim()));
    }
    let text = std::str::from_utf8(&printed).unwrap_or_default().trim();
    parse(text).ok_or_else(|| {
        let length = text.len();
        format!("the key command printed {length} characters; expected 32 bytes as 64 hexadecimal digits or Base64")
    })
}

fn parse(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    if hex::decode_to_slice(text, &mut *key).is_ok() {
        return Some(key);
    }
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(text).ok()?);
    key.copy_from_slice(bytes.get(..32).filter(|_| bytes.len() == 32)?);
    Some(key)
}
