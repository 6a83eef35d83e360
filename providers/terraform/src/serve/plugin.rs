//! The answers of a served provider, call by call. Knows the meaning of the calls, and not how they travel.

mod change;
mod configure;
mod identity;
mod read;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use landform_core::{Budget, DataDriver, Provider, ResourceType};
use tokio::sync::watch;

use super::{
    log,
    reads::Reads,
    served::{Managed, Served},
};
use crate::{
    diagnostics::Problem,
    form,
    shape::{Block, Shape},
    value::Type,
    wire::{self, ServerCapabilities, schema::Types},
};

/// A provider that is served.
pub(super) struct Plugin {
    announced: Provider,
    opened: RwLock<Opened>,
    resources: BTreeMap<String, Served>,
    sources: BTreeMap<String, Served>,
    configuration: Configuration,
    reads: Reads,
    stop: watch::Sender<bool>,
}

/// The provider's configuration as Terraform sees it.
struct Configuration {
    resource_type: Option<Arc<ResourceType>>,
    block: Block,
    kind: Type,
}

/// Whether the provider can be called.
enum Opened {
    /// It was never configured.
    No,
    /// Its configuration holds values that are known later.
    Later,
    Yes(Provider),
}

/// The result of a call.
type Answer<T> = Result<T, Problem>;

impl Plugin {
    /// # Errors
    /// A type cannot be written in Terraform's language. The text says which.
    pub(super) fn new(provider: Provider) -> Result<Self, String> {
        let served = |types: Vec<&Arc<ResourceType>>| {
            let each = |known: &&Arc<ResourceType>| Ok((known.name.bare().to_owned(), Served::new(known)?));
            types.iter().map(each).collect::<Result<BTreeMap<_, _>, String>>()
        };
        let resources = served(provider.types().collect())?;
        let sources = served(provider.data_drivers().map(|driver| driver.resource_type()).collect())?;
        let resource_type = provider.opener().map(|opener| opener.resource_type().clone());
        let block = match &resource_type {
            Some(known) => form::configuration(&known.arguments)
                .map_err(|error| format!("the configuration: {error}"))?,
            None => Block::default(),
        };
        let opened = match resource_type {
            Some(_) => Opened::No,
            None => Opened::Yes(provider.clone()),
        };
        let kind = block.value_type();
        Ok(Self {
            announced: provider,
            opened: RwLock::new(opened),
            resources,
            sources,
            configuration: Configuration { resource_type, block, kind },
            reads: Reads::default(),
            stop: watch::Sender::new(false),
        })
    }

    /// All types.
    pub(super) fn types(&self) -> Types {
        let shapes = |types: &BTreeMap<String, Served>| {
            types.iter().map(|(name, served)| (name.clone(), (*served.shape).clone())).collect()
        };
        Types {
            provider: Shape { version: 0, block: self.configuration.block.clone() },
            resources: shapes(&self.resources),
            data_sources: shapes(&self.sources),
            diagnostics: Vec::new(),
            capabilities: capabilities(),
        }
    }

    /// The names of all types.
    pub(super) fn metadata(&self) -> wire::Metadata {
        let names = |types: &BTreeMap<String, Served>| {
            types.keys().map(|name| wire::Named { name: name.clone() }).collect()
        };
        wire::Metadata {
            capabilities: Some(capabilities()),
            diagnostics: Vec::new(),
            data_sources: names(&self.sources),
            resources: names(&self.resources),
        }
    }

    /// Asks running operations to end as soon as nothing can be lost.
    pub(super) fn stop(&self) {
        log::line(log::Level::Info, "asked to stop");
        self.stop.send_replace(true);
    }

    fn resource(&self, name: &str) -> Answer<&Served> {
        self.resources.get(name).ok_or_else(|| no_type(name))
    }

    fn source(&self, name: &str) -> Answer<&Served> {
        self.sources.get(name).ok_or_else(|| no_type(&format!("data.{name}")))
    }

    /// The driver of a type; `None` as long as the configuration of the provider is not known.
    fn open(&self, name: &str) -> Answer<Option<Managed>> {
        let served = self.resource(name)?.clone();
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        match &*opened {
            Opened::Yes(provider) => {
                let driver = provider.driver(name).cloned().ok_or_else(|| not_offered(name))?;
                Ok(Some(Managed { served, driver }))
            }
            Opened::Later => Ok(None),
            Opened::No => {
                Err(Problem::new("The provider is not configured", "Terraform sent no configuration."))
            }
        }
    }

    fn data_driver(&self, known: &ResourceType) -> Answer<Arc<dyn DataDriver>> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        match &*opened {
            Opened::Yes(provider) => {
                provider.data(known.name_str()).cloned().ok_or_else(|| not_offered(known.name_str()))
            }
            Opened::Later | Opened::No => Err(not_open()),
        }
    }

    fn budget(&self) -> Budget {
        match &*self.opened.read().unwrap_or_else(PoisonError::into_inner) {
            Opened::Yes(provider) => provider.budget(),
            Opened::No | Opened::Later => self.announced.budget(),
        }
    }
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities { plan_destroy: false, get_provider_schema_optional: true, move_resource_state: true }
}

fn no_type(name: &str) -> Problem {
    Problem::new("No such type", format!("This provider has no type {name}."))
}

/// The plugin has the type, but the provider that was opened does not offer it.
fn not_offered(name: &str) -> Problem {
    let detail = format!("The configuration of the provider does not open the service of {name}.");
    Problem::new("The provider is not configured for this type", detail)
}

fn not_open() -> Problem {
    Problem::new(
        "The provider is not configured yet",
        "Its configuration depends on values that are known only after an apply.",
    )
}
