//! The rights that an apply needs, as an IAM policy. It asks what a plan asks, and changes nothing.

use std::{collections::BTreeSet, process::ExitCode};

use landform_aws::permissions::{Permissions, Use, policy};
use landform_core::Stack;
use landform_engine::{ChangeKind, Plan};
use serde_json::Value as Json;

use crate::{Context, Failure, arguments, screen};

/// The IAM policy, in JSON, that lets somebody make this plan and apply it: for each type the calls that read it, and for
/// each change the calls that make it. What the types of other providers need is not in it.
///
/// ```
/// use landform_engine::Plan;
///
/// fn writes_a_vpc(plan: &Plan) -> bool {
///     landform_cli::permissions(plan).to_string().contains("ec2:CreateVpc")
/// }
/// ```
pub fn permissions(plan: &Plan) -> Json {
    let read = |name: &str| (name.to_owned(), Use::Read);
    let unchanged = plan.unchanged.iter().map(|address| read(address.type_str()));
    let answers = plan.answers.iter().map(|answer| read(answer.type_name.as_str()));
    let changes = plan.changes.iter().flat_map(|change| {
        let uses: &[Use] = match change.kind {
            ChangeKind::Create => &[Use::Create],
            ChangeKind::Update => &[Use::Change],
            ChangeKind::Replace(_) => &[Use::Create, Use::Delete],
            ChangeKind::Delete => &[Use::Delete],
            ChangeKind::Adopt if change.fields.is_empty() => &[Use::Read],
            ChangeKind::Adopt => &[Use::Change],
            ChangeKind::Forget | ChangeKind::Read => &[Use::Read],
        };
        uses.iter().map(|of| (change.type_name.as_str().to_owned(), *of))
    });
    let uses: Vec<(String, Use)> = unchanged.chain(answers).chain(changes).collect();
    policy(uses.iter().map(|(name, of)| (name.as_str(), *of)))
}

/// Prints the policy for an apply, or for a destroy.
pub(super) async fn run<A>(
    context: &Context<A>,
    wanted: &arguments::Permissions,
    stack: &Stack,
) -> Result<ExitCode, Failure> {
    let plan = match &wanted.plan {
        Some(file) => Plan::load(file)?,
        None => {
            let engine = context.silent_engine().await?;
            match wanted.destroy {
                true => engine.plan_destroy(stack).await?,
                false => engine.plan(stack).await?,
            }
        }
    };
    let types = plan.changes.iter().map(|change| change.type_name.as_str());
    let types = types.chain(plan.unchanged.iter().map(|address| address.type_str()));
    let unknown: BTreeSet<&str> = types.filter(|name| Permissions::of(name).is_none()).collect();
    for name in unknown {
        screen::note(format!("warning: {name} is no type of AWS, so the policy says nothing of it"));
    }
    screen::line(format!("{:#}", permissions(&plan)));
    Ok(ExitCode::SUCCESS)
}
