//! Roles, policies and instance profiles of machines (kops `iam.go`).

mod accounts;
mod controllers;
mod permissions;
mod store;

use super::Model;
use super::policy::document;
use crate::populate::Group;
use crate::spec::values::Statements;
use crate::spec::{PolicyRole, Role};
use landform_aws as aws;
use landform_core::{Handle, Id, Input};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The identities of machines.
pub(super) struct Iam {
    /// The new IAM roles, by role of machines.
    pub(super) roles: BTreeMap<Role, Handle<aws::IamRole>>,
    /// The new instance profiles, by role of machines.
    pub(super) profiles: BTreeMap<Role, Handle<aws::IamInstanceProfile>>,
}

impl Model<'_> {
    pub(super) fn iam(&mut self) -> Iam {
        self.at("spec.iam");
        let mut iam = Iam { roles: BTreeMap::new(), profiles: BTreeMap::new() };
        let named = |group: &&Group| group.spec.iam.as_ref().is_some_and(|iam| iam.profile.is_some());
        let unnamed = self.populated.groups.iter().filter(|group| !named(group));
        for of in unnamed.map(|group| group.role).collect::<BTreeSet<_>>() {
            let (role, profile) = self.identity(of);
            iam.roles.insert(of, role);
            iam.profiles.insert(of, profile);
        }
        self.accounts();
        iam
    }

    fn identity(&mut self, of: Role) -> (Handle<aws::IamRole>, Handle<aws::IamInstanceProfile>) {
        let name = self.names.iam(of);
        let boundary = self.cluster().iam.as_ref().and_then(|iam| iam.permissions_boundary.clone());
        let role = aws::IamRole::new(name.as_str(), self.trust())
            .with(boundary, |role, boundary| role.permissions_boundary(boundary.as_str()))
            .tags(self.tags(&name));
        let role = self.add(&name, role);
        let role_name: Input<Id<aws::IamRole>> = Input::from_expr(role.name().into_expr());
        if let Some(policy) = self.permissions(of) {
            self.add(&name, aws::IamRolePolicy::new(&role_name, name.as_str(), policy));
        }
        let cluster = self.cluster();
        let keys: &[PolicyRole] = match of {
            Role::ControlPlane => &[PolicyRole::ControlPlane, PolicyRole::Master],
            Role::ApiServer => &[PolicyRole::ApiServer],
            Role::Node => &[PolicyRole::Node],
            Role::Bastion => &[PolicyRole::Bastion],
        };
        if let Some(statements) = keys.iter().find_map(|key| cluster.additional_policies.get(key)) {
            let name = format!("additional.{name}");
            let policy = aws::IamRolePolicy::new(&role_name, name.as_str(), additional(statements));
            self.add(&name, policy);
        }
        let arns =
            keys.iter().find_map(|key| cluster.external_policies.get(key)).cloned().unwrap_or_default();
        for arn in arns {
            let local = format!(
                "{}-policyoverride-{}",
                keys.last().unwrap_or(&PolicyRole::Node),
                crate::names::fnv(arn.as_str())
            );
            self.add_common(&local, aws::IamRolePolicyAttachment::new(&role_name, arn.as_str()));
        }
        let profile = aws::IamInstanceProfile::new(name.as_str()).role(role_name).tags(self.tags(&name));
        let profile = self.add(&name, profile);
        (role, profile)
    }

    /// Lets EC2 assume the role.
    fn trust(&self) -> String {
        let statement = json!({
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": { "Service": self.machine_service() },
        });
        document(vec![statement])
    }

    /// The name of EC2's service principal in the partition.
    fn machine_service(&self) -> &'static str {
        if self.home.account.partition == "aws-cn" { "ec2.amazonaws.com.cn" } else { "ec2.amazonaws.com" }
    }
}

/// A policy of the user's statements, in kops's form: lists are sorted, and statements have no names.
fn additional(statements: &Statements) -> String {
    let mut statements = statements.as_slice().to_vec();
    for statement in &mut statements {
        statement.remove("Sid");
        for field in ["Action", "NotAction", "Resource", "NotResource"] {
            let Some(Value::Array(items)) = statement.get_mut(field) else { continue };
            items.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
            items.dedup();
        }
    }
    document(statements.into_iter().map(Value::Object).collect())
}
