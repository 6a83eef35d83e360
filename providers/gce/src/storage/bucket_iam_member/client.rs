//! The calls for members of a bucket's roles.

use landform_core::Id;

use super::{StorageBucketIamMember, StorageBucketIamMemberAttributes};
use crate::client::{
    policy::{Guarded, edit, members, policy, same_member, split},
    prelude::*,
};

#[async_trait]
impl Calls<Client> for StorageBucketIamMember {
    /// A member that is there already is added again without effect.
    const REPEATED: Repeated = Repeated::IsRecognised;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|wanted| wanted.identity().into());
        let parts = ids.iter().map(|id| split(id)).collect::<Result<Vec<_>>>()?;
        let mut buckets: Vec<&str> = parts.iter().map(|(bucket, ..)| *bucket).collect();
        buckets.sort_unstable();
        buckets.dedup();
        let found = landform_kit::each(buckets, async |bucket| {
            let policy = policy(client, Guarded::Bucket(bare(bucket))).await?;
            let mine = parts.iter().filter(|(of, ..)| *of == bucket);
            let there = mine.filter(|(_, role, member)| {
                members(&policy, role).iter().any(|known| same_member(known, member))
            });
            Ok(Some(there.map(|(bucket, role, member)| seen(bare(bucket), role, member)).collect::<Vec<_>>()))
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let add = |members: &mut Vec<String>| {
            if !members.iter().any(|known| same_member(known, &self.member)) {
                members.push(self.member.clone());
            }
        };
        edit(client, Guarded::Bucket(self.bucket.as_str()), &self.role, add).await?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (bucket, role, member) = split(prior.id())?;
        let remove = |members: &mut Vec<String>| members.retain(|known| !same_member(known, member));
        edit(client, Guarded::Bucket(bare(bucket)), role, remove).await?;
        Ok(Next::Done)
    }
}

impl StorageBucketIamMember {
    fn identity(&self) -> String {
        format!("b/{} {} {}", self.bucket, self.role, self.member)
    }
}

fn bare(bucket: &str) -> &str {
    bucket.strip_prefix("b/").unwrap_or(bucket)
}

fn seen(bucket: &str, role: &str, member: &str) -> Seen<StorageBucketIamMember> {
    let arguments =
        StorageBucketIamMember { bucket: Id::new(bucket), role: role.to_owned(), member: member.to_owned() };
    let id = Id::new(arguments.identity());
    Seen::new(arguments, StorageBucketIamMemberAttributes { id })
}
