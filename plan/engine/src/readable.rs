//! A recorded object as a provider can read it. It is built when the provider asks for it.

use landform_core::{Identity, Known, Private, ResourceType, Result};
use serde_json::Value as Json;

use crate::{
    journal::ObjectState,
    seal::{self, Vault},
};

/// A recorded object with its secrets, as far as they are known.
pub(crate) struct Readable<'a> {
    pub state: &'a ObjectState,
    pub resource_type: &'a ResourceType,
    pub vault: &'a Vault,
}

impl Known for Readable<'_> {
    fn id(&self) -> &str {
        &self.state.id
    }

    fn arguments(&self) -> Result<Json> {
        let mut arguments = self.state.arguments()?;
        seal::make_readable(&self.resource_type.arguments, &mut arguments, self.vault);
        Ok(arguments)
    }

    fn attributes(&self) -> Result<Json> {
        let mut attributes = self.state.attributes()?;
        seal::make_readable(&self.resource_type.attributes, &mut attributes, self.vault);
        Ok(attributes)
    }

    fn private(&self) -> &Private {
        self.state.private()
    }

    fn identity(&self) -> Option<&Identity> {
        self.state.identity()
    }

    fn schema_version(&self) -> Option<u32> {
        self.state.schema_version()
    }
}
