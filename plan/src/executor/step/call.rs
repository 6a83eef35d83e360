//! Calls to a provider: within its limit, traced, tried again as its errors say, without the secrets they may repeat.

use std::time::Duration;

use landform_core::{Effect, Error};
use tracing::Instrument;

use super::Work;
use crate::{event::Event, retry};

impl Work<'_> {
    /// A call that the provider's limit allows, tried again as its errors say.
    pub(super) async fn called<T, F>(&self, mut call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let heard = |error: &Error, pause| self.heard(error, pause);
        retry::retried(Some(&heard), || self.permitted(call())).await
    }

    fn heard(&self, error: &Error, pause: Duration) {
        self.run.events.send(|| Event::Retrying {
            address: self.change.address.clone(),
            error: error.to_string(),
            pause,
        });
    }

    async fn permitted<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let _permit = self.managed.calls.acquire().await;
        let span =
            tracing::debug_span!("call", provider = %self.managed.provider, r#type = %self.change.type_name);
        let answer = answer.instrument(span).await.map_err(|error| self.run.vault.hide(error));
        if let Err(error) = &answer {
            tracing::debug!(address = %self.change.address, %error, "a call failed");
        }
        answer
    }

    /// As [`Work::called`], for calls that the contract allows to repeat whatever became of them.
    pub(super) async fn repeated<T, F>(&self, mut call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let heard = |error: &Error, pause| self.heard(error, pause);
        retry::repeated(Some(&heard), || self.permitted(call())).await
    }

    pub(super) async fn reading<T, F>(&self, mut call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.called(|| {
            let answer = call();
            async { answer.await.map_err(|error| error.with_effect(Effect::None)) }
        })
        .await
    }
}
