//! `aws_lb_listener`.

#[cfg(feature = "elbv2")]
pub(super) mod action;
#[cfg(feature = "elbv2")]
mod authenticate;
mod authentication;
#[cfg(feature = "elbv2")]
mod client;
#[cfg(feature = "elbv2")]
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

pub use self::authentication::*;

use super::{Lb, LbTargetGroup, OnOff};

/// A port of a load balancer, and the actions for its connections. AWS deletes it with its load balancer.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let targets = stack.add("api", aws::LbTargetGroup::in_vpc(&vpc, "api", "TCP", 443));
/// # let balancer = stack.add("api", aws::Lb::new("api").load_balancer_type(aws::LoadBalancerType::Network).subnets([&subnet]));
/// let listener = aws::LbListener::new(&balancer, 443, [aws::ListenerAction::forward(&targets)]).protocol("TCP");
/// stack.add("api", listener);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_lb_listener",
    id = "{load_balancer_arn}/{hex8}{hex8}",
    unique("load_balancer_arn", "port"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LbListener {
    /// The load balancer.
    #[field(immutable)]
    pub load_balancer_arn: Id<Lb>,
    /// The port.
    pub port: u16,
    /// `TCP`, `TLS`, `UDP`, `TCP_UDP`, `HTTP` or `HTTPS`.
    #[field(computed)]
    pub protocol: Option<String>,
    /// The certificate's ARN, for TLS and HTTPS.
    pub certificate_arn: Option<String>,
    /// The named set of protocols and ciphers, for TLS and HTTPS.
    #[field(computed)]
    pub ssl_policy: Option<String>,
    /// The named order of application protocols, for TLS.
    pub alpn_policy: Option<String>,
    /// Whether clients show certificates, for HTTPS.
    #[field(computed)]
    pub mutual_authentication: Option<MutualAuthentication>,
    /// The idle timeout of a network or gateway load balancer's TCP connections, in seconds, 60 to 6000.
    #[field(computed, minimum = 60, maximum = 6000)]
    pub tcp_idle_timeout_seconds: Option<u32>,
    /// Whether answers name the load balancer in the header `Server`.
    #[field(computed)]
    pub routing_http_response_server_enabled: Option<bool>,
    /// The name of the header in which targets get the serial number of the client's certificate.
    #[field(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: Option<String>,
    /// The name of the header in which targets get the issuer of the client's certificate.
    #[field(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: Option<String>,
    /// The name of the header in which targets get the subject of the client's certificate.
    #[field(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_subject_header_name: Option<String>,
    /// The name of the header in which targets get the validity of the client's certificate.
    #[field(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_validity_header_name: Option<String>,
    /// The name of the header in which targets get the client's certificate without its chain.
    #[field(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: Option<String>,
    /// The name of the header in which targets get the client's certificate.
    #[field(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_header_name: Option<String>,
    /// The name of the header in which targets get the version of TLS.
    #[field(computed)]
    pub routing_http_request_x_amzn_tls_version_header_name: Option<String>,
    /// The name of the header in which targets get the cipher suite.
    #[field(computed)]
    pub routing_http_request_x_amzn_tls_cipher_suite_header_name: Option<String>,
    /// The value of the header `Strict-Transport-Security` in answers.
    #[field(computed)]
    pub routing_http_response_strict_transport_security_header_value: Option<String>,
    /// The value of the header `Access-Control-Allow-Origin` in answers.
    #[field(computed)]
    pub routing_http_response_access_control_allow_origin_header_value: Option<String>,
    /// The value of the header `Access-Control-Allow-Methods` in answers.
    #[field(computed)]
    pub routing_http_response_access_control_allow_methods_header_value: Option<String>,
    /// The value of the header `Access-Control-Allow-Headers` in answers.
    #[field(computed)]
    pub routing_http_response_access_control_allow_headers_header_value: Option<String>,
    /// The value of the header `Access-Control-Allow-Credentials` in answers.
    #[field(computed)]
    pub routing_http_response_access_control_allow_credentials_header_value: Option<String>,
    /// The value of the header `Access-Control-Expose-Headers` in answers.
    #[field(computed)]
    pub routing_http_response_access_control_expose_headers_header_value: Option<String>,
    /// The value of the header `Access-Control-Max-Age` in answers.
    #[field(computed)]
    pub routing_http_response_access_control_max_age_header_value: Option<String>,
    /// The value of the header `Content-Security-Policy` in answers.
    #[field(computed)]
    pub routing_http_response_content_security_policy_header_value: Option<String>,
    /// The value of the header `X-Content-Type-Options` in answers.
    #[field(computed)]
    pub routing_http_response_x_content_type_options_header_value: Option<String>,
    /// The value of the header `X-Frame-Options` in answers.
    #[field(computed)]
    pub routing_http_response_x_frame_options_header_value: Option<String>,
    /// The action for connections.
    #[field(required)]
    pub default_action: Vec<ListenerAction>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// Whether clients show certificates.
#[block(needs("trust_store_arn", when("mode", is = "verify")))]
pub struct MutualAuthentication {
    /// Whether the load balancer verifies the certificates.
    pub mode: MutualAuthenticationMode,
    /// The ARN of the trust store.
    pub trust_store_arn: Option<String>,
    /// Whether expired certificates are accepted.
    #[field(default = false)]
    pub ignore_client_certificate_expiry: bool,
    /// Whether the load balancer tells clients the authorities that it trusts.
    #[field(computed)]
    pub advertise_trust_store_ca_names: Option<OnOff>,
}

/// What a load balancer does with the certificates of clients.
#[block]
#[serde(rename_all = "lowercase")]
pub enum MutualAuthenticationMode {
    /// Asks for none.
    Off,
    /// Passes them to the targets.
    Passthrough,
    /// Verifies them.
    Verify,
}

/// The action for connections.
#[block(
    any_of("target_group_arn", "forward", when("type", is = "forward")),
    needs("redirect", when("type", is = "redirect")),
    needs("authenticate_cognito", when("type", is = "authenticate-cognito")),
    needs("authenticate_oidc", when("type", is = "authenticate-oidc")),
    needs("jwt_validation", when("type", is = "jwt-validation")),
    needs("fixed_response", when("type", is = "fixed-response"))
)]
pub struct ListenerAction {
    /// The type of the action. It decides which other field counts.
    pub r#type: ActionType,
    /// The target group to forward to. AWS refuses to delete the target group while a listener forwards to it.
    pub target_group_arn: Option<Id<LbTargetGroup>>,
    /// Several target groups to forward to, or one with sticky sessions.
    pub forward: Option<ForwardAction>,
    /// The redirection.
    pub redirect: Option<RedirectAction>,
    /// The fixed response.
    pub fixed_response: Option<FixedResponseAction>,
    /// The authentication of users by a pool of Cognito.
    pub authenticate_cognito: Option<CognitoAuthentication>,
    /// The authentication of users by a provider of OpenID Connect.
    pub authenticate_oidc: Option<OidcAuthentication>,
    /// The validation of JSON web tokens.
    pub jwt_validation: Option<JwtValidation>,
    /// Its position among several actions, from 1.
    #[field(computed)]
    pub order: Option<u32>,
}

/// The action for connections.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum ActionType {
    /// Forwards connections to target groups.
    Forward,
    /// Redirects requests.
    Redirect,
    /// Sends a fixed response.
    FixedResponse,
    /// Authenticates users by a pool of Cognito.
    AuthenticateCognito,
    /// Authenticates users by a provider of OpenID Connect.
    AuthenticateOidc,
    /// Validates JSON web tokens.
    JwtValidation,
}

/// Forwarding to several target groups.
#[block]
pub struct ForwardAction {
    /// The target groups.
    #[field(required)]
    pub target_group: BTreeSet<ForwardTarget>,
    /// Whether the requests of a client go to the same target group.
    pub stickiness: Option<ForwardStickiness>,
}

/// One of several target groups.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ForwardTarget {
    /// The target group.
    pub arn: Id<LbTargetGroup>,
    /// Its weight, 0 to 999.
    #[field(default = 1)]
    pub weight: u32,
}

/// Whether the requests of a client go to the same target group.
#[block]
pub struct ForwardStickiness {
    /// The duration in seconds, 1 to 604800.
    pub duration: u32,
    /// Whether stickiness is on.
    #[field(default = false)]
    pub enabled: bool,
}

/// The target of a redirection. A placeholder `#{…}` stands for the value of the request.
#[block]
pub struct RedirectAction {
    /// The host.
    #[field(default = "#{host}")]
    pub host: String,
    /// The path.
    #[field(default = "/#{path}")]
    pub path: String,
    /// The port.
    #[field(default = "#{port}")]
    pub port: String,
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    #[field(default = "#{protocol}")]
    pub protocol: String,
    /// The query, without `?`.
    #[field(default = "#{query}")]
    pub query: String,
    /// `HTTP_301` (permanent) or `HTTP_302` (temporary).
    pub status_code: String,
}

/// A fixed response.
#[block]
pub struct FixedResponseAction {
    /// The media type of the body, such as `text/plain`.
    pub content_type: String,
    /// The body.
    pub message_body: Option<String>,
    /// The status, such as `404`.
    #[field(computed)]
    pub status_code: Option<String>,
}

impl ListenerAction {
    /// Starts the declaration of an action that forwards connections.
    pub fn forward(
        target_group: impl Into<landform_core::Input<Id<LbTargetGroup>>>,
    ) -> ListenerActionBuilder {
        Self::new(ActionType::Forward).target_group_arn(target_group)
    }
}

/// The attributes that AWS computes for an [`LbListener`].
#[attributes]
pub struct LbListenerAttributes {
    /// The listener's ARN.
    pub id: Id<LbListener>,
    /// The same ARN, as a separate attribute.
    #[field(form = "{id}")]
    pub arn: String,
}
