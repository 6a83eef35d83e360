//! `data.aws_iam_policy_document`: a policy in types. It is built locally, without a call.

#[cfg(feature = "sdk")]
mod client;
mod document;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, data};

/// A policy built from statements and other policies.
///
/// A statement with a `sid` replaces an earlier one with the same `sid`. The order is: the sources, then the statements
/// here, then the overrides.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let service = data::PolicyPrincipal::new(data::PrincipalType::Service, ["ec2.amazonaws.com"]);
/// let statement = data::PolicyStatement::new().actions(["sts:AssumeRole"]).principals([service]);
/// let trust = stack.read("trust", data::IamPolicyDocument::new().statement([statement]));
/// stack.add("nodes", aws::IamRole::new("nodes", trust.json()));
/// ```
#[data("aws_iam_policy_document")]
pub struct IamPolicyDocument {
    /// The version of the policy language.
    #[field(default = PolicyVersion::Current)]
    pub version: PolicyVersion,
    /// The id of the policy.
    pub policy_id: Option<String>,
    /// The statements.
    pub statement: Vec<PolicyStatement>,
    /// Policies in JSON whose statements come first. Two of them must not have the same `sid`.
    #[field(same = "policy")]
    pub source_policy_documents: Vec<String>,
    /// Policies in JSON whose statements come last.
    #[field(same = "policy")]
    pub override_policy_documents: Vec<String>,
}

/// A version of the policy language.
#[block]
pub enum PolicyVersion {
    /// The present version.
    #[serde(rename = "2012-10-17")]
    Current,
    /// The first version, without variables.
    #[serde(rename = "2008-10-17")]
    First,
}

/// A statement that allows or denies actions.
#[block]
pub struct PolicyStatement {
    /// Its name in the policy.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    #[field(default = PolicyEffect::Allow)]
    pub effect: PolicyEffect,
    /// The actions, such as `s3:Get*`. Set this or `not_actions`.
    pub actions: BTreeSet<String>,
    /// The statement covers all actions except these.
    pub not_actions: BTreeSet<String>,
    /// The ARNs of the resources. Set this or `not_resources`. Trust policies of roles have neither.
    pub resources: BTreeSet<String>,
    /// The statement covers all resources except these.
    pub not_resources: BTreeSet<String>,
    /// The principals, in a policy that is not attached to an identity.
    pub principals: Vec<PolicyPrincipal>,
    /// The statement covers all principals except these.
    pub not_principals: Vec<PolicyPrincipal>,
    /// The conditions under which it applies. All must be true.
    pub condition: Vec<PolicyCondition>,
}

/// The effect of a statement.
#[block]
pub enum PolicyEffect {
    /// The statement allows the actions.
    Allow,
    /// The statement denies the actions, even if another one allows them.
    Deny,
}

/// Principals of one type.
#[block]
pub struct PolicyPrincipal {
    /// Their type: `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for everyone.
    pub r#type: PrincipalType,
    /// Their identifiers: ARNs, accounts, names of services.
    #[field(required)]
    pub identifiers: BTreeSet<String>,
}

/// The type of a principal.
#[block]
pub enum PrincipalType {
    /// Accounts, roles and users.
    #[serde(rename = "AWS")]
    Aws,
    /// Services of AWS.
    Service,
    /// Identity providers.
    Federated,
    /// Accounts, as S3 and CloudFront name them.
    CanonicalUser,
    /// Everyone.
    #[serde(rename = "*")]
    Everyone,
}

/// A condition of a statement.
#[block]
pub struct PolicyCondition {
    /// The operator, such as `StringEquals`.
    pub test: String,
    /// The variable, such as `aws:SourceVpc`.
    pub variable: String,
    /// The values. One of them must match.
    #[field(required)]
    pub values: Vec<String>,
}

/// An [`IamPolicyDocument`] in JSON.
#[attributes]
pub struct IamPolicyDocumentAttributes {
    /// A digest of the policy.
    pub id: Id<IamPolicyDocument>,
    /// The policy in formatted JSON.
    pub json: String,
    /// The policy in JSON without white space.
    pub minified_json: String,
}
