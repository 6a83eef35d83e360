//! The calls for key pairs. Their names identify them.

use aws_sdk_ec2::{primitives::Blob, types::ResourceType};

use super::{KeyPair, KeyPairAttributes};
use crate::{client::prelude::*, ec2::client::*};

#[async_trait]
impl Calls<Client> for KeyPair {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag_key_pair);
    const LISTS: bool = true;
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call =
            client.ec2.describe_key_pairs().include_public_key(true).set_filters(by(which, "key-name"));
        let found = call.send().await.map_err(failed)?.key_pairs.unwrap_or_default();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let account = client.account().await?;
        let seen = found.into_iter().map(|pair| {
            let name: String = read(pair.key_name.clone(), "key_name")?;
            let attributes = KeyPairAttributes {
                id: Id::new(&name),
                arn: client.arn(account, &format!("key-pair/{name}")),
                key_pair_id: read(pair.key_pair_id.clone(), "key_pair_id")?,
                fingerprint: pair.key_fingerprint.clone(),
                key_type: pair.key_type.as_ref().map(|kind| kind.as_str().to_owned()),
            };
            let public_key = pair.public_key.as_deref().unwrap_or_default().trim().to_owned();
            let arguments =
                KeyPair { key_name: name, key_name_prefix: None, public_key, tags: Default::default() };
            Ok(Seen::new(arguments, attributes).tags(given(pair.tags)))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .import_key_pair()
            .key_name(&self.key_name)
            .public_key_material(Blob::new(self.public_key.as_bytes()))
            .tag_specifications(tagged_as(ResourceType::KeyPair, attempt));
        call.send().await.map_err(failed)?;
        Ok(Made::id(&self.key_name))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_key_pair().key_name(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// Writes tags, by the id that AWS gives the key pair.
async fn tag_key_pair(client: &Client, seen: &Seen<KeyPair>, change: &TagChange) -> Result<Next> {
    tag_id(client, &seen.object.attributes.key_pair_id, change).await
}
