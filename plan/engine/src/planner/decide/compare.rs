//! The change of one resource: compares declared and recorded arguments field by field.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use landform_core::{Address, Error, ErrorKind, Node, Path, ResourceType, expr::Expr};
use serde_json::Value as Json;

use super::{Decider, Taken};
use crate::{
    EngineError, Result,
    journal::{ObjectKey, ObjectState},
    plan::{Change, ChangeKind, FieldChange, Reason, ReplaceOrder},
    planner::{Context, diff, ignore},
    registry::Managed,
};

impl Decider<'_> {
    pub(super) async fn import(&self, node: &Node, managed: &Managed, id: &str) -> Result<Arc<ObjectState>> {
        let found = match managed.driver.abilities().import {
            true => {
                let calls = managed.calls(&node.address, node.lifecycle.budget, self.context.heard());
                calls.reading(|| managed.driver.import(id)).await
            }
            false => Err(managed.cannot_import()),
        };
        let object = found.map_err(|error| EngineError::Import {
            address: node.address.clone(),
            id: id.to_owned(),
            error,
        })?;
        // It is a part of the plan.
        let sealer = self.context.sealer();
        let ResourceType { arguments: takes, attributes: has, .. } = &*managed.resource_type;
        Ok(Arc::new(ObjectState {
            type_name: managed.resource_type.name.clone(),
            provider: managed.provider.to_string(),
            id: object.id,
            schema_version: object.schema_version.unwrap_or(managed.resource_type.version),
            args: sealer.seal(takes, managed.secret, &object.arguments, None, None),
            attributes: sealer.seal(has, managed.secret, &object.attributes, None, None),
            private: object.private,
            identity: object.identity,
            depends_on: Vec::new(),
            tainted: false,
            create_before_destroy: false,
            retain_on_delete: false,
            token: crate::token::fresh(),
            revised: None,
            triggers: Default::default(),
            read_at: None,
        }))
    }

    /// Adopts a tainted object. The apply records it first, and then replaces it like an object that became tainted
    /// here.
    pub(super) async fn import_tainted(
        &mut self,
        node: &Node,
        managed: &Managed,
        id: &str,
    ) -> Result<Arc<ObjectState>> {
        let found = self.import(node, managed, id).await?;
        self.claim(node, &found)?;
        let object = ObjectState {
            tainted: true,
            depends_on: self.depends_on(node),
            create_before_destroy: node.lifecycle.create_before_destroy,
            retain_on_delete: node.lifecycle.retain_on_delete,
            ..(*found).clone()
        };
        self.decided.records.push((ObjectKey::new(node.address.clone()), Some(object.clone())));
        Ok(Arc::new(object))
    }

    /// Two nodes cannot have one object.
    fn claim(&mut self, node: &Node, found: &ObjectState) -> Result<()> {
        let key = ObjectKey::new(node.address.clone());
        match self.taken().insert((found.type_name.clone(), found.id.clone()), key) {
            None => Ok(()),
            Some(owner) => Err(EngineError::Import {
                address: node.address.clone(),
                id: found.id.clone(),
                error: Error::new(ErrorKind::AlreadyExists, format!("{owner} has it already")),
            }),
        }
    }

    pub(super) fn base(&self, node: &Node, provider: &str, kind: ChangeKind, reason: Reason) -> Change {
        Change {
            address: node.address.clone(),
            type_name: node.address.type_name(),
            provider: provider.to_owned(),
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
            replace_triggered_by: node.lifecycle.replace_triggered_by.clone(),
            budget: node.lifecycle.budget,
            ignore_changes: node.lifecycle.ignore_changes.clone(),
            forecast: None,
        }
    }

    pub(super) fn create(&self, node: &Node, managed: &Managed, arguments: &Expr) -> Change {
        let known = self.context.state.get(&node.address).is_some();
        let reason = if known { Reason::Vanished } else { Reason::New };
        Change {
            after: Some(arguments.clone()),
            ..self.base(node, &managed.provider, ChangeKind::Create, reason)
        }
    }

    /// The existing owners. They are collected when something is imported.
    fn taken(&mut self) -> &mut Taken {
        let state = self.context.state;
        self.taken.get_or_insert_with(|| {
            let of = |object: &ObjectState| (object.type_name.clone(), object.id.clone());
            state.objects().map(|(key, object)| (of(object), key)).collect()
        })
    }

    pub(super) fn adopt(
        &mut self,
        node: &Node,
        managed: &Managed,
        arguments: &Expr,
        found: &ObjectState,
    ) -> Result<Change> {
        self.claim(node, found)?;
        let refused = |kind, message: String| EngineError::Import {
            address: node.address.clone(),
            id: found.id.clone(),
            error: Error::new(kind, message),
        };
        let before = found.args.value().unwrap_or(Json::Null);
        let kept = kept(node, managed, arguments, &before);
        let fields = self.differences(managed, &kept, &before);
        let fixed = |field: &&FieldChange| field.replaces && field.after.is_known();
        if let Some(field) = fields.iter().find(fixed) {
            let message = format!("{} differs and cannot be changed in place", field.path);
            return Err(refused(ErrorKind::Invalid, message));
        }
        Ok(Change {
            after: Some(kept.into_owned()),
            before: Some(before),
            fields,
            id: Some(found.id.clone()),
            ..self.base(node, &managed.provider, ChangeKind::Adopt, Reason::Import(found.id.clone()))
        })
    }

    fn differences(&self, managed: &Managed, arguments: &Expr, before: &Json) -> Vec<FieldChange> {
        diff::differences(&managed.resource_type.arguments, arguments, before, self.context.state.lineage())
    }

    /// Why an object is replaced even if nothing about it differs.
    fn replaced_anyway(&self, node: &Node, managed: &Managed, object: &ObjectState) -> Option<Reason> {
        let from = self.context.registry.present(&object.provider);
        if from != &*managed.provider {
            Some(Reason::Provider { from: from.to_owned(), to: managed.provider.to_string() })
        } else if object.tainted {
            Some(Reason::Tainted)
        } else if self.context.options.replace.contains(&node.address) {
            Some(Reason::Asked)
        } else {
            self.trigger(node, object)
        }
    }

    pub(super) fn compare(
        &self,
        node: &Node,
        managed: &Managed,
        arguments: &Expr,
        object: &Arc<ObjectState>,
    ) -> Option<Change> {
        let replace = self.replaced_anyway(node, managed, object);
        // Most objects are as declared. Comparing their texts costs less than building their values.
        if replace.is_none() && matches!(arguments, Expr::Literal(value) if object.args.is(value)) {
            return None;
        }
        let before = object.args.value().unwrap_or(Json::Null);
        let kept = kept(node, managed, arguments, &before);
        let fields = self.differences(managed, &kept, &before);
        let immutable: Vec<Path> =
            fields.iter().filter(|field| field.replaces).map(|field| field.path.clone()).collect();
        let replace = if replace.is_some() {
            replace
        } else if !immutable.is_empty() {
            Some(Reason::Immutable(immutable))
        } else if !fields.is_empty() && !managed.driver.abilities().update {
            Some(Reason::NoUpdate)
        } else {
            None
        };
        let (kind, reason) = match replace {
            Some(reason) => (ChangeKind::Replace(replace_order(node)), reason),
            None if fields.is_empty() => return None,
            None => (ChangeKind::Update, Reason::Differs),
        };
        let after = match kind {
            ChangeKind::Update => managed.resource_type.arguments.fill(kept.into_owned(), &before),
            _ => arguments.clone(),
        };
        Some(Change {
            before: Some(before),
            after: Some(after),
            fields,
            id: Some(object.id.clone()),
            ..self.base(node, &managed.provider, kind, reason)
        })
    }

    /// The dependencies to record for a node. A data source is not recorded, so what it waits for stands in its place.
    pub(super) fn depends_on(&self, node: &Node) -> Vec<Address> {
        let Context { configured, dependencies, registry, .. } = self.context;
        let mut named = named_by(node);
        named.extend(configured.node(dependencies, registry, node).map(|opens| opens.address.clone()));
        self.managed(named)
    }

    /// The recorded nodes that stand for a node: itself, or what a data source waits for.
    pub(super) fn recorded_as(&self, address: &Address) -> Vec<Address> {
        self.managed(vec![address.clone()])
    }

    fn managed(&self, mut addresses: Vec<Address>) -> Vec<Address> {
        let mut asked = HashSet::new();
        while let Some(place) = addresses.iter().position(Address::is_data) {
            let source = addresses.swap_remove(place);
            if let Some(source) = self.context.stack.node(source.as_str()).filter(|_| asked.insert(source)) {
                addresses.extend(named_by(source));
            }
        }
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }
}

/// The replacement order that the node declares.
pub(super) fn replace_order(node: &Node) -> ReplaceOrder {
    // A retained object is not deleted, so nothing has to stop using it first.
    match node.lifecycle.create_before_destroy || node.lifecycle.retain_on_delete {
        true => ReplaceOrder::CreateFirst,
        false => ReplaceOrder::DestroyFirst,
    }
}

/// The arguments, with existing values in the fields that the node ignores.
fn kept<'a>(node: &Node, managed: &Managed, arguments: &'a Expr, is: &Json) -> Cow<'a, Expr> {
    let ignored = &node.lifecycle.ignore_changes;
    if ignored.is_empty() {
        return Cow::Borrowed(arguments);
    }
    Cow::Owned(ignore::keep(&managed.resource_type.arguments, arguments.clone(), is, ignored))
}

/// The nodes that a node refers to, in its arguments and in its conditions.
fn named_by(node: &Node) -> Vec<Address> {
    let mut addresses: Vec<Address> = node.depends_on.iter().cloned().collect();
    node.each_reference(&mut |_, reference| addresses.push(reference.node.clone()));
    for condition in node.conditions() {
        condition.holds.each_reference(&mut |_, reference| addresses.push(reference.node.clone()));
    }
    addresses.retain(|address| *address != node.address);
    addresses
}
