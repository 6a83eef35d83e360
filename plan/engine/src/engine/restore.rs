//! An earlier state as a stack, and the plan that restores it. Decides only what to declare; the planner decides the
//! rest.
//!
//! A state has only the seals of secrets. So a secret has the value that the caller gives, or stays as it is now.

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

/// Values of secrets, by the node and the place in its arguments, such as `password` or `tags.Key`.
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

/// An earlier state as a stack.
#[derive(Debug, Clone)]
pub struct Restored {
    /// That state as a stack, to plan and apply like any other stack.
    pub stack: Stack,
    /// Secrets with a different value in that run. The state does not hold that value and nobody gave it, so they stay
    /// as they are now.
    pub kept: Vec<(Address, Path)>,
}

impl Engine {
    /// The stack that declares the state after an earlier run.
    ///
    /// Arguments and outputs become references if they were the id of another object in that state, or another value
    /// that the cloud made up for it. So recreated resources are connected again. A value inside a longer text, such as
    /// an ARN in a policy, stays as it was. A state has no lifecycle rules, but retained resources are still retained.
    /// A secret has the value in `secrets`, or stays as it is now.
    ///
    /// # Errors
    /// Like [`Engine::state_after`], and [`EngineError::Sealed`] if a resource that no longer exists needs a secret.
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn stack_after(&self, stack: &str, run: u64, secrets: &Secrets) -> Result<Restored> {
        let journal = Journal::read(self.store.clone(), stack).await?;
        let mut restored = declare(&journal.state_after(run).await?, journal.state(), secrets)?;
        restored.stack.bind(&|name| self.registry.resource_type(name));
        Ok(restored)
    }

    /// Plans to restore the state after an earlier run: deletes what was added since, creates what was deleted since,
    /// and reverts changes.
    ///
    /// # Errors
    /// Like [`Engine::stack_after`] and [`Engine::plan`]. Also [`EngineError::Sealed`] if a change or a creation needs
    /// a secret that neither the cloud nor `secrets` has.
    ///
    /// # Cancel safety
    /// The same as for [`Engine::plan`].
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

/// A state as declarations. `now` is the current state.
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

/// The same expression with other expressions in place of seals, where there are any.
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

/// A state in the form in which stacks are stored, including seals.
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

/// Shorter texts that a cloud makes are words such as "active", not names.
const SHORTEST: usize = 10;

/// The values that a cloud made up for objects, and how a declaration refers to them. Nothing for a value that two
/// objects share.
#[derive(Default)]
struct Names(HashMap<String, Name>);

/// The object that has a name; `None` if two objects have it.
struct Name {
    of: Option<(Address, String)>,
    claim: Claim,
}

/// Why a text names an object, the strongest reason first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// The text is the id that the cloud gave the object.
    Id,
    /// The text is the object's id, but it comes from another object: an association has the id of its subnet.
    Borrowed,
    /// The text is among the object's attributes or secrets.
    Repeated,
}

impl Names {
    /// The id of the object and the other values that the cloud gave it: its ARN, its DNS name, its addresses.
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

    /// The secrets that the object was given. Equal seals come from equal secrets, so an object made from this one got
    /// them from it.
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

    /// The object with the strongest reason has the name. If two objects have the text as their id, neither has it; if
    /// two repeat it, either one does.
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
