//! What references see while planning: each node as it will be, as far as is known.

use std::sync::{Arc, OnceLock};

use landform_core::{
    ResourceType,
    expr::{Expr, Reference, Resolved},
};
use serde_json::Value as Json;

use crate::journal::ObjectState;

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

    /// What a reference to this node leads to.
    pub fn resolve(&self, reference: &Reference) -> Resolved {
        let path = &reference.path;
        if let Some(field) = self.resource_type.attributes.at(path) {
            let Some(object) = &self.object else { return Resolved::Unknown };
            if self.changing && field.volatile {
                return Resolved::Unknown;
            }
            let attributes = self.attributes.get_or_init(|| object.attributes.value().unwrap_or(Json::Null));
            let value = path.find(attributes).cloned().unwrap_or(Json::Null);
            return if field.secret { Resolved::Secret(value) } else { Resolved::Known(value) };
        }
        let Some(field) = self.resource_type.arguments.at(path) else { return Resolved::Unknown };
        let planned = self.arguments.as_ref().and_then(|arguments| at(arguments, path));
        match planned {
            Some(Expr::Literal(value)) if field.secret => Resolved::Secret(value),
            Some(Expr::Literal(value)) => Resolved::Known(value),
            Some(Expr::Secret(inner)) => inner.expose().map_or(Resolved::Unknown, Resolved::Secret),
            Some(other) => match other.expose() {
                Some(value) => Resolved::Secret(value),
                None => Resolved::Unknown,
            },
            None => match &self.object {
                Some(object) => {
                    let recorded = self.recorded.get_or_init(|| object.args.value().unwrap_or(Json::Null));
                    Resolved::Known(path.find(recorded).cloned().unwrap_or(Json::Null))
                }
                None if field.computed => Resolved::Unknown,
                None => Resolved::Known(Json::Null),
            },
        }
    }
}

fn at(value: &Expr, path: &landform_core::Path) -> Option<Expr> {
    use landform_core::path::Step;
    let mut value = std::borrow::Cow::Borrowed(value);
    for step in path.steps() {
        let next = match step {
            Step::Key(key) => value.get(key)?.into_owned(),
            Step::Index(index) => match &*value {
                Expr::List(items) => items.get(*index as usize)?.clone(),
                Expr::Literal(Json::Array(items)) => Expr::Literal(items.get(*index as usize)?.clone()),
                _ => return None,
            },
        };
        value = std::borrow::Cow::Owned(next);
    }
    Some(value.into_owned())
}
