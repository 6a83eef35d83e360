//! Texts that are an attribute of one resource type other than its id: an ARN, a name, a link.

use std::{borrow::Cow, cmp::Ordering, fmt, hash, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Input, Ref};

/// A text that is the attribute `A` of a resource. A type without values stands for the attribute, so a reference to
/// another attribute does not compile.
///
/// ```
/// use landform_core::{Input, Path, Ref, ValueOf};
///
/// /// The attribute `arn` of a role.
/// enum RoleArn {}
///
/// let role: Input<ValueOf<RoleArn>> = "arn:aws:iam::1:role/a".into();
/// let other: Ref<ValueOf<RoleArn>> = Ref::new("demo_role.a".parse::<landform_core::Address>()?, Path::field("arn"));
/// let role: Input<ValueOf<RoleArn>> = other.clone().into();
/// let text: Input<String> = other.into();
/// # let _ = (role, text);
/// # Ok::<(), landform_core::NameError>(())
/// ```
pub struct ValueOf<A> {
    text: String,
    of: PhantomData<fn() -> A>,
}

impl<A> ValueOf<A> {
    /// Wraps a text from outside a stack.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), of: PhantomData }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<A> From<&str> for Input<ValueOf<A>> {
    fn from(text: &str) -> Self {
        Input::<String>::from(text).into()
    }
}

impl<A> From<String> for Input<ValueOf<A>> {
    fn from(text: String) -> Self {
        Input::<String>::from(text).into()
    }
}

impl<A> From<Input<String>> for Input<ValueOf<A>> {
    fn from(text: Input<String>) -> Self {
        Self::from_expr(text.into_expr())
    }
}

impl<A> From<Ref<ValueOf<A>>> for Input<String> {
    fn from(reference: Ref<ValueOf<A>>) -> Self {
        Self::from_expr(reference.into_expr())
    }
}

impl<A> Clone for ValueOf<A> {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl<A> PartialEq for ValueOf<A> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<A> Eq for ValueOf<A> {}

impl<A> PartialOrd for ValueOf<A> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<A> Ord for ValueOf<A> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<A> hash::Hash for ValueOf<A> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<A> fmt::Debug for ValueOf<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<A> fmt::Display for ValueOf<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<A> Serialize for ValueOf<A> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text)
    }
}

impl<'de, A> Deserialize<'de> for ValueOf<A> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(Self::new)
    }
}

impl<A> JsonSchema for ValueOf<A> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ValueOf".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string" })
    }
}
