//! Amazon EC2: instances, disks and networks.

#[cfg(feature = "ec2")]
pub(crate) mod client;
mod ebs_volume;
mod egress_only_internet_gateway;
mod eip;
mod instance;
mod internet_gateway;
mod key_pair;
mod launch_template;
mod main_route_table_association;
mod nat_gateway;
pub(crate) mod network_acl;
mod network_acl_rule;
mod placement_group;
mod route;
pub(crate) mod route_table;
mod route_table_association;
#[cfg(feature = "ec2")]
mod rules;
mod security_group;
mod security_group_rule;
#[cfg(feature = "ec2")]
mod single_rule;
mod subnet;
pub(crate) mod vpc;
mod vpc_dhcp_options;
mod vpc_dhcp_options_association;
mod vpc_endpoint;
mod vpc_ipv4_cidr_block_association;
mod vpc_peering_connection;
mod vpc_security_group_egress_rule;
mod vpc_security_group_ingress_rule;

landform_kit::types! {
    with "ec2" crate::client::Client;
    managed ebs_volume::EbsVolume;
    managed egress_only_internet_gateway::EgressOnlyInternetGateway;
    managed eip::Eip;
    managed instance::Instance;
    managed internet_gateway::InternetGateway;
    managed key_pair::KeyPair;
    managed launch_template::LaunchTemplate;
    managed main_route_table_association::MainRouteTableAssociation;
    managed nat_gateway::NatGateway;
    managed network_acl::NetworkAcl;
    managed network_acl_rule::NetworkAclRule;
    managed placement_group::PlacementGroup;
    managed route::Route;
    managed route_table::RouteTable;
    managed route_table_association::RouteTableAssociation;
    managed security_group::SecurityGroup;
    managed security_group_rule::SecurityGroupRule;
    managed subnet::Subnet;
    managed vpc::Vpc;
    managed vpc_dhcp_options::VpcDhcpOptions;
    managed vpc_dhcp_options_association::VpcDhcpOptionsAssociation;
    managed vpc_endpoint::VpcEndpoint;
    managed vpc_ipv4_cidr_block_association::VpcIpv4CidrBlockAssociation;
    managed vpc_peering_connection::VpcPeeringConnection;
    managed vpc_security_group_egress_rule::VpcSecurityGroupEgressRule;
    managed vpc_security_group_ingress_rule::VpcSecurityGroupIngressRule;
}
