//! The calls for queues. SQS shows one queue per call, and takes up to a minute to apply attributes everywhere.

use std::{collections::HashMap, time::Duration};

use aws_sdk_sqs::types::QueueAttributeName as Name;
use landform_core::Retry;

use super::*;
use crate::{client::prelude::*, sqs::client::Attributes};

words!(DeduplicationScope, FifoThroughputLimit);

/// The time after a deletion until the name is free again, plus a small margin.
const REUSE: Duration = Duration::from_secs(61);

#[async_trait]
impl Calls<Client> for SqsQueue {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// With the same attributes SQS answers with the existing queue.
    const REPEATED: Repeated = Repeated::MayBeAnothers;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let urls: Vec<String> = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(_, queue) => {
                let call = client.sqs.get_queue_url().queue_name(&queue.name);
                match call.send().await.map_err(failed) {
                    Ok(answer) => answer.queue_url.into_iter().collect(),
                    Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
                    Err(error) => return Err(error),
                }
            }
        };
        each(urls, async |url| {
            let all = Attributes::of(client, &url, &[Name::All]);
            let tags = async { client.sqs.list_queue_tags().queue_url(&url).send().await.map_err(failed) };
            let (set, tags) = tokio::try_join!(all, tags)?;
            let seen = seen(&url, &set)?;
            Ok(Some(seen.tags(tags.tags.unwrap_or_default())))
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client.sqs.create_queue().queue_name(&self.name).set_tags(attempt.tags.wire());
        let made = call.set_attributes(Some(self.set(true, |_| true))).send().await.map_err(failed);
        let made = made.map_err(|error| {
            let recently = error.provider_code().is_some_and(|code| code.ends_with("QueueDeletedRecently"));
            if recently { error.with_retry(Retry::After(REUSE)) } else { error }
        })?;
        Made::answered(made.queue_url)
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let set = self.set(false, |field| due.has(field));
        let call = client.sqs.set_queue_attributes().queue_url(seen.id()).set_attributes(Some(set));
        call.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.sqs.delete_queue().queue_url(prior.id()).send().await.map_err(failed)?;
        Ok(Next::wait("waiting for the deletion of the queue, which takes up to a minute"))
    }
}

impl SqsQueue {
    /// The attributes of the fields that count. For an existing queue, missing values reset their attributes if SQS
    /// allows it.
    fn set(&self, new: bool, counts: impl Fn(&str) -> bool) -> HashMap<Name, String> {
        let number = |value: u32| Some(value.to_string());
        let flag = |value: bool| Some(value.to_string());
        let open = |value: Option<String>| value.or((!new).then(String::new));
        let fifo = |value: Option<String>| value.filter(|_| self.fifo_queue);
        let all = [
            ("policy", Name::Policy, self.policy.clone()),
            (
                "message_retention_seconds",
                Name::MessageRetentionPeriod,
                number(self.message_retention_seconds),
            ),
            ("visibility_timeout_seconds", Name::VisibilityTimeout, number(self.visibility_timeout_seconds)),
            ("delay_seconds", Name::DelaySeconds, number(self.delay_seconds)),
            (
                "receive_wait_time_seconds",
                Name::ReceiveMessageWaitTimeSeconds,
                number(self.receive_wait_time_seconds),
            ),
            ("max_message_size", Name::MaximumMessageSize, self.max_message_size.and_then(number)),
            ("redrive_policy", Name::RedrivePolicy, open(self.redrive_policy.clone())),
            ("redrive_allow_policy", Name::RedriveAllowPolicy, open(self.redrive_allow_policy.clone())),
            // SQS refuses an explicit `false` here.
            ("fifo_queue", Name::FifoQueue, fifo(flag(true)).filter(|_| new)),
            (
                "content_based_deduplication",
                Name::ContentBasedDeduplication,
                fifo(flag(self.content_based_deduplication)),
            ),
            ("deduplication_scope", Name::DeduplicationScope, self.deduplication_scope.wire()),
            ("fifo_throughput_limit", Name::FifoThroughputLimit, self.fifo_throughput_limit.wire()),
            ("kms_master_key_id", Name::KmsMasterKeyId, open(self.kms_master_key_id.clone())),
            (
                "kms_data_key_reuse_period_seconds",
                Name::KmsDataKeyReusePeriodSeconds,
                self.kms_data_key_reuse_period_seconds.and_then(number),
            ),
            (
                "sqs_managed_sse_enabled",
                Name::SqsManagedSseEnabled,
                self.sqs_managed_sse_enabled.and_then(flag),
            ),
        ];
        let set = all.into_iter().filter(|(field, ..)| counts(field));
        set.filter_map(|(_, name, value)| Some((name, value?))).collect()
    }
}

fn seen(url: &str, set: &Attributes) -> Result<Seen<SqsQueue>> {
    let arn: String = read(set.text(&Name::QueueArn), "QueueArn")?;
    let number = |name: Name, otherwise: u32| Ok::<_, Error>(set.value(&name)?.unwrap_or(otherwise));
    let arguments = SqsQueue {
        name_prefix: None,
        name: arn.rsplit(':').next().unwrap_or_default().to_owned(),
        policy: set.text(&Name::Policy),
        message_retention_seconds: number(Name::MessageRetentionPeriod, 345_600)?,
        visibility_timeout_seconds: number(Name::VisibilityTimeout, 30)?,
        delay_seconds: number(Name::DelaySeconds, 0)?,
        receive_wait_time_seconds: number(Name::ReceiveMessageWaitTimeSeconds, 0)?,
        max_message_size: set.value(&Name::MaximumMessageSize)?,
        redrive_policy: set.text(&Name::RedrivePolicy),
        redrive_allow_policy: set.text(&Name::RedriveAllowPolicy),
        fifo_queue: set.value(&Name::FifoQueue)?.unwrap_or_default(),
        content_based_deduplication: set.value(&Name::ContentBasedDeduplication)?.unwrap_or_default(),
        deduplication_scope: read(set.text(&Name::DeduplicationScope), "DeduplicationScope")?,
        fifo_throughput_limit: read(set.text(&Name::FifoThroughputLimit), "FifoThroughputLimit")?,
        kms_master_key_id: set.text(&Name::KmsMasterKeyId),
        kms_data_key_reuse_period_seconds: set.value(&Name::KmsDataKeyReusePeriodSeconds)?,
        sqs_managed_sse_enabled: set.value(&Name::SqsManagedSseEnabled)?,
        tags: Default::default(),
    };
    Ok(Seen::new(arguments, SqsQueueAttributes { id: Id::new(url), url: url.to_owned(), arn }))
}

async fn tag(client: &Client, seen: &Seen<SqsQueue>, change: &TagChange) -> Result<Next> {
    write_tags!(change;
        set => client.sqs.tag_queue().queue_url(seen.id()).set_tags(change.set.wire()),
        remove => client.sqs.untag_queue().queue_url(seen.id()).set_tag_keys(change.remove.wire()),
    )
}
