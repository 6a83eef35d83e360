//! Maps that other programs write too: tags, and the metadata of a machine. A change removes only the keys that the
//! resource had when the change was planned. It keeps the keys that somebody else has added since. The next plan shows
//! them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use serde::{Deserialize, Serialize};

use crate::{Calls, Cloud};

/// The keys that a change removes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Removed {
    /// The keys of tags.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// The keys of the map in [`Calls::SHARED`].
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub shared: BTreeSet<String>,
}

impl Removed {
    /// The keys that a resource had and that a declaration does not have.
    pub(crate) fn between<C: Cloud, R: Calls<C>>(wanted: &R, prior: &R) -> Self {
        let missing = |of: fn(&R) -> &BTreeMap<String, String>| {
            let wanted = of(wanted);
            of(prior).keys().filter(|key| !wanted.contains_key(*key)).cloned().collect()
        };
        Self {
            tags: R::TAGS.map(|tagging| missing(tagging.field)).unwrap_or_default(),
            shared: R::SHARED.map(|shared| missing(shared.field)).unwrap_or_default(),
        }
    }

    /// Nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.tags.is_empty() && self.shared.is_empty()
    }

    /// The declaration, with the keys that others have set in the shared map of the present resource.
    pub(crate) fn with_others<'w, C: Cloud, R: Calls<C>>(&self, wanted: &'w R, seen: &R) -> Cow<'w, R> {
        let Some(shared) = R::SHARED else { return Cow::Borrowed(wanted) };
        let is_others =
            |key: &String| !(shared.field)(wanted).contains_key(key) && !self.shared.contains(key);
        let others: Vec<_> = (shared.field)(seen).iter().filter(|(key, _)| is_others(key)).collect();
        if others.is_empty() {
            return Cow::Borrowed(wanted);
        }
        let mut whole = wanted.clone();
        let others = others.into_iter().map(|(key, value)| (key.clone(), value.clone()));
        (shared.field_mut)(&mut whole).extend(others);
        Cow::Owned(whole)
    }
}

/// A map whose keys other programs may set too. Made by [`shared!`](crate::shared).
#[derive(Debug)]
pub struct Shared<R> {
    /// The map.
    pub field: fn(&R) -> &BTreeMap<String, String>,
    /// The map, for writing.
    pub field_mut: fn(&mut R) -> &mut BTreeMap<String, String>,
}

impl<R> Clone for Shared<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Shared<R> {}

/// Says which map of a type other programs write too, for [`Calls::SHARED`](crate::Calls::SHARED):
/// `const SHARED: Option<Shared<Self>> = shared!(metadata);`.
#[macro_export]
macro_rules! shared {
    ($field:ident) => {
        ::core::option::Option::Some($crate::Shared {
            field: |arguments| &arguments.$field,
            field_mut: |arguments| &mut arguments.$field,
        })
    };
}
