//! The list of all resource types and data sources: what the embedded cloud realises and answers, and what a stored
//! stack is bound to.

use std::sync::Arc;

use landform_core::{Resource, ResourceType};

use crate::*;

/// Every resource type and data source of this crate, in no particular order.
pub fn types() -> Vec<Arc<ResourceType>> {
    [
        data::Ami::resource_type(),
        data::AvailabilityZones::resource_type(),
        data::Subnet::resource_type(),
        data::Subnets::resource_type(),
        data::Vpc::resource_type(),
        AutoscalingAttachment::resource_type(),
        AutoscalingGroup::resource_type(),
        AutoscalingLifecycleHook::resource_type(),
        CloudwatchEventRule::resource_type(),
        CloudwatchEventTarget::resource_type(),
        EbsVolume::resource_type(),
        EgressOnlyInternetGateway::resource_type(),
        Eip::resource_type(),
        Elb::resource_type(),
        IamInstanceProfile::resource_type(),
        IamOpenidConnectProvider::resource_type(),
        IamPolicy::resource_type(),
        IamRole::resource_type(),
        IamRolePolicy::resource_type(),
        IamRolePolicyAttachment::resource_type(),
        InternetGateway::resource_type(),
        KeyPair::resource_type(),
        LaunchTemplate::resource_type(),
        Lb::resource_type(),
        LbListener::resource_type(),
        LbTargetGroup::resource_type(),
        NatGateway::resource_type(),
        Route::resource_type(),
        Route53Record::resource_type(),
        Route53Zone::resource_type(),
        Route53ZoneAssociation::resource_type(),
        RouteTable::resource_type(),
        RouteTableAssociation::resource_type(),
        S3Object::resource_type(),
        SecurityGroup::resource_type(),
        SecurityGroupRule::resource_type(),
        SqsQueue::resource_type(),
        Subnet::resource_type(),
        Vpc::resource_type(),
        VpcDhcpOptions::resource_type(),
        VpcDhcpOptionsAssociation::resource_type(),
        VpcIpv4CidrBlockAssociation::resource_type(),
    ]
    .map(Arc::clone)
    .into()
}
