//! `permissions`: the IAM policy that a plan and its apply need. Changes nothing.

use std::{collections::BTreeSet, process::ExitCode};

use landform_aws::permissions::{Permissions, Use, policy};
use landform_core::Stack;
use landform_engine::{ChangeKind, Plan};
use serde_json::Value as Json;

use crate::{Context, Failure, arguments, screen};

/// The IAM policy document that allows a caller to compute this plan and to apply it: the actions that read each type,
/// and the actions of each change. It does not cover types of other providers than AWS.
///
/// ```
/// use landform_engine::Plan;
///
/// fn writes_a_vpc(plan: &Plan) -> bool {
///     landform_cli::permissions(plan).to_string().contains("ec2:CreateVpc")
/// }
/// ```
pub fn permissions(plan: &Plan) -> Json {
    let unchanged = plan.unchanged.iter().map(|address| (address.type_str(), Use::Read));
    let answers = plan.answers.iter().map(|answer| (answer.type_name.as_str(), Use::Read));
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
        uses.iter().map(|of| (change.type_name.as_str(), *of))
    });
    policy(unchanged.chain(answers).chain(changes))
}

/// Prints the policy. Warns of types that it does not cover.
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
        screen::note(format!("warning: {name} is not an AWS type, so the policy does not cover it"));
    }
    screen::line(format!("{:#}", permissions(&plan)));
    Ok(ExitCode::SUCCESS)
}
