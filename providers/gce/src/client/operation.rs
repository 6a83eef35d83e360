//! Google's long operations. Tickets name them by path: `projects/p/global/operations/o`,
//! `projects/p/regions/r/operations/o`, `projects/p/zones/z/operations/o`.

use async_trait::async_trait;
use landform_core::Result;
use landform_kit::{Cloud, Operation, Work, rest::Method, senseless};
use serde_json::Value as Json;

use super::{Client, error::of_operation, place::path_of};

/// The operation that a call started.
///
/// # Errors
/// The operation has failed already, or the answer is not an operation.
pub(crate) fn begun(operation: &Json) -> Result<Operation> {
    if let Some(problem) = of_operation(operation) {
        return Err(problem);
    }
    match operation["selfLink"].as_str().and_then(path_of) {
        Some(path) => Ok(Operation::new(path)),
        None => Err(senseless(format!(
            "the operation's link is {}, expected a link to a project's operation",
            operation["selfLink"]
        ))
        .with_effect(landform_core::Effect::Unknown)),
    }
}

#[async_trait]
impl Cloud for Client {
    async fn poll(&self, operation: &Operation) -> Result<Work> {
        let now = self.send(Method::GET, operation.as_str(), &[], None).await?;
        Ok(match (now["status"].as_str(), of_operation(&now)) {
            (Some("DONE"), Some(problem)) => Work::Failed(problem),
            (Some("DONE"), None) => Work::Done,
            _ => Work::Busy("waiting for the operation".into()),
        })
    }
}
