//! The calls for instance profiles. The client makes a profile first, then adds its role.

use super::{IamInstanceProfile, IamInstanceProfileAttributes};
use crate::{client::prelude::*, iam::client::time};

#[async_trait]
impl Calls<Client> for IamInstanceProfile {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|profile| profile.name.as_str().into()), async |name| {
            let call = client.iam.get_instance_profile().instance_profile_name(name);
            let Some(profile) = call.send().await.map_err(failed)?.instance_profile else { return Ok(None) };
            let attributes = read!(profile => IamInstanceProfileAttributes {
                id = Id::new(&profile.instance_profile_name), arn, unique_id: instance_profile_id,
                create_date = time(&profile.create_date),
            });
            // A profile has at most one role.
            let role = profile.roles.into_iter().next();
            let arguments = read!(profile => IamInstanceProfile { name_prefix = None,
                name: instance_profile_name, path, role = role.map(|role| Id::new(role.role_name)),
                tags = Default::default(),
            });
            Ok(Some(Seen::new(arguments, attributes).tags(given(profile.tags))))
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client.iam.create_instance_profile().instance_profile_name(&self.name).path(&self.path);
        call.set_tags(sent(&attempt.tags)).send().await.map_err(failed)?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        release(client, &seen.object).await?;
        if let Some(role) = &self.role {
            let call = client.iam.add_role_to_instance_profile().instance_profile_name(seen.id());
            call.role_name(role.as_str()).send().await.map_err(failed)?;
        }
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        for now in Self::look(client, Which::Ids(&[prior.id()])).await? {
            release(client, &now.object).await?;
        }
        client
            .iam
            .delete_instance_profile()
            .instance_profile_name(prior.id())
            .send()
            .await
            .map_err(failed)?;
        Ok(Next::Done)
    }
}

/// Removes the role of a profile.
async fn release(client: &Client, profile: &Observed<IamInstanceProfile>) -> Result<()> {
    let Some(role) = &profile.arguments.role else { return Ok(()) };
    let call = client.iam.remove_role_from_instance_profile().instance_profile_name(profile.id());
    match call.role_name(role.as_str()).send().await.map_err(failed) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn tag(client: &Client, seen: &Seen<IamInstanceProfile>, change: &TagChange) -> Result<Next> {
    write_tags!(change;
        set => client.iam.tag_instance_profile().instance_profile_name(seen.id()).set_tags(sent(&change.set)),
        remove => client.iam.untag_instance_profile().instance_profile_name(seen.id()).set_tag_keys(change.remove.wire()),
    )
}
