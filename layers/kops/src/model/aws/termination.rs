//! The queue through which the node termination handler learns that machines will stop (kops
//! `nodeterminationhandler.go`).

use super::Model;
use super::policy::Statement;
use landform_aws as aws;
use landform_core::Handle;
use std::collections::BTreeMap;

/// Seconds for which a stopping machine and a message wait for the handler.
const PATIENCE: u32 = 300;

/// The events that reach the queue, by the last part of their rule's name.
const EVENTS: [(&str, &str); 4] = [
    (
        "ASGLifecycle",
        r#"{"source":["aws.autoscaling"],"detail-type":["EC2 Instance-terminate Lifecycle Action"]}"#,
    ),
    (
        "SpotInterruption",
        r#"{"source":["aws.ec2"],"detail-type":["EC2 Spot Instance Interruption Warning"]}"#,
    ),
    (
        "InstanceStateChange",
        r#"{"source":["aws.ec2"],"detail-type":["EC2 Instance State-change Notification"]}"#,
    ),
    (
        "InstanceScheduledChange",
        r#"{"source":["aws.health"],"detail-type":["AWS Health Event"],"detail":{"service":["EC2"],"eventTypeCategory":["scheduledChange"]}}"#,
    ),
];
const REBALANCE: (&str, &str) = (
    "RebalanceRecommendation",
    r#"{"source":["aws.ec2"],"detail-type":["EC2 Instance Rebalance Recommendation"]}"#,
);

impl Model<'_> {
    pub(super) fn termination(&mut self, groups: &BTreeMap<String, Handle<aws::AutoscalingGroup>>) {
        let Some(queue) = self.populated.termination_queue() else { return };
        for (group, handle) in groups {
            self.at_group(group);
            let name = format!("{group}-NTHLifecycleHook");
            let hook = aws::AutoscalingLifecycleHook::new(
                handle,
                name.as_str(),
                "autoscaling:EC2_INSTANCE_TERMINATING",
            )
            .default_result("CONTINUE")
            .heartbeat_timeout(PATIENCE);
            self.add_common(&name, hook);
        }
        self.at("spec.nodeTerminationHandler");
        let events: Vec<_> = EVENTS.into_iter().chain(queue.rebalance.then_some(REBALANCE)).collect();
        let name = self.names.queue();
        let account = &self.home.account;
        let arn = format!("arn:{}:sqs:{}:{}:{name}", account.partition, self.populated.region, account.id);
        let policy = Statement::allow(["sqs:SendMessage"])
            .on(arn)
            .by_service(["events.amazonaws.com", "sqs.amazonaws.com"])
            .into_policy();
        let resource = aws::SqsQueue::new(name.as_str())
            .message_retention_seconds(PATIENCE)
            .policy(policy)
            .tags(self.tags(&name));
        let queue = self.add(&name, resource);
        for (event, pattern) in events {
            let name = self.names.event_rule(event);
            let rule =
                aws::CloudwatchEventRule::new(name.as_str()).event_pattern(pattern).tags(self.tags(&name));
            let rule = self.add(&name, rule);
            self.add(&format!("{name}-Target"), aws::CloudwatchEventTarget::new(&rule, queue.arn()));
        }
    }
}
