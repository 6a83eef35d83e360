//! Amazon EC2 Auto Scaling: groups of instances.

mod attachment;
#[cfg(feature = "autoscaling")]
pub(crate) mod client;
mod group;
mod lifecycle_hook;

landform_kit::types! {
    with "autoscaling" crate::client::Client;
    managed attachment::AutoscalingAttachment;
    managed group::AutoscalingGroup;
    managed lifecycle_hook::AutoscalingLifecycleHook;
}
