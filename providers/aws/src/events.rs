//! Amazon EventBridge: events of the account, and their targets.

#[cfg(feature = "events")]
pub(crate) mod client;
mod rule;
mod target;

/// The default bus of an account.
const DEFAULT: &str = "default";

landform_kit::types! {
    with "events" crate::client::Client;
    managed rule::CloudwatchEventRule;
    managed target::CloudwatchEventTarget;
}
