//! The calls for aliases. One call lists all of them.

use super::{KmsAlias, KmsAliasAttributes};
use crate::client::prelude::*;

#[async_trait]
impl Calls<Client> for KmsAlias {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let names = which.ids_or(|alias| alias.name.as_str().into());
        let pages = client.kms.list_aliases().into_paginator();
        let all: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
        let mut found = Vec::new();
        for alias in all {
            let (Some(name), Some(arn), Some(key)) = (alias.alias_name, alias.alias_arn, alias.target_key_id)
            else {
                // AWS's aliases that have no key yet.
                continue;
            };
            if names.iter().any(|wanted| *wanted == *name) {
                let keys = arn.strip_suffix(&name).unwrap_or(&arn);
                let attributes = KmsAliasAttributes {
                    id: Id::new(&name),
                    target_key_arn: format!("{keys}key/{key}"),
                    arn,
                };
                found.push(Seen::new(KmsAlias { name, target_key_id: Id::new(key) }, attributes));
            }
        }
        Ok(found)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client.kms.create_alias().alias_name(&self.name);
        call.target_key_id(self.target_key_id.as_str()).send().await.map_err(failed)?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        let call = client.kms.update_alias().alias_name(seen.id());
        call.target_key_id(self.target_key_id.as_str()).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.kms.delete_alias().alias_name(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
