//! What the state knows about an existing object, and the object's key.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use landform_core::{Address, Error, ErrorKind, Identity, Known, Private, Token, TypeName};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::seal::Sealed;

/// Identifies an object: the current one at an address, or an older one there that waits for its deletion.
///
/// As text `aws_subnet.a`, or `aws_subnet.a#<token>` when deposed. The token is that of the old object's creation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// The address in the stack.
    pub address: Address,
    /// The token of its creation, once a replacement has taken the address.
    pub deposed: Option<Token>,
}

impl ObjectKey {
    /// The object at an address.
    pub fn new(address: Address) -> Self {
        Self { address, deposed: None }
    }

    /// The object that a replacement has set aside.
    pub fn deposed(address: Address, token: Token) -> Self {
        Self { address, deposed: Some(token) }
    }
}

impl From<Address> for ObjectKey {
    fn from(address: Address) -> Self {
        Self::new(address)
    }
}

impl From<&Address> for ObjectKey {
    fn from(address: &Address) -> Self {
        Self::new(address.clone())
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.deposed {
            None => write!(f, "{}", self.address),
            Some(token) => write!(f, "{}#{token}", self.address),
        }
    }
}

impl FromStr for ObjectKey {
    type Err = landform_core::NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('#') {
            None => Ok(Self::new(text.parse()?)),
            Some((address, token)) => Ok(Self::deposed(address.parse()?, token.parse()?)),
        }
    }
}

impl Serialize for ObjectKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.deposed {
            None => self.address.serialize(serializer),
            Some(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for ObjectKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyText)
    }
}

/// Reads a key from borrowed text.
struct KeyText;

impl de::Visitor<'_> for KeyText {
    type Value = ObjectKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ObjectKey, E> {
        text.parse().map_err(E::custom)
    }
}

/// What the state knows about an existing object. It is shared and never changed: a new observation is a new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectState {
    /// The resource type, which is also that of the address.
    #[serde(rename = "type")]
    pub type_name: TypeName,
    /// The provider that manages it, as the stack configures it: `aws`, `aws.ohio`.
    pub provider: String,
    /// The cloud's id.
    pub id: String,
    /// The version of the type's schema that `args` and `attributes` follow.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema_version: u32,
    /// The arguments, with references resolved and secrets sealed.
    pub args: Sealed,
    /// The whole object as last observed, with secrets sealed.
    pub attributes: Sealed,
    /// Private bytes that the provider gets back with the object, unchanged. Nobody else reads or shows them.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub private: Private,
    /// The permanent identity of the object in the provider's terms. Only the provider gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Its dependencies. It is deleted before them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Address>,
    /// Whether its creation stopped halfway, so that the next plan replaces it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tainted: bool,
    /// Whether its replacement comes first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub create_before_destroy: bool,
    /// Whether it stays in the cloud when the stack no longer wants it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retain_on_delete: bool,
    /// The token of its creation or adoption.
    pub token: Token,
    /// The token of the attempt that changed it last; `None` if it was not changed since its creation or adoption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised: Option<Token>,
    /// The objects whose changes replace this one, each with its [edition](ObjectState::edition) when this object was
    /// created; `None` for one that did not exist then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub triggers: BTreeMap<Address, Option<Token>>,
    /// When `attributes` were observed, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<u64>,
}

impl ObjectState {
    /// The token of the attempt that created or changed it last. It differs after each change by the stack.
    pub fn edition(&self) -> &Token {
        self.revised.as_ref().unwrap_or(&self.token)
    }

    /// The object as it may be shown, without the provider's private bytes and identity. It cannot be read back.
    pub fn masked(&self) -> Self {
        let identity = self.identity.as_ref().map(Identity::masked);
        Self { private: self.private.masked(), identity, ..self.clone() }
    }
}

impl Known for ObjectState {
    fn id(&self) -> &str {
        &self.id
    }

    fn arguments(&self) -> landform_core::Result<Value> {
        read(&self.args)
    }

    fn attributes(&self) -> landform_core::Result<Value> {
        read(&self.attributes)
    }

    fn private(&self) -> &Private {
        &self.private
    }

    fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    fn schema_version(&self) -> Option<u32> {
        Some(self.schema_version)
    }
}

fn read(json: &Sealed) -> landform_core::Result<Value> {
    json.value()
        .map_err(|error| Error::new(ErrorKind::Internal, format!("its record cannot be read: {error}")))
}

/// A key, and what the state knows about its object.
pub type Entry = (ObjectKey, Arc<ObjectState>);

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
