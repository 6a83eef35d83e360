//! The parts of Terraform's JSON plan about the current and the planned values.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use landform_core::{Address, Path, ResourceType, SENSITIVE, Stack, Token, expr::Expr, schema};
use serde_json::{Map, Value as Json, json};

use super::{
    TERRAFORM, identity, steps,
    value::{Attributes, Parts, holds_true, object, parts},
};
use landform_engine::plan::{Change, ChangeKind, Plan, Reason, ReplaceOrder};
use landform_state::journal::{ObjectKey, ObjectState, State};

use crate::{pieces::attribute, secrets::Secrets};

/// A plan and its source.
pub(super) struct World<'a> {
    plan: &'a Plan,
    stack: &'a Stack,
    state: &'a State,
    /// The objects as just read, by their current addresses.
    objects: BTreeMap<ObjectKey, &'a ObjectState>,
    types: HashMap<&'a str, &'a ResourceType>,
    /// The address before the moves for each address after them.
    moved_from: HashMap<&'a Address, &'a Address>,
    moved_to: HashMap<&'a Address, &'a Address>,
    secrets: Secrets<'a>,
}

impl<'a> World<'a> {
    pub fn new(plan: &'a Plan, stack: &'a Stack, state: &'a State) -> Self {
        let moved_from: HashMap<&Address, &Address> =
            plan.moves.iter().map(|moved| (&moved.to, &moved.from)).collect();
        let moved_to: HashMap<&Address, &Address> =
            plan.moves.iter().map(|moved| (&moved.from, &moved.to)).collect();
        let mut objects = BTreeMap::new();
        for (mut key, object) in state.unordered() {
            if let Some(to) = moved_to.get(&key.address) {
                key.address = (*to).clone();
            }
            objects.insert(key, &**object);
        }
        for (key, object) in &plan.refreshed {
            match object {
                Some(object) => objects.insert(key.clone(), object),
                None => objects.remove(key),
            };
        }
        let types =
            stack.nodes().filter_map(|node| Some((node.address.type_str(), &**node.resource_type()?)));
        let (types, secrets) = (types.collect(), Secrets::of(stack));
        Self { plan, stack, state, objects, types, moved_from, moved_to, secrets }
    }

    /// The object at an address; `None` if there is only what a replacement left behind.
    fn current(&self, address: &Address) -> Option<&'a ObjectState> {
        self.objects.get(&ObjectKey::new(address.clone())).copied()
    }

    fn resource_type(&self, address: &Address) -> Option<&'a ResourceType> {
        self.types.get(address.type_str()).copied()
    }

    /// An existing object as it is.
    fn present(&self, address: &Address, recorded: &ObjectState) -> Parts {
        present(self.resource_type(address), recorded)
    }

    fn before(&self, change: &Change) -> Option<Parts> {
        let arguments = Expr::Literal(change.before.clone()?);
        let recorded = self.objects.get(&change.key()).copied();
        let attributes = recorded.map_or_else(|| json!({ "id": change.id }), attributes);
        Some(object(self.resource_type(&change.address), &arguments, None, Attributes::Known(&attributes)))
    }

    fn after(&self, change: &Change) -> Option<Parts> {
        if change.kind == ChangeKind::Adopt && change.fields.is_empty() {
            return self.before(change);
        }
        let arguments = self.secrets.marked(change.after.as_ref()?);
        let resource_type = self.resource_type(&change.address);
        if !matches!(change.kind, ChangeKind::Update | ChangeKind::Adopt) {
            return Some(object(
                resource_type,
                &arguments,
                None,
                Attributes::Unknown(change.forecast.as_deref()),
            ));
        }
        let recorded = self.current(&change.address);
        let attributes = recorded.map_or_else(|| json!({ "id": change.id }), attributes);
        Some(object(
            resource_type,
            &arguments,
            change.before.as_ref(),
            Attributes::Changing(&attributes, change.forecast.as_deref()),
        ))
    }

    /// Every resource that the plan looks at, with what happens to it, including the unchanged ones.
    pub fn changes(&self) -> Vec<Json> {
        let changes = self.plan.changes.iter();
        let mut entries: Vec<(Place, Json)> = changes
            .map(|change| (place(&change.address, change.deposed.as_ref()), self.change(change)))
            .collect();
        for address in &self.plan.unchanged {
            let Some(recorded) = self.current(address) else { continue };
            let present = self.present(address, recorded);
            let change = change_of(&["no-op"], Some(&present), Some(&present));
            entries.push((place(address, None), self.entry(address, change).into()));
        }
        in_order(entries)
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
        let whole = |path: &Path| schema.map_or_else(|| path.clone(), |schema| attribute(schema, path));
        let paths: BTreeSet<Path> = forcing.map(|field| whole(&field.path)).collect();
        let paths: Vec<Json> = paths.iter().map(|path| steps(schema, path)).collect();
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
        if let Some(reason) = self.action_reason(change) {
            entry.insert("action_reason".into(), reason.into());
        }
        entry.into()
    }

    fn entry(&self, address: &Address, change: Map<String, Json>) -> Map<String, Json> {
        let mut entry = identity(address);
        if let Some(from) = self.moved_from.get(address) {
            entry.insert("previous_address".into(), json!(from));
        }
        entry.insert("change".into(), change.into());
        entry
    }

    /// The differences between the state and the cloud.
    pub fn drift(&self) -> Vec<Json> {
        let mut entries = Vec::new();
        for drift in &self.plan.drift {
            let known_as = self.moved_from.get(&drift.address).copied().unwrap_or(&drift.address);
            let Some(recorded) = self.state.get(known_as) else { continue };
            let before = self.present(&drift.address, recorded);
            let found = self.current(&drift.address).filter(|_| !drift.gone);
            let after = found.map(|found| self.present(&drift.address, found));
            let actions: &[&str] = if after.is_some() { &["update"] } else { &["delete"] };
            let change = change_of(actions, Some(&before), after.as_ref());
            entries.push((place(&drift.address, None), self.entry(&drift.address, change).into()));
        }
        in_order(entries)
    }

    pub fn output_changes(&self) -> Map<String, Json> {
        let mut changes = Map::new();
        for (name, after) in &self.plan.outputs {
            let before = self.plan.recorded_outputs.get(name);
            let after = parts(&self.secrets.marked(after), schema::Place::UNKNOWN);
            let (unknown, sensitive) = (holds_true(&after.unknown), holds_true(&after.sensitive));
            // A secret is never recorded, so nobody can tell whether it is new.
            let hidden = before.is_none() && sensitive && self.plan.lineage.is_some();
            let action = match before {
                None if hidden && unknown => "update",
                None if hidden => "no-op",
                None => "create",
                Some(before) if after.value.as_ref() == Some(before) && !unknown => "no-op",
                Some(_) => "update",
            };
            let before = before.cloned().or_else(|| hidden.then(|| SENSITIVE.into()));
            let mut change = Map::new();
            change.insert("actions".into(), json!([action]));
            change.insert("before".into(), before.unwrap_or(Json::Null));
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
                let before = parts(&Expr::Literal(before.clone()), schema::Place::UNKNOWN);
                let mut change = change_of(&["delete"], Some(&before), None);
                change.insert("after_unknown".into(), false.into());
                change.insert("before_sensitive".into(), holds_true(&before.sensitive).into());
                changes.insert(name.clone(), change.into());
            }
        }
        changes
    }

    /// The nodes with conditions, and whether they hold as far as known.
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
        let changes = self.plan.changes.iter().filter(|change| change.deposed.is_none());
        let changed = changes.filter_map(|change| Some((&change.address, self.after(change)?)));
        let unchanged = self.plan.unchanged.iter();
        let stay =
            unchanged.filter_map(|address| Some((address, self.present(address, self.current(address)?))));
        let planned = changed.chain(stay);
        let resources = planned
            .map(|(address, planned)| (place(address, None), self.resource(address, planned).into()))
            .collect();
        let outputs =
            self.plan.outputs.iter().map(|(name, value)| (name.clone(), output(&self.secrets.marked(value))));
        values(outputs.collect(), in_order(resources))
    }

    /// The previous objects, with the answers of data sources and the imported objects.
    pub fn prior_state(&self) -> Json {
        let mut resources: Vec<(Place, Json)> = Vec::new();
        for (key, known) in &self.objects {
            let mut resource = recorded(key, self.resource_type(&key.address), known);
            if let Some(Json::Array(addresses)) = resource.get_mut("depends_on") {
                let present =
                    |address: &Address| self.moved_to.get(address).copied().unwrap_or(address).clone();
                *addresses = known.depends_on.iter().map(|address| json!(present(address))).collect();
            }
            resources.push((place(&key.address, key.deposed.as_ref()), resource.into()));
        }
        for answer in &self.plan.answers {
            let arguments = Expr::Literal(answer.arguments.clone());
            let known = self.resource_type(&answer.address);
            let answered = object(known, &arguments, None, Attributes::Known(&answer.attributes));
            resources.push((place(&answer.address, None), self.resource(&answer.address, answered).into()));
        }
        for change in self.plan.changes.iter().filter(|change| change.kind == ChangeKind::Adopt) {
            if let (None, Some(before)) = (self.current(&change.address), self.before(change)) {
                resources.push((place(&change.address, None), self.resource(&change.address, before).into()));
            }
        }
        state_json(&self.plan.recorded_outputs, in_order(resources))
    }

    fn resource(&self, address: &Address, parts: Parts) -> Map<String, Json> {
        resource(address, self.resource_type(address), parts, &[])
    }

    fn action_reason(&self, change: &Change) -> Option<&'static str> {
        Some(match &change.reason {
            Reason::Immutable(_) | Reason::NoUpdate | Reason::Provider { .. } => {
                "replace_because_cannot_update"
            }
            Reason::Tainted => "replace_because_tainted",
            Reason::Asked => "replace_by_request",
            Reason::Triggered(_) | Reason::Due(_) => "replace_by_triggers",
            Reason::Removed | Reason::Retained if self.plan.destroy => return None,
            Reason::NotDeclared | Reason::Retained if self.moved_from.contains_key(&change.address) => {
                "delete_because_no_move_target"
            }
            Reason::NotDeclared | Reason::Removed | Reason::Retained => "delete_because_no_resource_config",
            Reason::Unknown => "read_because_config_unknown",
            Reason::Waits(_) => "read_because_dependency_pending",
            Reason::New
            | Reason::Vanished
            | Reason::Differs
            | Reason::Destroy
            | Reason::Import(_)
            | Reason::Deposed => return None,
        })
    }
}

/// The position of a resource in Terraform's lists: data sources first, and an object that a replacement left behind
/// after its successor.
pub(super) type Place = (bool, String, String, Option<Token>);

pub(super) fn place(address: &Address, deposed: Option<&Token>) -> Place {
    let (type_name, name) = (address.type_name().bare().to_owned(), address.name().to_owned());
    (!address.is_data(), type_name, name, deposed.cloned())
}

/// The values at these places, in their order.
pub(super) fn in_order(mut entries: Vec<(Place, Json)>) -> Vec<Json> {
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// A recorded object as a resource of a state.
pub(super) fn recorded(
    key: &ObjectKey,
    resource_type: Option<&ResourceType>,
    recorded: &ObjectState,
) -> Map<String, Json> {
    let present = present(resource_type, recorded);
    let mut resource = resource(&key.address, resource_type, present, &recorded.depends_on);
    if recorded.tainted {
        resource.insert("tainted".into(), true.into());
    }
    if let Some(token) = &key.deposed {
        resource.insert("deposed_key".into(), json!(token));
    }
    resource
}

/// A state of these resources.
pub(super) fn state_json(outputs: &Map<String, Json>, resources: Vec<Json>) -> Json {
    let outputs = outputs.iter();
    let outputs = outputs.map(|(name, value)| (name.clone(), output(&Expr::Literal(value.clone()))));
    let values = values(outputs.collect(), resources);
    json!({ "format_version": "1.0", "terraform_version": TERRAFORM, "values": values })
}

/// Outputs and resources; Terraform leaves out what is empty.
fn values(outputs: Map<String, Json>, resources: Vec<Json>) -> Json {
    let mut values = Map::new();
    if !outputs.is_empty() {
        values.insert("outputs".into(), outputs.into());
    }
    let root = if resources.is_empty() { json!({}) } else { json!({ "resources": resources }) };
    values.insert("root_module".into(), root);
    values.into()
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
    let open = after.map(|parts| &parts.unknown).filter(|unknown| holds_true(unknown));
    change.insert("after_unknown".into(), open.cloned().unwrap_or_else(|| json!({})));
    change.insert("before_sensitive".into(), sensitive(before));
    change.insert("after_sensitive".into(), sensitive(after));
    change
}

fn output(value: &Expr) -> Json {
    let parts = parts(value, schema::Place::UNKNOWN);
    let mut output = Map::new();
    output.insert("sensitive".into(), holds_true(&parts.sensitive).into());
    if let (Some(value), false) = (parts.value, holds_true(&parts.unknown)) {
        output.insert("type".into(), type_of(&value));
        output.insert("value".into(), value);
    }
    output.into()
}

/// The type of a value, in Terraform's JSON form of types.
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
