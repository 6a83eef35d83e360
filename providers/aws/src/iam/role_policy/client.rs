//! The calls for the policies inside a role.

use super::{IamRolePolicy, IamRolePolicyAttributes};
use crate::{client::prelude::*, iam::client::policy};

calls_by_put!(Client; IamRolePolicy);

#[async_trait]
impl Put<Client> for IamRolePolicy {
    /// The role and the name, which identify a policy in AWS.
    fn identity(&self) -> String {
        format!("{}:{}", self.role, self.name)
    }

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.identity().into()), async |id| {
            let Some((role, name)) = id.split_once(':') else { return Ok(None) };
            let call = client.iam.get_role_policy().role_name(role).policy_name(name);
            let found = call.send().await.map_err(failed)?;
            let arguments = IamRolePolicy {
                name_prefix: None,
                role: Id::new(role),
                name: name.to_owned(),
                policy: policy(Some(found.policy_document))?,
            };
            let attributes = IamRolePolicyAttributes { id: Id::new(arguments.identity()) };
            Ok(Some(Seen::new(arguments, attributes)))
        })
        .await
    }

    async fn put(&self, client: &Client) -> Result<()> {
        let call = client.iam.put_role_policy().role_name(self.role.as_str()).policy_name(&self.name);
        call.policy_document(&self.policy).send().await.map_err(failed)?;
        Ok(())
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<Next> {
        let IamRolePolicy { role, name, .. } = &prior.arguments;
        let call = client.iam.delete_role_policy().role_name(role.as_str()).policy_name(name);
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
