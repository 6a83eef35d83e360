//! What a stored plan leaves out: the private bytes and identities of objects, which may be secret. A digest replaces
//! them. With it, an apply knows whether the state still has the same ones or has to ask the provider again.

use std::{borrow::Cow, collections::BTreeMap};

use landform_core::Canonical;
use sha2::{Digest, Sha256};

use super::Plan;
use crate::journal::{ObjectKey, ObjectState};

/// Digests of what was left out, by object.
pub(crate) type Withheld = BTreeMap<ObjectKey, String>;

impl Plan {
    /// The plan in its stored form.
    pub(super) fn without_private(&self) -> Cow<'_, Self> {
        let holds = |object: &ObjectState| !object.private.is_empty() || object.identity.is_some();
        if !self.refreshed.iter().any(|(_, object)| object.as_ref().is_some_and(holds)) {
            return Cow::Borrowed(self);
        }
        let mut plan = self.clone();
        let salt = plan.lineage.clone().unwrap_or_default();
        for (key, object) in &mut plan.refreshed {
            if let Some(object) = object.as_mut().filter(|object| holds(object)) {
                plan.withheld.insert(key.clone(), digest(object, &salt));
                (object.private, object.identity) = Default::default();
            }
        }
        Cow::Owned(plan)
    }
}

/// A digest that identifies the private bytes and the identity of an object.
pub(crate) fn digest(object: &ObjectState, salt: &str) -> String {
    let mut hash = Sha256::new();
    let identity =
        object.identity.as_ref().map(|identity| Canonical(identity.value()).to_string()).unwrap_or_default();
    for part in [salt.as_bytes(), object.private.as_bytes(), identity.as_bytes()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..16])
}
