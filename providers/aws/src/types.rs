//! The list of all resource types and data sources, for the embedded cloud and for binding a stored stack.

use landform_kit::__Type as Type;

use crate::*;

/// Every resource type and data source of this crate, service by service.
pub fn types() -> Vec<Type> {
    let services = [
        data::types(),
        autoscaling::types(),
        ec2::types(),
        elb::types(),
        elbv2::types(),
        events::types(),
        iam::types(),
        kms::types(),
        logs::types(),
        route53::types(),
        s3::types(),
        sqs::types(),
    ];
    services.into_iter().flatten().collect()
}
