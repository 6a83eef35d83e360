//! Elastic Load Balancing, version 1: classic load balancers.

mod classic;

landform_kit::types! {
    with "elb" crate::client::Client;
    managed classic::Elb;
}
