//! Amazon EventBridge: what happens in the account, and who is told.

#[cfg(feature = "events")]
mod client;
mod rule;
mod target;

landform_kit::types! {
    with "events" crate::client::Client;
    managed rule::CloudwatchEventRule;
    managed target::CloudwatchEventTarget;
}
