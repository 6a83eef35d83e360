//! The calls for the policies of queues.

use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{SqsQueuePolicy, SqsQueuePolicyAttributes};
use crate::{client::prelude::*, sqs::client::Attributes};

calls_by_put!(Client; SqsQueuePolicy);

#[async_trait]
impl Put<Client> for SqsQueuePolicy {
    fn identity(&self) -> String {
        self.queue_url.to_string()
    }

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

    async fn put(&self, client: &Client) -> Result<()> {
        set(client, self.queue_url.as_str(), &self.policy).await
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<Next> {
        set(client, prior.id(), "").await?;
        Ok(Next::wait("waiting for the removal of the policy, which takes up to a minute"))
    }
}

async fn set(client: &Client, url: &str, policy: &str) -> Result<()> {
    let call = client.sqs.set_queue_attributes().queue_url(url).attributes(Name::Policy, policy);
    call.send().await.map_err(failed)?;
    Ok(())
}
