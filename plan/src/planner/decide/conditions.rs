//! What must hold before and after: decided here as soon as it is known, left to the apply otherwise.

use landform_core::{Node, expr::EvalError};
use serde_json::Value as Json;

use super::Decider;
use crate::{
    EngineError, Result, Unmet,
    plan::{Check, When},
};

impl Decider<'_> {
    /// Looks at the conditions of a node.
    pub(super) fn conditions(&mut self, index: usize, node: &Node, when: When) -> Result<()> {
        let conditions = match when {
            When::Before => &node.lifecycle.preconditions,
            When::After => &node.lifecycle.postconditions,
        };
        for condition in conditions {
            let (address, message) = (node.address.clone(), condition.message.clone());
            let holds = self.resolve(node, &condition.holds)?;
            match holds.expose() {
                Some(Json::Bool(true)) => {}
                Some(Json::Bool(false)) => {
                    self.unmet.push(Unmet { address, origin: node.origin.clone(), when, message });
                }
                Some(_) => {
                    let message =
                        format!("{message:?} is a condition, and its value is neither true nor false");
                    let error = EvalError { function: "condition", message };
                    return Err(EngineError::Eval { place: address.to_string(), error });
                }
                None => self.decided.checks.push((index, Check { address, when, holds, message })),
            }
        }
        Ok(())
    }

    /// Whether a condition of a node is left to the apply.
    pub(super) fn is_open(&self, index: usize) -> bool {
        self.decided.checks.iter().rev().take_while(|(of, _)| *of == index).next().is_some()
    }

    /// Refuses what does not hold.
    pub(super) fn check_met(&mut self) -> Result<()> {
        let unmet = std::mem::take(&mut self.unmet);
        if unmet.is_empty() { Ok(()) } else { Err(EngineError::Conditions(unmet)) }
    }
}
