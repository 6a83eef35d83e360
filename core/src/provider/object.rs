//! A resource as a cloud has it, erased, and what an engine knows of it. Data only.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;

use crate::{Result, SENSITIVE};

/// A resource as the cloud has it, erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// The cloud's id.
    pub id: String,
    /// The arguments, a map.
    pub arguments: Json,
    /// The attributes, a map.
    pub attributes: Json,
    /// What the provider wants back with the object, and nobody else reads.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub private: Private,
    /// What names the object for ever, where the provider has such a thing beside the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The schema version that arguments and attributes follow; none for the version of the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<u32>,
}

impl Object {
    /// An object of its type's version, without private bytes and identity.
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

    /// An object of which nothing but the id is known: enough to read it where the type needs no more.
    pub fn by_id(id: impl Into<String>) -> Self {
        Self::new(id, Json::Null, Json::Null)
    }
}

/// Bytes that a provider keeps with an object: a state stores them and hands them back as they were. Nobody looks into
/// them, and as they may hold secrets, nobody shows them: they print as `(sensitive)`.
///
/// A clone shares the bytes. The stored form is base64, so a state that must not be read by everyone who reaches its
/// store has to be encrypted.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Private(Held);

#[derive(Clone, Default, PartialEq, Eq, Hash)]
enum Held {
    #[default]
    Nothing,
    Bytes(Arc<[u8]>),
    /// Left out of something that is shown. It cannot be read back.
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

    /// What stands for the bytes where they must not be shown. It serialises as `(sensitive)`, which is refused where it
    /// is read back.
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
        // The text itself is not repeated: it may be a secret.
        bytes.map(Self::new).map_err(|_| de::Error::custom("private bytes are not base64"))
    }
}

/// What names an object for as long as it lives, in the provider's own terms. It is stored and handed back with the
/// object and shown to nobody: it prints as `(sensitive)`. A clone shares the value.
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

    /// What stands for the identity where it must not be shown, as [`Private::masked`].
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

/// An object as an engine knows it. A driver asks for the parts that it needs; JSON is built when it asks, so that a
/// refresh by ids alone costs no more than the ids.
///
/// Secrets among the arguments and attributes stand in the clear only where the engine knows them because it has just
/// read or written them. In the place of the others stands what is kept of them, which is no secret: a text that begins
/// with `$sealed:`, or what says nothing where no text can stand.
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

    /// The schema version that arguments and attributes follow; none for the version of the type.
    fn schema_version(&self) -> Option<u32>;

    /// All of it.
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
