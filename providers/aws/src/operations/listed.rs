//! The resources of services that cannot be asked by tags: identities, key pairs, records, and the rules of security
//! groups. Lists types and ids. Who wants to know their tags reads them.

use aws_sdk_ec2::types::{Filter, SecurityGroupRule};
use aws_sdk_iam::types::{AttachedPolicy, InstanceProfile, Role};
use landform_core::Meaning;

use crate::{client::prelude::*, route53::client::bare};

/// A type and an id.
type Listed = Vec<(&'static str, String)>;

impl Client {
    /// All roles, instance profiles and OpenID Connect providers of the account.
    ///
    /// # Errors
    /// Those of `iam:ListRoles`, `iam:ListInstanceProfiles` and `iam:ListOpenIDConnectProviders`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn identities(&self) -> Result<Listed> {
        let (roles, profiles) =
            (self.iam.list_roles().into_paginator(), self.iam.list_instance_profiles().into_paginator());
        let (roles, profiles, providers) = tokio::try_join!(
            async { roles.items().send().try_collect().await.map_err(failed) },
            async { profiles.items().send().try_collect().await.map_err(failed) },
            async { self.iam.list_open_id_connect_providers().send().await.map_err(failed) },
        )?;
        let (roles, profiles): (Vec<Role>, Vec<InstanceProfile>) = (roles, profiles);
        let roles = roles.into_iter().map(|one| ("aws_iam_role", one.role_name));
        let profiles =
            profiles.into_iter().map(|one| ("aws_iam_instance_profile", one.instance_profile_name));
        let providers = providers.open_id_connect_provider_list.unwrap_or_default().into_iter();
        let providers = providers.filter_map(|one| Some(("aws_iam_openid_connect_provider", one.arn?)));
        Ok(roles.chain(profiles).chain(providers).collect())
    }

    /// The policies inside a role, and those that are attached to it. None if there is no such role.
    ///
    /// # Errors
    /// Those of `iam:ListRolePolicies` and `iam:ListAttachedRolePolicies`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn policies_of_role(&self, role: &str) -> Result<Listed> {
        let own = self.iam.list_role_policies().role_name(role).into_paginator();
        let attached = self.iam.list_attached_role_policies().role_name(role).into_paginator();
        let found =
            tokio::try_join!(async { own.items().send().try_collect().await.map_err(failed) }, async {
                attached.items().send().try_collect().await.map_err(failed)
            },);
        let (own, attached): (Vec<String>, Vec<AttachedPolicy>) = match found {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            found => found?,
        };
        let own = own.into_iter().map(|name| ("aws_iam_role_policy", format!("{role}:{name}")));
        let attached = attached.into_iter().filter_map(|one| one.policy_arn);
        let attached = attached.map(|arn| ("aws_iam_role_policy_attachment", format!("{role}/{arn}")));
        Ok(own.chain(attached).collect())
    }

    /// The key pairs whose names begin with a text.
    ///
    /// # Errors
    /// Those of `ec2:DescribeKeyPairs`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn key_pairs(&self, beginning: &str) -> Result<Listed> {
        let filter = Filter::builder().name("key-name").values(format!("{beginning}*")).build();
        let answer = self.ec2.describe_key_pairs().filters(filter).send().await.map_err(failed)?;
        let names = answer.key_pairs.unwrap_or_default().into_iter().filter_map(|pair| pair.key_name);
        // The name may have characters that mean something in a filter.
        Ok(names.filter(|name| name.starts_with(beginning)).map(|name| ("aws_key_pair", name)).collect())
    }

    /// The records of a zone that have a name or are below it.
    ///
    /// # Errors
    /// Those of `route53:ListResourceRecordSets`. NotFound if there is no such zone.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn records_below(&self, zone: &str, name: &str) -> Result<Listed> {
        let (zone, name) = (bare(zone), Meaning::DnsName.canonical(name));
        let below = format!(".{name}");
        let mut found = Vec::new();
        let call = || self.route53.list_resource_record_sets().hosted_zone_id(zone);
        let mut next = call().start_record_name(&*name);
        loop {
            let page = next.send().await.map_err(failed)?;
            // Route 53 lists what is below a name right after it.
            for set in &page.resource_record_sets {
                let own = Meaning::DnsName.canonical(&set.name);
                if own != name && !own.ends_with(&below) {
                    return Ok(found);
                }
                let identifier =
                    set.set_identifier().map(|identifier| format!("_{identifier}")).unwrap_or_default();
                let id = format!("{zone}_{own}_{}{identifier}", set.r#type.as_str());
                found.push(("aws_route53_record", id));
            }
            if !page.is_truncated {
                return Ok(found);
            }
            next = call()
                .set_start_record_name(page.next_record_name)
                .set_start_record_type(page.next_record_type)
                .set_start_record_identifier(page.next_record_identifier);
        }
    }

    /// The rules of security groups, one for each peer.
    ///
    /// # Errors
    /// Those of `ec2:DescribeSecurityGroupRules`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn rules_of_security_groups(&self, groups: &[String]) -> Result<Listed> {
        /// How many values a filter takes.
        const VALUES: usize = 200;
        let found = each(groups.chunks(VALUES), async |groups| {
            let filter = Filter::builder().name("group-id").set_values(Some(groups.to_vec())).build();
            let pages = self.ec2.describe_security_group_rules().filters(filter).into_paginator();
            let rules: Vec<SecurityGroupRule> = pages.items().send().try_collect().await.map_err(failed)?;
            Ok(Some(rules))
        });
        let rule = |rule: SecurityGroupRule| {
            let type_name = match rule.is_egress.unwrap_or_default() {
                true => "aws_vpc_security_group_egress_rule",
                false => "aws_vpc_security_group_ingress_rule",
            };
            Some((type_name, rule.security_group_rule_id?))
        };
        Ok(found.await?.into_iter().flatten().filter_map(rule).collect())
    }
}
