//! Calls to a provider. The calls stay within the provider's limit and the budget, are traced, and are retried as their
//! errors say. Errors never repeat secrets. The data of an error decides about a retry, never its text.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use backon::{ExponentialBuilder, Retryable};
use landform_core::{Address, Budget, Effect, Error, ErrorKind, Retry};
use tokio::{sync::Semaphore, time::Instant};
use tracing::Instrument;

use crate::{
    event::{Event, Sink},
    seal::Vault,
};

/// The terms on which a provider is called.
#[derive(Clone)]
pub(crate) struct Terms {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The largest number of calls at a time.
    pub permits: Arc<Semaphore>,
    /// The limits for the attempts of a call.
    pub budget: Budget,
}

/// The listener for calls, and the secrets that no message may repeat.
#[derive(Clone, Copy)]
pub(crate) struct Heard<'a> {
    pub events: &'a Sink,
    pub vault: &'a Vault,
}

/// The calls for one node. All attempts of one call share the time of the budget.
pub(crate) struct Calls<'a> {
    terms: &'a Terms,
    type_name: &'a str,
    address: &'a Address,
    heard: Heard<'a>,
    attempts: u32,
    call: Option<Duration>,
    until: Option<Instant>,
}

/// The first and the longest pause between two attempts.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

impl<'a> Calls<'a> {
    pub(crate) fn new(
        terms: &'a Terms,
        type_name: &'a str,
        address: &'a Address,
        budget: Budget,
        heard: Heard<'a>,
    ) -> Self {
        let budget = budget.or(terms.budget);
        let attempts = budget.attempts.unwrap_or(Budget::ATTEMPTS).max(1);
        let until = budget.total.map(|total| Instant::now() + total);
        Self { terms, type_name, address, heard, attempts, call: budget.call, until }
    }

    /// Calls until the call succeeds, fails in a way that a retry cannot fix, or uses up the budget.
    ///
    /// A call with an unknown effect is not repeated: the caller has to find out first.
    pub(crate) async fn retried<T, F>(&self, call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.tried(call, |error| error.effect() == Effect::None).await
    }

    /// Like [`Calls::retried`], for calls that may be repeated whatever their effect was. The last error tells whether
    /// the effect is known.
    pub(crate) async fn repeated<T, F>(&self, call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.tried(call, |_| true).await
    }

    /// Like [`Calls::retried`], for calls that change nothing. They also retry a call with an unknown effect.
    pub(crate) async fn reading<T, F>(&self, call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.repeated(call).await.map_err(|error| error.with_effect(Effect::None))
    }

    /// Whether the time of the budget has run out.
    pub(crate) fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    async fn tried<T, F>(&self, mut call: impl FnMut() -> F, may: impl Fn(&Error) -> bool) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let attempt = AtomicU32::new(1);
        let pauses = ExponentialBuilder::default()
            .with_min_delay(PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .with_factor(2.0)
            .with_jitter()
            .with_max_times(self.attempts as usize - 1);
        let answer = (|| self.permitted(call()))
            .retry(pauses)
            .when(|error: &Error| error.retry() != Retry::Never && may(error))
            .adjust(|error: &Error, pause| {
                let pause = match error.retry() {
                    Retry::After(wanted) => pause.map(|pause| pause.max(wanted)),
                    _ => pause,
                };
                pause.filter(|pause| self.until.is_none_or(|until| Instant::now() + *pause < until))
            })
            .notify(|error: &Error, pause| {
                let attempt = attempt.fetch_add(1, Ordering::Relaxed);
                self.heard.events.send(|| Event::Retrying {
                    address: self.address.clone(),
                    attempt,
                    error: error.to_string(),
                    pause,
                });
            })
            .await;
        answer.map_err(|error| error.with_attempts(attempt.load(Ordering::Relaxed)))
    }

    /// One try.
    async fn permitted<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let _permit = self.terms.permits.acquire().await;
        let span = tracing::debug_span!("call", provider = %self.terms.provider, r#type = %self.type_name);
        let answer = self.answered(answer).instrument(span).await;
        let answer = answer.map_err(|error| self.heard.vault.hide(error));
        if let Err(error) = &answer {
            tracing::debug!(address = %self.address, %error, "a call failed");
        }
        answer
    }

    /// The answer, or an error if it takes longer than the budget allows.
    async fn answered<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let left = self.until.map(|until| until.saturating_duration_since(Instant::now()));
        let Some(limit) = self.call.into_iter().chain(left).min() else { return answer.await };
        match tokio::time::timeout(limit, answer).await {
            Ok(answer) => answer,
            Err(_) => {
                let message = format!("no answer within {} s", limit.as_secs_f64());
                Err(Error::new(ErrorKind::Timeout, message))
            }
        }
    }
}
