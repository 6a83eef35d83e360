//! Blocks for actions that authenticate the users of an application load balancer.

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Secret, block};

/// The authentication of users by a pool of Cognito.
#[block]
pub struct CognitoAuthentication {
    /// The pool's ARN.
    pub user_pool_arn: String,
    /// The id of the pool's client.
    pub user_pool_client_id: String,
    /// The prefix or the whole name of the pool's domain.
    pub user_pool_domain: String,
    /// Further parameters of the request for authentication, at most 10.
    pub authentication_request_extra_params: BTreeMap<String, String>,
    /// What happens to a request without authentication.
    #[field(computed)]
    pub on_unauthenticated_request: Option<Unauthenticated>,
    /// The claims to ask for.
    #[field(computed)]
    pub scope: Option<String>,
    /// The name of the session's cookie.
    #[field(computed)]
    pub session_cookie_name: Option<String>,
    /// The maximum duration of a session, in seconds, 1 to 604800.
    #[field(computed, minimum = 1, maximum = 604800)]
    pub session_timeout: Option<u32>,
}

/// The authentication of users by a provider of OpenID Connect.
#[block(needs("client_secret", when("issuer")))]
pub struct OidcAuthentication {
    /// The provider.
    pub issuer: String,
    /// Its address for authorizations.
    pub authorization_endpoint: String,
    /// Its address for tokens.
    pub token_endpoint: String,
    /// Its address for information about users.
    pub user_info_endpoint: String,
    /// The id of the client.
    pub client_id: String,
    /// The secret of the client.
    pub client_secret: Option<Secret>,
    /// Further parameters of the request for authentication, at most 10.
    pub authentication_request_extra_params: BTreeMap<String, String>,
    /// What happens to a request without authentication.
    #[field(computed)]
    pub on_unauthenticated_request: Option<Unauthenticated>,
    /// The claims to ask for.
    #[field(computed)]
    pub scope: Option<String>,
    /// The name of the session's cookie.
    #[field(computed)]
    pub session_cookie_name: Option<String>,
    /// The maximum duration of a session, in seconds, 1 to 604800.
    #[field(computed, minimum = 1, maximum = 604800)]
    pub session_timeout: Option<u32>,
}

/// What happens to a request without authentication.
#[block]
#[serde(rename_all = "lowercase")]
pub enum Unauthenticated {
    /// It is refused.
    Deny,
    /// It passes.
    Allow,
    /// The user is sent to the provider.
    Authenticate,
}

/// The validation of JSON web tokens.
#[block]
pub struct JwtValidation {
    /// The issuer of the tokens.
    pub issuer: String,
    /// The address of the issuer's keys.
    pub jwks_endpoint: String,
    /// The claims that a token must have besides the usual ones.
    #[field(max_items = 10)]
    pub additional_claim: BTreeSet<JwtClaim>,
}

/// A claim that a token must have.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct JwtClaim {
    /// The form of its value.
    pub format: JwtClaimFormat,
    /// Its name.
    pub name: String,
    /// The values.
    #[field(required, min_items = 1, max_items = 10)]
    pub values: BTreeSet<String>,
}

/// The form of a claim's value.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum JwtClaimFormat {
    /// One text.
    SingleString,
    /// A list of texts.
    StringArray,
    /// A text with spaces between the values.
    SpaceSeparatedValues,
}
