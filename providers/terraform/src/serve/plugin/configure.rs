//! The checks of configurations, and the opening of the provider.

use std::sync::{Arc, PoisonError};

use landform_core::{ResourceType, schema::Violation};

use super::{Opened, Plugin};
use crate::{
    diagnostics::{Problem, error},
    form,
    serve::served::Served,
    value::Value,
    wire::{self, DynamicValue, Validate},
};

impl Plugin {
    /// Checks the configuration of the provider.
    pub(in crate::serve) fn validate_provider(&self, config: Option<&DynamicValue>) -> Vec<wire::Diagnostic> {
        let Some(known) = &self.configuration.resource_type else { return Vec::new() };
        match Value::read(config, &self.configuration.kind) {
            Ok(config) => violations(known, &config),
            Err(problem) => Problem::from(problem).0,
        }
    }

    /// Opens the provider with a configuration.
    pub(in crate::serve) async fn configure(&self, config: Option<&DynamicValue>) -> Vec<wire::Diagnostic> {
        let (Some(known), Some(opener)) = (&self.configuration.resource_type, self.announced.opener()) else {
            return Vec::new();
        };
        let config = match Value::read(config, &self.configuration.kind) {
            Ok(config) => config,
            Err(problem) => return Problem::from(problem).0,
        };
        let wrong = violations(known, &config);
        if !wrong.is_empty() {
            return wrong;
        }
        let opened = if config.is_known() {
            let config = form::from_value(&known.arguments, &config);
            let config = config.map(|config| known.arguments.complete(config).expose().unwrap_or_default());
            let config = match config {
                Ok(config) => config,
                Err(problem) => return Problem::from(problem).0,
            };
            match opener.open(&config).await {
                Ok(provider) => Opened::Yes(provider),
                Err(problem) => return vec![error("The provider cannot be opened", problem.to_string())],
            }
        } else {
            Opened::Later
        };
        // Another walk begins.
        self.reads.forget();
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = opened;
        Vec::new()
    }

    /// Checks the configuration of a resource or a data source.
    pub(in crate::serve) fn validate(&self, ask: &Validate, is_data: bool) -> Vec<wire::Diagnostic> {
        let checked = || {
            let served = if is_data { self.source(&ask.type_name)? } else { self.resource(&ask.type_name)? };
            let arguments = served.arguments(&served.read(ask.config.as_ref())?)?;
            let wrong = served.resource_type.arguments.check(&arguments).into_iter();
            Ok::<_, Problem>(wrong.map(|wrong| violation(served, &wrong)).collect())
        };
        checked().unwrap_or_else(|problem| problem.0)
    }
}

fn violations(known: &Arc<ResourceType>, config: &Value) -> Vec<wire::Diagnostic> {
    let arguments = match form::from_value(&known.arguments, config) {
        Ok(arguments) => known.arguments.complete(arguments),
        Err(problem) => return Problem::from(problem).0,
    };
    let wrong = known.arguments.check(&arguments).into_iter();
    let message = |wrong: Violation| wire::Diagnostic {
        attribute: Some(form::wire_path(&known.arguments, &wrong.path)),
        ..error("Invalid provider configuration", wrong.to_string())
    };
    wrong.map(message).collect()
}

fn violation(served: &Served, wrong: &Violation) -> wire::Diagnostic {
    let detail = format!("{}, expected {}.", capitalised(&wrong.found), wrong.expected);
    wire::Diagnostic {
        attribute: Some(served.path(&wrong.path)),
        ..error(format!("Invalid value for {}", wrong.path), detail)
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
