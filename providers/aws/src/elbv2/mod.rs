//! Elastic Load Balancing, version 2: network and application load balancers.

#[cfg(feature = "elbv2")]
pub(crate) mod client;
mod lb;
mod listener;
mod target_group;

landform_kit::types! {
    with "elbv2" crate::client::Client;
    declared lb::Lb;
    declared listener::LbListener;
    managed target_group::LbTargetGroup;
}
