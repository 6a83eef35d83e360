//! The list of all resource types: what the embedded cloud realises and what a stored stack is bound to.

use landform_core::{Resource, ResourceType};

use crate::*;

/// Every resource type of this crate, in no particular order.
pub fn types() -> Vec<&'static ResourceType> {
    vec![
        EgressOnlyInternetGateway::resource_type(),
        Eip::resource_type(),
        InternetGateway::resource_type(),
        NatGateway::resource_type(),
        Route::resource_type(),
        RouteTable::resource_type(),
        RouteTableAssociation::resource_type(),
        Subnet::resource_type(),
        Vpc::resource_type(),
    ]
}
