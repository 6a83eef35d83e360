//! The calls for the policies inside a role.

use super::{IamRolePolicy, IamRolePolicyAttributes};
use crate::{client::prelude::*, iam::client::policy};

#[async_trait]
impl Calls<Client> for IamRolePolicy {
    /// Putting the same policy again changes nothing. One of the same name that is there already is replaced.
    const REPEATED: Repeated = Repeated::MayBeAnothers;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.identity().into()), async |id| {
            let Some((role, name)) = id.split_once(':') else { return Ok(None) };
            let call = client.iam.get_role_policy().role_name(role).policy_name(name);
            let found = call.send().await.map_err(failed)?;
            let arguments = IamRolePolicy {
                role: Id::new(role),
                name: name.to_owned(),
                policy: policy(Some(found.policy_document))?,
            };
            let attributes = IamRolePolicyAttributes { id: Id::new(arguments.identity()) };
            Ok(Some(Seen::new(arguments, attributes)))
        })
        .await
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        self.put(client).await?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        self.put(client).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let IamRolePolicy { role, name, .. } = &prior.arguments;
        let call = client.iam.delete_role_policy().role_name(role.as_str()).policy_name(name);
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl IamRolePolicy {
    /// Role and name, by which AWS knows it.
    fn identity(&self) -> String {
        format!("{}:{}", self.role, self.name)
    }

    async fn put(&self, client: &Client) -> Result<()> {
        let call = client.iam.put_role_policy().role_name(self.role.as_str()).policy_name(&self.name);
        call.policy_document(&self.policy).send().await.map_err(failed)?;
        Ok(())
    }
}
