//! Decides what changes, node by node along the references, and why.

mod bookkeep;
mod compare;
mod conditions;
mod first;
mod foresee;
mod gather;
mod read;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use super::{Context, Recorded, lookup::Lookup, refresh::World, select::Selection, view::View};
use crate::{
    EngineError, Result, Unmet,
    answer::Present,
    journal::{ObjectKey, ObjectState, State},
    plan::{Answer, Change, ChangeKind, Check, Configuration, Warning, When},
    registry::Managed,
    seal::{self, Vault},
};
use landform_core::{
    Address, Forecast, Node, Path, ResourceType, TypeName,
    expr::{Expr, Reference, Resolved},
};

/// The decisions.
#[derive(Default)]
pub(super) struct Decided {
    pub changes: Vec<Change>,
    /// The change of each node of the stack, by its index.
    pub change_of: Vec<Option<u32>>,
    pub unchanged: Vec<Address>,
    /// The conditions that the apply checks, with the indices of their nodes.
    pub checks: Vec<(usize, Check)>,
    pub answers: Vec<Answer>,
    /// Objects whose record changes without a change in the cloud.
    pub records: Vec<Recorded>,
    pub outputs: BTreeMap<String, Expr>,
    /// The nodes of which the outputs already hold a value.
    pub feeds: BTreeSet<Address>,
    /// The providers that were opened while deciding.
    pub configurations: Vec<Configuration>,
    /// Messages of providers about the changes.
    pub warnings: Vec<Warning>,
}

pub(super) async fn decide(context: &Context<'_>, world: &World, selection: &Selection) -> Result<Decided> {
    let mut decider = Decider {
        context,
        world,
        selection,
        views: (0..context.stack.len()).map(|_| None).collect(),
        changes: (0..context.stack.len()).map(|_| None).collect(),
        taken: None,
        unmet: Vec::new(),
        decided: Decided::default(),
    };
    if context.options.destroy {
        if !selection.is_everything() {
            decider.decided.outputs = recorded_outputs(context.state);
        }
    } else {
        for round in read::rounds(context) {
            for index in round.managed {
                decider.node(index).await?;
            }
            decider.check_met()?;
            decider.foresee(&round.foreseen).await?;
            decider.check_met()?;
            decider.read(&round.sources).await?;
        }
        decider.force_create_first();
        decider.outputs()?;
    }
    decider.gather();
    Ok(decider.decided)
}

struct Decider<'a> {
    context: &'a Context<'a>,
    world: &'a World,
    selection: &'a Selection,
    views: Vec<Option<View<'a>>>,
    /// Boxed, because most nodes have none.
    changes: Vec<Option<Box<Change>>>,
    taken: Option<Taken>,
    unmet: Vec<Unmet>,
    decided: Decided,
}

/// A node that is decided, except for what its provider predicts.
struct Proposed<'a> {
    index: usize,
    node: &'a Node,
    managed: &'a Managed,
    arguments: Expr,
    object: Option<Arc<ObjectState>>,
    adopted: Option<Arc<ObjectState>>,
    change: Option<Box<Change>>,
}

/// The owner of each object, by type and id.
type Taken = HashMap<(TypeName, String), ObjectKey>;

impl<'a> Decider<'a> {
    /// The current object of a node in the cloud.
    fn object(&self, address: &Address) -> Option<Arc<ObjectState>> {
        match self.world.changed.get(address) {
            Some(changed) => changed.clone(),
            None => self.context.state.get(address).cloned(),
        }
    }

    async fn node(&mut self, index: usize) -> Result<()> {
        match self.propose(index).await? {
            Some(proposed) => self.settle(proposed, None),
            None => Ok(()),
        }
    }

    /// The proposed change of a node; `None` if the node is not selected.
    async fn propose(&mut self, index: usize) -> Result<Option<Proposed<'a>>> {
        let context = self.context;
        let node = context.dependencies.node(index);
        let managed = context.registry.managed(node)?;
        let mut object = self.object(&node.address);
        if !self.selection.contains(&node.address) {
            if let Some(object) = &object {
                self.remember_triggers(node, object);
            }
            self.views[index] = object
                .map(|object| View::new(&managed.resource_type, None, Some(Present::Object(object)), false));
            return Ok(None);
        }
        self.conditions(index, node, When::Before)?;
        let arguments = self.resolve(node, &node.arguments)?;
        let arguments = managed.resource_type.arguments.complete(arguments);
        if let (None, Some(id)) = (&object, &node.lifecycle.import_tainted) {
            object = Some(self.import_tainted(node, managed, id).await?);
        }
        let adopted = match (&object, &node.lifecycle.import) {
            (None, Some(id)) => Some(self.import(node, managed, id).await?),
            _ => None,
        };
        let change = match (&adopted, &object) {
            (Some(_), Some(_)) => None,
            (Some(found), None) => Some(self.adopt(node, managed, &arguments, found)?),
            (None, None) => Some(self.create(node, managed, &arguments)),
            (None, Some(object)) => self.compare(node, managed, &arguments, object),
        };
        let change = change.map(Box::new);
        Ok(Some(Proposed { index, node, managed, arguments, object, adopted, change }))
    }

    /// Notes the decision about a node for its dependents.
    fn settle(&mut self, proposed: Proposed<'a>, forecast: Option<Forecast>) -> Result<()> {
        let Proposed { index, node, managed, arguments, object, adopted, mut change } = proposed;
        if let (None, Some(object)) = (&adopted, &object) {
            self.bookkeep(node, managed, object, change.as_deref());
        }
        if let (Some(change), Some(forecast)) = (&mut change, &forecast) {
            self.warn(&node.address, forecast);
            change.forecast = (!forecast.is_empty()).then(|| Box::new(forecast.clone()));
        }
        let kind = change.as_ref().map(|change| change.kind);
        let stays = match kind {
            Some(ChangeKind::Create | ChangeKind::Replace(_)) => None,
            _ => adopted.or(object),
        };
        let after = change.as_ref().and_then(|change| change.after.clone());
        let arguments = after.unwrap_or(arguments);
        // The record says as much, except for secrets.
        let planned = if kind.is_some() || managed.secret { Some(arguments) } else { None };
        let changing = matches!(kind, Some(ChangeKind::Update | ChangeKind::Adopt));
        let view = View::new(&managed.resource_type, planned, stays.map(Present::Object), changing);
        self.views[index] = Some(view.foreseen(forecast));
        self.changes[index] = change;
        self.conditions(index, node, When::After)
    }

    fn resolve(&self, node: &Node, expr: &Expr) -> Result<Expr> {
        let mut missing = None;
        let lookup = Lookup::new(self.context.vault, expr);
        let resolved = expr.resolve(&mut |reference: &Reference| {
            let view =
                self.context.stack.index_of(&reference.node).and_then(|index| self.views[index].as_ref());
            match view {
                Some(view) => lookup.see(view, reference),
                None => {
                    missing.get_or_insert_with(|| reference.clone());
                    Resolved::Unknown
                }
            }
        });
        if let Some(reference) = missing {
            let mut path = Path::field("condition");
            node.each_reference(&mut |at, other| {
                if *other == reference {
                    path = at.path();
                }
            });
            let (address, node) = (node.address.clone(), reference.node);
            return Err(EngineError::NotSelected { address, path, node });
        }
        resolved.map_err(|error| EngineError::Eval { place: node.address.to_string(), error })
    }

    fn outputs(&mut self) -> Result<()> {
        for (name, expr) in self.context.stack.outputs() {
            let lookup = Lookup::new(self.context.vault, expr);
            let resolved = expr.resolve(&mut |reference| {
                let index = self.context.stack.index_of(&reference.node);
                index
                    .and_then(|index| self.views[index].as_ref())
                    .map_or(Resolved::Unknown, |view| lookup.see(view, reference))
            });
            let resolved =
                resolved.map_err(|error| EngineError::Eval { place: format!("output {name}"), error })?;
            let feeds = fed_by(expr, &resolved).into_iter().flat_map(|node| self.recorded_as(node));
            self.decided.feeds.extend(feeds.collect::<Vec<_>>());
            self.decided.outputs.insert(name.clone(), resolved);
        }
        Ok(())
    }
}

/// The nodes to which an expression refers. Once it is resolved, it holds their values.
fn fed_by<'a>(expr: &'a Expr, resolved: &Expr) -> BTreeSet<&'a Address> {
    let mut open = HashSet::new();
    resolved.each_reference(&mut |_, reference| {
        open.insert(reference.clone());
    });
    let mut fed = BTreeSet::new();
    expr.each_reference(&mut |_, reference| {
        if !open.contains(reference) {
            fed.insert(&reference.node);
        }
    });
    fed
}

/// The recorded outputs.
pub(super) fn recorded_outputs(state: &State) -> BTreeMap<String, Expr> {
    let outputs = state.outputs().iter();
    outputs.map(|(name, value)| (name.clone(), Expr::Literal(value.clone()))).collect()
}

/// The value at a path of an existing object; `None` if its type has no such path.
pub(crate) fn value_of(
    resource_type: &ResourceType,
    present: &Present,
    path: &Path,
    vault: &Vault,
) -> Option<Resolved> {
    let (place, text) = match resource_type.attributes.place(path) {
        Some(place) => (place, present.attributes()),
        None => (resource_type.arguments.place(path)?, present.arguments()),
    };
    Some(seal::find(&text.value().ok()?, path, place.is_secret(), vault))
}
