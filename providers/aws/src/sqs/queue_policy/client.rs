//! The calls for the policies of queues.

use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{SqsQueuePolicy, SqsQueuePolicyAttributes};
use crate::{client::prelude::*, sqs::client::Attributes};

#[async_trait]
impl Calls<Client> for SqsQueuePolicy {
    /// Setting the same policy again changes nothing. One that is there already is replaced.
    const REPEATED: Repeated = Repeated::MayBeAnothers;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.queue_url.as_str().into()), async |url| {
            let set = Attributes::of(client, &url, &[Name::Policy]).await?;
            Ok(set.text(&Name::Policy).map(|policy| {
                let arguments = SqsQueuePolicy { queue_url: Id::new(&*url), policy };
                Seen::new(arguments, SqsQueuePolicyAttributes { id: Id::new(&*url) })
            }))
        })
        .await
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        set(client, self.queue_url.as_str(), &self.policy).await?;
        Ok(Made::id(self.queue_url.as_str()))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        set(client, seen.id(), &self.policy).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        set(client, prior.id(), "").await?;
        Ok(Next::wait("waiting for the policy to be gone, which takes up to a minute"))
    }
}

async fn set(client: &Client, url: &str, policy: &str) -> Result<()> {
    let call = client.sqs.set_queue_attributes().queue_url(url).attributes(Name::Policy, policy);
    call.send().await.map_err(failed)?;
    Ok(())
}
