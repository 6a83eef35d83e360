//! Elastic Load Balancing, version 1: classic load balancers.

mod classic;

landform_kit::types! {
    declared classic::Elb;
}
