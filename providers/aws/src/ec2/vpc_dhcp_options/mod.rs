//! `aws_vpc_dhcp_options`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// DHCP options for the instances of a VPC. AWS refuses to delete them while a VPC uses them.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let options = aws::VpcDhcpOptions::new().domain_name("example.internal").domain_name_servers(["AmazonProvidedDNS"]);
/// stack.add("main", options);
/// ```
#[resource("aws_vpc_dhcp_options", id = "dopt-{hex17}", takes(create = 1, update = 1, delete = 1))]
pub struct VpcDhcpOptions {
    /// The domain of unqualified host names.
    #[field(immutable)]
    pub domain_name: Option<String>,
    /// DNS servers, in order. `AmazonProvidedDNS` is the VPC's DNS server.
    #[field(immutable)]
    pub domain_name_servers: Vec<String>,
    /// Time servers.
    #[field(immutable)]
    pub ntp_servers: Vec<String>,
    /// NetBIOS name servers.
    #[field(immutable)]
    pub netbios_name_servers: Vec<String>,
    /// The NetBIOS node type: `1`, `2`, `4` or `8`.
    #[field(immutable)]
    pub netbios_node_type: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for a [`VpcDhcpOptions`].
#[attributes]
pub struct VpcDhcpOptionsAttributes {
    /// The id of the options.
    pub id: Id<VpcDhcpOptions>,
    /// Their ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:dhcp-options/{id}")]
    pub arn: String,
    /// The account that owns them.
    #[field(form = "{account}")]
    pub owner_id: String,
}
