//! The calls for listeners.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types::{
    Certificate, Listener as Sdk, ListenerAttribute, MutualAuthenticationAttributes, ProtocolEnum, Tag,
};

use super::{
    LbListener, LbListenerAttributes, MutualAuthentication, MutualAuthenticationMode, action,
    settings::settings_of,
};
use crate::{client::prelude::*, elbv2::client::*};

words!(MutualAuthenticationMode);

/// The fields that the call to modify a listener changes.
const OWN: [&str; 7] = [
    "port",
    "protocol",
    "certificate_arn",
    "ssl_policy",
    "alpn_policy",
    "default_action",
    "mutual_authentication",
];

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
            Which::Ids(ids) | Which::Beside(ids) => in_halves(ids, |ids| described(client, ids)).await?,
            Which::Attempt(_, listener) => at_port(client, listener).await?,
        };
        let arns: Vec<String> = listeners.iter().filter_map(|one| one.listener_arn.clone()).collect();
        if arns.is_empty() {
            return Ok(Vec::new());
        }
        let has_settings = |one: &&Sdk| one.protocol != Some(ProtocolEnum::Tls);
        let of_settings: Vec<String> =
            listeners.iter().filter(has_settings).filter_map(|one| one.listener_arn.clone()).collect();
        let settings = each(&of_settings, |arn| settings_of(client, arn));
        let (mut tags, settings) = tokio::try_join!(tags_of(client, &arns), settings)?;
        let mut settings: HashMap<String, _> = settings.into_iter().collect();
        let seen = listeners.into_iter().map(|listener| {
            let arn = listener.listener_arn.clone().unwrap_or_default();
            seen(listener, settings.remove(&arn).unwrap_or_default(), tags.remove(&arn))
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
            .set_mutual_authentication(self.mutual_authentication.as_ref().map(mutual_sent))
            .set_tags(sent(&attempt.tags));
        let made = call.send().await.map_err(failed)?.listeners;
        Made::answered(made.into_iter().flatten().find_map(|listener| listener.listener_arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let settings: Vec<_> = due_pairs(self.settings(), due)
            .map(|(key, value)| ListenerAttribute::builder().key(key).value(value).build())
            .collect();
        if !settings.is_empty() {
            let call = client.elbv2.modify_listener_attributes().listener_arn(seen.id());
            call.set_attributes(Some(settings)).send().await.map_err(failed)?;
        }
        if !due.fields().iter().any(|field| OWN.contains(field)) {
            return Ok(Next::Changed);
        }
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
            .set_default_actions(action::requests("default_action", &self.default_action)?)
            .set_mutual_authentication(self.mutual_authentication.as_ref().map(mutual_sent));
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

fn mutual_sent(how: &MutualAuthentication) -> MutualAuthenticationAttributes {
    let verifies = how.mode == MutualAuthenticationMode::Verify;
    MutualAuthenticationAttributes::builder()
        .set_mode(how.mode.wire())
        .set_trust_store_arn(how.trust_store_arn.wire())
        .set_ignore_client_certificate_expiry(verifies.then_some(how.ignore_client_certificate_expiry))
        .set_advertise_trust_store_ca_names(
            how.advertise_trust_store_ca_names.as_ref().filter(|_| verifies).and_then(Wire::wire),
        )
        .build()
}

fn mutual(how: MutualAuthenticationAttributes) -> Result<MutualAuthentication> {
    Ok(read!(how => MutualAuthentication {
        mode, trust_store_arn, ignore_client_certificate_expiry, advertise_trust_store_ca_names,
    }))
}

fn seen(
    listener: Sdk,
    settings: HashMap<String, String>,
    tags: Option<Vec<Tag>>,
) -> Result<Seen<LbListener>> {
    let arn: String = read(listener.listener_arn.clone(), "listener_arn")?;
    let certificate = listener.certificates.clone().unwrap_or_default().into_iter().next();
    let alpn = listener.alpn_policy.clone().unwrap_or_default().into_iter().next();
    let arguments = read!(listener => LbListener {
        load_balancer_arn, port, protocol,
        certificate_arn = certificate.and_then(|certificate| certificate.certificate_arn),
        ssl_policy,
        alpn_policy = alpn.filter(|policy| policy != NO_ALPN),
        mutual_authentication = listener.mutual_authentication.map(mutual).transpose()?,
        default_action = action::actions(listener.default_actions)?,
        routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name = None,
        routing_http_request_x_amzn_mtls_clientcert_issuer_header_name = None,
        routing_http_request_x_amzn_mtls_clientcert_subject_header_name = None,
        routing_http_request_x_amzn_mtls_clientcert_validity_header_name = None,
        routing_http_request_x_amzn_mtls_clientcert_leaf_header_name = None,
        routing_http_request_x_amzn_mtls_clientcert_header_name = None,
        routing_http_request_x_amzn_tls_version_header_name = None,
        routing_http_request_x_amzn_tls_cipher_suite_header_name = None,
        routing_http_response_strict_transport_security_header_value = None,
        routing_http_response_access_control_allow_origin_header_value = None,
        routing_http_response_access_control_allow_methods_header_value = None,
        routing_http_response_access_control_allow_headers_header_value = None,
        routing_http_response_access_control_allow_credentials_header_value = None,
        routing_http_response_access_control_expose_headers_header_value = None,
        routing_http_response_access_control_max_age_header_value = None,
        routing_http_response_content_security_policy_header_value = None,
        routing_http_response_x_content_type_options_header_value = None,
        routing_http_response_x_frame_options_header_value = None,
        routing_http_response_server_enabled = None,
        tcp_idle_timeout_seconds = None,
        tags = Default::default(),
    });
    let attributes = LbListenerAttributes { id: Id::new(&arn), arn };
    Ok(Seen::new(arguments.with_settings(settings), attributes).tags(given(tags)))
}
