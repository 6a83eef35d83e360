//! What travels with a resource in Terraform's private data: the id, the token of an attempt, the ticket of an operation
//! that goes on, and the provider's own bytes.

use landform_core::{Identity, Private, Ticket, Token};
use serde::{Deserialize, Serialize};

/// The private data of one resource. Terraform stores it and gives it back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// The cloud's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The token of the planned attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// The operation that had not ended when Terraform stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
    #[serde(skip_serializing_if = "Private::is_empty")]
    pub private: Private,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

impl Kept {
    /// Reads private data. That of another provider's plugin is not ours, and tells nothing.
    pub(super) fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// The bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        // A struct of texts and JSON can always be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
