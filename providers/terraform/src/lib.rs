//! Terraform's plugin protocol, both ways.
//!
//! - [`serve`] makes a plugin of Terraform from any [`Provider`](landform_core::Provider) of Landform.
//! - [`Plugin`] makes a provider of Landform from any plugin of Terraform.
//! - [`Catalog`] declares resources of a plugin's types by name and JSON. `bindings` (a feature) writes Rust types for them.
//!
//! `docs/terraform-plugin.md` says how the two models meet, and what is not there yet.

#[cfg(feature = "bindings")]
pub mod bindings;
mod catalog;
mod diagnostics;
mod form;
mod host;
mod serve;
mod shape;
mod stream;
mod tls;
mod value;
mod wire;

pub use catalog::{Catalog, SchemaError, UntypedError};
#[cfg(unix)]
pub use host::hold_plugins;
pub use host::{Installed, InstalledError, Launch, Plugin, PluginError};
#[cfg(unix)]
pub use serve::serve_at;
pub use serve::{ServeError, reattach, serve};
