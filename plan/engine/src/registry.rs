//! The driver of each type and the reader of each data source, by the name of the provider. Built once per engine.

use std::{collections::HashMap, sync::Arc};

use landform_core::{
    Address, Budget, DataDriver, Driver, Error, Node, Provider, ProviderName, ResourceType, TypeName, suggest,
};
use tokio::sync::Semaphore;

use crate::{
    EngineError, Result,
    calls::{Calls, Heard, Terms},
    opening::Opening,
};

/// The drivers and data sources of all providers, by type.
#[derive(Clone, Default)]
pub(crate) struct Registry {
    managed: HashMap<TypeName, Offers<Managed>>,
    asked: HashMap<TypeName, Offers<Asked>>,
    /// The current names of renamed providers.
    renamed: HashMap<String, String>,
    /// How many calls of each provider are running, across all runs of the engine.
    permits: HashMap<Arc<str>, Arc<Semaphore>>,
    /// Whether any driver takes part in planning, and whether any type has deprecated fields.
    forecasts: bool,
    deprecates: bool,
    /// The announced providers that each run opens for itself.
    announced: Vec<Provider>,
    budget: Budget,
}

/// The driver of one type, and what belongs to it.
#[derive(Clone)]
pub(crate) struct Managed {
    /// The name of the provider, as recorded with each object.
    pub provider: Arc<str>,
    /// The driver.
    pub driver: Arc<dyn Driver>,
    /// The type.
    pub resource_type: Arc<ResourceType>,
    /// Whether any argument or attribute is secret.
    pub secret: bool,
    /// Whether any argument has more than one spelling.
    pub spelled: bool,
    /// Whether any attribute is stored only in the state.
    pub keeps_attributes: bool,
    /// The terms on which the provider is called.
    pub terms: Terms,
    /// Opens the provider, if it needs a configuration.
    pub opening: Option<Arc<Opening>>,
}

impl Managed {
    /// Whether the provider can be called now.
    pub(crate) fn is_open(&self) -> bool {
        self.opening.as_ref().is_none_or(|opening| opening.is_open())
    }

    /// The calls for a node.
    pub(crate) fn calls<'a>(&'a self, address: &'a Address, budget: Budget, heard: Heard<'a>) -> Calls<'a> {
        Calls::new(&self.terms, self.resource_type.name_str(), address, budget, heard)
    }

    /// The error for an import of a type without imports.
    pub(crate) fn cannot_import(&self) -> Error {
        Error::unsupported(self.resource_type.name_str(), "be imported by its id")
    }
}

/// One data source, and what belongs to it.
#[derive(Clone)]
pub(crate) struct Asked {
    /// The provider's name.
    pub provider: Arc<str>,
    /// Its driver.
    pub driver: Arc<dyn DataDriver>,
    /// Its type.
    pub resource_type: Arc<ResourceType>,
    /// The terms on which the provider is called.
    pub terms: Terms,
    /// Opens the provider, if it needs a configuration.
    pub opening: Option<Arc<Opening>>,
}

impl Asked {
    /// Whether reading it opens its provider.
    pub(crate) fn opens(&self) -> bool {
        self.opening.as_ref().is_some_and(|opening| Arc::ptr_eq(opening.configuration(), &self.resource_type))
    }

    /// The calls for a node.
    pub(crate) fn calls<'a>(&'a self, address: &'a Address, budget: Budget, heard: Heard<'a>) -> Calls<'a> {
        Calls::new(&self.terms, self.resource_type.name_str(), address, budget, heard)
    }
}

/// The offers of one type, each under the name of its provider.
type Offers<T> = Vec<(Arc<str>, T)>;

impl Registry {
    pub(crate) fn new(providers: &[Provider], renamed: HashMap<String, String>, budget: Budget) -> Self {
        let announced = providers.iter().filter(|provider| provider.opener().is_some()).cloned().collect();
        let mut registry = Self { renamed, announced, budget, ..Self::default() };
        for provider in providers {
            // The latest offer counts, and so does its limit.
            registry.permits.remove(provider.name());
            registry.offer(provider);
        }
        registry
    }

    /// The registry of one run, which opens providers with a configuration for itself. `None` if there are none.
    pub(crate) fn of_a_run(&self) -> Option<Self> {
        if self.announced.is_empty() {
            return None;
        }
        let mut registry = self.clone();
        for provider in &self.announced {
            registry.offer(provider);
        }
        Some(registry)
    }

    fn offer(&mut self, provider: &Provider) {
        let (opening, waiting) = Opening::of(provider).unzip();
        let provider = waiting.as_ref().unwrap_or(provider);
        let name: Arc<str> = provider.name().into();
        let permits = self.permits.entry(name.clone()).or_insert_with(|| permits(provider)).clone();
        let terms = Terms { provider: name.clone(), permits, budget: provider.budget().or(self.budget) };
        for driver in provider.drivers() {
            let resource_type = driver.resource_type().clone();
            let secret = resource_type.arguments.holds_secrets() || resource_type.attributes.holds_secrets();
            let spelled = resource_type.arguments.has_spellings();
            let (driver, terms, provider) = (driver.clone(), terms.clone(), name.clone());
            self.forecasts |= driver.abilities().forecast;
            self.deprecates |= deprecates(&resource_type);
            let offers = self.managed.entry(resource_type.name.clone()).or_default();
            let opening = opening.clone();
            let keeps_attributes = resource_type.attributes.has_unseen();
            let managed = Managed {
                provider,
                driver,
                resource_type,
                secret,
                spelled,
                keeps_attributes,
                terms,
                opening,
            };
            offer(offers, &name, managed);
        }
        for driver in provider.data_drivers() {
            let resource_type = driver.resource_type().clone();
            let (driver, terms, provider) = (driver.clone(), terms.clone(), name.clone());
            self.deprecates |= deprecates(&resource_type);
            let offers = self.asked.entry(resource_type.name.clone()).or_default();
            let opening = opening.clone();
            offer(offers, &name, Asked { provider, driver, resource_type, terms, opening });
        }
    }

    /// Whether a provider may take part in planning a node.
    pub(crate) fn forecasts(&self, node: &Node) -> bool {
        self.forecasts && self.for_node(node).is_some_and(|managed| managed.driver.abilities().forecast)
    }

    /// Whether any type has deprecated fields.
    pub(crate) fn deprecates(&self) -> bool {
        self.deprecates
    }

    /// Whether any provider needs a configuration.
    pub(crate) fn opens(&self) -> bool {
        !self.announced.is_empty()
    }

    /// The provider of a node and its configuration; `None` if it needs no configuration.
    pub(crate) fn opening_of(&self, node: &Node) -> Option<(Arc<str>, TypeName)> {
        let (provider, opening) = match node.address.is_data() {
            true => self.source_for(node).map(|asked| (&asked.provider, &asked.opening))?,
            false => self.for_node(node).map(|managed| (&managed.provider, &managed.opening))?,
        };
        let opening = opening.as_ref()?;
        Some((provider.clone(), opening.configuration().name.clone()))
    }

    /// The driver for objects that are recorded or planned with a provider.
    pub(crate) fn of(&self, type_name: &str, provider: &str) -> Option<&Managed> {
        by_name(self.managed.get(type_name)?, self.present(provider))
    }

    /// The data source for reads that are planned with a provider.
    pub(crate) fn source_of(&self, type_name: &str, provider: &str) -> Option<&Asked> {
        by_name(self.asked.get(type_name)?, self.present(provider))
    }

    /// The provider of a node.
    pub(crate) fn for_node(&self, node: &Node) -> Option<&Managed> {
        wanted(self.managed.get(node.address.type_str())?, node.provider.as_ref())
    }

    /// The driver for an address if no provider is named.
    pub(crate) fn usual(&self, address: &Address) -> Result<&Managed> {
        let managed = self.managed.get(address.type_str()).and_then(|offers| wanted(offers, None));
        managed.ok_or_else(|| self.missing(address, address.type_str(), None))
    }

    /// The data source for a node.
    pub(crate) fn source_for(&self, node: &Node) -> Option<&Asked> {
        wanted(self.asked.get(node.address.type_str())?, node.provider.as_ref())
    }

    /// A type of any provider.
    pub(crate) fn resource_type(&self, type_name: &str) -> Option<&Arc<ResourceType>> {
        let managed = self.managed.get(type_name).and_then(|offers| offers.first());
        let asked = || self.asked.get(type_name).and_then(|offers| offers.first());
        managed.map(|(_, it)| &it.resource_type).or_else(|| asked().map(|(_, it)| &it.resource_type))
    }

    /// The current name of a provider.
    pub(crate) fn present<'a>(&'a self, provider: &'a str) -> &'a str {
        if self.renamed.is_empty() {
            return provider;
        }
        self.renamed.get(provider).map_or(provider, String::as_str)
    }

    /// Refuses a node without a driver or data source.
    pub(crate) fn check_node(&self, node: &Node) -> Result<()> {
        match node.address.is_data() {
            true => self.answering(node).map(drop),
            false => self.managed(node).map(drop),
        }
    }

    /// Like [`Registry::for_node`], or an error if there is none.
    pub(crate) fn managed(&self, node: &Node) -> Result<&Managed> {
        self.for_node(node).ok_or_else(|| self.missing_for(node))
    }

    /// Like [`Registry::source_for`], or an error if there is none.
    pub(crate) fn answering(&self, node: &Node) -> Result<&Asked> {
        self.source_for(node).ok_or_else(|| self.missing_for(node))
    }

    fn missing_for(&self, node: &Node) -> EngineError {
        let provider = node.provider.as_ref().map(ProviderName::as_str);
        self.missing(&node.address, node.address.type_str(), provider)
    }

    /// Refuses objects of a missing provider.
    pub(crate) fn check(&self, address: &Address, type_name: &str, provider: &str) -> Result<()> {
        if self.of(type_name, provider).is_some() || self.source_of(type_name, provider).is_some() {
            return Ok(());
        }
        Err(self.missing(address, type_name, Some(provider)))
    }

    fn missing(&self, address: &Address, type_name: &str, provider: Option<&str>) -> EngineError {
        let managed = self.managed.get(type_name).into_iter().flatten().map(|(name, _)| name);
        let asked = self.asked.get(type_name).into_iter().flatten().map(|(name, _)| name);
        let offered: Vec<String> = managed.chain(asked).map(|name| name.to_string()).collect();
        if offered.is_empty() {
            let known = self.managed.keys().chain(self.asked.keys()).map(TypeName::as_str);
            let near = suggest::nearest(type_name, known).map(str::to_owned);
            return EngineError::NoProvider { address: address.clone(), near };
        }
        EngineError::WhichProvider {
            address: address.clone(),
            provider: provider.map(str::to_owned),
            offered,
        }
    }
}

/// Whether a type has deprecated fields.
pub(crate) fn deprecates(resource_type: &ResourceType) -> bool {
    resource_type.arguments.any(&mut |place| place.field().is_some_and(|field| field.deprecated.is_some()))
}

/// How many calls a provider accepts at a time.
fn permits(provider: &Provider) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(provider.concurrency().min(Semaphore::MAX_PERMITS)))
}

/// If a provider offers a type twice, the last offer counts.
fn offer<T>(offers: &mut Offers<T>, name: &Arc<str>, offered: T) {
    offers.retain(|(other, _)| other != name);
    offers.push((name.clone(), offered));
}

fn by_name<'a, T>(offers: &'a Offers<T>, name: &str) -> Option<&'a T> {
    offers.iter().find(|(offered, _)| **offered == *name).map(|(_, offer)| offer)
}

/// The named provider. Without a name, the provider without an alias that was added last, or the only one.
fn wanted<'a, T>(offers: &'a Offers<T>, name: Option<&ProviderName>) -> Option<&'a T> {
    if let Some(name) = name {
        return by_name(offers, name.as_str());
    }
    let usual = offers.iter().rev().find(|(name, _)| !name.contains('.'));
    let only = || offers.first().filter(|_| offers.len() == 1);
    usual.or_else(only).map(|(_, offer)| offer)
}
