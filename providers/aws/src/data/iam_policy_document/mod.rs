//! `data.aws_iam_policy_document`: a policy, written in types. It is put together here; no call is made.

#[cfg(feature = "sdk")]
mod client;
mod document;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, data};

/// A policy, put together from statements and from other policies.
///
/// Statements that have a `sid` replace those of the same `sid` that come before them: first come the sources, then the
/// statements here, then the overrides.
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
    /// The version of the language.
    #[field(default = PolicyVersion::Current)]
    pub version: PolicyVersion,
    /// The policy's own id.
    pub policy_id: Option<String>,
    /// What is allowed and denied.
    pub statement: Vec<PolicyStatement>,
    /// Policies, in JSON, whose statements come first. No two of them have the same `sid`.
    #[field(same = "policy")]
    pub source_policy_documents: Vec<String>,
    /// Policies, in JSON, whose statements come last.
    #[field(same = "policy")]
    pub override_policy_documents: Vec<String>,
}

/// The versions of the language.
#[block]
pub enum PolicyVersion {
    /// The present one.
    #[serde(rename = "2012-10-17")]
    Current,
    /// The first one, without variables.
    #[serde(rename = "2008-10-17")]
    First,
}

/// What is allowed or denied.
#[block]
pub struct PolicyStatement {
    /// Its name in the policy.
    pub sid: Option<String>,
    /// Which of both.
    #[field(default = PolicyEffect::Allow)]
    pub effect: PolicyEffect,
    /// What may be done, as `s3:Get*`; this or `not_actions`.
    pub actions: BTreeSet<String>,
    /// All but this may be done.
    pub not_actions: BTreeSet<String>,
    /// With what it may be done, by ARN; this or `not_resources`. Policies of roles' trust have neither.
    pub resources: BTreeSet<String>,
    /// With all but this it may be done.
    pub not_resources: BTreeSet<String>,
    /// Who may do it, where that is not whoever has the policy.
    pub principals: Vec<PolicyPrincipal>,
    /// All but these may do it.
    pub not_principals: Vec<PolicyPrincipal>,
    /// When it holds: all must be true.
    pub condition: Vec<PolicyCondition>,
}

/// Whether something is allowed or denied.
#[block]
pub enum PolicyEffect {
    /// It is allowed.
    Allow,
    /// It is denied, whatever else allows it.
    Deny,
}

/// Who may do something.
#[block]
pub struct PolicyPrincipal {
    /// What they are: `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for everyone.
    pub r#type: PrincipalType,
    /// Who they are: ARNs, accounts, names of services.
    #[field(required)]
    pub identifiers: BTreeSet<String>,
}

/// What a principal is.
#[block]
pub enum PrincipalType {
    /// Accounts, roles and users.
    #[serde(rename = "AWS")]
    Aws,
    /// Services of AWS.
    Service,
    /// Issuers of tokens.
    Federated,
    /// Accounts, as S3 and CloudFront name them.
    CanonicalUser,
    /// Everyone.
    #[serde(rename = "*")]
    Everyone,
}

/// When a statement holds.
#[block]
pub struct PolicyCondition {
    /// How it is compared, as `StringEquals`.
    pub test: String,
    /// What is compared, as `aws:SourceVpc`.
    pub variable: String,
    /// With what; any of them will do.
    #[field(required)]
    pub values: Vec<String>,
}

/// What an [`IamPolicyDocument`] is in JSON.
#[attributes]
pub struct IamPolicyDocumentAttributes {
    /// A digest of the policy.
    pub id: Id<IamPolicyDocument>,
    /// The policy, in JSON for people.
    pub json: String,
    /// The policy, in JSON without white space.
    pub minified_json: String,
}
