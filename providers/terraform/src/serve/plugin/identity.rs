//! The identities of served resources, and moves from other types. A resource whose state has an id is identified by it,
//! for ever. Changes nothing.

use serde_json::Value as Json;

use super::{Answer, Plugin};
use crate::{
    diagnostics::Problem,
    serve::{kept::Kept, served::Served},
    value::{Type, Value},
    wire::{
        IdentityAttribute, IdentityData, IdentitySchema, IdentitySchemas, Move, Moved, UpgradeIdentity,
        UpgradedIdentity,
    },
};

/// The version of the identities.
const VERSION: i64 = 0;

/// The only attribute of an identity.
const ID: &str = "id";

fn kind() -> Type {
    Type::Object([(ID.to_owned(), Type::Text)].into())
}

/// The identity of a resource.
pub(in crate::serve) fn of(served: &Served, id: Option<&str>) -> Answer<Option<IdentityData>> {
    let Some(id) = id.filter(|id| served.has_id() && !id.is_empty()) else { return Ok(None) };
    let value = Value::Map([(ID.to_owned(), Value::Text(id.to_owned()))].into());
    Ok(Some(IdentityData { data: value.write(&kind())? }))
}

/// The id in an identity.
pub(super) fn id(identity: &IdentityData) -> Answer<Option<String>> {
    let value = Value::read(identity.data.as_ref(), &kind())?;
    Ok(value.get(ID).as_text().filter(|id| !id.is_empty()).map(str::to_owned))
}

impl Plugin {
    /// The identities of all types.
    pub(in crate::serve) fn identities(&self) -> IdentitySchemas {
        let attribute = IdentityAttribute {
            name: ID.to_owned(),
            kind: Type::Text.to_json().to_string().into_bytes(),
            required_for_import: true,
            description: "The id that the cloud gave it.".to_owned(),
            ..IdentityAttribute::default()
        };
        let schema = IdentitySchema { version: VERSION, attributes: vec![attribute] };
        let types = self.resources.iter().filter(|(_, served)| served.has_id());
        let schemas = types.map(|(name, _)| (name.clone(), schema.clone())).collect();
        IdentitySchemas { schemas, diagnostics: Vec::new() }
    }

    /// A stored identity in the form of the current version, which is the only one.
    pub(in crate::serve) fn upgrade_identity(&self, ask: &UpgradeIdentity) -> Answer<UpgradedIdentity> {
        let served = self.resource(&ask.type_name)?;
        let raw = ask.raw.clone().unwrap_or_default();
        let stored: Json = serde_json::from_slice(&raw.json)
            .map_err(|problem| Problem::new("The stored identity cannot be read", problem.to_string()))?;
        if ask.version != VERSION {
            let detail = format!("Its version is {}, expected {VERSION}.", ask.version);
            return Err(Problem::new("The stored identity cannot be read", detail));
        }
        let identity = of(served, stored[ID].as_str())?;
        Ok(UpgradedIdentity { identity, diagnostics: Vec::new() })
    }

    /// The state of a resource that another provider has under the same type. Terraform reads the resource by its id
    /// next.
    pub(in crate::serve) fn moved(&self, ask: &Move) -> Answer<Moved> {
        let served = self.resource(&ask.target_type)?;
        let refused = |detail: String| Problem::new("It cannot be moved", detail);
        if ask.source_type != ask.target_type {
            return Err(refused(format!(
                "This provider does not know how {} becomes {}, expected a move from {}.",
                ask.source_type, ask.target_type, ask.target_type
            )));
        }
        let raw = ask.source_state.clone().unwrap_or_default();
        let stored: Json = serde_json::from_slice(&raw.json)
            .map_err(|problem| refused(format!("Its stored state cannot be read: {problem}.")))?;
        let id = stored[ID].as_str().filter(|id| served.has_id() && !id.is_empty());
        let id = id.ok_or_else(|| refused(format!("The state in {} has no id.", ask.source_provider)))?;
        let kept = Kept { id: Some(id.to_owned()), ..Kept::default() };
        Ok(Moved {
            state: served.write(served.stub(id))?,
            private: kept.write(),
            identity: of(served, Some(id))?,
            diagnostics: Vec::new(),
        })
    }
}
