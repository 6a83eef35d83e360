//! How a part of a spec is declared: read leniently, written without what is absent.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Declares structs of the spec. A field that is not given has its type's default, and what has its default is not
/// written; so what is written holds exactly what the spec or its defaults say.
macro_rules! section {
    ($(
        $(#[$about:meta])*
        pub struct $name:ident {$(
            $(#[$attribute:meta])*
            pub $field:ident: $of:ty,
        )*}
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {$(
            $(#[$attribute])*
            #[serde(skip_serializing_if = "crate::spec::section::absent")]
            pub $field: $of,
        )*}
    )*};
}

/// Whether a value is the one of a field that is not given.
pub(crate) fn absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A section with what another says laid over it: fields and entries of mappings one by one, lists as a whole.
pub(crate) fn merged<T: Serialize + DeserializeOwned + Clone>(under: &T, over: &T) -> T {
    let read = |section: &T| serde_json::to_value(section);
    let (Ok(mut merged), Ok(over)) = (read(under), read(over)) else { return under.clone() };
    lay_over(&mut merged, over);
    serde_json::from_value(merged).unwrap_or_else(|_| under.clone())
}

fn lay_over(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay_over(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}
