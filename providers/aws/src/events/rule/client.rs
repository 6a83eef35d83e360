//! The calls for rules. A put replaces all settings of a rule.

use super::*;
use crate::{client::prelude::*, events::client::*};

words!(RuleState);

#[async_trait]
impl Calls<Client> for CloudwatchEventRule {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// A put replaces an existing rule.
    const REPEATED: Repeated = Repeated::MayBeAnothers;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.identity().into()), async |id| {
            let (bus, name) = rule(&id);
            let call = client.events.describe_rule().event_bus_name(bus).name(name);
            let found = call.send().await.map_err(failed)?;
            let arn: String = read(found.arn.clone(), "arn")?;
            let tags =
                client.events.list_tags_for_resource().resource_arn(&arn).send().await.map_err(failed)?;
            let arguments = read!(found => CloudwatchEventRule { name_prefix = None,
                name, event_pattern, schedule_expression, description, role_arn, state,
                event_bus_name = bus.to_owned(),
                force_destroy = false,
                tags = Default::default(),
            });
            // The id keeps the spelling of the request, which may name the bus `default`.
            let attributes = CloudwatchEventRuleAttributes { id: Id::new(&*id), arn };
            Ok(Some(Seen::new(arguments, attributes).tags(given(tags.tags))))
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        self.put(client).set_tags(sent(&attempt.tags)).send().await.map_err(failed)?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        self.put(client).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (bus, name) = rule(prior.id());
        let call = client.events.delete_rule().event_bus_name(bus).name(name);
        call.force(prior.arguments.force_destroy).send().await.map_err(failed)?;
        Ok(Next::Done)
    }

    async fn holders(client: &Client, id: &str) -> Result<Vec<String>> {
        let (bus, name) = rule(id);
        let call = client.events.list_targets_by_rule().event_bus_name(bus).rule(name);
        let targets = call.send().await.map_err(failed)?.targets.unwrap_or_default();
        Ok(targets.into_iter().map(|target| format!("its target {} ({})", target.id, target.arn)).collect())
    }
}

impl CloudwatchEventRule {
    fn identity(&self) -> String {
        match self.event_bus_name.as_str() {
            DEFAULT => self.name.clone(),
            bus => format!("{bus}/{}", self.name),
        }
    }

    fn put(
        &self,
        client: &Client,
    ) -> aws_sdk_eventbridge::operation::put_rule::builders::PutRuleFluentBuilder {
        client
            .events
            .put_rule()
            .name(&self.name)
            .event_bus_name(&self.event_bus_name)
            .set_event_pattern(self.event_pattern.wire())
            .set_schedule_expression(self.schedule_expression.wire())
            .set_description(self.description.wire())
            .set_role_arn(self.role_arn.wire())
            .set_state(self.state.wire())
    }
}

async fn tag(client: &Client, seen: &Seen<CloudwatchEventRule>, change: &TagChange) -> Result<Next> {
    let arn = &seen.object.attributes.arn;
    write_tags!(change;
        set => client.events.tag_resource().resource_arn(arn).set_tags(sent(&change.set)),
        remove => client.events.untag_resource().resource_arn(arn).set_tag_keys(change.remove.wire()),
    )
}
