//! Which driver manages a type, and for which provider. Built once per engine.

use std::{collections::HashMap, sync::Arc};

use landform_core::{Driver, Provider, ResourceType};
use tokio::sync::Semaphore;

/// The drivers of all providers, by type.
#[derive(Default)]
pub(crate) struct Registry {
    by_type: HashMap<&'static str, Managed>,
}

/// One type's driver and what goes with it.
pub(crate) struct Managed {
    /// The provider's name, as recorded with each object.
    pub provider: Arc<str>,
    /// The driver.
    pub driver: Arc<dyn Driver>,
    /// The type.
    pub resource_type: &'static ResourceType,
    /// Whether any argument or attribute is secret.
    pub secret: bool,
    /// How many calls the provider takes at a time.
    pub calls: Arc<Semaphore>,
}

impl Registry {
    pub(crate) fn new(providers: &[Provider]) -> Self {
        let mut by_type = HashMap::new();
        for provider in providers {
            let name: Arc<str> = provider.name().into();
            let calls = Arc::new(Semaphore::new(provider.concurrency().min(Semaphore::MAX_PERMITS)));
            for resource_type in provider.types() {
                let Some(driver) = provider.driver(resource_type.name_str()) else { continue };
                let secret =
                    resource_type.arguments.holds_secrets() || resource_type.attributes.holds_secrets();
                by_type.insert(
                    resource_type.name_str(),
                    Managed {
                        provider: name.clone(),
                        driver: driver.clone(),
                        resource_type,
                        secret,
                        calls: calls.clone(),
                    },
                );
            }
        }
        Self { by_type }
    }

    pub(crate) fn get(&self, type_name: &str) -> Option<&Managed> {
        self.by_type.get(type_name)
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.by_type.keys().copied()
    }
}
