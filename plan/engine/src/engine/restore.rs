//! An earlier state as a stack, and the plan that restores it. Decides what is declared; what is done, a plan does.
//!
//! A state has no secrets, only seals of them. So a secret is what the caller says, or it stays as it is now.

use std::collections::{BTreeMap, HashMap};

use landform_core::{Address, Path, ProviderName, Secret, Stack, expr::Expr, path::Trail};
use serde_json::{Map, Value, json};

use super::Engine;
use crate::{
    EngineError, Result,
    journal::{Journal, JournalError, ObjectState, State},
    plan::Plan,
    seal,
};

/// The values of secrets, by the node and the place in its arguments: `password`, `tags.Key`.
#[derive(Debug, Clone, Default)]
pub struct Secrets(BTreeMap<(Address, Path), Secret>);

impl Secrets {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more.
    pub fn with(mut self, address: Address, path: Path, value: Secret) -> Self {
        self.0.insert((address, path), value);
        self
    }
}

/// An earlier state, declared anew.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What that state was, to be planned and applied as any other stack.
    pub stack: Stack,
    /// Secrets with a different value in that run. The state does not hold that value and nobody gave it, so they stay as
    /// they are now.
    pub kept: Vec<(Address, Path)>,
}

impl Engine {
    /// The stack that declares what an earlier run left.
    ///
    /// Arguments and outputs that were the id of another object of that state, or what else the cloud made up for it,
    /// become references to it, so that what has to be made anew is wired up anew. What stands within a longer text, as
    /// an ARN in a policy, stays as it was. Lifecycle rules are not part of a state; what was to be retained
    /// still is. A secret is what `secrets` says, or else what it is now.
    ///
    /// # Errors
    /// As of [`Engine::state_after`], and [`EngineError::Sealed`] where a secret is needed for what does not exist any
    /// more.
    ///
    /// # Cancel safety
    /// It only reads: dropping it leaves nothing behind.
    pub async fn stack_after(&self, stack: &str, run: u64, secrets: &Secrets) -> Result<Restored> {
        let journal = Journal::read(self.store.clone(), stack).await?;
        let mut restored = declare(&journal.state_after(run).await?, journal.state(), secrets)?;
        restored.stack.bind(&|name| self.registry.resource_type(name));
        Ok(restored)
    }

    /// Plans to restore what an earlier run left: what has come since goes, what has gone is made again, what was
    /// changed is changed back.
    ///
    /// # Errors
    /// As of [`Engine::stack_after`] and [`Engine::plan`], and [`EngineError::Sealed`] where something has to be changed
    /// or made again for which the cloud wants a secret that neither it nor `secrets` tells.
    ///
    /// # Cancel safety
    /// As of [`Engine::plan`].
    pub async fn plan_restore(&self, stack: &str, run: u64, secrets: &Secrets) -> Result<(Plan, Restored)> {
        let restored = self.stack_after(stack, run, secrets).await?;
        let plan = self.plan(&restored.stack).await?;
        let mut missing = Vec::new();
        for change in &plan.changes {
            let Some(after) = &change.after else { continue };
            each_seal(after, &Trail::Top, &mut |path, seal| {
                if !self.vault.open(&mut seal.clone()) {
                    missing.push((change.address.clone(), path));
                }
                None
            });
        }
        if missing.is_empty() { Ok((plan, restored)) } else { Err(EngineError::Sealed { missing }) }
    }
}

/// A state as declarations; `now` is what there is at present.
fn declare(then: &State, now: &State, secrets: &Secrets) -> Result<Restored> {
    let mut restored = Restored { stack: stack(then)?, kept: Vec::new() };
    let mut missing = Vec::new();
    let current = then.objects().filter(|(key, _)| key.deposed.is_none());
    for (key, _) in current.filter(|(_, object)| object.args.may_hold_seals()) {
        let address = key.address;
        let present = match now.get(&address) {
            Some(object) => object.args.value()?,
            None => Value::Null,
        };
        restored.stack.adjust_at(&address, |node| {
            let arguments = each_seal(&node.arguments, &Trail::Top, &mut |path, seal| {
                let at = (address.clone(), path);
                if let Some(secret) = secrets.0.get(&at) {
                    return Some(Expr::Secret(Box::new(Expr::Literal(secret.expose().into()))));
                }
                match at.1.find(&present) {
                    Some(same) if same == seal => None,
                    Some(other) => {
                        restored.kept.push(at);
                        Some(Expr::Literal(other.clone()))
                    }
                    None => {
                        missing.push(at);
                        None
                    }
                }
            });
            node.arguments = arguments;
        });
    }
    if missing.is_empty() { Ok(restored) } else { Err(EngineError::Sealed { missing }) }
}

/// The same expression with something else in the place of each seal for which there is something else.
fn each_seal(expr: &Expr, at: &Trail<'_>, replace: &mut dyn FnMut(Path, &Value) -> Option<Expr>) -> Expr {
    match expr {
        Expr::Literal(value) if seal::is_sealed(value) => {
            replace(at.path(), value).unwrap_or_else(|| expr.clone())
        }
        Expr::Literal(Value::Object(fields)) if seal::holds_seals(&Value::Object(fields.clone())) => {
            let field = |(key, field): (&String, &Value)| {
                let field = each_seal(&Expr::Literal(field.clone()), &Trail::Key(at, key), replace);
                (key.clone(), field)
            };
            Expr::map(fields.iter().map(field).collect())
        }
        Expr::Literal(Value::Array(items)) if items.iter().any(seal::holds_seals) => {
            let item = |(place, item): (usize, &Value)| {
                each_seal(&Expr::Literal(item.clone()), &Trail::Index(at, place), replace)
            };
            Expr::list(items.iter().enumerate().map(item).collect())
        }
        Expr::Map(fields) => {
            let field = |(key, field): (&String, &Expr)| {
                (key.clone(), each_seal(field, &Trail::Key(at, key), replace))
            };
            Expr::map(fields.iter().map(field).collect())
        }
        Expr::List(items) => {
            let item = |(place, item): (usize, &Expr)| each_seal(item, &Trail::Index(at, place), replace);
            Expr::list(items.iter().enumerate().map(item).collect())
        }
        Expr::Literal(_) | Expr::Ref(_) | Expr::Call(..) | Expr::Secret(_) => expr.clone(),
    }
}

/// A state in the form in which stacks are stored, seals and all.
fn stack(state: &State) -> Result<Stack> {
    let mut nodes = Map::new();
    let mut names = Names::default();
    for (key, object) in state.objects().filter(|(key, _)| key.deposed.is_none()) {
        let address = key.address;
        let made_from = object.depends_on.iter().filter(|other| state.get(other).is_some());
        let made_from: Vec<&Address> = made_from.collect();
        let mut near = Names::default();
        for other in &made_from {
            if let Some(object) = state.get(other) {
                near.add(other, object)?;
                near.add_secrets(other, object)?;
            }
        }
        if !state.outputs().is_empty() {
            names.add(&address, object)?;
        }
        let mut arguments = object.args.value()?;
        if let Value::Object(fields) = &mut arguments {
            fields.retain(|_, value| !value.is_null());
        }
        near.refer(&mut arguments);
        let lifecycle = json!({
            "create_before_destroy": object.create_before_destroy,
            "retain_on_delete": object.retain_on_delete,
        });
        let mut node = json!({ "address": address, "arguments": arguments, "depends_on": made_from, "lifecycle": lifecycle });
        let provider: Option<ProviderName> = object.provider.parse().ok();
        if let Some(provider) = provider.filter(|provider| !provider.is_default()) {
            node["provider"] = json!(provider);
        }
        nodes.insert(address.to_string(), node);
    }
    let mut outputs = state.outputs().clone();
    outputs.values_mut().for_each(|output| names.refer(output));
    let stack = json!({ "name": state.stack(), "nodes": nodes, "outputs": outputs });
    serde_json::from_value(stack).map_err(|error| JournalError::from(error).into())
}

/// Shorter texts of a cloud's making are words, as "active", and no names.
const SHORTEST: usize = 10;

/// What a cloud made up for objects, and how a declaration refers to that; nothing where two objects have the same id.
#[derive(Default)]
struct Names(HashMap<String, Name>);

/// Whose a name is; nobody's if two have the same id.
struct Name {
    of: Option<(Address, String)>,
    claim: Claim,
}

/// By what right a text names an object, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// It is the id that the cloud gave it.
    Id,
    /// It is the id, taken from what the object was made for: an association bears its subnet's.
    Borrowed,
    /// It has it among its attributes or secrets.
    Repeated,
}

impl Names {
    /// The object's id, and what else it got: its ARN, its DNS name, its addresses.
    fn add(&mut self, address: &Address, object: &ObjectState) -> Result<()> {
        let (arguments, attributes) = (object.args.value()?, object.attributes.value()?);
        let borrowed = arguments.as_object().is_some_and(|arguments| {
            arguments.values().any(|argument| argument.as_str() == Some(object.id.as_str()))
        });
        let claim = if borrowed { Claim::Borrowed } else { Claim::Id };
        self.put(&object.id, address, "id", claim);
        for (field, value) in attributes.as_object().into_iter().flatten() {
            let given = arguments.get(field).is_some_and(|argument| !argument.is_null());
            if let Value::String(text) = value
                && !given
                && text.len() >= SHORTEST
            {
                self.put(text, address, field, Claim::Repeated);
            }
        }
        Ok(())
    }

    /// The secrets that it was given: equal seals are of equal secrets, so whoever was made from it got them from it.
    fn add_secrets(&mut self, address: &Address, object: &ObjectState) -> Result<()> {
        if object.args.may_hold_seals() {
            for (field, value) in object.args.value()?.as_object().into_iter().flatten() {
                if let Value::String(text) = value
                    && seal::is_sealed(value)
                {
                    self.put(text, address, field, Claim::Repeated);
                }
            }
        }
        Ok(())
    }

    /// Who has the better claim has the name. Of two ids that are equal neither does; of two that repeat a text, either
    /// tells it.
    fn put(&mut self, text: &str, address: &Address, field: &str, claim: Claim) {
        let name = || Name { of: Some((address.clone(), field.to_owned())), claim };
        let found = self.0.entry(text.to_owned()).or_insert_with(name);
        let same = found.of.as_ref().is_none_or(|(other, _)| other == address);
        if claim < found.claim {
            *found = name();
        } else if claim == found.claim && claim != Claim::Repeated && !same {
            found.of = None;
        }
    }

    /// Turns names into references.
    fn refer(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some((address, field)) = self.0.get(text).and_then(|name| name.of.as_ref()) {
                    *value = json!({ "$ref": [address, field] });
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.refer(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.refer(field)),
            _ => {}
        }
    }
}
