//! Preconditions and postconditions. Checks them here when their values are known, and leaves the others to the apply.

use landform_core::{
    Meaning, Node, Path,
    expr::{EvalError, Expr, Function, Reference},
};
use serde_json::Value as Json;

use super::Decider;
use crate::{
    EngineError, Result, Unmet,
    plan::{Check, When},
};

impl Decider<'_> {
    /// Checks the conditions of a node.
    pub(super) fn conditions(&mut self, index: usize, node: &Node, when: When) -> Result<()> {
        let conditions = match when {
            When::Before => &node.lifecycle.preconditions,
            When::After => &node.lifecycle.postconditions,
        };
        for condition in conditions {
            let (address, message) = (node.address.clone(), condition.message.clone());
            let holds = self.resolve(node, &self.meant(&condition.holds))?;
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

    /// A condition in which each comparison knows how to compare: by the meaning of the field that it refers to.
    fn meant(&self, holds: &Expr) -> Expr {
        match holds {
            Expr::Call(function, arguments) => {
                let mut arguments: Vec<Expr> =
                    arguments.iter().map(|argument| self.meant(argument)).collect();
                if matches!(function, Function::Equal | Function::Contains) && arguments.len() == 2 {
                    let inside = *function == Function::Contains;
                    let of = |argument: (usize, &Expr)| match argument {
                        (place, Expr::Ref(reference)) => self.meaning(reference, inside && place == 0),
                        _ => None,
                    };
                    let meaning = arguments.iter().enumerate().find_map(of);
                    arguments.extend(meaning.map(|meaning| Expr::Literal(meaning.to_string().into())));
                }
                Expr::Call(*function, arguments)
            }
            Expr::List(items) => Expr::List(items.iter().map(|item| self.meant(item)).collect()),
            Expr::Secret(inner) => Expr::Secret(Box::new(self.meant(inner))),
            Expr::Map(_) | Expr::Literal(_) | Expr::Ref(_) => holds.clone(),
        }
    }

    /// The meaning by which two spellings of a referenced value, or of an item in it, are equal.
    fn meaning(&self, Reference { node, path, .. }: &Reference, item: bool) -> Option<Meaning> {
        let resource_type = self.context.registry.resource_type(node.type_str())?;
        let path = if item { path.index(0) } else { Path::clone(path) };
        let place = resource_type.attributes.place(&path).or_else(|| resource_type.arguments.place(&path));
        place?.meaning()
    }

    /// Whether the apply checks a condition of a node.
    pub(super) fn is_open(&self, index: usize) -> bool {
        self.decided.checks.iter().rev().take_while(|(of, _)| *of == index).next().is_some()
    }

    /// Refuses what does not hold.
    pub(super) fn check_met(&mut self) -> Result<()> {
        let unmet = std::mem::take(&mut self.unmet);
        if unmet.is_empty() { Ok(()) } else { Err(EngineError::Conditions(unmet)) }
    }
}
