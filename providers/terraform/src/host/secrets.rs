//! Sensitive values of hosted types. A plugin must get them back in the clear, so a state of such a type is encrypted
//! with the user's key and kept in the object's private bytes. Without a key, they are refused.

use std::{fmt, sync::Arc};

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use landform_core::{
    Error, ErrorKind, Schema,
    expr::{Expr, Glance},
    path::Trail,
    schema::Walk,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::hosted::Hosted;

/// The length of a nonce in bytes.
const NONCE: usize = 12;

/// The key for sensitive values.
#[derive(Clone)]
pub(super) struct Key(Arc<Zeroizing<[u8; 32]>>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(key)))
    }

    /// Encrypts bytes. They can be read only as belonging to `of`.
    ///
    /// The nonce follows from the key and the content, so an unchanged state stays the same letter by letter, and no two
    /// contents share one.
    pub(super) fn close(&self, clear: &[u8], of: &str) -> Result<Vec<u8>, Error> {
        let digest = Sha256::new()
            .chain_update(**self.0)
            .chain_update(of)
            .chain_update([0])
            .chain_update(clear)
            .finalize();
        let nonce = *Nonce::from_slice(&digest[..NONCE]);
        let payload = Payload { msg: clear, aad: of.as_bytes() };
        let closed = self.cipher().encrypt(&nonce, payload);
        let closed = closed.map_err(|_| Error::new(ErrorKind::Internal, "its state cannot be encrypted"))?;
        Ok([nonce.as_slice(), &closed].concat())
    }

    /// Decrypts bytes.
    pub(super) fn open(&self, closed: &[u8], of: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let wrong = || {
            Error::new(
                ErrorKind::Invalid,
                "its sensitive values cannot be decrypted, expected the key they were encrypted with",
            )
        };
        let (nonce, closed) = closed.split_at_checked(NONCE).ok_or_else(wrong)?;
        let payload = Payload { msg: closed, aad: of.as_bytes() };
        self.cipher().decrypt(Nonce::from_slice(nonce), payload).map(Zeroizing::new).map_err(|_| wrong())
    }

    /// The key itself, for the holder of the plugin.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&**self.0).into())
    }
}

/// Refuses arguments that would put a sensitive value into a state, if there is no key.
pub(super) fn check(hosted: &Hosted, key: Option<&Key>, arguments: &Expr) -> Result<(), Error> {
    if key.is_some() {
        return Ok(());
    }
    let resource_type = &hosted.resource_type;
    let refused = |path: String| {
        let message = format!(
            "the plugin must get sensitive values back in the clear, and a state keeps none. Give a key by \
             Launch::sensitive_values_with to use {}",
            resource_type.name
        );
        Error::new(ErrorKind::Unsupported, message).at(path)
    };
    if let Some(path) = chosen_secret(&resource_type.attributes, arguments, false)
        .or_else(|| chosen_secret(&resource_type.arguments, arguments, true))
    {
        return Err(refused(path));
    }
    let mut given = None;
    resource_type.arguments.top().each(Glance::at(arguments), &Trail::Top, &mut |place, value, at| {
        if place.is_secret() && !place.is_write_only() && !value.is_null() && place.kind().is_some() {
            given.get_or_insert_with(|| at.path().to_string());
            return Walk::Past;
        }
        Walk::Inside
    });
    given.map_or(Ok(()), |path| Err(refused(path)))
}

/// A top-level field whose sensitive value the provider chooses.
fn chosen_secret(schema: &Schema, arguments: &Expr, only_computed: bool) -> Option<String> {
    let holds = |field: &&landform_core::schema::Field| {
        let inside = match &field.kind {
            landform_core::schema::Kind::Block(inner) => inner.holds_secrets(),
            _ => false,
        };
        let sensitive = (field.secret || inside && !only_computed) && !field.write_only;
        sensitive && (!only_computed || field.computed && arguments.get(&field.name).is_none())
    };
    schema.fields().iter().find(holds).map(|field| field.name.clone())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_right_key_for_the_right_type_opens() {
        let key = Key::new([7; 32]);
        let closed = key.close(b"hunter2", "tls_private_key").unwrap();
        assert!(!closed.windows(7).any(|part| part == b"hunter2"));
        assert_eq!(**key.open(&closed, "tls_private_key").unwrap(), *b"hunter2");
        key.open(&closed, "other").unwrap_err();
        Key::new([8; 32]).open(&closed, "tls_private_key").unwrap_err();
        for broken in [&closed[..11], &closed[1..], b""] {
            key.open(broken, "tls_private_key").unwrap_err();
        }
        assert_eq!(format!("{key:?}"), "Key");
    }
}
