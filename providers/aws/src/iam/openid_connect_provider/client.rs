//! The calls for OpenID Connect providers. IAM answers their URLs without `https://`.

use std::collections::BTreeSet;

use super::{IamOpenidConnectProvider, IamOpenidConnectProviderAttributes};
use crate::client::prelude::*;

const SCHEME: &str = "https://";

#[async_trait]
impl Calls<Client> for IamOpenidConnectProvider {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let arns = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(_, wanted) => of_url(client, &wanted.url).await?,
        };
        each(arns, async |arn| {
            let call = client.iam.get_open_id_connect_provider().open_id_connect_provider_arn(&arn);
            let found = call.send().await.map_err(failed)?;
            let url = found.url.unwrap_or_default();
            let arguments = read!(found => IamOpenidConnectProvider {
                url = if url.starts_with(SCHEME) { url } else { format!("{SCHEME}{url}") },
                client_id_list, thumbprint_list,
                tags = Default::default(),
            });
            let attributes = IamOpenidConnectProviderAttributes { id: Id::new(&arn), arn };
            Ok(Some(Seen::new(arguments, attributes).tags(given(found.tags))))
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .iam
            .create_open_id_connect_provider()
            .url(&self.url)
            .set_client_id_list(self.client_id_list.wire())
            .set_thumbprint_list(self.thumbprint_list.wire())
            .set_tags(sent(&attempt.tags));
        Made::answered(call.send().await.map_err(failed)?.open_id_connect_provider_arn)
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let arn = seen.id();
        if due.has("client_id_list") {
            let there: &BTreeSet<String> = &seen.object.arguments.client_id_list;
            for id in self.client_id_list.difference(there) {
                let call = client.iam.add_client_id_to_open_id_connect_provider();
                call.open_id_connect_provider_arn(arn).client_id(id).send().await.map_err(failed)?;
            }
            for id in there.difference(&self.client_id_list) {
                let call = client.iam.remove_client_id_from_open_id_connect_provider();
                call.open_id_connect_provider_arn(arn).client_id(id).send().await.map_err(failed)?;
            }
        }
        if due.has("thumbprint_list") {
            let call = client.iam.update_open_id_connect_provider_thumbprint();
            let call = call.open_id_connect_provider_arn(arn);
            call.set_thumbprint_list(Some(self.thumbprint_list.clone())).send().await.map_err(failed)?;
        }
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let call = client.iam.delete_open_id_connect_provider().open_id_connect_provider_arn(prior.id());
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// The ARN of the provider with a URL, if any. It ends in the URL.
async fn of_url(client: &Client, url: &str) -> Result<Vec<String>> {
    let call = client.iam.list_open_id_connect_providers();
    let all = call.send().await.map_err(failed)?.open_id_connect_provider_list.unwrap_or_default();
    let end = format!(":oidc-provider/{}", url.strip_prefix(SCHEME).unwrap_or(url));
    Ok(all.into_iter().filter_map(|found| found.arn).filter(|arn| arn.ends_with(&end)).collect())
}

async fn tag(client: &Client, seen: &Seen<IamOpenidConnectProvider>, change: &TagChange) -> Result<Next> {
    write_tags!(change;
        set => client.iam.tag_open_id_connect_provider().open_id_connect_provider_arn(seen.id()).set_tags(sent(&change.set)),
        remove => client.iam.untag_open_id_connect_provider().open_id_connect_provider_arn(seen.id()).set_tag_keys(change.remove.wire()),
    )
}
