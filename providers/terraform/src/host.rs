//! A plugin of Terraform as a provider of Landform.

mod calls;
mod data;
mod driver;
mod error;
mod held;
mod hosted;
mod installed;
mod launch;
mod process;
mod proposed;
mod secrets;
mod shown;

use std::sync::Arc;

use landform_core::{Diagnostic, Error, ErrorKind, Provider, ResourceType, Schema, expr::Expr};
use serde_json::Value as Json;

#[cfg(unix)]
pub use self::held::hold_plugins;
use self::{calls::Session, data::HostedData, driver::HostedDriver, hosted::Hosted, secrets::Key};
pub use self::{
    error::PluginError,
    installed::{Installed, InstalledError},
    launch::Launch,
};
use crate::{
    diagnostics::heard,
    form,
    value::{Type, ValueError},
    wire::{
        ClientCapabilities, Configure, Diagnostics, Empty, IdentitySchemas, Protocol, ValidateProvider,
        ValidatedProvider,
        schema::{Types, v5, v6},
    },
};

/// The version of Terraform that Landform names to a plugin. Some providers decide by it what they may do.
const TERRAFORM_VERSION: &str = "1.11.4";

/// A plugin of Terraform that runs and has described its types. It is configured once, and is a [`Provider`] then.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use landform_terraform::Plugin;
/// use serde_json::json;
///
/// let plugin = Plugin::open("/usr/lib/terraform-provider-local").await?;
/// let provider = plugin.configure(&json!({})).await?;
/// assert!(provider.driver("local_file").is_some());
/// # Ok(()) }
/// ```
///
/// # Guarantees
/// - The types are known at run time: [`Plugin::types`] has their schemas, with which a stack declares resources
///   ([`Stack::add_untyped`](landform_core::Stack::add_untyped)).
/// - The plugin's own plan is the forecast: what becomes known later, what forces a replacement, what it refuses.
/// - The process ends with the last use of the provider and of this value.
/// # Caveats
/// - A plugin knows no tokens. If a process is killed during a creation, a person has to say whether the resource
///   exists. `Launch::held_in` prevents that: a holder keeps the answers.
/// - Sensitive values are refused unless [`Launch::sensitive_values_with`] gives a key.
/// - Functions, ephemeral resources, deferred changes, actions and lists are left out.
pub struct Plugin {
    session: Arc<Session>,
    provider: Configuration,
    resources: Vec<Arc<Hosted>>,
    sources: Vec<Arc<Hosted>>,
    key: Option<Key>,
}

/// The schema of a plugin's configuration.
struct Configuration {
    arguments: Schema,
    shape: crate::shape::Block,
    kind: Type,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("types", &self.resources.len()).finish()
    }
}

impl Plugin {
    /// Starts a plugin and asks for its types.
    ///
    /// # Errors
    /// The program cannot be started, is not a plugin, speaks another version of the protocol, ends, does not answer, or
    /// describes a type that is malformed.
    ///
    /// # Cancel safety
    /// Dropping the future ends the process.
    pub async fn open(launch: impl Into<Launch>) -> Result<Self, PluginError> {
        let launch = launch.into();
        let session = Session::open(&launch).await?;
        let program = session.program().to_owned();
        let described = tokio::time::timeout(launch.patience, describe(&session)).await;
        let (types, identities) = described.map_err(|_| PluginError::Silent {
            program: program.clone(),
            what: "describe its types",
            after: launch.patience,
        })??;
        let malformed = |error: ValueError| PluginError::Malformed {
            program: program.clone(),
            message: error.to_string(),
        };
        if let Some(error) = Error::from_diagnostics(ErrorKind::Internal, heard(None, &types.diagnostics)) {
            return Err(PluginError::Malformed { program, message: error.to_string() });
        }
        let mut resources = Vec::new();
        for (name, shape) in types.resources {
            let identity = identities.schemas.get(&name);
            resources.push(Arc::new(Hosted::new(&name, &name, shape, identity).map_err(malformed)?));
        }
        let mut sources = Vec::new();
        for (name, shape) in types.data_sources {
            let full = format!("data.{name}");
            sources.push(Arc::new(Hosted::new(&full, &name, shape, None).map_err(malformed)?));
        }
        let configuration = form::hosted("terraform_provider", &types.provider).map_err(malformed)?;
        let provider = Configuration {
            arguments: configuration.arguments,
            kind: types.provider.block.value_type(),
            shape: types.provider.block,
        };
        session.set_plan_destroy(types.capabilities.plan_destroy);
        Ok(Self { session: Arc::new(session), provider, resources, sources, key: launch.key })
    }

    /// The resource types and data sources of the plugin.
    pub fn types(&self) -> impl Iterator<Item = &Arc<ResourceType>> {
        self.resources.iter().chain(&self.sources).map(|hosted| &hosted.resource_type)
    }

    /// The schema of the plugin's configuration.
    pub fn configuration(&self) -> &Schema {
        &self.provider.arguments
    }

    /// Configures the plugin. The provider's name is the first word of its types; [`Provider::named`] changes it.
    ///
    /// # Errors
    /// The configuration does not fit the schema, or the plugin refuses it.
    ///
    /// # Cancel safety
    /// Dropping the future ends the process, which belongs to the plugin.
    pub async fn configure(self, configuration: &Json) -> Result<Provider, PluginError> {
        let program = self.session.program().to_owned();
        let given = match configuration {
            Json::Null => Json::Object(serde_json::Map::new()),
            given => given.clone(),
        };
        let given = self.provider.arguments.complete(Expr::Literal(given));
        let violations = self.provider.arguments.check(&given);
        if !violations.is_empty() {
            return Err(PluginError::Configuration { program, violations });
        }
        let malformed = |error: ValueError| PluginError::Malformed {
            program: program.clone(),
            message: error.to_string(),
        };
        let fields = form::to_value(&self.provider.arguments, &given).map_err(malformed)?;
        let config = self.provider.shape.whole(fields).write(&self.provider.kind).map_err(malformed)?;
        let refused = |said: Vec<Diagnostic>| match Error::from_diagnostics(ErrorKind::Invalid, said) {
            Some(error) => Err(PluginError::Refused { program: program.clone(), error }),
            None => Ok(()),
        };
        let failed = |error: Error| PluginError::Refused { program: program.clone(), error };
        let ask = ValidateProvider { config: config.clone() };
        let prepared: ValidatedProvider =
            self.session.call("ValidateProviderConfig", ask).await.map_err(failed)?;
        refused(heard(Some(&self.provider.arguments), &prepared.diagnostics))?;
        // Only protocol 5 prepares a configuration.
        let config = prepared.prepared.filter(|_| self.session.protocol() == Protocol::Five).or(config);
        let ask = Configure {
            terraform_version: TERRAFORM_VERSION.to_owned(),
            config,
            capabilities: Some(capabilities()),
        };
        let done: Diagnostics = self.session.call("ConfigureProvider", ask).await.map_err(failed)?;
        refused(heard(Some(&self.provider.arguments), &done.diagnostics))?;
        let name = self.types().next().map_or("terraform", |known| known.name.provider()).to_owned();
        let provider = self.resources.iter().fold(Provider::new(name), |provider, hosted| {
            provider.with_driver(Arc::new(HostedDriver::new(
                self.session.clone(),
                hosted.clone(),
                self.key.clone(),
            )))
        });
        Ok(self.sources.iter().fold(provider, |provider, hosted| {
            provider.with_data_driver(Arc::new(HostedData::new(self.session.clone(), hosted.clone())))
        }))
    }
}

/// What Landform can do for a plugin. Each request that asks for it says so.
fn capabilities() -> ClientCapabilities {
    ClientCapabilities { deferral_allowed: false, write_only_attributes_allowed: true }
}

async fn describe(session: &Session) -> Result<(Types, IdentitySchemas), PluginError> {
    let failed = |error: Error| PluginError::Connection {
        program: session.program().to_owned(),
        source: Box::new(error),
    };
    let malformed = |error: ValueError| PluginError::Malformed {
        program: session.program().to_owned(),
        message: error.to_string(),
    };
    let types = match session.protocol() {
        Protocol::Five => {
            let types: v5::WireSchemas = session.call("GetProviderSchema", Empty {}).await.map_err(failed)?;
            types.read()
        }
        Protocol::Six => {
            let types: v6::WireSchemas = session.call("GetProviderSchema", Empty {}).await.map_err(failed)?;
            types.read()
        }
    };
    let identities = match session.call("GetResourceIdentitySchemas", Empty {}).await {
        Ok(identities) => identities,
        // Older plugins have none.
        Err(error) if error.kind() == ErrorKind::Unsupported => IdentitySchemas::default(),
        Err(error) => return Err(failed(error)),
    };
    Ok((types.map_err(malformed)?, identities))
}
