//! The types of a plugin, by name: from the plugin itself, or from the JSON of `terraform providers schema -json`.

mod json;

use std::{collections::BTreeMap, sync::Arc};

use landform_core::{NodeRef, Printable, ResourceType, Stack, expr::Expr, schema::Violation, suggest, words};
use serde_json::Value as Json;

use crate::Plugin;

pub use json::SchemaError;

/// The types of a provider of Terraform. Stacks declare resources of them by name and JSON, and
/// the bindings generator (feature `bindings`) writes Rust types for them.
///
/// ```
/// use landform_core::Stack;
/// use landform_terraform::Catalog;
/// use serde_json::json;
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// # let schema = r#"{ "format_version": "1.0", "provider_schemas": { "registry.terraform.io/hashicorp/random": {
/// #   "resource_schemas": { "random_pet": { "version": 0, "block": { "attributes": {
/// #     "id": { "type": "string", "computed": true }, "length": { "type": "number", "optional": true } } } } } } } }"#;
/// // The output of `terraform providers schema -json`.
/// let types = Catalog::from_json(schema, None)?;
/// let mut stack = Stack::new("pets");
/// let first = types.add(&mut stack, "random_pet", "first", json!({ "length": 2 }))?;
/// types.add(&mut stack, "random_pet", "second", json!({ "length": 3 }))?;
///
/// let wrong = types.add(&mut stack, "random_pet", "third", json!({ "lenght": 2 })).unwrap_err();
/// assert_eq!(wrong.to_string(), "random_pet.third: lenght: unknown field, expected a field of this type; did you mean \"length\"?");
/// # let _ = first;
/// # Ok(()) }
/// # example().unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Catalog {
    provider: String,
    types: BTreeMap<String, Arc<ResourceType>>,
}

/// Why a declaration by name and JSON is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UntypedError {
    /// The provider has no such type.
    #[error("{provider} has no type {:?}{}", Printable(name).in_a_line().to_string(), near.as_ref().map(|near| format!("; did you mean {near:?}?")).unwrap_or_default())]
    UnknownType {
        /// The provider.
        provider: String,
        /// The name.
        name: String,
        /// A type with a similar name.
        near: Option<String>,
    },
    /// The arguments are not an expression.
    #[error("{type_name}.{name}: {message}")]
    Malformed {
        /// The type.
        type_name: String,
        /// The name of the node.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// The arguments do not fit the schema.
    #[error("{type_name}.{name}: {}", violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Arguments {
        /// The type.
        type_name: String,
        /// The name of the node.
        name: String,
        /// Everything that is wrong, each with its path.
        violations: Vec<Violation>,
    },
}

impl Catalog {
    /// The types of a plugin. A data source has the name `data.…`.
    pub fn of(plugin: &Plugin) -> Self {
        let types: BTreeMap<_, _> =
            plugin.types().map(|known| (known.name_str().to_owned(), known.clone())).collect();
        let mut words: Vec<&str> = types.values().map(|known| known.name.provider()).collect();
        words.sort_unstable();
        words.dedup();
        Self { provider: words.join(", "), types }
    }

    /// The types of a provider in the output of `terraform providers schema -json`. If it describes several providers,
    /// `provider` chooses one by its address, or by the end of its address: `random` or `hashicorp/random`.
    ///
    /// # Errors
    /// The text is not such an output, it has no such provider, it has several, or a type is malformed. The error says
    /// where.
    pub fn from_json(text: &str, provider: Option<&str>) -> Result<Self, SchemaError> {
        let (provider, types) = json::read(text, provider)?;
        let types = types.into_iter().map(|known| (known.name_str().to_owned(), Arc::new(known)));
        Ok(Self { provider, types: types.collect() })
    }

    /// The address of the provider, or its name.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The types, sorted by their names.
    pub fn types(&self) -> impl ExactSizeIterator<Item = &Arc<ResourceType>> {
        self.types.values()
    }

    /// The type of a name, such as `random_pet` or `data.aws_ami`.
    ///
    /// # Errors
    /// There is none. The error names the nearest one.
    pub fn named(&self, name: &str) -> Result<&Arc<ResourceType>, UntypedError> {
        self.types.get(name).ok_or_else(|| UntypedError::UnknownType {
            provider: self.provider.clone(),
            name: name.to_owned(),
            near: suggest::nearest(name, self.types.keys().map(String::as_str)).map(str::to_owned),
        })
    }

    /// Adds a resource or data source by the name of its type. The arguments are JSON in which `{"$ref":
    /// ["random_pet.first", "id"]}` is a reference.
    ///
    /// # Errors
    /// There is no such type, or the arguments do not fit its schema: one error with every wrong field and its path.
    /// Nothing is added then.
    #[track_caller]
    pub fn add(
        &self,
        stack: &mut Stack,
        type_name: &str,
        name: &str,
        arguments: Json,
    ) -> Result<NodeRef, UntypedError> {
        let known = self.named(type_name)?;
        let (type_name, name_of) = (type_name.to_owned(), name.to_owned());
        let arguments: Expr = match serde_json::from_value(arguments) {
            Ok(arguments) => arguments,
            Err(error) => {
                let message = error.to_string();
                return Err(UntypedError::Malformed { type_name, name: name_of, message });
            }
        };
        let violations = known.arguments.check(&arguments);
        if !violations.is_empty() {
            return Err(UntypedError::Arguments { type_name, name: name_of, violations });
        }
        Ok(stack.add_untyped(name, known, arguments))
    }
}

impl std::fmt::Display for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", words::count(self.types.len(), "type"), self.provider)
    }
}
