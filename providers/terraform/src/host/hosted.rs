//! A hosted type: its schema, its shape, and the conversions between an object of Landform and a state of the plugin.

use std::sync::{Arc, OnceLock};

use landform_core::{Error, ErrorKind, Identity, Known, Object, Private, ResourceType, expr::Expr};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{
    secrets::Key,
    shown::{Against, shown, without_sensitive},
};
use crate::{
    form,
    shape::Shape,
    value::{Type, Value, ValueError},
    wire::{DynamicValue, IdentityData, IdentitySchema},
};

/// A resource type or data source of a plugin.
pub(super) struct Hosted {
    pub resource_type: Arc<ResourceType>,
    /// Its name in calls.
    pub name: String,
    pub shape: Shape,
    kind: Type,
    identity: Option<IdentityType>,
    /// Whether a state of it holds sensitive values.
    is_sensitive: bool,
    form: OnceLock<String>,
}

/// The form of the permanent identities of a type.
struct IdentityType {
    version: i64,
    kind: Type,
}

/// What an object's private bytes hold.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    /// The plugin's own bytes.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    private: Private,
    /// The state, encrypted, if it holds sensitive values.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    state: Private,
    /// The state, if it holds values that nobody set and that are not computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whole: Option<Json>,
}

/// An object as the plugin knows it.
pub(super) struct Present {
    pub state: Value,
    pub private: Vec<u8>,
    pub identity: Option<IdentityData>,
}

impl Hosted {
    pub(super) fn new(
        full_name: &str,
        name: &str,
        shape: Shape,
        identity: Option<&IdentitySchema>,
    ) -> Result<Self, ValueError> {
        let resource_type = Arc::new(form::hosted(full_name, &shape)?);
        let identity = match identity {
            None => None,
            Some(schema) => {
                let attributes = schema.attributes.iter().map(|attribute| {
                    Ok((attribute.name.clone(), Type::parse(&attribute.kind, &attribute.name)?))
                });
                let kind = Type::Object(attributes.collect::<Result<_, ValueError>>()?);
                Some(IdentityType { version: schema.version, kind })
            }
        };
        let sensitive = |schema: &landform_core::Schema| {
            schema.any(&mut |place| place.is_secret() && !place.is_write_only())
        };
        let is_sensitive = sensitive(&resource_type.arguments) || sensitive(&resource_type.attributes);
        Ok(Self {
            name: name.to_owned(),
            kind: shape.block.value_type(),
            shape,
            resource_type,
            identity,
            is_sensitive,
            form: OnceLock::new(),
        })
    }

    /// Whether a state of it holds sensitive values.
    pub(super) fn is_sensitive(&self) -> bool {
        self.is_sensitive
    }

    /// The digest of what a state of it looks like.
    pub(super) fn form(&self) -> &str {
        self.form.get_or_init(|| {
            let version = self.shape.version.to_string();
            let digest = Sha256::new().chain_update(version).chain_update(self.kind.to_json().to_string());
            hex::encode(&digest.finalize()[..16])
        })
    }

    /// The value of a message.
    pub(super) fn read(&self, message: Option<&DynamicValue>) -> Result<Value, Error> {
        Value::read(message, &self.kind).map_err(|error| self.malformed(&error))
    }

    /// The message of a whole object, or of null.
    pub(super) fn write(&self, value: &Value) -> Result<Option<DynamicValue>, Error> {
        value.write(&self.kind).map_err(|error| self.refused(&error))
    }

    /// The configuration for these arguments.
    pub(super) fn config(&self, arguments: &Expr) -> Result<Value, Error> {
        let fields = form::to_value(&self.resource_type.arguments, arguments);
        Ok(self.shape.block.whole(fields.map_err(|error| self.refused(&error))?))
    }

    /// An object as the plugin gave it. `id` is for types without one of their own.
    pub(super) fn object(
        &self,
        state: &Value,
        private: &[u8],
        identity: Option<&IdentityData>,
        id: &str,
        key: Option<&Key>,
        against: Against<'_>,
    ) -> Result<Object, Error> {
        let shown = shown(&self.shape.block, against, state);
        let json = |schema| form::json_from_value(schema, &shown).map_err(|error| self.malformed(&error));
        let id = state.get("id").as_text().filter(|id| !id.is_empty()).unwrap_or(id).to_owned();
        let mut stored = Stored { private: Private::new(private), ..Stored::default() };
        let clear = |state: &Value| state.to_wire_json(&self.kind).map_err(|error| self.malformed(&error));
        if let Some(key) = key.filter(|_| self.is_sensitive) {
            stored.state = Private::new(key.close(clear(state)?.to_string().as_bytes(), &self.name)?);
        } else if shown != *state {
            stored.whole = Some(clear(&without_sensitive(&self.shape.block, state))?);
        }
        let bytes = serde_json::to_vec(&stored)
            .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
        Ok(Object {
            private: Private::new(bytes),
            identity: self.identity(identity)?,
            ..Object::new(id, json(&self.resource_type.arguments)?, json(&self.resource_type.attributes)?)
        })
    }

    fn identity(&self, data: Option<&IdentityData>) -> Result<Option<Identity>, Error> {
        let (Some(known), Some(data)) = (&self.identity, data.and_then(|identity| identity.data.as_ref()))
        else {
            return Ok(None);
        };
        let value = Value::read(Some(data), &known.kind).map_err(|error| self.malformed(&error))?;
        if value.is_null() {
            return Ok(None);
        }
        let value = value.to_wire_json(&known.kind).map_err(|error| self.malformed(&error))?;
        Ok(Some(Identity::new(serde_json::json!({ "version": known.version, "identity": value }))))
    }

    /// A planned identity, if all of it is known.
    pub(super) fn known_identity(&self, data: Option<&IdentityData>) -> Result<Option<Json>, Error> {
        let (Some(known), Some(data)) = (&self.identity, data.and_then(|identity| identity.data.as_ref()))
        else {
            return Ok(None);
        };
        let value = Value::read(Some(data), &known.kind).map_err(|error| self.malformed(&error))?;
        if value.is_null() || !value.is_known() {
            return Ok(None);
        }
        value.to_wire_json(&known.kind).map(Some).map_err(|error| self.malformed(&error))
    }

    /// The message of an identity.
    pub(super) fn identity_data(&self, identity: &Json) -> Result<IdentityData, Error> {
        let none = Type::Object(Default::default());
        let kind = self.identity.as_ref().map_or(&none, |known| &known.kind);
        let value = Value::from_wire_json(identity, kind).map_err(|error| self.malformed(&error))?;
        let data = value.write(kind).map_err(|error| self.malformed(&error))?;
        Ok(IdentityData { data })
    }

    /// The recorded arguments as a value.
    pub(super) fn recorded(&self, known: &dyn Known) -> Result<Value, Error> {
        self.config(&Expr::Literal(known.arguments()?))
    }

    /// An object as the plugin knows it.
    pub(super) fn present(&self, known: &dyn Known, key: Option<&Key>) -> Result<Present, Error> {
        let stored = self.stored(known)?;
        let state = match self.opened(&stored, key)? {
            Some(mut json) => {
                // The id counts as Landform knows it.
                if let Some(id) = known.attributes()?.get("id").filter(|id| id.is_string()) {
                    json["id"] = id.clone();
                }
                Value::from_wire_json(&json, &self.kind).map_err(|error| self.malformed(&error))?
            }
            None => {
                let value = |schema, json| {
                    form::to_value(schema, &Expr::Literal(json)).map_err(|error| self.refused(&error))
                };
                let mut fields = value(&self.resource_type.attributes, known.attributes()?)?;
                fields.extend(value(&self.resource_type.arguments, known.arguments()?)?);
                self.shape.block.whole(fields)
            }
        };
        let state = self.shape.block.without_write_only(state);
        let identity = match (&self.identity, known.identity()) {
            (Some(_), Some(identity)) => Some(self.identity_data(&identity.value()["identity"])?),
            _ => None,
        };
        Ok(Present { state, private: stored.private.as_bytes().to_vec(), identity })
    }

    /// The JSON of a stored state of an older version, as Terraform stores it.
    pub(super) fn stored_json(&self, object: &Object, key: Option<&Key>) -> Result<Json, Error> {
        if let Some(json) = self.opened(&self.stored(object)?, key)? {
            return Ok(json);
        }
        let mut fields = serde_json::Map::new();
        for given in [&object.attributes, &object.arguments] {
            for (name, value) in given.as_object().into_iter().flatten() {
                let field = self.resource_type.arguments.field(name);
                let wrapped = field.is_some_and(form::is_wrapped) && value.is_object();
                fields.insert(name.clone(), if wrapped { serde_json::json!([value]) } else { value.clone() });
            }
        }
        Ok(fields.into())
    }

    /// The plugin's private bytes of an object.
    pub(super) fn private(&self, known: &dyn Known) -> Result<Vec<u8>, Error> {
        Ok(self.stored(known)?.private.as_bytes().to_vec())
    }

    fn stored(&self, known: &dyn Known) -> Result<Stored, Error> {
        match known.private().as_bytes() {
            [] => Ok(Stored::default()),
            bytes => serde_json::from_slice(bytes).map_err(|_| {
                Error::new(ErrorKind::Invalid, "its private bytes are not those of a hosted type")
                    .resource(known.id())
            }),
        }
    }

    fn opened(&self, stored: &Stored, key: Option<&Key>) -> Result<Option<Json>, Error> {
        match (stored.state.as_bytes(), key) {
            ([], _) => Ok(stored.whole.clone()),
            (closed, Some(key)) => {
                let clear = key.open(closed, &self.name)?;
                let malformed = |_| Error::new(ErrorKind::Invalid, "its encrypted state is not JSON");
                serde_json::from_slice(&clear).map(Some).map_err(malformed)
            }
            (_, None) => Err(Error::new(
                ErrorKind::Invalid,
                "its sensitive values are encrypted, expected the key that Launch::sensitive_values_with gave",
            )),
        }
    }

    /// The plugin's fault.
    fn malformed(&self, error: &ValueError) -> Error {
        Error::new(ErrorKind::Internal, format!("the plugin's value of {} is malformed: {error}", self.name))
    }

    /// The caller's fault.
    fn refused(&self, error: &ValueError) -> Error {
        Error::new(ErrorKind::Invalid, error.to_string())
    }
}
