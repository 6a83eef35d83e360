//! Amazon CloudWatch Logs.

mod group;

landform_kit::types! {
    with "logs" crate::client::Client;
    managed group::CloudwatchLogGroup;
}
