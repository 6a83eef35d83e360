//! Amazon EventBridge: what happens in the account, and who is told.

mod rule;
mod target;

landform_kit::types! {
    with "events" crate::client::Client;
    declared rule::CloudwatchEventRule;
    declared target::CloudwatchEventTarget;
}
