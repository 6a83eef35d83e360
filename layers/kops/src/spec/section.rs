//! Declares the sections of a spec. Absent fields have defaults, and defaults are not written.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Declares structs of the spec. An absent field has the default of its type. A field with that default is not written.
macro_rules! section {
    ($(
        $(#[$about:meta])*
        pub struct $name:ident {$(
            $(#[$attribute:meta])*
            pub $field:ident: $of:ty,
        )*}
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, ::landform_core::__private::FromMap, ::serde::Serialize)]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {$(
            $(#[$attribute])*
            #[serde(skip_serializing_if = "crate::spec::section::absent")]
            pub $field: $of,
        )*}
    )*};
}

/// Whether a value is that of an absent field.
pub(crate) fn absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A section with another section merged over it: field by field, and entry by entry in mappings. Lists are replaced as
/// a whole.
pub(crate) fn merged<T: Serialize + DeserializeOwned + Clone>(under: &T, over: &T) -> T {
    let read = |section: &T| serde_json::to_value(section);
    let (Ok(mut merged), Ok(over)) = (read(under), read(over)) else { return under.clone() };
    lay_over(&mut merged, over);
    crate::read::from_json(&merged).unwrap_or_else(|| under.clone())
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
