//! The calls for roles. IAM shows one role per call.

use super::{IamRole, IamRoleAttributes};
use crate::{
    client::prelude::*,
    iam::client::{policy, time},
};

#[async_trait]
impl Calls<Client> for IamRole {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|role| role.name.as_str().into()), async |name| {
            let Some(role) = client.iam.get_role().role_name(name).send().await.map_err(failed)?.role else {
                return Ok(None);
            };
            let attributes = read!(role => IamRoleAttributes {
                id = Id::new(&role.role_name), arn, unique_id: role_id,
                create_date = time(&role.create_date),
            });
            let boundary = role.permissions_boundary.and_then(|boundary| boundary.permissions_boundary_arn);
            let arguments = read!(role => IamRole { name_prefix = None,
                name: role_name, description, path, max_session_duration,
                assume_role_policy = policy(role.assume_role_policy_document)?,
                permissions_boundary = boundary,
                force_detach_policies = false,
                tags = Default::default(),
            });
            Ok(Some(Seen::new(arguments, attributes).tags(given(role.tags))))
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .iam
            .create_role()
            .role_name(&self.name)
            .assume_role_policy_document(&self.assume_role_policy)
            .set_description(self.description.wire())
            .path(&self.path)
            .set_max_session_duration(self.max_session_duration.wire())
            .set_permissions_boundary(self.permissions_boundary.wire())
            .set_tags(sent(&attempt.tags));
        call.send().await.map_err(failed)?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let name = seen.id();
        if self.permissions_boundary.is_none() && due.has("permissions_boundary") {
            client.iam.delete_role_permissions_boundary().role_name(name).send().await.map_err(failed)?;
            return Ok(Next::Changed);
        }
        Ok(changes!(self, due, failed;
            [assume_role_policy] => client.iam.update_assume_role_policy().role_name(name)
                .policy_document(&self.assume_role_policy),
            [description, max_session_duration] => client.iam.update_role().role_name(name)
                .description(self.description.as_deref().unwrap_or_default())
                .set_max_session_duration(self.max_session_duration.wire()),
            [permissions_boundary] => client.iam.put_role_permissions_boundary().role_name(name)
                .set_permissions_boundary(self.permissions_boundary.wire()),
        ))
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.force_detach_policies {
            strip(client, prior.id()).await?;
        }
        client.iam.delete_role().role_name(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// Detaches or deletes all policies of a role.
async fn strip(client: &Client, role: &str) -> Result<()> {
    let attached = client.iam.list_attached_role_policies().role_name(role).into_paginator();
    let attached: Vec<_> = attached.items().send().try_collect().await.map_err(failed)?;
    for policy in attached {
        let call = client.iam.detach_role_policy().role_name(role).set_policy_arn(policy.policy_arn);
        call.send().await.map_err(failed)?;
    }
    let own = client.iam.list_role_policies().role_name(role).into_paginator();
    let own: Vec<String> = own.items().send().try_collect().await.map_err(failed)?;
    for policy in own {
        client.iam.delete_role_policy().role_name(role).policy_name(policy).send().await.map_err(failed)?;
    }
    Ok(())
}

async fn tag(client: &Client, seen: &Seen<IamRole>, change: &TagChange) -> Result<Next> {
    write_tags!(change;
        set => client.iam.tag_role().role_name(seen.id()).set_tags(sent(&change.set)),
        remove => client.iam.untag_role().role_name(seen.id()).set_tag_keys(change.remove.wire()),
    )
}
