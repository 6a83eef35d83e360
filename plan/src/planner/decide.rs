//! What changes, node by node along the references, and why.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use landform_core::{
    Address, Error, ErrorKind, Node, Object, OnConflict, Path, ResourceType, TypeName,
    expr::{Expr, Reference, Resolved},
    graph::Dependencies,
    stack::Moved,
};
use petgraph::{Direction, graph::NodeIndex};
use serde_json::Value as Json;

use super::{
    Context,
    coexist::{can_coexist, holds},
    diff, ignore,
    lookup::Lookup,
    refresh::World,
    select::Selection,
    view::View,
};
use crate::{
    EngineError, Result,
    journal::{ObjectKey, ObjectState, State},
    plan::{Change, ChangeKind, FieldChange, Reason, ReplaceOrder},
    registry::Managed,
    seal,
};

/// The decisions.
#[derive(Default)]
pub(super) struct Decided {
    pub changes: Vec<Change>,
    /// The change of each node of the stack, by its place.
    pub change_of: Vec<Option<u32>>,
    pub unchanged: Vec<Address>,
    /// Objects whose record changes without a change of the world.
    pub records: Vec<(ObjectKey, Option<ObjectState>)>,
    pub outputs: BTreeMap<String, Expr>,
}

pub(super) async fn decide(
    context: &Context<'_>,
    world: &World,
    moves: &[Moved],
    selection: &Selection,
    dependencies: &Dependencies,
    order: &[usize],
) -> Result<Decided> {
    let mut decider = Decider {
        context,
        world,
        selection,
        dependencies,
        from: moves.iter().map(|moved| (&moved.to, &moved.from)).collect(),
        views: (0..context.stack.len()).map(|_| None).collect(),
        changes: (0..context.stack.len()).map(|_| None).collect(),
        taken: None,
        decided: Decided::default(),
    };
    if context.options.destroy {
        if !selection.is_everything() {
            decider.decided.outputs = recorded_outputs(context.state);
        }
    } else {
        for &index in order {
            decider.node(index).await?;
        }
        decider.force_create_first(order);
        decider.outputs()?;
    }
    decider.gather(moves);
    Ok(decider.decided)
}

struct Decider<'a> {
    context: &'a Context<'a>,
    world: &'a World,
    selection: &'a Selection,
    dependencies: &'a Dependencies,
    from: HashMap<&'a Address, &'a Address>,
    views: Vec<Option<View>>,
    changes: Vec<Option<Change>>,
    taken: Option<Taken>,
    decided: Decided,
}

/// Who has what, by type and id.
type Taken = HashMap<(TypeName, String), ObjectKey>;

impl Decider<'_> {
    /// The object behind a node, as it is in the world.
    fn object(&self, address: &Address) -> Option<Arc<ObjectState>> {
        match self.world.changed.get(address) {
            Some(changed) => changed.clone(),
            None => {
                let known_as = self.from.get(address).copied().unwrap_or(address);
                self.context.state.get(known_as).cloned()
            }
        }
    }

    async fn node(&mut self, index: usize) -> Result<()> {
        let Some(node) = self.context.stack.node_at(index) else { return Ok(()) };
        let Some(managed) = self.context.registry.get(node.address.type_str()) else { return Ok(()) };
        let object = self.object(&node.address);
        if !self.selection.contains(&node.address) {
            self.views[index] =
                object.map(|object| View::new(managed.resource_type, None, Some(object), false));
            return Ok(());
        }
        let arguments = self.resolve(node, &node.arguments)?;
        let arguments = managed.resource_type.arguments.complete(arguments);
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
        let kind = change.as_ref().map(|change| change.kind);
        let stays = match kind {
            Some(ChangeKind::Create | ChangeKind::Replace(_)) => None,
            _ => adopted.or(object),
        };
        let arguments = match &change {
            Some(Change { after: Some(after), .. }) => after.clone(),
            _ => arguments,
        };
        // What is recorded tells as much, but for secrets.
        let planned = if kind.is_some() || managed.secret { Some(arguments) } else { None };
        let changing = matches!(kind, Some(ChangeKind::Update | ChangeKind::Adopt));
        self.views[index] = Some(View::new(managed.resource_type, planned, stays, changing));
        self.changes[index] = change;
        Ok(())
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
            let mut path = Path::default();
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

    async fn import(&self, node: &Node, managed: &Managed, id: &str) -> Result<Arc<ObjectState>> {
        let found = crate::retry::reading(|| managed.driver.import(id)).await;
        let object = found.map_err(|error| EngineError::Import {
            address: node.address.clone(),
            id: id.to_owned(),
            error,
        })?;
        let object = self.sealed(managed, object);
        Ok(Arc::new(ObjectState {
            type_name: managed.resource_type.name.clone(),
            provider: managed.provider.to_string(),
            id: object.id,
            schema_version: managed.resource_type.version,
            args: object.arguments.into(),
            attributes: object.attributes.into(),
            depends_on: Vec::new(),
            tainted: false,
            create_before_destroy: false,
            retain_on_delete: false,
            token: crate::token::fresh(),
            read_at: None,
        }))
    }

    /// What was found, without its secrets: it is a part of the plan.
    fn sealed(&self, managed: &Managed, mut object: Object) -> Object {
        if managed.secret {
            let (salt, vault) = (self.context.state.lineage(), self.context.vault);
            let types = [&managed.resource_type.arguments, &managed.resource_type.attributes];
            for (schema, value) in types.into_iter().zip([&mut object.arguments, &mut object.attributes]) {
                let clear = value.clone();
                seal::seal(schema, value, None, None, salt);
                vault.keep(&clear, value);
            }
        }
        object
    }

    fn base(&self, node: &Node, managed: &Managed, kind: ChangeKind, reason: Reason) -> Change {
        Change {
            address: node.address.clone(),
            type_name: managed.resource_type.name.clone(),
            provider: managed.provider.to_string(),
            kind,
            reason,
            before: None,
            after: None,
            fields: Vec::new(),
            id: None,
            deposed: None,
            depends_on: self.depends_on(node),
            create_before_destroy: node.lifecycle.create_before_destroy,
            retain_on_delete: node.lifecycle.retain_on_delete,
            on_conflict: node.lifecycle.on_conflict,
            timeout: node.lifecycle.timeout,
        }
    }

    fn create(&self, node: &Node, managed: &Managed, arguments: &Expr) -> Change {
        let known_as = self.from.get(&node.address).copied().unwrap_or(&node.address);
        let reason = if self.context.state.get(known_as).is_some() { Reason::Vanished } else { Reason::New };
        Change { after: Some(arguments.clone()), ..self.base(node, managed, ChangeKind::Create, reason) }
    }

    /// What somebody has already; gathered once something is imported.
    fn taken(&mut self) -> &mut Taken {
        let state = self.context.state;
        self.taken.get_or_insert_with(|| {
            let of = |object: &ObjectState| (object.type_name.clone(), object.id.clone());
            state.objects().map(|(key, object)| (of(object), key)).collect()
        })
    }

    fn adopt(
        &mut self,
        node: &Node,
        managed: &Managed,
        arguments: &Expr,
        found: &ObjectState,
    ) -> Result<Change> {
        let owner = ObjectKey::new(node.address.clone());
        let refused = |kind, message: String| EngineError::Import {
            address: node.address.clone(),
            id: found.id.clone(),
            error: Error::new(kind, message),
        };
        if let Some(owner) = self.taken().insert((found.type_name.clone(), found.id.clone()), owner) {
            return Err(refused(ErrorKind::AlreadyExists, format!("{owner} has it already")));
        }
        let before = found.args.value().unwrap_or(Json::Null);
        let fields = self.differences(node, managed, arguments, &before);
        let fixed = |field: &&FieldChange| field.replaces && field.after.is_known();
        if let Some(field) = fields.iter().find(fixed) {
            let message = format!("{} differs and cannot be changed in place", field.path);
            return Err(refused(ErrorKind::Invalid, message));
        }
        Ok(Change {
            after: Some(ignore::keep(arguments.clone(), &before, &node.lifecycle.ignore_changes)),
            before: Some(before),
            fields,
            id: Some(found.id.clone()),
            ..self.base(node, managed, ChangeKind::Adopt, Reason::Import(found.id.clone()))
        })
    }

    fn differences(
        &self,
        node: &Node,
        managed: &Managed,
        arguments: &Expr,
        before: &Json,
    ) -> Vec<FieldChange> {
        let schema = &managed.resource_type.arguments;
        let ignored = &node.lifecycle.ignore_changes;
        diff::differences(schema, arguments, before, ignored, self.context.state.lineage())
    }

    fn compare(
        &mut self,
        node: &Node,
        managed: &Managed,
        arguments: &Expr,
        object: &Arc<ObjectState>,
    ) -> Option<Change> {
        let before = object.args.value().unwrap_or(Json::Null);
        let fields = self.differences(node, managed, arguments, &before);
        let immutable: Vec<Path> =
            fields.iter().filter(|field| field.replaces).map(|field| field.path.clone()).collect();
        let replace = if object.tainted {
            Some(Reason::Tainted)
        } else if self.context.options.replace.contains(&node.address) {
            Some(Reason::Asked)
        } else if let Some(by) = self.trigger(node) {
            Some(Reason::Triggered(by))
        } else if !immutable.is_empty() {
            Some(Reason::Immutable(immutable))
        } else if !fields.is_empty() && !managed.driver.abilities().update {
            Some(Reason::NoUpdate)
        } else {
            None
        };
        let (kind, reason) = match replace {
            Some(reason) => {
                let create_first = node.lifecycle.create_before_destroy;
                let order = if create_first { ReplaceOrder::CreateFirst } else { ReplaceOrder::DestroyFirst };
                (ChangeKind::Replace(order), reason)
            }
            None if fields.is_empty() => {
                self.bookkeep(node, managed, object);
                return None;
            }
            None => (ChangeKind::Update, Reason::Differs),
        };
        let after = match kind {
            ChangeKind::Update => ignore::keep(arguments.clone(), &before, &node.lifecycle.ignore_changes),
            _ => arguments.clone(),
        };
        Some(Change {
            before: Some(before),
            after: Some(after),
            fields,
            id: Some(object.id.clone()),
            ..self.base(node, managed, kind, reason)
        })
    }

    fn trigger(&self, node: &Node) -> Option<Address> {
        node.lifecycle.replace_triggered_by.iter().find_map(|address| {
            let index = self.context.stack.index_of(address)?;
            self.changes[index].as_ref().map(|_| address.clone())
        })
    }

    /// What an object is recorded to depend on and how it may go can change while the object stays as it is.
    fn bookkeep(&mut self, node: &Node, managed: &Managed, object: &Arc<ObjectState>) {
        let depends_on = self.depends_on(node);
        let lifecycle = &node.lifecycle;
        let same = object.depends_on == depends_on
            && object.create_before_destroy == lifecycle.create_before_destroy
            && object.retain_on_delete == lifecycle.retain_on_delete
            && object.provider == *managed.provider;
        if !same {
            let object = ObjectState {
                depends_on,
                create_before_destroy: lifecycle.create_before_destroy,
                retain_on_delete: lifecycle.retain_on_delete,
                provider: managed.provider.to_string(),
                ..(**object).clone()
            };
            self.decided.records.push((ObjectKey::new(node.address.clone()), Some(object)));
        }
    }

    fn depends_on(&self, node: &Node) -> Vec<Address> {
        let mut addresses: Vec<Address> = node.depends_on.iter().cloned().collect();
        node.each_reference(&mut |_, reference| addresses.push(reference.node.clone()));
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }

    /// What a create-first replacement depends on must be there first too: its own replacement cannot begin with a
    /// destroy, for that would have to wait for the dependent's. And what a node refers to that is changed in place
    /// cannot go while that still refers to it.
    fn force_create_first(&mut self, order: &[usize]) {
        for &index in order.iter().rev() {
            let users = self.dependencies.neighbors_directed(NodeIndex::new(index), Direction::Incoming);
            let Some(change) = &self.changes[index] else { continue };
            if change.kind != ChangeKind::Replace(ReplaceOrder::DestroyFirst) {
                continue;
            }
            let forced =
                users.filter_map(|user| self.changes[user.index()].as_ref()).any(|user| match user.kind {
                    ChangeKind::Replace(order) => order == ReplaceOrder::CreateFirst,
                    ChangeKind::Update => self.can_make_room(user, change),
                    _ => false,
                });
            if let Some(change) = self.changes[index].as_mut().filter(|_| forced) {
                change.kind = ChangeKind::Replace(ReplaceOrder::CreateFirst);
                change.create_before_destroy = true;
            }
        }
    }

    /// Whether a replaced thing is held by its user, and the new one can be there beside it.
    fn can_make_room(&self, user: &Change, change: &Change) -> bool {
        let known = |change: &Change| self.context.registry.get(change.type_name.as_str());
        let (Some(user), Some(used)) = (known(user), known(change)) else { return false };
        holds(user.resource_type, used.resource_type) && can_coexist(used.resource_type, change)
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
            self.decided.outputs.insert(name.clone(), resolved);
        }
        Ok(())
    }

    /// Numbers the changes: the stack's in the order of declaration, then what goes.
    fn gather(&mut self, moves: &[Moved]) {
        let decided = &mut self.decided;
        for (index, change) in self.changes.drain(..).enumerate() {
            let place = change.map(|change| {
                decided.changes.push(change);
                decided.changes.len() as u32 - 1
            });
            if place.is_none()
                && !self.context.options.destroy
                && let Some(node) = self.context.stack.node_at(index)
            {
                decided.unchanged.push(node.address.clone());
            }
            decided.change_of.push(place);
        }
        let declared = decided.changes.len();
        let moved: std::collections::HashSet<&Address> = moves.iter().map(|moved| &moved.from).collect();
        for (key, object) in self.context.state.unordered() {
            let address = &key.address;
            let removed = self.context.stack.removals().contains(address);
            let wanted = self.context.stack.node(address.as_str()).is_some() && !removed;
            let goes = self.context.options.destroy || !wanted || key.deposed.is_some();
            if !goes || moved.contains(address) || !self.selection.contains(address) {
                continue;
            }
            if self.world.gone.contains(&key) {
                continue;
            }
            let reason = if key.deposed.is_some() {
                Reason::Deposed
            } else if removed {
                Reason::Removed
            } else if object.retain_on_delete {
                Reason::Retained
            } else if self.context.options.destroy {
                Reason::Destroy
            } else {
                Reason::NotDeclared
            };
            let kind = match reason {
                Reason::Removed | Reason::Retained => ChangeKind::Forget,
                _ => ChangeKind::Delete,
            };
            decided.changes.push(Change {
                address: address.clone(),
                type_name: object.type_name.clone(),
                provider: object.provider.clone(),
                kind,
                reason,
                before: object.args.value().ok(),
                after: None,
                fields: Vec::new(),
                id: Some(object.id.clone()),
                deposed: key.deposed.clone(),
                depends_on: object.depends_on.clone(),
                create_before_destroy: object.create_before_destroy,
                retain_on_delete: object.retain_on_delete,
                on_conflict: OnConflict::Fail,
                timeout: None,
            });
        }
        decided.changes[declared..].sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
    }
}

/// The outputs as they are recorded.
pub(super) fn recorded_outputs(state: &State) -> BTreeMap<String, Expr> {
    let outputs = state.outputs().iter();
    outputs.map(|(name, value)| (name.clone(), Expr::Literal(value.clone()))).collect()
}

/// What stands at a path of an object that exists; `None` if it has no such thing.
pub(crate) fn value_of(resource_type: &ResourceType, object: &ObjectState, path: &Path) -> Option<Resolved> {
    let (field, text) = match resource_type.attributes.at(path) {
        Some(field) => (field, &object.attributes),
        None => (resource_type.arguments.at(path)?, &object.args),
    };
    let value = path.find(&text.value().ok()?).cloned().unwrap_or(Json::Null);
    Some(if field.secret { Resolved::Secret(value) } else { Resolved::Known(value) })
}
