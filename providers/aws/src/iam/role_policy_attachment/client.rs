//! The calls for the shared policies of a role.

use super::{IamRolePolicyAttachment, IamRolePolicyAttachmentAttributes};
use crate::client::prelude::*;

#[async_trait]
impl Calls<Client> for IamRolePolicyAttachment {
    /// A second attachment changes nothing.
    const REPEATED: Repeated = Repeated::IsRecognised;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.identity().into()), async |id| {
            let Some((role, arn)) = id.split_once('/') else { return Ok(None) };
            let call = client.iam.list_attached_role_policies().role_name(role).into_paginator();
            let attached: Vec<_> = call.items().send().try_collect().await.map_err(failed)?;
            if !attached.iter().any(|policy| policy.policy_arn() == Some(arn)) {
                return Ok(None);
            }
            let arguments = IamRolePolicyAttachment { role: Id::new(role), policy_arn: Id::new(arn) };
            let attributes = IamRolePolicyAttachmentAttributes { id: Id::new(arguments.identity()) };
            Ok(Some(Seen::new(arguments, attributes)))
        })
        .await
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client.iam.attach_role_policy().role_name(self.role.as_str());
        call.policy_arn(self.policy_arn.as_str()).send().await.map_err(failed)?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let IamRolePolicyAttachment { role, policy_arn } = &prior.arguments;
        let call = client.iam.detach_role_policy().role_name(role.as_str());
        call.policy_arn(policy_arn.as_str()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl IamRolePolicyAttachment {
    /// The role and the policy, which identify an attachment in AWS.
    fn identity(&self) -> String {
        format!("{}/{}", self.role, self.policy_arn)
    }
}
