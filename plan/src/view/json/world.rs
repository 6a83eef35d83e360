//! The parts of Terraform's JSON plan that say what is and what will be.

use std::collections::{BTreeMap, HashMap, HashSet};

use landform_core::{Address, ResourceType, Stack, expr::Expr, schema::Place};
use serde_json::{Map, Value as Json, json};

use super::{
    TERRAFORM, identity, steps,
    value::{Attributes, Parts, holds_true, object, parts},
};
use crate::{
    journal::{ObjectState, State},
    plan::{Change, ChangeKind, Plan, Reason, ReplaceOrder},
};

/// A plan, with what it was made from.
pub(super) struct World<'a> {
    plan: &'a Plan,
    stack: &'a Stack,
    state: &'a State,
    /// What exists, as just read, by its present address.
    objects: BTreeMap<&'a Address, &'a ObjectState>,
    types: HashMap<&'a str, &'a ResourceType>,
    moved: HashMap<&'a Address, &'a Address>,
}

impl<'a> World<'a> {
    pub fn new(plan: &'a Plan, stack: &'a Stack, state: &'a State) -> Self {
        let moved: HashMap<&Address, &Address> =
            plan.moves.iter().map(|moved| (&moved.to, &moved.from)).collect();
        let mut objects = BTreeMap::new();
        let declared = stack.nodes().map(|node| &node.address);
        for address in declared.chain(plan.changes.iter().map(|change| &change.address)) {
            if let Some(object) = state.get(moved.get(address).copied().unwrap_or(address)) {
                objects.insert(address, &**object);
            }
        }
        for (key, object) in plan.refreshed.iter().filter(|(key, _)| key.deposed.is_none()) {
            match object {
                Some(object) => objects.insert(&key.address, object),
                None => objects.remove(&key.address),
            };
        }
        let types =
            stack.nodes().filter_map(|node| Some((node.address.type_str(), &**node.resource_type()?)));
        Self { plan, stack, state, objects, types: types.collect(), moved }
    }

    fn resource_type(&self, address: &Address) -> Option<&'a ResourceType> {
        self.types.get(address.type_str()).copied()
    }

    /// Something that exists, as it is.
    fn present(&self, address: &Address, recorded: &ObjectState) -> Parts {
        present(self.resource_type(address), recorded)
    }

    fn before(&self, change: &Change) -> Option<Parts> {
        let arguments = Expr::Literal(change.before.clone()?);
        let recorded = match &change.deposed {
            None => self.objects.get(&change.address).copied(),
            Some(token) => {
                let mut deposed = self.state.deposed(&change.address);
                deposed.find(|(key, _)| key.deposed.as_ref() == Some(token)).map(|(_, object)| &**object)
            }
        };
        let attributes = recorded.map_or_else(|| json!({ "id": change.id }), attributes);
        Some(object(self.resource_type(&change.address), &arguments, None, Attributes::Known(&attributes)))
    }

    fn after(&self, change: &Change) -> Option<Parts> {
        let arguments = change.after.as_ref()?;
        let resource_type = self.resource_type(&change.address);
        if !matches!(change.kind, ChangeKind::Update | ChangeKind::Adopt) {
            return Some(object(resource_type, arguments, None, Attributes::Unknown(&change.forecast)));
        }
        let recorded = self.objects.get(&change.address).copied();
        let attributes = recorded.map_or_else(|| json!({ "id": change.id }), attributes);
        Some(object(
            resource_type,
            arguments,
            change.before.as_ref(),
            Attributes::Changing(&attributes, &change.forecast),
        ))
    }

    /// Every resource with what is done to it, those that stay as they are too.
    pub fn changes(&self) -> Vec<Json> {
        let mut entries: Vec<Json> = self.plan.changes.iter().map(|change| self.change(change)).collect();
        for address in &self.plan.unchanged {
            let Some(recorded) = self.objects.get(address) else { continue };
            let present = self.present(address, recorded);
            let change = change_of(&["no-op"], Some(&present), Some(&present));
            entries.push(self.entry(address, change).into());
        }
        entries
    }

    fn change(&self, change: &Change) -> Json {
        let actions: &[&str] = match change.kind {
            ChangeKind::Create => &["create"],
            ChangeKind::Update => &["update"],
            ChangeKind::Replace(ReplaceOrder::DestroyFirst) => &["delete", "create"],
            ChangeKind::Replace(ReplaceOrder::CreateFirst) if !change.takes_away() => &["create", "forget"],
            ChangeKind::Replace(ReplaceOrder::CreateFirst) => &["create", "delete"],
            ChangeKind::Delete => &["delete"],
            ChangeKind::Adopt if change.fields.is_empty() => &["no-op"],
            ChangeKind::Adopt => &["update"],
            ChangeKind::Forget => &["forget"],
            ChangeKind::Read => &["read"],
        };
        let mut inner = change_of(actions, self.before(change).as_ref(), self.after(change).as_ref());
        let schema = self.resource_type(&change.address).map(|known| &known.arguments);
        let replacing = matches!(change.kind, ChangeKind::Replace(_));
        let forcing = change.fields.iter().filter(|field| field.replaces && replacing);
        let paths: Vec<Json> = forcing.map(|field| steps(schema, &field.path)).collect();
        if !paths.is_empty() {
            inner.insert("replace_paths".into(), paths.into());
        }
        if let (ChangeKind::Adopt, Some(id)) = (change.kind, &change.id) {
            inner.insert("importing".into(), json!({ "id": id }));
        }
        let mut entry = self.entry(&change.address, inner);
        if let Some(token) = &change.deposed {
            entry.insert("deposed".into(), json!(token));
        }
        if let Some(reason) = action_reason(&change.reason) {
            entry.insert("action_reason".into(), reason.into());
        }
        entry.into()
    }

    fn entry(&self, address: &Address, change: Map<String, Json>) -> Map<String, Json> {
        let mut entry = identity(address);
        if let Some(from) = self.moved.get(address) {
            entry.insert("previous_address".into(), json!(from));
        }
        entry.insert("change".into(), change.into());
        entry
    }

    /// What was recorded against what was found.
    pub fn drift(&self) -> Vec<Json> {
        let mut entries = Vec::new();
        for drift in &self.plan.drift {
            let known_as = self.moved.get(&drift.address).copied().unwrap_or(&drift.address);
            let Some(recorded) = self.state.get(known_as) else { continue };
            let before = self.present(&drift.address, recorded);
            let found = self.objects.get(&drift.address).filter(|_| !drift.gone);
            let after = found.map(|found| self.present(&drift.address, found));
            let actions: &[&str] = if after.is_some() { &["update"] } else { &["delete"] };
            entries
                .push(self.entry(&drift.address, change_of(actions, Some(&before), after.as_ref())).into());
        }
        entries
    }

    pub fn output_changes(&self) -> Json {
        let mut changes = Map::new();
        for (name, after) in &self.plan.outputs {
            let before = self.plan.recorded_outputs.get(name);
            let after = parts(after, Place::UNKNOWN);
            let (unknown, sensitive) = (holds_true(&after.unknown), holds_true(&after.sensitive));
            let action = match before {
                None => "create",
                Some(before) if after.value.as_ref() == Some(before) => "no-op",
                Some(_) => "update",
            };
            let mut change = Map::new();
            change.insert("actions".into(), json!([action]));
            change.insert("before".into(), before.cloned().unwrap_or(Json::Null));
            if let Some(value) = after.value {
                change.insert("after".into(), value);
            }
            change.insert("after_unknown".into(), if unknown { after.unknown } else { false.into() });
            change.insert("before_sensitive".into(), sensitive.into());
            change.insert("after_sensitive".into(), sensitive.into());
            changes.insert(name.clone(), change.into());
        }
        for (name, before) in &self.plan.recorded_outputs {
            if !self.plan.outputs.contains_key(name) {
                let before = parts(&Expr::Literal(before.clone()), Place::UNKNOWN);
                let mut change = change_of(&["delete"], Some(&before), None);
                change.insert("after_unknown".into(), false.into());
                changes.insert(name.clone(), change.into());
            }
        }
        changes.into()
    }

    /// The nodes that demand something, and whether it holds as far as is known.
    pub fn checks(&self) -> Vec<Json> {
        let open: HashSet<&Address> = self.plan.checks.iter().map(|check| &check.address).collect();
        let demanding = self.stack.nodes().filter(|node| node.conditions().next().is_some());
        let mut demanding: Vec<&Address> = demanding.map(|node| &node.address).collect();
        demanding.sort_unstable();
        let check = |address: &Address| {
            let status = if open.contains(address) { "unknown" } else { "pass" };
            let mut of = identity(address);
            of.remove("provider_name");
            of.remove("address");
            of.insert("kind".into(), "resource".into());
            of.insert("to_display".into(), json!(address));
            let instance = json!({ "address": { "to_display": address }, "status": status });
            json!({ "address": of, "status": status, "instances": [instance] })
        };
        demanding.into_iter().map(check).collect()
    }

    pub fn planned_values(&self) -> Json {
        let current = self.plan.changes.iter().filter(|change| change.deposed.is_none());
        let changes: HashMap<&Address, &Change> = current.map(|change| (&change.address, change)).collect();
        let mut resources = Vec::new();
        for address in self.stack.nodes().map(|node| &node.address) {
            let planned = match (changes.get(address), self.objects.get(address)) {
                (Some(change), _) => self.after(change),
                (None, recorded) => recorded.map(|recorded| self.present(address, recorded)),
            };
            resources.extend(planned.map(|planned| self.resource(address, planned, &[])));
        }
        let outputs: Map<String, Json> =
            self.plan.outputs.iter().map(|(name, value)| (name.clone(), output(value))).collect();
        json!({ "outputs": outputs, "root_module": { "resources": resources } })
    }

    pub fn prior_state(&self) -> Json {
        let resource = |(address, known): (&&Address, &&ObjectState)| {
            Json::from(recorded(address, self.resource_type(address), known))
        };
        let answered = self.plan.answers.iter().map(|answer| {
            let arguments = Expr::Literal(answer.arguments.clone());
            let known = self.resource_type(&answer.address);
            let answered = object(known, &arguments, None, Attributes::Known(&answer.attributes));
            self.resource(&answer.address, answered, &[])
        });
        let resources: Vec<Json> = self.objects.iter().map(resource).chain(answered).collect();
        state_json(&self.plan.recorded_outputs, resources)
    }

    fn resource(&self, address: &Address, parts: Parts, depends_on: &[Address]) -> Json {
        resource(address, self.resource_type(address), parts, depends_on).into()
    }
}

/// A recorded object as a resource of a state.
pub(super) fn recorded(
    address: &Address,
    resource_type: Option<&ResourceType>,
    recorded: &ObjectState,
) -> Map<String, Json> {
    resource(address, resource_type, present(resource_type, recorded), &recorded.depends_on)
}

/// A state of these resources.
pub(super) fn state_json(outputs: &Map<String, Json>, resources: Vec<Json>) -> Json {
    let outputs = outputs.iter();
    let outputs: Map<String, Json> =
        outputs.map(|(name, value)| (name.clone(), output(&Expr::Literal(value.clone())))).collect();
    let values = json!({ "outputs": outputs, "root_module": { "resources": resources } });
    json!({ "format_version": "1.0", "terraform_version": TERRAFORM, "values": values })
}

fn present(resource_type: Option<&ResourceType>, recorded: &ObjectState) -> Parts {
    let arguments = Expr::Literal(recorded.args.value().unwrap_or(Json::Null));
    object(resource_type, &arguments, None, Attributes::Known(&attributes(recorded)))
}

fn resource(
    address: &Address,
    resource_type: Option<&ResourceType>,
    parts: Parts,
    depends_on: &[Address],
) -> Map<String, Json> {
    let mut resource = identity(address);
    let version = resource_type.map_or(0, |resource_type| resource_type.version);
    resource.insert("schema_version".into(), version.into());
    resource.insert("values".into(), parts.value.unwrap_or(Json::Null));
    resource.insert("sensitive_values".into(), parts.sensitive);
    if !depends_on.is_empty() {
        resource.insert("depends_on".into(), json!(depends_on));
    }
    resource
}

fn attributes(recorded: &ObjectState) -> Json {
    recorded.attributes.value().unwrap_or(Json::Null)
}

fn change_of(actions: &[&str], before: Option<&Parts>, after: Option<&Parts>) -> Map<String, Json> {
    let value = |parts: Option<&Parts>| parts.and_then(|parts| parts.value.clone()).unwrap_or(Json::Null);
    let sensitive = |parts: Option<&Parts>| parts.map_or(Json::Bool(false), |parts| parts.sensitive.clone());
    let mut change = Map::new();
    change.insert("actions".into(), json!(actions));
    change.insert("before".into(), value(before));
    change.insert("after".into(), value(after));
    change.insert("after_unknown".into(), after.map_or_else(|| json!({}), |parts| parts.unknown.clone()));
    change.insert("before_sensitive".into(), sensitive(before));
    change.insert("after_sensitive".into(), sensitive(after));
    change
}

fn output(value: &Expr) -> Json {
    let parts = parts(value, Place::UNKNOWN);
    let mut output = Map::new();
    output.insert("sensitive".into(), holds_true(&parts.sensitive).into());
    if let (Some(value), false) = (parts.value, holds_true(&parts.unknown)) {
        output.insert("type".into(), type_of(&value));
        output.insert("value".into(), value);
    }
    output.into()
}

/// The type of a value, as Terraform writes types in JSON.
fn type_of(value: &Json) -> Json {
    match value {
        Json::Null => "dynamic".into(),
        Json::Bool(_) => "bool".into(),
        Json::Number(_) => "number".into(),
        Json::String(_) => "string".into(),
        Json::Array(items) => json!(["tuple", items.iter().map(type_of).collect::<Vec<_>>()]),
        Json::Object(fields) => {
            let types: BTreeMap<&String, Json> =
                fields.iter().map(|(key, value)| (key, type_of(value))).collect();
            json!(["object", types])
        }
    }
}

fn action_reason(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::Immutable(_) | Reason::NoUpdate => "replace_because_cannot_update",
        Reason::Tainted => "replace_because_tainted",
        Reason::Asked => "replace_by_request",
        Reason::Triggered(_) | Reason::Due(_) => "replace_by_triggers",
        Reason::NotDeclared => "delete_because_no_resource_config",
        Reason::Provider { .. } => "replace_because_cannot_update",
        Reason::Unknown => "read_because_config_unknown",
        Reason::Waits(_) => "read_because_dependency_pending",
        Reason::New
        | Reason::Vanished
        | Reason::Differs
        | Reason::Destroy
        | Reason::Import(_)
        | Reason::Removed
        | Reason::Retained
        | Reason::Deposed => return None,
    })
}
