//! Amazon EC2: networks and what is in them.

#[cfg(feature = "ec2")]
pub(crate) mod client;
mod ebs_volume;
mod egress_only_internet_gateway;
mod eip;
mod internet_gateway;
mod key_pair;
mod launch_template;
mod nat_gateway;
mod route;
pub(crate) mod route_table;
mod route_table_association;
mod security_group;
mod security_group_rule;
mod subnet;
pub(crate) mod vpc;
mod vpc_dhcp_options;
mod vpc_dhcp_options_association;
mod vpc_ipv4_cidr_block_association;

landform_kit::types! {
    with "ec2" crate::client::Client;
    managed ebs_volume::EbsVolume;
    managed egress_only_internet_gateway::EgressOnlyInternetGateway;
    managed eip::Eip;
    managed internet_gateway::InternetGateway;
    managed key_pair::KeyPair;
    declared launch_template::LaunchTemplate;
    managed nat_gateway::NatGateway;
    managed route::Route;
    managed route_table::RouteTable;
    managed route_table_association::RouteTableAssociation;
    managed security_group::SecurityGroup;
    declared security_group_rule::SecurityGroupRule;
    managed subnet::Subnet;
    managed vpc::Vpc;
    declared vpc_dhcp_options::VpcDhcpOptions;
    declared vpc_dhcp_options_association::VpcDhcpOptionsAssociation;
    managed vpc_ipv4_cidr_block_association::VpcIpv4CidrBlockAssociation;
}
