//! The calls for policies. A change makes a new version. A policy has at most five, so the client deletes the oldest
//! one first.

use super::{IamPolicy, IamPolicyAttributes};
use crate::{client::prelude::*, iam::client::policy};

/// The maximum number of versions of a policy.
const VERSIONS: usize = 5;

#[async_trait]
impl Calls<Client> for IamPolicy {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const FIND: FindBy = FindBy::Token;
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let arns = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(_, wanted) => named(client, wanted).await?,
        };
        each(arns, async |arn| {
            let Some(found) = client.iam.get_policy().policy_arn(&arn).send().await.map_err(failed)?.policy
            else {
                return Ok(None);
            };
            let version = found.default_version_id.clone().unwrap_or_default();
            let call = client.iam.get_policy_version().policy_arn(&arn).version_id(version);
            let version = call.send().await.map_err(failed)?.policy_version;
            let attributes = read!(found => IamPolicyAttributes {
                id = Id::new(&arn), arn = arn.clone(), policy_id,
            });
            let arguments = read!(found => IamPolicy { name_prefix = None,
                name: policy_name, description, path,
                policy = policy(version.and_then(|version| version.document))?,
                tags = Default::default(),
            });
            Ok(Some(Seen::new(arguments, attributes).tags(given(found.tags))))
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .iam
            .create_policy()
            .policy_name(&self.name)
            .policy_document(&self.policy)
            .set_description(self.description.wire())
            .path(&self.path)
            .set_tags(sent(&attempt.tags));
        Made::answered(call.send().await.map_err(failed)?.policy.and_then(|policy| policy.arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        let older = older(client, seen.id()).await?;
        if older.len() + 1 >= VERSIONS
            && let Some(oldest) = older.last()
        {
            let call = client.iam.delete_policy_version().policy_arn(seen.id()).version_id(oldest);
            call.send().await.map_err(failed)?;
        }
        let call = client.iam.create_policy_version().policy_arn(seen.id()).policy_document(&self.policy);
        call.set_as_default(true).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        for version in older(client, prior.id()).await? {
            let call = client.iam.delete_policy_version().policy_arn(prior.id()).version_id(version);
            call.send().await.map_err(failed)?;
        }
        client.iam.delete_policy().policy_arn(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// The ARN of the policy with the declared name, if any. Names are unique in an account.
async fn named(client: &Client, wanted: &IamPolicy) -> Result<Vec<String>> {
    let call = client.iam.list_policies().scope(aws_sdk_iam::types::PolicyScopeType::Local);
    let call = call.path_prefix(&wanted.path);
    let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
    let of_name = found.into_iter().filter(|found| found.policy_name() == Some(&wanted.name));
    Ok(of_name.filter_map(|found| found.arn).collect())
}

/// The versions that are not the default one, the newest first.
async fn older(client: &Client, arn: &str) -> Result<Vec<String>> {
    let call = client.iam.list_policy_versions().policy_arn(arn).into_paginator();
    let versions: Vec<_> = call.items().send().try_collect().await.map_err(failed)?;
    let older = versions.into_iter().filter(|version| !version.is_default_version);
    Ok(older.filter_map(|version| version.version_id).collect())
}

async fn tag(client: &Client, seen: &Seen<IamPolicy>, change: &TagChange) -> Result<Next> {
    write_tags!(change;
        set => client.iam.tag_policy().policy_arn(seen.id()).set_tags(sent(&change.set)),
        remove => client.iam.untag_policy().policy_arn(seen.id()).set_tag_keys(change.remove.wire()),
    )
}
