//! What references see while planning: each node as it will be, as far as known.

use std::sync::OnceLock;

use landform_core::{
    Forecast, ResourceType,
    expr::{Expr, Reference, Resolved},
};
use serde_json::Value as Json;

use crate::{
    answer::Present,
    seal::{self, Vault},
};

/// One node as it will be.
pub(crate) struct View<'a> {
    pub resource_type: &'a ResourceType,
    /// The arguments as planned. `None` if they are as recorded.
    pub arguments: Option<Expr>,
    /// What exists and stays, or what a data source answered. `None` if it is still to be made or read.
    pub present: Option<Present>,
    /// Whether the object is being changed in place, which makes volatile attributes unknown.
    pub changing: bool,
    /// The provider's prediction of the change.
    forecast: Option<Box<Forecast>>,
    attributes: OnceLock<Json>,
    recorded: OnceLock<Json>,
}

impl<'a> View<'a> {
    pub fn new(
        resource_type: &'a ResourceType,
        arguments: Option<Expr>,
        present: Option<Present>,
        changing: bool,
    ) -> Self {
        Self {
            resource_type,
            arguments,
            present,
            changing,
            forecast: None,
            attributes: OnceLock::new(),
            recorded: OnceLock::new(),
        }
    }

    /// The same node with the provider's prediction of its change.
    pub fn foreseen(self, forecast: Option<Forecast>) -> Self {
        Self { forecast: forecast.map(Box::new), ..self }
    }

    /// The value that a reference to this node finds. The vault knows the content of secrets.
    pub fn resolve(&self, reference: &Reference, vault: &Vault) -> Resolved {
        let path = &reference.path;
        if let Some(foreseen) = self.forecast.as_ref().and_then(|forecast| forecast.look(path)) {
            return foreseen;
        }
        if let Some(place) = self.resource_type.attributes.place(path) {
            let Some(present) = &self.present else { return Resolved::Unknown };
            if self.changing && place.is_volatile() {
                return Resolved::Unknown;
            }
            let attributes =
                self.attributes.get_or_init(|| present.attributes().value().unwrap_or(Json::Null));
            return seal::find(attributes, path, place.is_secret(), vault);
        }
        let Some(place) = self.resource_type.arguments.place(path) else { return Resolved::Unknown };
        match self.arguments.as_ref().and_then(|arguments| arguments.at(path)) {
            Some(Resolved::Known(value)) if place.is_secret() => Resolved::Secret(value),
            Some(planned) => planned,
            None => match &self.present {
                Some(present) => {
                    let recorded =
                        self.recorded.get_or_init(|| present.arguments().value().unwrap_or(Json::Null));
                    seal::find(recorded, path, false, vault)
                }
                None if place.is_computed() => Resolved::Unknown,
                None => Resolved::Known(Json::Null),
            },
        }
    }
}
