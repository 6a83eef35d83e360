//! The calls for launch templates. A change makes a new version of the whole template. The newest version counts as the
//! present state.

use std::collections::HashMap;

use aws_sdk_ec2::types::{LaunchTemplate as Sdk, LaunchTemplateVersion, ResourceType};

use super::{LaunchTemplate, LaunchTemplateAttributes, data};
use crate::{client::prelude::*, ec2::client::*};

const LATEST: &str = "$Latest";

/// The maximum number of templates that a look reads one by one. For more, it reads the newest versions of all
/// templates at once.
const FEW: usize = 4;

/// The number of items in a page.
const MOST: i32 = 200;

#[async_trait]
impl Calls<Client> for LaunchTemplate {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let templates = match which {
            Which::Ids(ids) | Which::Beside(ids) => in_halves(ids, |ids| described(client, ids)).await?,
            Which::Attempt(_, template) => {
                let call = client.ec2.describe_launch_templates().max_results(MOST);
                let call = call.filters(filter("launch-template-name", [template.name.as_str()]));
                call.into_paginator().items().send().try_collect().await.map_err(failed)?
            }
        };
        if templates.is_empty() {
            return Ok(Vec::new());
        }
        let mut newest = newest(client, &templates).await?;
        let account = client.account().await?;
        let mut all = Vec::new();
        for template in templates {
            let id: String = read(template.launch_template_id, "launch_template_id")?;
            // A template deleted between the two calls has no versions.
            let Some(version) = newest.remove(&id) else { continue };
            let number = |number: Option<i64>| number.unwrap_or_default().to_string();
            let attributes = LaunchTemplateAttributes {
                arn: client.arn(account, &format!("launch-template/{id}")),
                id: Id::new(id),
                latest_version: number(version.version_number),
                default_version: number(template.default_version_number),
            };
            let mut arguments = data::template(version.launch_template_data.unwrap_or_else(data::nothing))?;
            arguments.name = read(template.launch_template_name, "launch_template_name")?;
            arguments.description = read(version.version_description, "version_description")?;
            all.push(Seen::new(arguments, attributes).tags(given(template.tags)));
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_launch_template()
            .client_token(attempt.request_id("create"))
            .launch_template_name(&self.name)
            .set_version_description(self.description.clone())
            .launch_template_data(data::request(self))
            .tag_specifications(tagged_as(ResourceType::LaunchTemplate, attempt));
        let made = call.send().await.map_err(failed)?.launch_template;
        Made::answered(made.and_then(|template| template.launch_template_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let mut latest = seen.object.attributes.latest_version.clone();
        let mut next = Next::Done;
        if due.fields().iter().any(|field| *field != "update_default_version") {
            let call = client
                .ec2
                .create_launch_template_version()
                .client_token(due.attempt.request_id("version"))
                .launch_template_id(seen.id())
                .set_version_description(self.description.clone())
                .launch_template_data(data::request(self));
            let made = call.send().await.map_err(failed)?.launch_template_version;
            let number = made.and_then(|version| version.version_number);
            latest = number.map_or_else(|| LATEST.to_owned(), |number| number.to_string());
            next = Next::Changed;
        }
        if self.update_default_version && seen.object.attributes.default_version != latest {
            let call = client.ec2.modify_launch_template().launch_template_id(seen.id());
            call.default_version(latest).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        Ok(next)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_launch_template().launch_template_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

async fn described(client: &Client, ids: &[&str]) -> Result<Vec<Sdk>> {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let call = client.ec2.describe_launch_templates().set_launch_template_ids(Some(ids)).max_results(MOST);
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

/// The newest version of each template, by the template's id.
async fn newest(client: &Client, templates: &[Sdk]) -> Result<HashMap<String, LaunchTemplateVersion>> {
    let versions: Vec<LaunchTemplateVersion> = if templates.len() > FEW {
        let call = client.ec2.describe_launch_template_versions().versions(LATEST).max_results(MOST);
        call.into_paginator().items().send().try_collect().await.map_err(failed)?
    } else {
        each(templates.iter().filter_map(|template| template.launch_template_id()), async |id| {
            let call = client.ec2.describe_launch_template_versions().launch_template_id(id);
            let found = call.versions(LATEST).send().await.map_err(failed)?;
            Ok(found.launch_template_versions.into_iter().flatten().next())
        })
        .await?
    };
    Ok(versions.into_iter().filter_map(|one| Some((one.launch_template_id.clone()?, one))).collect())
}
