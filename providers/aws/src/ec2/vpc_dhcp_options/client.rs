//! The calls for DHCP options: a list of keys, each with its values.

use std::collections::HashMap;

use aws_sdk_ec2::types::{NewDhcpConfiguration, ResourceType};

use super::{VpcDhcpOptions, VpcDhcpOptionsAttributes};
use crate::{client::prelude::*, ec2::client::*};

const DOMAIN: &str = "domain-name";
const SERVERS: &str = "domain-name-servers";
const TIME: &str = "ntp-servers";
const NETBIOS: &str = "netbios-name-servers";
const NETBIOS_NODE: &str = "netbios-node-type";

#[async_trait]
impl Calls<Client> for VpcDhcpOptions {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_dhcp_options().set_filters(by(which, "dhcp-options-id"));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let mut all = Vec::new();
        for options in found {
            let mut says: HashMap<String, Vec<String>> = HashMap::new();
            for one in options.dhcp_configurations.unwrap_or_default() {
                let values = one.values.unwrap_or_default().into_iter().filter_map(|value| value.value);
                says.insert(one.key.unwrap_or_default(), values.collect());
            }
            let mut several = |key: &str| says.remove(key).unwrap_or_default();
            let id: String = read(options.dhcp_options_id, "dhcp_options_id")?;
            let owner_id = match options.owner_id {
                Some(owner) => owner,
                None => client.account().await?.to_owned(),
            };
            let arguments = VpcDhcpOptions {
                domain_name: several(DOMAIN).into_iter().next(),
                domain_name_servers: several(SERVERS),
                ntp_servers: several(TIME),
                netbios_name_servers: several(NETBIOS),
                netbios_node_type: several(NETBIOS_NODE).into_iter().next(),
                tags: Default::default(),
            };
            let arn = client.arn(&owner_id, &format!("dhcp-options/{id}"));
            let attributes = VpcDhcpOptionsAttributes { id: Id::new(id), arn, owner_id };
            all.push(Seen::new(arguments, attributes).tags(given(options.tags)));
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let one = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
        let says = [
            (DOMAIN, one(&self.domain_name)),
            (SERVERS, self.domain_name_servers.clone()),
            (TIME, self.ntp_servers.clone()),
            (NETBIOS, self.netbios_name_servers.clone()),
            (NETBIOS_NODE, one(&self.netbios_node_type)),
        ];
        let says = says.into_iter().filter(|(_, values)| !values.is_empty());
        let says = says
            .map(|(key, values)| NewDhcpConfiguration::builder().key(key).set_values(Some(values)).build());
        let call = client
            .ec2
            .create_dhcp_options()
            .set_dhcp_configurations(Some(says.collect()))
            .tag_specifications(tagged_as(ResourceType::DhcpOptions, attempt));
        let made = call.send().await.map_err(failed)?.dhcp_options;
        Made::answered(made.and_then(|options| options.dhcp_options_id))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_dhcp_options().dhcp_options_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
