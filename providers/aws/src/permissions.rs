//! The IAM actions that each type needs, and a policy for a set of uses. Never calls AWS.

mod table;

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use self::table::all;

/// What a run does with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// The run only reads it.
    Read,
    /// The run creates it.
    Create,
    /// The run updates it in place.
    Change,
    /// The run deletes it.
    Delete,
}

/// The IAM actions that one type needs, such as `ec2:CreateVpc`.
///
/// The conformance tests compare them with the calls that a proxy in front of moto sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permissions {
    /// The type, such as `aws_vpc`.
    pub type_name: &'static str,
    /// To read one. Every use needs these.
    pub read: &'static [&'static str],
    /// To create one. A creation also needs the actions of a change, because it sets tags and settings afterwards.
    pub create: &'static [&'static str],
    /// To update one.
    pub change: &'static [&'static str],
    /// To delete one. A deletion also needs the actions of a change, because it may detach the resource first.
    pub delete: &'static [&'static str],
}

impl Permissions {
    /// The actions of a type, such as `aws_vpc` or `data.aws_vpc`. `None` if this provider does not have the type.
    pub fn of(type_name: &str) -> Option<&'static Self> {
        all().find(|known| known.type_name == type_name)
    }

    /// The actions that a use needs.
    pub fn actions(&self, of: Use) -> impl Iterator<Item = &'static str> {
        let (create, change, delete) = match of {
            Use::Read => (&[][..], &[][..], &[][..]),
            Use::Create => (self.create, self.change, &[][..]),
            Use::Change => (&[][..], self.change, &[][..]),
            Use::Delete => (&[][..], self.change, self.delete),
        };
        [self.read, create, change, delete].into_iter().flatten().copied()
    }
}

/// An IAM policy document that allows these uses: one statement on all resources, with sorted actions. It always allows
/// `sts:GetCallerIdentity`, which every run calls. It leaves out types that this provider does not have.
///
/// ```
/// use landform_aws::permissions::{Use, policy};
///
/// let policy = policy([("aws_eip", Use::Read)]);
/// assert_eq!(policy["Statement"][0]["Action"], serde_json::json!(["ec2:DescribeAddresses", "sts:GetCallerIdentity"]));
/// ```
pub fn policy<'a>(uses: impl IntoIterator<Item = (&'a str, Use)>) -> Json {
    let uses: BTreeSet<(&str, Use)> = uses.into_iter().collect();
    let known = uses.into_iter().filter_map(|(name, of)| Some((Permissions::of(name)?, of)));
    let mut actions: BTreeSet<&str> = known.flat_map(|(known, of)| known.actions(of)).collect();
    // Every run asks for its identity first, so that bad credentials fail before any change.
    actions.insert("sts:GetCallerIdentity");
    let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_row_and_every_row_a_type() {
        let types: BTreeSet<String> = crate::types().iter().map(|of| of.name_str().to_owned()).collect();
        let rows: BTreeSet<String> = all().map(|row| row.type_name.to_owned()).collect();
        assert_eq!(types, rows);
        let mut managed = all().filter(|row| !row.type_name.starts_with("data."));
        assert!(managed.all(|row| !row.read.is_empty()), "every managed type is read");
    }

    #[test]
    fn a_policy_has_what_is_used_and_no_more() {
        let policy = policy([("aws_eip", Use::Delete), ("aws_vpc", Use::Read), ("demo_other", Use::Create)]);
        let actions = policy["Statement"][0]["Action"].to_string();
        assert!(actions.contains("ec2:ReleaseAddress") && actions.contains("ec2:DescribeVpcs"), "{actions}");
        assert!(!actions.contains("ec2:AllocateAddress") && !actions.contains("ec2:DeleteVpc"), "{actions}");
    }
}
