//! Tags: those that a declaration sets, the defaults of a provider, those that Landform does not touch, and the one
//! that marks the resource of an attempt. The kit decides which tags to write. The type makes the call that writes
//! them.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use landform_core::{Error, ErrorKind, Resource, Result, Token};

use crate::{Next, Seen};

/// Where a type keeps its tags, and how to write them. Made by [`tagged!`](crate::tagged).
#[derive(Debug)]
pub struct Tagging<C, R: Resource> {
    /// The field's name.
    pub name: &'static str,
    /// The field.
    pub field: fn(&R) -> &BTreeMap<String, String>,
    /// The field, for writing.
    pub field_mut: fn(&mut R) -> &mut BTreeMap<String, String>,
    /// The call that writes the tags.
    pub write: for<'a> fn(&'a C, &'a Seen<R>, &'a TagChange) -> BoxFuture<'a, Result<Next>>,
}

impl<C, R: Resource> Clone for Tagging<C, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C, R: Resource> Copy for Tagging<C, R> {}

/// Says which field holds the tags of a type and which function writes them, for [`Calls::TAGS`](crate::Calls::TAGS):
/// `const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, ec2::tag);`. The function is `async fn(&C, &Seen<R>,
/// &TagChange) -> Result<Next>`.
#[macro_export]
macro_rules! tagged {
    ($field:ident, $write:expr) => {
        ::core::option::Option::Some($crate::Tagging {
            name: ::core::stringify!($field),
            field: |arguments| &arguments.$field,
            field_mut: |arguments| &mut arguments.$field,
            write: |client, seen, change| ::std::boxed::Box::pin($write(client, seen, change)),
        })
    };
}

/// The tags to write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagChange {
    /// The tags to set: new and changed ones.
    pub set: BTreeMap<String, String>,
    /// The keys to remove.
    pub remove: BTreeSet<String>,
    /// All tags after the change, for services that take them as a whole.
    pub all: BTreeMap<String, String>,
}

impl TagChange {
    fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }
}

/// The rules for the tags of one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    token: String,
    reserved: Vec<String>,
    defaults: BTreeMap<String, String>,
    ignored: BTreeSet<String>,
    ignored_prefixes: Vec<String>,
}

impl Default for Tags {
    fn default() -> Self {
        Self::marked_by("landform:token")
    }
}

impl Tags {
    /// Rules under which the tag with this key carries the token. Users never see it among their tags.
    pub fn marked_by(key: impl Into<String>) -> Self {
        Self {
            token: key.into(),
            reserved: Vec::new(),
            defaults: BTreeMap::new(),
            ignored: BTreeSet::new(),
            ignored_prefixes: Vec::new(),
        }
    }

    /// Reserves a prefix for the cloud's tags, such as `aws:`. The kit never shows or writes such tags, and refuses
    /// them in a declaration.
    pub fn reserving(mut self, prefix: impl Into<String>) -> Self {
        self.reserved.push(prefix.into());
        self
    }

    /// Adds tags that every resource gets. If a declaration sets another value for a key, the declaration's value
    /// counts.
    pub fn with_defaults<K: Into<String>, V: Into<String>>(
        mut self,
        tags: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.defaults.extend(tags.into_iter().map(|(key, value)| (key.into(), value.into())));
        self
    }

    /// Adds keys that others manage. The kit does not show, change or remove such tags unless a declaration sets them.
    pub fn ignoring<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.ignored.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Like [`Tags::ignoring`], for all keys with a prefix, such as `kubernetes.io/`.
    pub fn ignoring_prefixes<K: Into<String>>(mut self, prefixes: impl IntoIterator<Item = K>) -> Self {
        self.ignored_prefixes.extend(prefixes.into_iter().map(Into::into));
        self
    }

    /// Checks that these rules fit together.
    ///
    /// # Errors
    /// Invalid if a default tag has a reserved key.
    pub fn check(&self) -> Result<()> {
        self.allowed("default tags", &self.defaults)
    }

    /// The tags for a new resource.
    pub(crate) fn for_new(
        &self,
        given: &BTreeMap<String, String>,
        token: &Token,
    ) -> Result<BTreeMap<String, String>> {
        let mut tags = self.wanted(given)?;
        tags.insert(self.token.clone(), token.as_str().to_owned());
        Ok(tags)
    }

    /// The tags of a resource that a declaration may set.
    pub(crate) fn shown(&self, present: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let shown = present.iter().filter(|(key, value)| {
            !self.is_reserved(key) && !self.is_ignored(key) && self.defaults.get(*key) != Some(value)
        });
        shown.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// Whether the attempt with this token made the resource.
    pub(crate) fn made_by(&self, present: &BTreeMap<String, String>, token: &Token) -> bool {
        present.get(&self.token).is_some_and(|value| value == token.as_str())
    }

    /// The change to write, or `None` if nothing differs. `removed` are the keys that the plan removes. All other tags
    /// stay.
    pub(crate) fn change(
        &self,
        present: &BTreeMap<String, String>,
        given: &BTreeMap<String, String>,
        removed: &BTreeSet<String>,
    ) -> Result<Option<TagChange>> {
        let wanted = self.wanted(given)?;
        let is_kept = |key: &str| self.is_reserved(key) || self.is_ignored(key) || !removed.contains(key);
        let kept = present.iter().filter(|(key, _)| is_kept(key));
        let kept: BTreeMap<String, String> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
        let set = wanted.iter().filter(|(key, value)| present.get(*key) != Some(value));
        let change = TagChange {
            set: set.map(|(key, value)| (key.clone(), value.clone())).collect(),
            remove: present
                .keys()
                .filter(|key| !wanted.contains_key(*key) && !kept.contains_key(*key))
                .cloned()
                .collect(),
            all: kept.into_iter().chain(wanted).collect(),
        };
        Ok((!change.is_empty()).then_some(change))
    }

    fn wanted(&self, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
        self.allowed("tags", given)?;
        let mut wanted = self.defaults.clone();
        wanted.extend(given.iter().map(|(key, value)| (key.clone(), value.clone())));
        Ok(wanted)
    }

    fn allowed(&self, what: &str, tags: &BTreeMap<String, String>) -> Result<()> {
        match tags.keys().find(|key| self.is_reserved(key)) {
            None => Ok(()),
            Some(key) => {
                let prefixes = self.reserved.iter().map(|prefix| format!("{prefix}…"));
                let taken: Vec<String> =
                    [self.token.clone()].into_iter().chain(prefixes).map(|key| format!("{key:?}")).collect();
                let message =
                    format!("{what}: {key:?} is reserved, expected a key other than {}", taken.join(" and "));
                Err(Error::new(ErrorKind::Invalid, message))
            }
        }
    }

    fn is_reserved(&self, key: &str) -> bool {
        key == self.token || self.reserved.iter().any(|prefix| key.starts_with(prefix))
    }

    fn is_ignored(&self, key: &str) -> bool {
        self.ignored.contains(key) || self.ignored_prefixes.iter().any(|prefix| key.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn rules() -> Tags {
        Tags::default()
            .reserving("aws:")
            .with_defaults([("team", "net"), ("stage", "test")])
            .ignoring(["cost"])
            .ignoring_prefixes(["kubernetes.io/"])
    }

    #[test]
    fn the_token_and_the_defaults_are_no_tags_of_the_users() {
        let token: Token = "lf-1".parse().unwrap();
        let given = map(&[("Name", "a"), ("stage", "live")]);
        let new = rules().for_new(&given, &token).unwrap();
        let expected = [("Name", "a"), ("landform:token", "lf-1"), ("stage", "live"), ("team", "net")];
        assert_eq!(new, map(&expected));
        assert_eq!(rules().shown(&new), given);
        assert!(rules().made_by(&new, &token) && !rules().made_by(&new, &"lf-2".parse().unwrap()));
    }

    #[test]
    fn what_others_look_after_is_left_alone() {
        let present = map(&[
            ("landform:token", "lf-1"),
            ("aws:cloudformation:stack", "x"),
            ("kubernetes.io/cluster/a", "owned"),
            ("cost", "7"),
            ("Old", "yes"),
            ("stage", "test"),
        ]);
        assert_eq!(rules().shown(&present), map(&[("Old", "yes")]));
        let (given, old) = (map(&[("Name", "a"), ("cost", "8")]), BTreeSet::from(["Old".to_owned()]));
        let change = rules().change(&present, &given, &old).unwrap().unwrap();
        assert_eq!(change.set, map(&[("Name", "a"), ("cost", "8"), ("team", "net")]));
        assert_eq!(change.remove, old);
        assert_eq!(change.all.len(), 7);
        // The plan did not show this tag.
        let change = rules().change(&present, &given, &BTreeSet::new()).unwrap().unwrap();
        assert_eq!((change.remove.len(), change.all["Old"].as_str()), (0, "yes"));
        let settled = map(&[("team", "net"), ("stage", "test"), ("cost", "7"), ("landform:token", "lf-1")]);
        assert_eq!(rules().change(&settled, &BTreeMap::new(), &BTreeSet::new()).unwrap(), None);
    }

    #[test]
    fn reserved_keys_are_refused_with_what_is_expected() {
        let given = map(&[("aws:x", "y")]);
        let error = rules().change(&BTreeMap::new(), &given, &BTreeSet::new()).unwrap_err();
        let message =
            "tags: \"aws:x\" is reserved, expected a key other than \"landform:token\" and \"aws:…\"";
        assert_eq!((error.kind(), error.message()), (ErrorKind::Invalid, message));
        assert!(rules().with_defaults([("landform:token", "x")]).check().is_err());
    }
}
