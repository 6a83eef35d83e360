//! Converts the actions that authenticate users between the declaration and the wire. AWS never shows a client's secret.

use aws_sdk_elasticloadbalancingv2::types::{
    AuthenticateCognitoActionConfig, AuthenticateOidcActionConfig, JwtValidationActionAdditionalClaim,
    JwtValidationActionConfig,
};

use super::{
    CognitoAuthentication, JwtClaim, JwtClaimFormat, JwtValidation, OidcAuthentication, Unauthenticated,
};
use crate::client::prelude::*;

words!(Unauthenticated, JwtClaimFormat);

pub(super) fn cognito_sent(how: &CognitoAuthentication) -> AuthenticateCognitoActionConfig {
    AuthenticateCognitoActionConfig::builder()
        .user_pool_arn(&how.user_pool_arn)
        .user_pool_client_id(&how.user_pool_client_id)
        .user_pool_domain(&how.user_pool_domain)
        .set_authentication_request_extra_params(how.authentication_request_extra_params.wire())
        .set_on_unauthenticated_request(how.on_unauthenticated_request.wire())
        .set_scope(how.scope.wire())
        .set_session_cookie_name(how.session_cookie_name.wire())
        .set_session_timeout(how.session_timeout.wire())
        .build()
}

pub(super) fn cognito(how: AuthenticateCognitoActionConfig) -> Result<CognitoAuthentication> {
    Ok(read!(how => CognitoAuthentication {
        user_pool_arn, user_pool_client_id, user_pool_domain, authentication_request_extra_params,
        on_unauthenticated_request, scope, session_cookie_name, session_timeout,
    }))
}

pub(super) fn oidc_sent(how: &OidcAuthentication) -> AuthenticateOidcActionConfig {
    AuthenticateOidcActionConfig::builder()
        .issuer(&how.issuer)
        .authorization_endpoint(&how.authorization_endpoint)
        .token_endpoint(&how.token_endpoint)
        .user_info_endpoint(&how.user_info_endpoint)
        .client_id(&how.client_id)
        .set_client_secret(how.client_secret.as_ref().map(|secret| secret.expose().to_owned()))
        .set_authentication_request_extra_params(how.authentication_request_extra_params.wire())
        .set_on_unauthenticated_request(how.on_unauthenticated_request.wire())
        .set_scope(how.scope.wire())
        .set_session_cookie_name(how.session_cookie_name.wire())
        .set_session_timeout(how.session_timeout.wire())
        .build()
}

pub(super) fn oidc(how: AuthenticateOidcActionConfig) -> Result<OidcAuthentication> {
    Ok(read!(how => OidcAuthentication {
        issuer, authorization_endpoint, token_endpoint, user_info_endpoint, client_id,
        client_secret = None,
        authentication_request_extra_params, on_unauthenticated_request, scope, session_cookie_name,
        session_timeout,
    }))
}

pub(super) fn jwt_sent(how: &JwtValidation) -> JwtValidationActionConfig {
    let claims = how.additional_claim.iter().map(|claim| {
        JwtValidationActionAdditionalClaim::builder()
            .set_format(claim.format.wire())
            .name(&claim.name)
            .set_values(claim.values.wire())
            .build()
    });
    let claims: Vec<_> = claims.collect();
    JwtValidationActionConfig::builder()
        .issuer(&how.issuer)
        .jwks_endpoint(&how.jwks_endpoint)
        .set_additional_claims((!claims.is_empty()).then_some(claims))
        .build()
}

pub(super) fn jwt(how: JwtValidationActionConfig) -> Result<JwtValidation> {
    let claims = how.additional_claims.unwrap_or_default().into_iter();
    let claims = claims.map(|claim| Ok(read!(claim => JwtClaim { format, name, values })));
    let additional_claim = claims.collect::<Result<_>>()?;
    Ok(read!(how => JwtValidation { issuer, jwks_endpoint, additional_claim = additional_claim }))
}
