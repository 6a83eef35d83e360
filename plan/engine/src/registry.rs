//! Who manages a type and who answers a data source, by the provider's name. Built once per engine.

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
    /// The present names of providers that had another one.
    renamed: HashMap<String, String>,
    /// How many calls of each provider are under way, over all runs of the engine.
    permits: HashMap<Arc<str>, Arc<Semaphore>>,
    /// Whether any driver has something to say of changes, and whether any type has fields that should not be used.
    forecasts: bool,
    deprecates: bool,
    /// What of the announced providers each run opens for itself.
    announced: Vec<Provider>,
    budget: Budget,
}

/// One type's driver and what goes with it.
#[derive(Clone)]
pub(crate) struct Managed {
    /// The provider's name, as recorded with each object.
    pub provider: Arc<str>,
    /// The driver.
    pub driver: Arc<dyn Driver>,
    /// The type.
    pub resource_type: Arc<ResourceType>,
    /// Whether any argument or attribute is secret.
    pub secret: bool,
    /// Whether any argument can be spelled in more than one way.
    pub spelled: bool,
    /// Whether any attribute is kept nowhere but in the record.
    pub keeps_attributes: bool,
    /// On which terms the provider is called.
    pub terms: Terms,
    /// The opening of the provider, if it needs one.
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

    /// What an import of a type that has none is answered.
    pub(crate) fn cannot_import(&self) -> Error {
        Error::unsupported(self.resource_type.name_str(), "be taken over by its id")
    }
}

/// One data source and what goes with it.
#[derive(Clone)]
pub(crate) struct Asked {
    /// The provider's name.
    pub provider: Arc<str>,
    /// Its driver.
    pub driver: Arc<dyn DataDriver>,
    /// Its type.
    pub resource_type: Arc<ResourceType>,
    /// On which terms the provider is called.
    pub terms: Terms,
    /// The opening of the provider, if it needs one.
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

/// What the providers offer of one type, each under its name.
type Offers<T> = Vec<(Arc<str>, T)>;

impl Registry {
    pub(crate) fn new(providers: &[Provider], renamed: HashMap<String, String>, budget: Budget) -> Self {
        let announced = providers.iter().filter(|provider| provider.opener().is_some()).cloned().collect();
        let mut registry = Self { renamed, announced, budget, ..Self::default() };
        for provider in providers {
            // What is offered last counts, its limit too.
            registry.permits.remove(provider.name());
            registry.offer(provider);
        }
        registry
    }

    /// The registry of one run: providers that are opened with a configuration are opened by each run for itself. `None`
    /// if there are none.
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

    /// Whether a provider may have something to say of a change of a node.
    pub(crate) fn forecasts(&self, node: &Node) -> bool {
        self.forecasts && self.for_node(node).is_some_and(|managed| managed.driver.abilities().forecast)
    }

    /// Whether any type has fields that should not be used any more.
    pub(crate) fn deprecates(&self) -> bool {
        self.deprecates
    }

    /// Whether any provider is opened with a configuration.
    pub(crate) fn opens(&self) -> bool {
        !self.announced.is_empty()
    }

    /// The provider of a node, and with what it is opened; `None` if it needs no configuration.
    pub(crate) fn opening_of(&self, node: &Node) -> Option<(Arc<str>, TypeName)> {
        let (provider, opening) = match node.address.is_data() {
            true => self.source_for(node).map(|asked| (&asked.provider, &asked.opening))?,
            false => self.for_node(node).map(|managed| (&managed.provider, &managed.opening))?,
        };
        let opening = opening.as_ref()?;
        Some((provider.clone(), opening.configuration().name.clone()))
    }

    /// Who manages what is recorded or planned with a provider.
    pub(crate) fn of(&self, type_name: &str, provider: &str) -> Option<&Managed> {
        by_name(self.managed.get(type_name)?, self.present(provider))
    }

    /// Who answers what is planned to be read with a provider.
    pub(crate) fn source_of(&self, type_name: &str, provider: &str) -> Option<&Asked> {
        by_name(self.asked.get(type_name)?, self.present(provider))
    }

    /// Who manages a node.
    pub(crate) fn for_node(&self, node: &Node) -> Option<&Managed> {
        wanted(self.managed.get(node.address.type_str())?, node.provider.as_ref())
    }

    /// Who manages what stands at an address if nobody is named.
    pub(crate) fn usual(&self, address: &Address) -> Result<&Managed> {
        let managed = self.managed.get(address.type_str()).and_then(|offers| wanted(offers, None));
        managed.ok_or_else(|| self.missing(address, address.type_str(), None))
    }

    /// Who answers a node that is a data source.
    pub(crate) fn source_for(&self, node: &Node) -> Option<&Asked> {
        wanted(self.asked.get(node.address.type_str())?, node.provider.as_ref())
    }

    /// A type, whoever offers it.
    pub(crate) fn resource_type(&self, type_name: &str) -> Option<&Arc<ResourceType>> {
        let managed = self.managed.get(type_name).and_then(|offers| offers.first());
        let asked = || self.asked.get(type_name).and_then(|offers| offers.first());
        managed.map(|(_, it)| &it.resource_type).or_else(|| asked().map(|(_, it)| &it.resource_type))
    }

    /// The present name of a provider.
    pub(crate) fn present<'a>(&'a self, provider: &'a str) -> &'a str {
        if self.renamed.is_empty() {
            return provider;
        }
        self.renamed.get(provider).map_or(provider, String::as_str)
    }

    /// Refuses a node that nobody manages or answers.
    pub(crate) fn check_node(&self, node: &Node) -> Result<()> {
        match node.address.is_data() {
            true => self.answering(node).map(drop),
            false => self.managed(node).map(drop),
        }
    }

    /// As [`Registry::for_node`]; an error where nobody does.
    pub(crate) fn managed(&self, node: &Node) -> Result<&Managed> {
        self.for_node(node).ok_or_else(|| self.missing_for(node))
    }

    /// As [`Registry::source_for`]; an error where nobody does.
    pub(crate) fn answering(&self, node: &Node) -> Result<&Asked> {
        self.source_for(node).ok_or_else(|| self.missing_for(node))
    }

    fn missing_for(&self, node: &Node) -> EngineError {
        let provider = node.provider.as_ref().map(ProviderName::as_str);
        self.missing(&node.address, node.address.type_str(), provider)
    }

    /// Refuses what is recorded or planned with a provider that is not there.
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

/// Whether a type has fields that should not be used any more.
pub(crate) fn deprecates(resource_type: &ResourceType) -> bool {
    resource_type.arguments.any(&mut |place| place.field().is_some_and(|field| field.deprecated.is_some()))
}

/// How many calls a provider takes at a time.
fn permits(provider: &Provider) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(provider.concurrency().min(Semaphore::MAX_PERMITS)))
}

/// A type that a provider offers twice is offered as it was the last time.
fn offer<T>(offers: &mut Offers<T>, name: &Arc<str>, offered: T) {
    offers.retain(|(other, _)| other != name);
    offers.push((name.clone(), offered));
}

fn by_name<'a, T>(offers: &'a Offers<T>, name: &str) -> Option<&'a T> {
    offers.iter().find(|(offered, _)| **offered == *name).map(|(_, offer)| offer)
}

/// The one that is named; where none is, the one without an alias that was added last, or the only one.
fn wanted<'a, T>(offers: &'a Offers<T>, name: Option<&ProviderName>) -> Option<&'a T> {
    if let Some(name) = name {
        return by_name(offers, name.as_str());
    }
    let usual = offers.iter().rev().find(|(name, _)| !name.contains('.'));
    let only = || offers.first().filter(|_| offers.len() == 1);
    usual.or_else(only).map(|(_, offer)| offer)
}
