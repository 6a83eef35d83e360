//! The calls for placement groups. EC2 identifies them by name, and tags them by a separate id.

use aws_sdk_ec2::types::{PlacementGroupState as Code, ResourceType};

use super::{PlacementGroup, PlacementGroupAttributes, PlacementStrategy, SpreadLevel};
use crate::{client::prelude::*, ec2::client::*};

words!(PlacementStrategy, SpreadLevel);

#[async_trait]
impl Calls<Client> for PlacementGroup {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let names = which.ids_or(|group| group.name.as_str().into());
        let call = client.ec2.describe_placement_groups();
        let names = filter("group-name", names.iter().map(|name| &**name));
        let call = call.set_filters(unless_all(which, names));
        let found = call.send().await.map_err(failed)?.placement_groups.unwrap_or_default();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let account = client.account().await?;
        let there = found.into_iter().filter(|group| group.state != Some(Code::Deleted));
        let seen = there.map(|group| {
            let state = match group.state {
                Some(Code::Deleting) => State::Leaving,
                state => State::busy_if(state == Some(Code::Pending), "waiting for the group"),
            };
            let name: String = read(group.group_name, "group_name")?;
            let arn = client.arn(account, &format!("placement-group/{name}"));
            let attributes = PlacementGroupAttributes {
                id: Id::new(&name),
                arn: group.group_arn.unwrap_or(arn),
                placement_group_id: read(group.group_id, "group_id")?,
            };
            let arguments = read!(group => PlacementGroup {
                name = name, strategy, partition_count, spread_level, tags = Default::default(),
            });
            Ok(Seen::new(arguments, attributes).tags(given(group.tags)).state(state))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_placement_group()
            .group_name(&self.name)
            .set_strategy(self.strategy.wire())
            .set_partition_count(self.partition_count.wire())
            .set_spread_level(self.spread_level.wire())
            .tag_specifications(tagged_as(ResourceType::PlacementGroup, attempt));
        call.send().await.map_err(failed)?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_placement_group().group_name(prior.id()).send().await.map_err(failed)?;
        Ok(Next::wait("waiting for the deletion of the group"))
    }
}

async fn tag(client: &Client, seen: &Seen<PlacementGroup>, change: &TagChange) -> Result<Next> {
    tag_id(client, &seen.object.attributes.placement_group_id, change).await
}
