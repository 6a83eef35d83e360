//! A resource in a cloud, in erased form, and what an engine knows of it. Data only.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;

use crate::{Result, SENSITIVE};

/// A resource in the cloud, in erased form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// The cloud's id.
    pub id: String,
    /// The arguments, a map.
    pub arguments: Json,
    /// The attributes, a map.
    pub attributes: Json,
    /// Private data that the provider gets back with the object. Nobody else reads it.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub private: Private,
    /// The permanent identity of the object, if the provider has one beside the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The schema version of the arguments and attributes; `None` for the current version of the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<u32>,
}

impl Object {
    /// An object of the current version, without private bytes and identity.
    pub fn new(id: impl Into<String>, arguments: impl Into<Json>, attributes: impl Into<Json>) -> Self {
        Self {
            id: id.into(),
            arguments: arguments.into(),
            attributes: attributes.into(),
            private: Private::default(),
            identity: None,
            schema_version: None,
        }
    }

    /// An object with nothing but its id, which is enough to read it if the type needs no more.
    pub fn by_id(id: impl Into<String>) -> Self {
        Self::new(id, Json::Null, Json::Null)
    }
}

/// Bytes that a provider keeps with an object. A state stores them and returns them unchanged. They may hold secrets,
/// so nobody else reads them, and they print as `(sensitive)`.
///
/// Clones share the bytes. The stored form is base64. So encrypt the state if some readers of its store must not see
/// them.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Private(Held);

#[derive(Clone, Default, PartialEq, Eq, Hash)]
enum Held {
    #[default]
    Nothing,
    Bytes(Arc<[u8]>),
    /// Left out of shown data. It cannot be read back.
    Masked,
}

impl Private {
    /// These bytes.
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self(if bytes.is_empty() { Held::Nothing } else { Held::Bytes(bytes.into()) })
    }

    /// The bytes, for the provider that gave them.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Held::Bytes(bytes) => bytes,
            Held::Nothing | Held::Masked => &[],
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0 == Held::Nothing
    }

    /// Stands for the bytes where they must not be shown. It serialises as `(sensitive)`, which cannot be read back.
    pub fn masked(&self) -> Self {
        Self(if self.is_empty() { Held::Nothing } else { Held::Masked })
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "none" } else { SENSITIVE })
    }
}

impl Serialize for Private {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Held::Masked => serializer.serialize_str(SENSITIVE),
            _ => serializer.serialize_str(&STANDARD.encode(self.as_bytes())),
        }
    }
}

impl<'de> Deserialize<'de> for Private {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        if text == SENSITIVE {
            return Err(de::Error::custom("private bytes were left out, expected an export that has them"));
        }
        let bytes = STANDARD.decode(&*text);
        // The error does not repeat the text, which may be a secret.
        bytes.map(Self::new).map_err(|_| de::Error::custom("private bytes are not base64"))
    }
}

/// The permanent identity of an object in the provider's own terms. It is stored and returned with the object. Nobody
/// else sees it: it prints as `(sensitive)`. Clones share the value.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identity(Arc<Json>);

impl Identity {
    /// This identity.
    pub fn new(value: impl Into<Json>) -> Self {
        Self(Arc::new(value.into()))
    }

    /// The value, for the provider that gave it.
    pub fn value(&self) -> &Json {
        &self.0
    }

    /// Replaces the identity where it must not be shown, like [`Private::masked`].
    pub fn masked(&self) -> Self {
        Self::new(SENSITIVE)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SENSITIVE)
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Identity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Json::deserialize(deserializer)?;
        if value == SENSITIVE {
            return Err(de::Error::custom("an identity was left out, expected an export that has it"));
        }
        Ok(Self::new(value))
    }
}

/// An object as an engine knows it. A driver asks for the parts that it needs. JSON is built on demand, so a refresh by
/// ids costs no more than the ids.
///
/// Secrets in the arguments and attributes are in the clear only if the engine has just read or written them. A
/// placeholder that is not secret replaces the others: a text that begins with `$sealed:`, or an empty value where no
/// text is allowed.
pub trait Known: Send + Sync {
    /// The cloud's id.
    fn id(&self) -> &str;

    /// The arguments.
    ///
    /// # Errors
    /// The record cannot be read.
    fn arguments(&self) -> Result<Json>;

    /// The attributes.
    ///
    /// # Errors
    /// The record cannot be read.
    fn attributes(&self) -> Result<Json>;

    /// The provider's own bytes, as it last gave them.
    fn private(&self) -> &Private;

    /// The identity, as the provider last gave it.
    fn identity(&self) -> Option<&Identity>;

    /// The schema version of the arguments and attributes; `None` for the current version of the type.
    fn schema_version(&self) -> Option<u32>;

    /// The whole object.
    ///
    /// # Errors
    /// The record cannot be read.
    fn to_object(&self) -> Result<Object> {
        Ok(Object {
            id: self.id().to_owned(),
            arguments: self.arguments()?,
            attributes: self.attributes()?,
            private: self.private().clone(),
            identity: self.identity().cloned(),
            schema_version: self.schema_version(),
        })
    }
}

impl Known for Object {
    fn id(&self) -> &str {
        &self.id
    }

    fn arguments(&self) -> Result<Json> {
        Ok(self.arguments.clone())
    }

    fn attributes(&self) -> Result<Json> {
        Ok(self.attributes.clone())
    }

    fn private(&self) -> &Private {
        &self.private
    }

    fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    fn schema_version(&self) -> Option<u32> {
        self.schema_version
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn private_bytes_and_identities_round_trip_and_are_never_shown() {
        let bytes: Vec<u8> = (0..=255).chain(*b"hunter2").collect();
        let object = Object {
            private: Private::new(&bytes),
            identity: Some(Identity::new(json!({ "account": "hunter2" }))),
            schema_version: Some(3),
            ..Object::new("x-1", json!({}), json!({ "id": "x-1" }))
        };
        let stored = serde_json::to_string(&object).unwrap();
        let read: Object = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, object);
        assert_eq!(read.private.as_bytes(), bytes);
        assert!(!format!("{object:?}").contains("hunter2"), "{object:?}");
    }

    #[test]
    fn what_a_provider_does_not_have_is_not_stored() {
        let object = Object::new("x-1", json!({}), json!({}));
        assert_eq!(
            serde_json::to_value(&object).unwrap(),
            json!({ "id": "x-1", "arguments": {}, "attributes": {} })
        );
        let error = serde_json::from_value::<Private>("hunter2!".into()).unwrap_err();
        assert_eq!(error.to_string(), "private bytes are not base64");
        let masked = serde_json::to_value(Private::new("hunter2").masked()).unwrap();
        assert_eq!(masked, json!("(sensitive)"));
        let error = serde_json::from_value::<Private>(masked).unwrap_err();
        assert!(error.to_string().starts_with("private bytes were left out"), "{error}");
        let masked = serde_json::to_value(Identity::new("hunter2").masked()).unwrap();
        serde_json::from_value::<Identity>(masked).unwrap_err();
    }
}
