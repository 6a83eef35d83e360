//! The settings of a listener that AWS keeps as pairs of a key and a text. Which keys there are depends on the protocol.

use std::collections::HashMap;

use super::*;
use crate::{client::prelude::*, elbv2::client::*};

/// Writes the two conversions of the fields.
macro_rules! settings {
    ($($field:ident: $key:literal,)+) => {
        impl LbListener {
            /// The settings: the field of each, its key and its value.
            pub(super) fn settings(&self) -> Vec<Setting> {
                vec![$(set(stringify!($field), $key, self.$field.as_ref())),+]
            }

            /// The same listener with the settings that AWS shows. A header without a value is not set.
            pub(super) fn with_settings(self, mut all: HashMap<String, String>) -> Self {
                all.retain(|_, value| !value.is_empty());
                Self { $($field: attribute(&all, $key),)+ ..self }
            }
        }
    };
}

settings! {
    routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name",
    routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: "routing.http.request.x_amzn_mtls_clientcert_issuer.header_name",
    routing_http_request_x_amzn_mtls_clientcert_subject_header_name: "routing.http.request.x_amzn_mtls_clientcert_subject.header_name",
    routing_http_request_x_amzn_mtls_clientcert_validity_header_name: "routing.http.request.x_amzn_mtls_clientcert_validity.header_name",
    routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: "routing.http.request.x_amzn_mtls_clientcert_leaf.header_name",
    routing_http_request_x_amzn_mtls_clientcert_header_name: "routing.http.request.x_amzn_mtls_clientcert.header_name",
    routing_http_request_x_amzn_tls_version_header_name: "routing.http.request.x_amzn_tls_version.header_name",
    routing_http_request_x_amzn_tls_cipher_suite_header_name: "routing.http.request.x_amzn_tls_cipher_suite.header_name",
    routing_http_response_strict_transport_security_header_value: "routing.http.response.strict_transport_security.header_value",
    routing_http_response_access_control_allow_origin_header_value: "routing.http.response.access_control_allow_origin.header_value",
    routing_http_response_access_control_allow_methods_header_value: "routing.http.response.access_control_allow_methods.header_value",
    routing_http_response_access_control_allow_headers_header_value: "routing.http.response.access_control_allow_headers.header_value",
    routing_http_response_access_control_allow_credentials_header_value: "routing.http.response.access_control_allow_credentials.header_value",
    routing_http_response_access_control_expose_headers_header_value: "routing.http.response.access_control_expose_headers.header_value",
    routing_http_response_access_control_max_age_header_value: "routing.http.response.access_control_max_age.header_value",
    routing_http_response_content_security_policy_header_value: "routing.http.response.content_security_policy.header_value",
    routing_http_response_x_content_type_options_header_value: "routing.http.response.x_content_type_options.header_value",
    routing_http_response_x_frame_options_header_value: "routing.http.response.x_frame_options.header_value",
    routing_http_response_server_enabled: "routing.http.response.server.enabled",
    tcp_idle_timeout_seconds: "tcp.idle_timeout.seconds",
}

/// The settings of listeners, by ARN. AWS shows none for TLS.
pub(super) async fn settings_of(
    client: &Client,
    arn: &str,
) -> Result<Option<(String, HashMap<String, String>)>> {
    let call = client.elbv2.describe_listener_attributes().listener_arn(arn);
    let found = call.send().await.map_err(failed)?.attributes.unwrap_or_default();
    Ok(Some((arn.to_owned(), found.into_iter().filter_map(|one| one.key.zip(one.value)).collect())))
}
