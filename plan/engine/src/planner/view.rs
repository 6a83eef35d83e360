//! What references see while planning: each node as it will be, as far as is known.

use std::sync::{Arc, OnceLock};

use landform_core::{
    Forecast, ResourceType,
    expr::{Expr, Reference, Resolved},
};
use serde_json::Value as Json;

use crate::{
    journal::ObjectState,
    seal::{self, Vault},
};

/// One node as it will be.
pub(crate) struct View<'a> {
    pub resource_type: &'a ResourceType,
    /// The arguments as planned; none if they are as recorded.
    pub arguments: Option<Expr>,
    /// What exists and stays; none if it is still to be made.
    pub object: Option<Arc<ObjectState>>,
    /// Whether the object is being changed in place, so that volatile attributes are unknown.
    pub changing: bool,
    /// What the provider foresees of the change.
    forecast: Option<Box<Forecast>>,
    attributes: OnceLock<Json>,
    recorded: OnceLock<Json>,
}

impl<'a> View<'a> {
    pub fn new(
        resource_type: &'a ResourceType,
        arguments: Option<Expr>,
        object: Option<Arc<ObjectState>>,
        changing: bool,
    ) -> Self {
        Self {
            resource_type,
            arguments,
            object,
            changing,
            forecast: None,
            attributes: OnceLock::new(),
            recorded: OnceLock::new(),
        }
    }

    /// The same node with what the provider foresees of its change.
    pub fn foreseen(self, forecast: Option<Forecast>) -> Self {
        Self { forecast: forecast.map(Box::new), ..self }
    }

    /// What a reference to this node leads to. The vault knows what stands inside a secret.
    pub fn resolve(&self, reference: &Reference, vault: &Vault) -> Resolved {
        let path = &reference.path;
        if let Some(foreseen) = self.forecast.as_ref().and_then(|forecast| forecast.look(path)) {
            return foreseen;
        }
        if let Some(place) = self.resource_type.attributes.place(path) {
            let Some(object) = &self.object else { return Resolved::Unknown };
            if self.changing && place.is_volatile() {
                return Resolved::Unknown;
            }
            let attributes = self.attributes.get_or_init(|| object.attributes.value().unwrap_or(Json::Null));
            return seal::find(attributes, path, place.is_secret(), vault);
        }
        let Some(place) = self.resource_type.arguments.place(path) else { return Resolved::Unknown };
        match self.arguments.as_ref().and_then(|arguments| arguments.at(path)) {
            Some(Resolved::Known(value)) if place.is_secret() => Resolved::Secret(value),
            Some(planned) => planned,
            None => match &self.object {
                Some(object) => {
                    let recorded = self.recorded.get_or_init(|| object.args.value().unwrap_or(Json::Null));
                    seal::find(recorded, path, false, vault)
                }
                None if place.is_computed() => Resolved::Unknown,
                None => Resolved::Known(Json::Null),
            },
        }
    }
}
