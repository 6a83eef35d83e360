//! The current outputs of a stack, including secret ones, for callers that may read its cloud.

use std::{collections::BTreeMap, fmt};

use landform_core::{Address, SENSITIVE, Stack, expr::Expr};
use serde_json::Value as Json;

use super::Engine;
use crate::{Result, planner::PlanOptions, seal};

/// One output of a stack. Never shows a secret.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Output {
    /// Its value.
    Known(Json),
    /// Its value, which is secret.
    Secret(Json),
    /// The output depends on something that is still to be created or changed, or on a secret that neither the stack
    /// nor the cloud has.
    Unknown,
}

impl Output {
    /// The value in the clear.
    pub fn expose(&self) -> Option<&Json> {
        match self {
            Self::Known(value) | Self::Secret(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// The value as an argument of another stack. A secret stays a secret.
    pub fn to_expr(&self) -> Option<Expr> {
        match self {
            Self::Known(value) => Some(Expr::Literal(value.clone())),
            Self::Secret(value) => Some(Expr::Secret(Box::new(Expr::Literal(value.clone())))),
            Self::Unknown => None,
        }
    }

    fn of(expr: &Expr) -> Self {
        match expr.expose() {
            None => Self::Unknown,
            Some(value) if seal::holds_seals(&value) => Self::Unknown,
            Some(value) if matches!(expr, Expr::Literal(_)) => Self::Known(value),
            Some(value) => Self::Secret(value),
        }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => write!(f, "{value}"),
            Self::Secret(_) => f.write_str(SENSITIVE),
            Self::Unknown => f.write_str("(unknown)"),
        }
    }
}

impl Engine {
    /// The current outputs that a stack declares, by name.
    ///
    /// A state has no secrets. So the values of an output are read from the cloud with the caller's own rights: a
    /// caller who may read a secret there gets it, and nobody else. A secret that the stack itself declares is known
    /// from the stack.
    ///
    /// # Errors
    /// The same as for [`Engine::plan`].
    ///
    /// # Cancel safety
    /// The same as for [`Engine::plan`].
    pub async fn outputs(&self, stack: &Stack) -> Result<BTreeMap<String, Output>> {
        let mut targets: Vec<Address> = Vec::new();
        for output in stack.outputs().values() {
            output.each_reference(&mut |_, reference| targets.push(reference.node.clone()));
        }
        targets.sort_unstable();
        targets.dedup();
        if targets.is_empty() {
            // An empty list of targets would select everything. An output without references needs nothing.
            stack.check()?;
            let outputs = stack.outputs().iter();
            return Ok(outputs.map(|(name, expr)| (name.clone(), Output::of(expr))).collect());
        }
        let plan = self.plan_with(stack, &PlanOptions { targets, ..PlanOptions::default() }).await?;
        Ok(plan.outputs.iter().map(|(name, expr)| (name.clone(), Output::of(expr))).collect())
    }
}
