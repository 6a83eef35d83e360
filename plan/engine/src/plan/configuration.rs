//! The configurations with which a plan opens providers.

use landform_core::{Address, Budget, Node, TypeName, expr::Expr};
use serde::{Deserialize, Serialize};

use crate::registry::Asked;

/// A provider that is opened before it is used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Configuration {
    /// The node that declares the configuration.
    pub address: Address,
    /// The type of the configuration.
    pub type_name: TypeName,
    /// The provider.
    pub provider: String,
    /// The configuration. A stored plan leaves out its secrets.
    pub arguments: Expr,
    /// The limits for the attempts to open it.
    #[serde(default, skip_serializing_if = "Budget::is_open")]
    pub budget: Budget,
}

impl Configuration {
    pub(crate) fn new(node: &Node, asked: &Asked, arguments: Expr) -> Self {
        Self {
            address: node.address.clone(),
            type_name: node.address.type_name(),
            provider: asked.provider.to_string(),
            arguments,
            budget: node.lifecycle.budget,
        }
    }
}
