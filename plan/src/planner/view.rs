//! What references see while planning: each node as it will be, as far as is known.

use std::sync::{Arc, OnceLock};

use landform_core::{
    Path, ResourceType,
    expr::{Expr, Glance, Reference, Resolved},
    path::Step,
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
            attributes: OnceLock::new(),
            recorded: OnceLock::new(),
        }
    }

    /// What a reference to this node leads to. The vault knows what stands inside a secret.
    pub fn resolve(&self, reference: &Reference, vault: &Vault) -> Resolved {
        let path = &reference.path;
        if let Some(place) = self.resource_type.attributes.place(path) {
            let Some(object) = &self.object else { return Resolved::Unknown };
            if self.changing && place.is_volatile() {
                return Resolved::Unknown;
            }
            let attributes = self.attributes.get_or_init(|| object.attributes.value().unwrap_or(Json::Null));
            return seal::find(attributes, path, place.is_secret(), vault);
        }
        let Some(place) = self.resource_type.arguments.place(path) else { return Resolved::Unknown };
        let planned = self.arguments.as_ref().and_then(|arguments| at(arguments, path));
        match planned {
            Some(Expr::Literal(value)) if place.is_secret() => Resolved::Secret(value),
            Some(Expr::Literal(value)) => Resolved::Known(value),
            Some(Expr::Secret(inner)) => inner.expose().map_or(Resolved::Unknown, Resolved::Secret),
            Some(other) => match other.expose() {
                Some(value) => Resolved::Secret(value),
                None => Resolved::Unknown,
            },
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

/// What stands at a path; what lies inside a secret is one too.
fn at(value: &Expr, path: &Path) -> Option<Expr> {
    let mut value = Glance::at(value);
    let mut secret = false;
    for step in path.steps() {
        while let Glance::Expr(Expr::Secret(inner)) = value {
            (value, secret) = (Glance::at(inner), true);
        }
        value = match step {
            Step::Key(key) => value.get(key)?,
            Step::Index(index) => value.item(*index as usize)?,
        };
    }
    let found = value.to_expr();
    Some(if secret && !matches!(found, Expr::Secret(_)) { Expr::Secret(Box::new(found)) } else { found })
}
