//! The final checks: missing providers, lifecycle rules, policies. Reports all refusals at once.

use std::collections::HashSet;

use landform_core::Address;

use super::{Context, coexist::clash};
use crate::{
    EngineError, Result,
    error::CreateFirst,
    journal::{ObjectKey, ObjectState},
    plan::{Change, ChangeKind, Reason, ReplaceOrder},
};

/// Everything in the stack and in the state needs its provider before any call. An object to forget needs none.
pub(super) fn check_providers(context: &Context<'_>) -> Result<()> {
    let (mut missing, mut unknown) = (Vec::new(), HashSet::new());
    // One node is enough to report a type without a provider, or a missing provider.
    let mut note = |type_name: &str, error: Option<EngineError>| {
        let what = match &error {
            Some(EngineError::WhichProvider { provider: Some(provider), .. }) => provider,
            _ => type_name,
        };
        if error.is_some() && unknown.insert(what.to_owned()) {
            missing.extend(error);
        }
    };
    let mut declared = HashSet::new();
    for node in context.stack.nodes() {
        if declared.insert((node.address.type_str(), node.provider.as_ref())) {
            note(node.address.type_str(), context.registry.check_node(node).err());
        }
    }
    let mut recorded = HashSet::new();
    for (key, object) in context.state.unordered() {
        let (type_name, provider) = (object.type_name.as_str(), object.provider.as_str());
        if !is_forgotten(context, &key, object) && recorded.insert((type_name, provider)) {
            note(type_name, context.registry.check(&key.address, type_name, provider).err());
            note(type_name, not_configured(context, &key.address, type_name, provider));
        }
    }
    EngineError::all(missing)
}

/// Objects of a provider with a configuration cannot be deleted without that configuration.
fn not_configured(
    context: &Context<'_>,
    address: &Address,
    type_name: &str,
    provider: &str,
) -> Option<EngineError> {
    let managed = context.registry.of(type_name, provider)?;
    let configuration = managed.opening.as_ref()?.configuration().name.clone();
    let (address, provider) = (address.clone(), String::from(&*managed.provider));
    (!context.configured.has(&provider)).then_some(EngineError::NotConfigured {
        address,
        provider,
        configuration,
    })
}

fn is_forgotten(context: &Context<'_>, key: &ObjectKey, object: &ObjectState) -> bool {
    let declared = || context.stack.node(key.address.as_str()).is_some();
    let leaves = || context.options.destroy || key.deposed.is_some() || !declared();
    context.removed.contains(&key.address) || (object.retain_on_delete && leaves())
}

/// Every change that lifecycle rules or policies refuse.
pub(super) fn refused(context: &Context<'_>, changes: &[Change]) -> Vec<EngineError> {
    let mut refused = Vec::new();
    for change in changes {
        if is_protected(context, change) {
            refused.push(EngineError::Prevented {
                address: change.address.clone(),
                kind: change.kind,
                reason: change.reason.to_string(),
            });
        }
        for policy in &context.options.policies {
            if let Err(message) = policy(change) {
                refused.push(EngineError::Refused { address: change.address.clone(), message });
            }
        }
    }
    refused
}

/// Whether a plan would destroy a node that must not be destroyed. An object that a replacement left behind may be
/// deleted, unless it is the only one of the node.
fn is_protected(context: &Context<'_>, change: &Change) -> bool {
    let node = context.stack.node(change.address.as_str());
    if !node.is_some_and(|node| node.lifecycle.prevent_destroy) {
        return false;
    }
    match change.kind {
        ChangeKind::Replace(_) => true,
        ChangeKind::Delete if change.deposed.is_some() => {
            context.state.get(&change.address).is_none_or(|current| current.tainted)
        }
        ChangeKind::Delete => true,
        _ => false,
    }
}

/// Every replacement that would create the new object beside an old one that leaves no room for it.
pub(super) fn crowded(context: &Context<'_>, changes: &[Change]) -> Vec<EngineError> {
    let crowded = changes.iter().filter_map(|change| {
        // Another provider can hold a separate object.
        let elsewhere = matches!(change.reason, Reason::Provider { .. });
        if change.kind != ChangeKind::Replace(ReplaceOrder::CreateFirst) || elsewhere {
            return None;
        }
        let fields = clash(context.registry.resource_type(change.type_name.as_str())?, change)?;
        let lifecycle = &context.stack.node(change.address.as_str())?.lifecycle;
        let because = match (lifecycle.create_before_destroy, lifecycle.retain_on_delete) {
            (true, _) => CreateFirst::Declared,
            (false, true) => CreateFirst::Retained,
            (false, false) => CreateFirst::Needed,
        };
        Some(EngineError::CannotCoexist { address: change.address.clone(), fields, because })
    });
    crowded.collect()
}
