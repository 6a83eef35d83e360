//! Which node of the stack opens which provider. Opens the providers whose configuration is known. Only reads.

use std::{collections::HashMap, sync::Arc};

use landform_core::{
    Node, Problem, ProblemKind,
    expr::{Expr, Reference, Resolved},
    graph::{Dependencies, EdgeReason},
};

use super::{lookup::Lookup, view::View};
use crate::{
    EngineError, Result,
    answer::{Present, ask},
    calls::Heard,
    journal::State,
    plan::Configuration,
    registry::{Asked, Registry},
    seal::Sealer,
};

/// The name of the operation, for errors of a provider that does not open.
pub(crate) const OPENING: &str = "opening the provider";

/// The indices of the nodes that open providers, by the name of the provider.
#[derive(Default)]
pub(crate) struct Configured(HashMap<Arc<str>, usize>);

impl Configured {
    /// Finds these nodes, and makes every node wait for the one that opens its provider.
    ///
    /// # Errors
    /// A provider has no configuration, has several, or is configured by a node that it manages itself.
    pub(crate) fn find<'a>(
        dependencies: Dependencies<'a>,
        registry: &Registry,
    ) -> Result<(Self, Dependencies<'a>)> {
        let mut configured = Self::default();
        if !registry.opens() {
            return Ok((configured, dependencies));
        }
        let (mut wrong, mut waits) = (Vec::new(), Vec::new());
        for (index, node) in dependencies.nodes().enumerate() {
            let Some(asked) = registry.source_for(node).filter(|asked| asked.opens()) else { continue };
            if let Some(other) = configured.0.insert(asked.provider.clone(), index) {
                let other = &dependencies.node(other).address;
                let message = format!("it configures the provider {}, and so does {other}", asked.provider);
                wrong.push(EngineError::Contradiction { address: node.address.clone(), message });
            }
        }
        for (index, node) in dependencies.nodes().enumerate() {
            let Some((provider, configuration)) = registry.opening_of(node) else { continue };
            match configured.0.get(&provider) {
                Some(of) if *of == index => {}
                Some(of) => waits.push((index, *of, EdgeReason::Provider)),
                None => {
                    let (address, provider) = (node.address.clone(), provider.to_string());
                    wrong.push(EngineError::NotConfigured { address, provider, configuration });
                }
            }
        }
        EngineError::all(wrong)?;
        let cyclic = |cycle| EngineError::Stack(Problem::new(ProblemKind::Cycle(cycle)).into());
        Ok((configured, dependencies.with(waits).map_err(cyclic)?))
    }

    /// The node that opens the provider of another node.
    pub(crate) fn node<'a>(
        &self,
        dependencies: &Dependencies<'a>,
        registry: &Registry,
        node: &Node,
    ) -> Option<&'a Node> {
        if self.0.is_empty() {
            return None;
        }
        let (provider, _) = registry.opening_of(node)?;
        let opens = dependencies.node(*self.0.get(&provider)?);
        (opens.address != node.address).then_some(opens)
    }

    /// Whether a provider is configured here.
    pub(crate) fn has(&self, provider: &str) -> bool {
        self.0.contains_key(provider)
    }

    /// Opens the providers whose configuration follows from the state. Leaves a configuration that cannot be resolved
    /// yet for later. Also leaves one that fails, unless `must` is set.
    pub(crate) async fn open(
        &self,
        dependencies: &Dependencies<'_>,
        registry: &Registry,
        state: &State,
        heard: Heard<'_>,
        must: bool,
    ) -> Result<Vec<Configuration>> {
        let mut opened = Vec::new();
        for index in self.0.values() {
            let node = dependencies.node(*index);
            let Some(asked) = registry.source_for(node) else { continue };
            let Ok(arguments) = recorded(node, registry, state, heard) else { continue };
            let configuration =
                Configuration::new(node, asked, asked.resource_type.arguments.complete(arguments));
            if !configuration.arguments.is_known() {
                continue;
            }
            match open(&configuration, asked, &Sealer::new(state.lineage(), heard.vault), heard).await {
                Ok(()) => opened.push(configuration),
                Err(error) if must => return Err(error),
                Err(_) => {}
            }
        }
        Ok(opened)
    }
}

/// The configurations of a plan. The latest one of each node counts.
pub(super) fn latest(first: Vec<Configuration>, last: Vec<Configuration>) -> Vec<Configuration> {
    let older = first.into_iter().filter(|one| last.iter().all(|other| other.address != one.address));
    let mut all: Vec<Configuration> = older.collect();
    all.extend(last);
    all
}

/// Opens a provider.
pub(crate) async fn open(
    configuration: &Configuration,
    asked: &Asked,
    sealer: &Sealer<'_>,
    heard: Heard<'_>,
) -> Result<()> {
    let calls = asked.calls(&configuration.address, configuration.budget, heard);
    let answer = ask(asked, &configuration.arguments, &calls, sealer).await;
    answer.map(drop).map_err(|error| EngineError::Provider {
        address: configuration.address.clone(),
        operation: OPENING,
        error,
    })
}

/// The arguments of a node, as far as they follow from the state.
fn recorded(
    node: &Node,
    registry: &Registry,
    state: &State,
    heard: Heard<'_>,
) -> std::result::Result<Expr, landform_core::expr::EvalError> {
    let lookup = Lookup::new(heard.vault, &node.arguments);
    node.arguments.resolve(&mut |reference: &Reference| {
        let object = state.get(&reference.node).cloned();
        match (registry.resource_type(reference.node.type_str()), object) {
            (Some(known), Some(object)) => {
                lookup.see(&View::new(known, None, Some(Present::Object(object)), false), reference)
            }
            _ => Resolved::Unknown,
        }
    })
}
