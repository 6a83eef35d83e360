//! Values without their secrets. A record accepts no other values, so everything that is recorded is sealed here.

use std::io::{self, Write};

use landform_core::{
    Canonical,
    expr::{Expr, is_too_deep, prune},
    schema::Schema,
    secret::SEALED,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Vault, holds_secrets, seal};
use crate::journal::{JournalError, Json};

/// A value with a seal in place of each secret, kept as JSON text.
///
/// A [`Sealer`] makes one from a value in the clear. A stored value is already sealed, so it is read as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(Json);

impl Sealed {
    /// A value that has no secret, as the caller guarantees. Use [`Sealer::seal`] for all other values.
    pub fn without_secrets(value: &Value) -> Self {
        Self(value.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The value. Each call builds it again.
    ///
    /// # Errors
    /// The same as for [`Json::value`].
    pub fn value(&self) -> Result<Value, JournalError> {
        self.0.value()
    }

    /// Whether this is the text of a value. Compares up to the first difference, and builds nothing.
    pub fn is(&self, value: &Value) -> bool {
        let mut rest = Rest(self.as_str().as_bytes());
        serde_json::to_writer(&mut rest, &Canonical(value)).is_ok() && rest.0.is_empty()
    }

    /// Whether the value may contain a seal. Text that looks like a seal counts too.
    pub fn may_hold_seals(&self) -> bool {
        self.as_str().contains(SEALED)
    }

    /// The same value in the spelling of `known`, wherever both have the same meaning.
    pub fn respelled(self, schema: &Schema, known: &Self) -> Self {
        if self == *known {
            return self;
        }
        let (Ok(mut spelled), Ok(known)) = (self.value(), known.value()) else { return self };
        schema.respell(&mut spelled, &known);
        Self(spelled.into())
    }
}

/// A writer that compares. It fails at the first byte that differs from the text.
struct Rest<'a>(&'a [u8]);

impl Write for Rest<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Seals the values of one state. Its vault keeps the secret behind each seal.
#[derive(Clone, Copy)]
pub struct Sealer<'a> {
    salt: &'a str,
    vault: &'a Vault,
}

impl<'a> Sealer<'a> {
    /// The sealer of a state. The salt is its lineage.
    pub fn new(salt: &'a str, vault: &'a Vault) -> Self {
        Self { salt, vault }
    }

    /// The vault.
    pub fn vault(&self) -> &'a Vault {
        self.vault
    }

    /// Seals the values that the schema calls secret, that `wanted` marks as secret, and that `before` has sealed.
    /// Leaves out what is nested too deeply to be read back.
    ///
    /// `secret` says whether the schema has any secret field. Without one, and without marks and seals, the value stays
    /// as it is.
    pub fn seal(
        &self,
        schema: &Schema,
        secret: bool,
        clear: &Value,
        wanted: Option<&Expr>,
        before: Option<&Sealed>,
    ) -> Sealed {
        let mut pruned;
        let clear = match is_too_deep(clear) {
            true => {
                pruned = clear.clone();
                prune(&mut pruned);
                &pruned
            }
            false => clear,
        };
        let before = before.filter(|before| before.may_hold_seals());
        if !secret && before.is_none() && !wanted.is_some_and(holds_secrets) {
            return Sealed(clear.into());
        }
        let before = before.and_then(|before| before.value().ok());
        let mut value = clear.clone();
        seal(schema, &mut value, wanted, before.as_ref(), self.salt);
        self.vault.keep(clear, &value);
        Sealed(value.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_that_of_one_value_alone() {
        let value = json!({ "a": [1, 2.5, null], "b": "größer" });
        let sealed = Sealed::without_secrets(&value);
        assert!(sealed.is(&value));
        let others = [
            json!({ "a": [1, 2.5, null], "b": "größe" }),
            json!({ "a": [1, 2.5, null], "b": "größer", "c": 1 }),
            json!({ "a": [1, 2.5, null] }),
            json!(null),
        ];
        assert!(others.iter().all(|other| !sealed.is(other)));
    }
}
