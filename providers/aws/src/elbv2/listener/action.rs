//! Converts the actions of listeners and their rules between the declaration and the wire.

use aws_sdk_elasticloadbalancingv2::types::{
    Action, FixedResponseActionConfig, ForwardActionConfig, RedirectActionConfig,
    TargetGroupStickinessConfig, TargetGroupTuple,
};

use super::{
    ActionType, FixedResponseAction, ForwardAction, ForwardStickiness, ForwardTarget, ListenerAction,
    RedirectAction, authenticate,
};
use crate::client::prelude::*;

words!(ActionType);

/// Actions for the wire. `field` is the field that declares them.
///
/// # Errors
/// Invalid if `forward` names a single target group, because AWS's answer cannot tell it from `target_group_arn`.
pub(crate) fn requests(field: &str, actions: &[ListenerAction]) -> Result<Option<Vec<Action>>> {
    for (place, action) in actions.iter().enumerate() {
        if let Some(forward) = &action.forward
            && forward.target_group.len() == 1
            && !forward.stickiness.as_ref().is_some_and(|stickiness| stickiness.enabled)
        {
            let message = "it forwards to one target group: expected target_group_arn instead of forward";
            let at = format!("{field}[{place}].forward");
            return Err(Error::new(ErrorKind::Invalid, message).at(at));
        }
    }
    Ok(Some(actions.iter().map(request).collect()))
}

fn request(action: &ListenerAction) -> Action {
    let forward = action.forward.as_ref().map(|forward| {
        let groups = forward.target_group.iter().map(|target| {
            TargetGroupTuple::builder()
                .set_target_group_arn(target.arn.wire())
                .set_weight(target.weight.wire())
                .build()
        });
        let stickiness = forward.stickiness.as_ref().map(|stickiness| {
            TargetGroupStickinessConfig::builder()
                .enabled(stickiness.enabled)
                .set_duration_seconds(stickiness.duration.wire())
                .build()
        });
        ForwardActionConfig::builder()
            .set_target_groups(Some(groups.collect()))
            .set_target_group_stickiness_config(stickiness)
            .build()
    });
    let redirect = action.redirect.as_ref().map(|redirect| {
        RedirectActionConfig::builder()
            .host(&redirect.host)
            .path(&redirect.path)
            .port(&redirect.port)
            .protocol(&redirect.protocol)
            .query(&redirect.query)
            .set_status_code(redirect.status_code.wire())
            .build()
    });
    let fixed = action.fixed_response.as_ref().map(|fixed| {
        FixedResponseActionConfig::builder()
            .content_type(&fixed.content_type)
            .set_message_body(fixed.message_body.wire())
            .set_status_code(fixed.status_code.wire())
            .build()
    });
    Action::builder()
        .set_type(action.r#type.wire())
        .set_target_group_arn(action.target_group_arn.wire())
        .set_order(action.order.wire())
        .set_forward_config(forward)
        .set_redirect_config(redirect)
        .set_fixed_response_config(fixed)
        .set_authenticate_cognito_config(action.authenticate_cognito.as_ref().map(authenticate::cognito_sent))
        .set_authenticate_oidc_config(action.authenticate_oidc.as_ref().map(authenticate::oidc_sent))
        .set_jwt_validation_config(action.jwt_validation.as_ref().map(authenticate::jwt_sent))
        .build()
}

/// Actions from the wire.
pub(crate) fn actions(actions: Option<Vec<Action>>) -> Result<Vec<ListenerAction>> {
    actions.unwrap_or_default().into_iter().map(action).collect()
}

fn action(action: Action) -> Result<ListenerAction> {
    let groups = action.forward_config.clone().and_then(|config| config.target_groups).unwrap_or_default();
    let sticky = action.forward_config.clone().and_then(|config| config.target_group_stickiness_config);
    let is_sticky = sticky.as_ref().and_then(|sticky| sticky.enabled) == Some(true);
    // AWS reports a single target group in both forms.
    let (single, several) = match groups.as_slice() {
        [] => (action.target_group_arn.clone(), None),
        [one] if !is_sticky => (one.target_group_arn.clone(), None),
        _ => {
            let targets = groups.into_iter().map(|group| {
                Ok(ForwardTarget {
                    arn: read(group.target_group_arn, "target_group_arn")?,
                    weight: read(group.weight.or(Some(1)), "weight")?,
                })
            });
            let sticky = sticky.filter(|_| is_sticky).map(|sticky| {
                read(sticky.duration_seconds, "duration_seconds")
                    .map(|duration| ForwardStickiness { duration, enabled: true })
            });
            let target_group = targets.collect::<Result<_>>()?;
            (None, Some(ForwardAction { target_group, stickiness: sticky.transpose()? }))
        }
    };
    Ok(ListenerAction {
        r#type: read(action.r#type, "type")?,
        target_group_arn: read(single, "target_group_arn")?,
        forward: several,
        redirect: action.redirect_config.map(redirect).transpose()?,
        fixed_response: action.fixed_response_config.map(fixed).transpose()?,
        authenticate_cognito: action.authenticate_cognito_config.map(authenticate::cognito).transpose()?,
        authenticate_oidc: action.authenticate_oidc_config.map(authenticate::oidc).transpose()?,
        jwt_validation: action.jwt_validation_config.map(authenticate::jwt).transpose()?,
        order: read(action.order, "order")?,
    })
}

fn redirect(redirect: RedirectActionConfig) -> Result<RedirectAction> {
    let or = |value: Option<String>, usual: &str| value.unwrap_or_else(|| usual.to_owned());
    Ok(RedirectAction {
        host: or(redirect.host, "#{host}"),
        path: or(redirect.path, "/#{path}"),
        port: or(redirect.port, "#{port}"),
        protocol: or(redirect.protocol, "#{protocol}"),
        query: or(redirect.query, "#{query}"),
        status_code: read(redirect.status_code, "status_code")?,
    })
}

fn fixed(fixed: FixedResponseActionConfig) -> Result<FixedResponseAction> {
    Ok(read!(fixed => FixedResponseAction { content_type, message_body, status_code }))
}
