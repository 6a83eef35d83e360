//! The calls for listeners.

use aws_sdk_elasticloadbalancingv2::types::{Certificate, Listener as Sdk, Tag};

use super::{LbListener, LbListenerAttributes, action};
use crate::{client::prelude::*, elbv2::client::*};

/// The value for no ALPN policy.
const NO_ALPN: &str = "None";

#[async_trait]
impl Calls<Client> for LbListener {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// With the same settings AWS answers with the existing listener.
    const REPEATED: Repeated = Repeated::MayBeAnothers;
    const PAGE: usize = PAGE;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let listeners = match which {
            Which::Ids(ids) => in_halves(ids, |ids| described(client, ids)).await?,
            Which::Attempt(_, listener) => at_port(client, listener).await?,
        };
        let arns: Vec<String> = listeners.iter().filter_map(|one| one.listener_arn.clone()).collect();
        if arns.is_empty() {
            return Ok(Vec::new());
        }
        let mut tags = tags_of(client, &arns).await?;
        let seen = listeners.into_iter().map(|listener| {
            let tags = tags.remove(listener.listener_arn.as_deref().unwrap_or_default());
            seen(listener, tags)
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .elbv2
            .create_listener()
            .set_load_balancer_arn(self.load_balancer_arn.wire())
            .set_port(self.port.wire())
            .set_protocol(self.protocol.wire())
            .set_certificates(self.certificates())
            .set_ssl_policy(self.ssl_policy.wire())
            .set_alpn_policy(self.alpn_policy.clone().map(|policy| vec![policy]))
            .set_default_actions(action::requests("default_action", &self.default_action)?)
            .set_tags(sent(&attempt.tags));
        let made = call.send().await.map_err(failed)?.listeners;
        Made::answered(made.into_iter().flatten().find_map(|listener| listener.listener_arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let alpn =
            due.has("alpn_policy").then(|| vec![self.alpn_policy.clone().unwrap_or(NO_ALPN.to_owned())]);
        let call = client
            .elbv2
            .modify_listener()
            .listener_arn(seen.id())
            .set_port(self.port.wire())
            .set_protocol(self.protocol.wire())
            .set_certificates(self.certificates())
            .set_ssl_policy(self.ssl_policy.wire())
            .set_alpn_policy(alpn)
            .set_default_actions(action::requests("default_action", &self.default_action)?);
        call.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.elbv2.delete_listener().listener_arn(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl LbListener {
    fn certificates(&self) -> Option<Vec<Certificate>> {
        let arn = self.certificate_arn.as_ref()?;
        Some(vec![Certificate::builder().certificate_arn(arn).build()])
    }
}

async fn described(client: &Client, arns: &[&str]) -> Result<Vec<Sdk>> {
    let arns = arns.iter().map(|arn| (*arn).to_owned()).collect();
    let call = client.elbv2.describe_listeners().set_listener_arns(Some(arns));
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

/// The listener at the port of a declared one. A port has at most one.
async fn at_port(client: &Client, wanted: &LbListener) -> Result<Vec<Sdk>> {
    let call = client.elbv2.describe_listeners().set_load_balancer_arn(wanted.load_balancer_arn.wire());
    let found: Result<Vec<Sdk>> = call.into_paginator().items().send().try_collect().await.map_err(failed);
    match found {
        Ok(found) => Ok(found.into_iter().filter(|one| one.port == Some(wanted.port.into())).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn seen(listener: Sdk, tags: Option<Vec<Tag>>) -> Result<Seen<LbListener>> {
    let arn: String = read(listener.listener_arn.clone(), "listener_arn")?;
    let certificate = listener.certificates.clone().unwrap_or_default().into_iter().next();
    let alpn = listener.alpn_policy.clone().unwrap_or_default().into_iter().next();
    let arguments = read!(listener => LbListener {
        load_balancer_arn, port, protocol,
        certificate_arn = certificate.and_then(|certificate| certificate.certificate_arn),
        ssl_policy,
        alpn_policy = alpn.filter(|policy| policy != NO_ALPN),
        default_action = action::actions(listener.default_actions)?,
        tags = Default::default(),
    });
    Ok(Seen::new(arguments, LbListenerAttributes { id: Id::new(&arn), arn }).tags(given(tags)))
}
