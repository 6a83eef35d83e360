//! Terraform's plugin protocol, both ways.
//!
//! - [`serve`] makes a plugin of Terraform from any [`Provider`](landform_core::Provider) of Landform.
//! - [`Plugin`] makes a provider of Landform from any plugin of Terraform.
//!
//! `docs/terraform-plugin.md` says how the two models meet, and what is not there yet.

mod diagnostics;
mod form;
mod host;
mod serve;
mod shape;
mod stream;
mod tls;
mod value;
mod wire;

pub use host::{Installed, InstalledError, Launch, Plugin, PluginError};
#[cfg(unix)]
pub use serve::serve_at;
pub use serve::{ServeError, reattach, serve};
