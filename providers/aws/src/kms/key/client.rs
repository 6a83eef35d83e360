//! The calls for keys. KMS shows one key per call, and has no request tokens. The client finds an attempt by its tag
//! among all keys.

use aws_sdk_kms::types::{KeyState, OriginType};

use super::*;
use crate::{client::prelude::*, kms::client::tags_of};

words!(KeyUsage, KeySpec);

#[async_trait]
impl Calls<Client> for KmsKey {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(token, _) => client.key_tokens.keys_of(client, token.as_str()).await?,
        };
        each(ids, async |id| seen(client, &id).await).await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .kms
            .create_key()
            .set_description(self.description.wire())
            .set_key_usage(self.key_usage.wire())
            .set_key_spec(self.customer_master_key_spec.wire())
            .set_policy(self.policy.wire())
            .bypass_policy_lockout_safety_check(self.bypass_policy_lockout_safety_check)
            .set_multi_region(self.multi_region)
            .set_tags(sent(&attempt.tags));
        Made::answered(call.send().await.map_err(failed)?.key_metadata.map(|key| key.key_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let id = seen.id();
        // KMS refuses other changes of a disabled key.
        if due.has("is_enabled") && self.is_enabled {
            client.kms.enable_key().key_id(id).send().await.map_err(failed)?;
            return Ok(Next::Changed);
        }
        let next = changes!(self, due, failed;
            [description] => client.kms.update_key_description().key_id(id)
                .description(self.description.as_deref().unwrap_or_default()),
            [policy] => client.kms.put_key_policy().key_id(id).policy_name("default")
                .bypass_policy_lockout_safety_check(self.bypass_policy_lockout_safety_check)
                .policy(self.policy.as_deref().unwrap_or_default()),
        );
        let rotation = due.has("enable_key_rotation") || due.has("rotation_period_in_days");
        if rotation && self.enable_key_rotation {
            let call = client.kms.enable_key_rotation().key_id(id);
            let call = call.set_rotation_period_in_days(self.rotation_period_in_days.wire());
            call.send().await.map_err(failed)?;
        } else if due.has("enable_key_rotation") {
            client.kms.disable_key_rotation().key_id(id).send().await.map_err(failed)?;
        }
        if due.has("is_enabled") {
            client.kms.disable_key().key_id(id).send().await.map_err(failed)?;
        }
        Ok(if rotation || due.has("is_enabled") { Next::Changed } else { next })
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        // KMS refuses to delete a key that is already scheduled for deletion. It counts as gone.
        let gone = |seen: &Seen<Self>| matches!(seen.state, State::Leaving);
        match client
            .kms
            .schedule_key_deletion()
            .key_id(prior.id())
            .set_pending_window_in_days(prior.arguments.deletion_window_in_days.wire())
            .send()
            .await
        {
            Ok(_) => Ok(Next::Done),
            Err(error) => {
                let error = failed(error);
                let now = Self::look(client, Which::Ids(&[prior.id()])).await?;
                if now.iter().all(gone) { Ok(Next::Done) } else { Err(error) }
            }
        }
    }
}

async fn seen(client: &Client, id: &str) -> Result<Option<Seen<KmsKey>>> {
    let found = client.kms.describe_key().key_id(id).send().await.map_err(failed)?;
    let Some(key) = found.key_metadata else { return Ok(None) };
    let state = match &key.key_state {
        Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion) => State::Leaving,
        Some(state @ (KeyState::Creating | KeyState::Updating)) => {
            State::Busy(format!("waiting for the key, which is {}", state.as_str()).into())
        }
        _ => State::Ready,
    };
    let symmetric = key.key_spec == Some(aws_sdk_kms::types::KeySpec::SymmetricDefault)
        && key.origin == Some(OriginType::AwsKms)
        && !matches!(state, State::Leaving);
    let policy = async {
        let call = client.kms.get_key_policy().key_id(id).policy_name("default");
        call.send().await.map_err(failed).map(|answer| answer.policy)
    };
    let rotation = async {
        match symmetric {
            true => client.kms.get_key_rotation_status().key_id(id).send().await.map_err(failed).map(Some),
            false => Ok(None),
        }
    };
    let (policy, rotation, tags) = tokio::try_join!(policy, rotation, tags_of(client, id))?;
    let is_rotated = rotation.as_ref().is_some_and(|rotation| rotation.key_rotation_enabled);
    let period = rotation.and_then(|rotation| rotation.rotation_period_in_days).filter(|_| is_rotated);
    let arguments = read!(key => KmsKey {
        description, key_usage, multi_region,
        customer_master_key_spec: key_spec,
        policy = policy,
        // A key that KMS is making is not enabled yet.
        is_enabled = key.enabled || matches!(state, State::Busy(_)),
        enable_key_rotation = is_rotated,
        rotation_period_in_days = read(period, "rotation_period_in_days")?,
        deletion_window_in_days = 30,
        bypass_policy_lockout_safety_check = false,
        tags = Default::default(),
    });
    let attributes =
        KmsKeyAttributes { id: Id::new(&key.key_id), key_id: key.key_id, arn: key.arn.unwrap_or_default() };
    Ok(Some(Seen::new(arguments, attributes).tags(given(Some(tags))).state(state)))
}

async fn tag(client: &Client, seen: &Seen<KmsKey>, change: &TagChange) -> Result<Next> {
    write_tags!(change;
        set => client.kms.tag_resource().key_id(seen.id()).set_tags(sent(&change.set)),
        remove => client.kms.untag_resource().key_id(seen.id()).set_tag_keys(change.remove.wire()),
    )
}
