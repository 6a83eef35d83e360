//! IAM policy documents: statements, and actions collected by their condition (kops `pkg/model/iam/iam_builder.go`).

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The version of IAM's policy language.
const VERSION: &str = "2012-10-17";

/// One statement that allows something.
pub(super) struct Statement(Map<String, Value>);

impl Statement {
    /// Allows actions. A single action is written as text, several are written as a sorted list.
    pub(super) fn allow<'a>(actions: impl IntoIterator<Item = &'a str>) -> Self {
        Self(Map::from_iter([("Action".into(), one_or_list(actions)), ("Effect".into(), "Allow".into())]))
    }

    /// Allows actions, written as a list even if there is one.
    pub(super) fn allow_list<'a>(actions: impl IntoIterator<Item = &'a str>) -> Self {
        Self(Map::from_iter([("Action".into(), list(actions)), ("Effect".into(), "Allow".into())]))
    }

    pub(super) fn on(mut self, resource: impl Into<String>) -> Self {
        self.0.insert("Resource".into(), resource.into().into());
        self
    }

    /// On resources, written as a list even if there is one.
    pub(super) fn on_list(mut self, resources: &[String]) -> Self {
        self.0.insert("Resource".into(), list(resources.iter().map(String::as_str)));
        self
    }

    pub(super) fn when(mut self, condition: Value) -> Self {
        self.0.insert("Condition".into(), condition);
        self
    }

    pub(super) fn by_service<'a>(mut self, services: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.insert("Principal".into(), json!({ "Service": one_or_list(services) }));
        self
    }

    /// The policy of this statement alone.
    pub(super) fn into_policy(self) -> String {
        document(vec![Value::Object(self.0)])
    }
}

/// A policy under construction.
pub(super) struct Policy<'a> {
    cluster: &'a str,
    region: &'a str,
    partition: &'a str,
    statements: Vec<Value>,
    anywhere: BTreeSet<&'static str>,
    on_tagged: BTreeSet<&'static str>,
    creating: BTreeSet<String>,
    data_keys: bool,
    grants: bool,
}

/// The actions on encryption keys.
const KEY_ACTIONS: [&str; 5] =
    ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

impl<'a> Policy<'a> {
    pub(super) fn new(cluster: &'a str, region: &'a str, partition: &'a str) -> Self {
        Self {
            cluster,
            region,
            partition,
            statements: Vec::new(),
            anywhere: BTreeSet::new(),
            on_tagged: BTreeSet::new(),
            creating: BTreeSet::new(),
            data_keys: false,
            grants: false,
        }
    }

    /// The ARN of something, with the partition filled in.
    pub(super) fn arn(&self, rest: &str) -> String {
        format!("arn:{}:{rest}", self.partition)
    }

    pub(super) fn add(&mut self, statement: Statement) {
        self.statements.push(Value::Object(statement.0));
    }

    /// Allows actions on everything.
    pub(super) fn anywhere(&mut self, actions: &[&'static str]) {
        self.anywhere.extend(actions);
    }

    /// Allows actions on resources with the cluster's tag.
    pub(super) fn on_tagged(&mut self, actions: &[&'static str]) {
        self.on_tagged.extend(actions);
    }

    /// Allows actions that create resources with the cluster's tag.
    pub(super) fn creating(&mut self, actions: &[&'static str]) {
        self.creating.extend(actions.iter().map(|action| action.to_string()));
    }

    /// Allows actions of EC2 that create resources, and the tags of these.
    pub(super) fn creating_ec2(&mut self, actions: &[&str], resources: &[&str]) {
        self.creating.extend(actions.iter().map(|action| format!("ec2:{action}")));
        let arns: Vec<_> =
            resources.iter().map(|resource| self.arn(&format!("ec2:*:*:{resource}/*"))).collect();
        let while_creating = json!({
            "StringEquals": { "aws:RequestTag/KubernetesCluster": self.cluster, "ec2:CreateAction": actions },
        });
        self.add(Statement::allow(["ec2:CreateTags"]).on_list(&arns).when(while_creating));
        let without_our_tag = json!({
            "Null": { "aws:RequestTag/KubernetesCluster": "true" },
            "StringEquals": { "aws:ResourceTag/KubernetesCluster": self.cluster },
        });
        self.add(
            Statement::allow_list(["ec2:CreateTags", "ec2:DeleteTags"]).on_list(&arns).when(without_our_tag),
        );
    }

    /// Allows the use of encryption keys: by any caller if `directly`, or else through volumes and buckets only.
    pub(super) fn keys(&mut self, directly: bool) {
        self.grants = true;
        if directly {
            self.anywhere(&KEY_ACTIONS);
        } else {
            self.data_keys = true;
        }
    }

    /// The document. `None` if the policy allows nothing.
    pub(super) fn into_document(mut self) -> Option<String> {
        if self.grants {
            let condition = json!({ "Bool": { "kms:GrantIsForAWSResource": "true" } });
            self.add(Statement::allow(["kms:CreateGrant"]).on("*").when(condition));
        }
        if self.data_keys {
            let services = [format!("ec2.{}.amazonaws.com", self.region), "s3.*.amazonaws.com".into()];
            let condition = json!({ "StringLike": { "kms:ViaService": services } });
            self.add(Statement::allow(KEY_ACTIONS).on("*").when(condition));
        }
        if !self.anywhere.is_empty() {
            let statement = Statement::allow(self.anywhere.iter().copied()).on("*");
            self.add(statement);
        }
        let tagged = |tag: &str| json!({ "StringEquals": { tag: self.cluster } });
        if !self.on_tagged.is_empty() {
            let condition = tagged("aws:ResourceTag/KubernetesCluster");
            let statement = Statement::allow(self.on_tagged.iter().copied()).on("*").when(condition);
            self.statements.push(Value::Object(statement.0));
        }
        if !self.creating.is_empty() {
            let condition = tagged("aws:RequestTag/KubernetesCluster");
            let statement =
                Statement::allow(self.creating.iter().map(String::as_str)).on("*").when(condition);
            self.statements.push(Value::Object(statement.0));
        }
        if self.creating.contains("ec2:CreateSecurityGroup") {
            // A request for a security group names the VPC too, which has no tag in the request.
            let vpcs = self.arn("ec2:*:*:vpc/*");
            self.add(Statement::allow(["ec2:CreateSecurityGroup"]).on(vpcs));
        }
        (!self.statements.is_empty()).then(|| document(self.statements))
    }
}

/// A document of statements.
pub(super) fn document(statements: Vec<Value>) -> String {
    format!("{:#}", json!({ "Statement": statements, "Version": VERSION }))
}

fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> Value {
    let sorted: BTreeSet<&str> = items.into_iter().collect();
    sorted.into_iter().collect()
}

fn one_or_list<'a>(items: impl IntoIterator<Item = &'a str>) -> Value {
    match list(items) {
        Value::Array(items) if items.len() == 1 => items.into_iter().next().unwrap_or_default(),
        items => items,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_policy_that_allows_nothing_is_none() {
        assert_eq!(Policy::new("c.example.com", "us-test-1", "aws").into_document(), None);
    }

    #[test]
    fn one_action_is_a_text_and_several_a_sorted_list() {
        let mut policy = Policy::new("c.example.com", "us-test-1", "aws");
        policy.anywhere(&["ec2:B", "ec2:A", "ec2:B"]);
        policy.on_tagged(&["ec2:C"]);
        let document: Value = serde_json::from_str(&policy.into_document().unwrap()).unwrap();
        assert_eq!(document["Statement"][0]["Action"], json!(["ec2:A", "ec2:B"]));
        assert_eq!(document["Statement"][1]["Action"], json!("ec2:C"));
        assert_eq!(
            document["Statement"][1]["Condition"]["StringEquals"]["aws:ResourceTag/KubernetesCluster"],
            "c.example.com"
        );
    }
}
