//! The calls for targets. One call lists all targets of a rule. A put replaces a target with the same name. EventBridge
//! reports the refusal of a target inside a successful answer.

use std::collections::BTreeSet;

use aws_sdk_eventbridge::{
    operation::{put_targets::PutTargetsError, remove_targets::RemoveTargetsError},
    types::{
        DeadLetterConfig as SdkDeadLetters, HttpParameters, InputTransformer as SdkTransformer,
        KinesisParameters, RetryPolicy, RunCommandParameters, RunCommandTarget as SdkRunCommandTarget,
        SqsParameters, Target as Sdk,
    },
};
use landform_core::Token;
use landform_kit::{in_pages, request_id};

use super::*;
use crate::{
    client::{
        error::{built, inside},
        prelude::*,
    },
    events::{DEFAULT, client::rule},
};

#[async_trait]
impl Calls<Client> for CloudwatchEventTarget {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids: Vec<String> = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(token, target) => vec![target.identity(token)],
        };
        let keys: Vec<Key<'_>> = ids.iter().filter_map(|id| Key::of(id)).collect();
        let rules: BTreeSet<(&str, &str)> = keys.iter().map(|key| (key.bus, key.rule)).collect();
        let targets = each(rules, async |(bus, rule)| {
            let targets = in_pages(async |next| {
                let call = client.events.list_targets_by_rule().event_bus_name(bus).rule(rule);
                let page = call.set_next_token(next).send().await.map_err(failed)?;
                Ok((page.targets.unwrap_or_default(), page.next_token))
            });
            Ok(Some((bus, rule, targets.await?)))
        });
        let mut all = Vec::new();
        for (bus, rule, targets) in targets.await? {
            for target in targets {
                let name = target.id.clone();
                let is_wanted = |key: &&Key<'_>| (key.bus, key.rule, key.target) == (bus, rule, &name);
                for key in keys.iter().filter(is_wanted) {
                    all.push(key.seen(target.clone())?);
                }
            }
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        self.put(client, &self.name(attempt.token())).await?;
        Ok(Made::id(self.identity(attempt.token())))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        let name = seen.object.arguments.target_id.as_deref().unwrap_or_default();
        self.put(client, name).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let Some(key) = Key::of(prior.id()) else { return Ok(Next::Done) };
        let call = client.events.remove_targets().event_bus_name(key.bus).rule(key.rule).ids(key.target);
        let call = call.force(prior.arguments.force_destroy);
        let refused = call.send().await.map_err(failed)?.failed_entries.unwrap_or_default();
        match refused.into_iter().next() {
            None => Ok(Next::Done),
            Some(entry) => Err(inside::<RemoveTargetsError>(entry.error_code(), entry.error_message())),
        }
    }
}

impl CloudwatchEventTarget {
    /// The given name, or one that depends on the attempt.
    fn name(&self, token: &Token) -> String {
        let random = || format!("landform-{}", request_id(token, "target", 0));
        self.target_id.clone().unwrap_or_else(random)
    }

    /// The bus and the name of the rule. Its id may also name the bus.
    fn rule(&self) -> (&str, &str) {
        match rule(self.rule.as_str()) {
            (DEFAULT, name) => (&self.event_bus_name, name),
            both => both,
        }
    }

    fn identity(&self, token: &Token) -> String {
        let (bus, rule) = self.rule();
        format!("{bus}/{rule}/{}", self.name(token))
    }

    async fn put(&self, client: &Client, name: &str) -> Result<()> {
        let (bus, rule) = self.rule();
        let call = client.events.put_targets().event_bus_name(bus).rule(rule).targets(self.sdk(name)?);
        let refused = call.send().await.map_err(failed)?.failed_entries.unwrap_or_default();
        match refused.into_iter().next() {
            None => Ok(()),
            Some(entry) => Err(inside::<PutTargetsError>(entry.error_code(), entry.error_message())),
        }
    }

    fn sdk(&self, name: &str) -> Result<Sdk> {
        let transformer = self.input_transformer.as_ref().map(|wanted| {
            let made = SdkTransformer::builder().set_input_paths_map(wanted.input_paths.wire());
            built(made.input_template(&wanted.input_template).build())
        });
        let dead = self.dead_letter_config.as_ref();
        let dead = dead.map(|wanted| SdkDeadLetters::builder().set_arn(wanted.arn.wire()).build());
        let retry = self.retry_policy.as_ref().map(|wanted| {
            RetryPolicy::builder()
                .set_maximum_event_age_in_seconds(wanted.maximum_event_age_in_seconds.wire())
                .set_maximum_retry_attempts(wanted.maximum_retry_attempts.wire())
                .build()
        });
        let queue = self.sqs_target.as_ref();
        let queue = queue.map(|wanted| {
            SqsParameters::builder().set_message_group_id(wanted.message_group_id.wire()).build()
        });
        let stream = self.kinesis_target.as_ref().map(|wanted| {
            built(
                KinesisParameters::builder().set_partition_key_path(wanted.partition_key_path.wire()).build(),
            )
        });
        let http = self.http_target.as_ref().map(|wanted| {
            HttpParameters::builder()
                .set_header_parameters(wanted.header_parameters.wire())
                .set_path_parameter_values(wanted.path_parameter_values.wire())
                .set_query_string_parameters(wanted.query_string_parameters.wire())
                .build()
        });
        let commands = self.run_command_targets.iter().map(|wanted| {
            let target = SdkRunCommandTarget::builder().key(&wanted.key);
            built(target.set_values(Some(wanted.values.clone())).build())
        });
        let commands: Vec<_> = commands.collect::<Result<_>>()?;
        let commands = (!commands.is_empty())
            .then(|| built(RunCommandParameters::builder().set_run_command_targets(Some(commands)).build()));
        let target = Sdk::builder()
            .id(name)
            .arn(&self.arn)
            .set_role_arn(self.role_arn.wire())
            .set_input(self.input.wire())
            .set_input_path(self.input_path.wire())
            .set_input_transformer(transformer.transpose()?)
            .set_dead_letter_config(dead)
            .set_retry_policy(retry)
            .set_sqs_parameters(queue)
            .set_kinesis_parameters(stream.transpose()?)
            .set_http_parameters(http)
            .set_run_command_parameters(commands.transpose()?)
            .set_ecs_parameters(self.ecs_target.as_ref().map(services::ecs_sent).transpose()?)
            .set_batch_parameters(self.batch_target.as_ref().map(services::batch_sent).transpose()?)
            .set_redshift_data_parameters(
                self.redshift_target.as_ref().map(services::redshift_sent).transpose()?,
            )
            .set_sage_maker_pipeline_parameters(
                self.sagemaker_pipeline_target.as_ref().map(services::pipeline_sent).transpose()?,
            )
            .set_app_sync_parameters(self.appsync_target.as_ref().map(services::appsync_sent));
        built(target.build())
    }
}

/// The parts of a target's id. The names of partners' buses contain slashes, those of rules and targets do not.
struct Key<'a> {
    id: &'a str,
    bus: &'a str,
    rule: &'a str,
    target: &'a str,
}

impl<'a> Key<'a> {
    fn of(id: &'a str) -> Option<Self> {
        let (rest, target) = id.rsplit_once('/')?;
        let (bus, rule) = rest.rsplit_once('/')?;
        Some(Self { id, bus, rule, target })
    }

    fn seen(&self, found: Sdk) -> Result<Seen<CloudwatchEventTarget>> {
        let rule = match self.bus {
            DEFAULT => self.rule.to_owned(),
            bus => format!("{bus}/{}", self.rule),
        };
        let transformer = found.input_transformer.map(|found| {
            Ok::<_, Error>(read!(found => InputTransformer { input_paths: input_paths_map, input_template }))
        });
        let retry = found.retry_policy.map(|found| {
            Ok::<_, Error>(
                read!(found => TargetRetryPolicy { maximum_event_age_in_seconds, maximum_retry_attempts }),
            )
        });
        let http = found.http_parameters.map(|found| {
            Ok::<_, Error>(read!(found => HttpTarget {
                header_parameters, path_parameter_values, query_string_parameters,
            }))
        });
        let commands =
            found.run_command_parameters.map(|found| found.run_command_targets).unwrap_or_default();
        let commands =
            commands.into_iter().map(|found| RunCommandTarget { key: found.key, values: found.values });
        let arguments = read!(found => CloudwatchEventTarget {
            rule = Id::new(rule),
            arn,
            target_id = Some(self.target.to_owned()),
            event_bus_name = self.bus.to_owned(),
            role_arn,
            input,
            input_path,
            input_transformer = transformer.transpose()?,
            dead_letter_config = found.dead_letter_config.map(|found| DeadLetterConfig { arn: found.arn }),
            retry_policy = retry.transpose()?,
            sqs_target =
                found.sqs_parameters.map(|found| SqsTarget { message_group_id: found.message_group_id }),
            kinesis_target = found
                .kinesis_parameters
                .map(|found| KinesisTarget { partition_key_path: Some(found.partition_key_path) }),
            http_target = http.transpose()?,
            run_command_targets = commands.collect(),
            ecs_target = found.ecs_parameters.map(services::ecs).transpose()?,
            batch_target = found.batch_parameters.map(services::batch).transpose()?,
            redshift_target = found.redshift_data_parameters.map(services::redshift),
            sagemaker_pipeline_target = found.sage_maker_pipeline_parameters.map(services::pipeline),
            appsync_target = found.app_sync_parameters.map(services::appsync),
            force_destroy = false,
        });
        Ok(Seen::new(arguments, CloudwatchEventTargetAttributes { id: Id::new(self.id) }))
    }
}
