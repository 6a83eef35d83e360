//! Amazon EC2 Auto Scaling: groups of instances.

mod mixed_instances;

pub use mixed_instances::*;

mod attachment;
mod group;
mod lifecycle_hook;

landform_kit::types! {
    with "autoscaling" crate::client::Client;
    declared attachment::AutoscalingAttachment;
    declared group::AutoscalingGroup;
    declared lifecycle_hook::AutoscalingLifecycleHook;
}
