//! The code that the calls of KMS's types share: tags, and the attempts that made keys.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use aws_sdk_kms::types::Tag;

use crate::client::{TOKEN_TAG, prelude::*, tags::sdk_tag};

sdk_tag!(Tag, |tag| (tag.tag_key, tag.tag_value), |key, value| Tag::builder()
    .tag_key(key)
    .tag_value(value)
    .build()
    .ok());

/// The token of each key whose tags the client has read, by the key's id. `None` if another tool made the key. A key
/// keeps its token for life, so the client reads the tags of a key once.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Option<String>>>);

impl Tokens {
    /// The ids of the keys with a token, among all keys. Keys whose tags the client may not read belong to others.
    pub(crate) async fn keys_of(&self, client: &Client, token: &str) -> Result<Vec<String>> {
        let pages = client.kms.list_keys().into_paginator();
        let keys: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
        let keys = keys.into_iter().filter_map(|key| key.key_id);
        each(keys, async |id| {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
            let found = match known {
                Some(known) => known,
                None => self.read(client, &id).await?,
            };
            Ok((found.as_deref() == Some(token)).then_some(id))
        })
        .await
    }

    async fn read(&self, client: &Client, id: &str) -> Result<Option<String>> {
        let tags = match tags_of(client, id).await {
            Err(error) if error.kind() == ErrorKind::Denied => return Ok(None),
            tags => tags?,
        };
        // AWS may not show the tags of a new key yet.
        if tags.is_empty() {
            return Ok(None);
        }
        let token = tags.into_iter().find(|tag| tag.tag_key == TOKEN_TAG).map(|tag| tag.tag_value);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), token.clone());
        Ok(token)
    }
}

/// The tags of a key.
pub(crate) async fn tags_of(client: &Client, id: &str) -> Result<Vec<Tag>> {
    let pages = client.kms.list_resource_tags().key_id(id).into_paginator();
    pages.items().send().try_collect().await.map_err(failed)
}
