//! The calls for log groups. The client finds them by the prefix of their names.

use super::*;
use crate::client::prelude::*;

words!(LogGroupClass);

#[async_trait]
impl Calls<Client> for CloudwatchLogGroup {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|group| group.name.as_str().into()), async |name| {
            // A name that is a prefix of other names comes before them.
            let call = client.logs.describe_log_groups().log_group_name_prefix(&*name).limit(1);
            let found = call.send().await.map_err(failed)?.log_groups.unwrap_or_default();
            let Some(group) = found.into_iter().find(|group| group.log_group_name() == Some(&*name)) else {
                return Ok(None);
            };
            let arn: String = read(group.arn, "arn")?;
            let arn = arn.strip_suffix(":*").unwrap_or(&arn).to_owned();
            let tags = client.logs.list_tags_for_resource().resource_arn(&arn).send().await.map_err(failed)?;
            let arguments = read!(group => CloudwatchLogGroup { name_prefix = None,
                name: log_group_name, kms_key_id,
                retention_in_days = read(Some(group.retention_in_days.unwrap_or_default()), "retention_in_days")?,
                log_group_class = match group.log_group_class {
                    Some(class) => read(Some(class), "log_group_class")?,
                    None => Some(LogGroupClass::Standard),
                },
                deletion_protection_enabled,
                skip_destroy = false,
                tags = Default::default(),
            });
            let attributes = CloudwatchLogGroupAttributes { id: Id::new(&*name), arn };
            Ok(Some(Seen::new(arguments, attributes).tags(tags.tags.unwrap_or_default())))
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .logs
            .create_log_group()
            .log_group_name(&self.name)
            .set_kms_key_id(self.kms_key_id.wire())
            .set_log_group_class(self.log_group_class.wire())
            .set_deletion_protection_enabled(self.deletion_protection_enabled.then_some(true))
            .set_tags(attempt.tags.wire());
        call.send().await.map_err(failed)?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let name = seen.id();
        match (due.has("retention_in_days"), self.retention_in_days) {
            (false, _) => {}
            (true, 0) => {
                client.logs.delete_retention_policy().log_group_name(name).send().await.map_err(failed)?;
            }
            (true, _) => {
                let call = client.logs.put_retention_policy().log_group_name(name);
                let call = call.set_retention_in_days(self.retention_in_days.wire());
                call.send().await.map_err(failed)?;
            }
        }
        match (due.has("kms_key_id"), &self.kms_key_id) {
            (false, _) => {}
            (true, Some(key)) => {
                let call = client.logs.associate_kms_key().log_group_name(name).kms_key_id(key);
                call.send().await.map_err(failed)?;
            }
            (true, None) => {
                client.logs.disassociate_kms_key().log_group_name(name).send().await.map_err(failed)?;
            }
        }
        if due.has("deletion_protection_enabled") {
            let call = client.logs.put_log_group_deletion_protection().log_group_identifier(name);
            let call = call.deletion_protection_enabled(self.deletion_protection_enabled);
            call.send().await.map_err(failed)?;
        }
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.skip_destroy {
            return Ok(Next::Done);
        }
        client.logs.delete_log_group().log_group_name(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

async fn tag(client: &Client, seen: &Seen<CloudwatchLogGroup>, change: &TagChange) -> Result<Next> {
    let arn = &seen.object.attributes.arn;
    write_tags!(change;
        set => client.logs.tag_resource().resource_arn(arn).set_tags(change.set.wire()),
        remove => client.logs.untag_resource().resource_arn(arn).set_tag_keys(change.remove.wire()),
    )
}
