//! Elastic Load Balancing, version 2: network and application load balancers.

#[cfg(feature = "elbv2")]
pub(crate) mod client;
mod lb;
mod listener;
mod listener_rule;
mod target_group;
mod target_group_attachment;

landform_kit::types! {
    with "elbv2" crate::client::Client;
    managed lb::Lb;
    managed listener::LbListener;
    managed listener_rule::LbListenerRule;
    managed target_group::LbTargetGroup;
    managed target_group_attachment::LbTargetGroupAttachment;
}
