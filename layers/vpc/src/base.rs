//! The layer's one function, for the descriptions of all clouds.

use landform_core::Stack;

use crate::BaseNetworkError;

/// The description of a base network on one cloud. Its type says which cloud: [`BaseNetwork`](crate::BaseNetwork) is on
/// AWS, `gce::BaseNetwork` is on Google Cloud (feature `gce`).
pub trait Description {
    /// The handles of the network's nodes.
    type Network;

    /// Declares the network, as [`base`] does.
    ///
    /// # Errors
    /// The description does not allow a network. The stack is unchanged.
    #[track_caller]
    fn declare(&self, stack: &mut Stack) -> Result<Self::Network, BaseNetworkError>;
}

/// Declares a base network in a stack and returns its handles.
///
/// The same description always declares the same nodes, and the nodes of a zone do not depend on other zones. The names
/// of nodes, tags and outputs begin with the description's name. The outputs are `…_vpc_id`, `…_vpc_cidr_block`,
/// `…_public_route_table_id`; maps by zone: `…_{public,admin,private_working,private_production}_subnet_ids`,
/// `…_private_route_table_ids`, `…_nat_gateway_ids`, `…_nat_public_ips` (of the zones that have one); and the list
/// `…_cluster_cidr_blocks`.
///
/// On Google Cloud regions take the place of zones. The module `gce` describes the outputs there.
///
/// # Errors
/// The description does not allow a network. The stack is unchanged.
#[track_caller]
pub fn base<D: Description>(stack: &mut Stack, description: &D) -> Result<D::Network, BaseNetworkError> {
    description.declare(stack)
}
