//! The driver of a hosted data source.

use std::sync::Arc;

use async_trait::async_trait;
use landform_core::{DataDriver, Error, ErrorKind, ResourceType, Result, expr::Expr};
use serde_json::Value as Json;

use super::{calls::Session, capabilities, hosted::Hosted};
use crate::{
    diagnostics::heard,
    form,
    wire::{self, DataRead, Diagnostics, ReadData, Validate},
};

/// The driver of a hosted data source.
pub(super) struct HostedData {
    session: Arc<Session>,
    hosted: Arc<Hosted>,
}

impl HostedData {
    pub(super) fn new(session: Arc<Session>, hosted: Arc<Hosted>) -> Self {
        Self { session, hosted }
    }

    fn check(&self, said: &[wire::Diagnostic]) -> Result<()> {
        let said = heard(Some(&self.hosted.resource_type.arguments), said);
        Error::from_diagnostics(ErrorKind::Invalid, said).map_or(Ok(()), Err)
    }
}

#[async_trait]
impl DataDriver for HostedData {
    fn resource_type(&self) -> &Arc<ResourceType> {
        &self.hosted.resource_type
    }

    async fn read(&self, arguments: &Json) -> Result<Json> {
        let config = self.hosted.write(&self.hosted.config(&Expr::Literal(arguments.clone()))?)?;
        let ask = Validate {
            type_name: self.hosted.name.clone(),
            config: config.clone(),
            capabilities: Some(capabilities()),
        };
        let answer: Diagnostics = self.session.call("ValidateDataResourceConfig", ask).await?;
        self.check(&answer.diagnostics)?;
        let ask = ReadData {
            type_name: self.hosted.name.clone(),
            config,
            meta: None,
            capabilities: Some(capabilities()),
        };
        let answer: DataRead = self.session.call("ReadDataSource", ask).await?;
        self.check(&answer.diagnostics)?;
        let state = self.hosted.read(answer.state.as_ref())?;
        form::json_from_value(&self.hosted.resource_type.attributes, &state.known())
            .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))
    }
}
