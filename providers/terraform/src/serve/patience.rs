//! Repeats calls as their errors say, like Landform's engine: the data of an error decides, never its text.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use landform_core::{Budget, Effect, Error, Retry};

use super::log;

/// The first and the longest pause between two attempts.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// Calls until the call succeeds, fails in a way that a repetition cannot mend, or uses up the budget. A call whose
/// effect is unknown is not repeated.
pub(super) async fn retried<T, F>(budget: Budget, call: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    tried(budget, call, |error| error.effect() == Effect::None).await
}

/// The same for calls that may be repeated whatever their effect was.
pub(super) async fn repeated<T, F>(budget: Budget, call: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    tried(budget, call, |_| true).await
}

async fn tried<T, F>(
    budget: Budget,
    call: impl FnMut() -> F,
    may: impl Fn(&Error) -> bool,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let attempts = budget.attempts.unwrap_or(Budget::ATTEMPTS).max(1);
    let until = budget.total.map(|total| tokio::time::Instant::now() + total);
    let pauses = ExponentialBuilder::default()
        .with_min_delay(PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_factor(2.0)
        .with_jitter()
        .with_max_times(attempts as usize - 1);
    call.retry(pauses)
        .when(|error: &Error| error.retry() != Retry::Never && may(error))
        .adjust(|error: &Error, pause| {
            let pause = match error.retry() {
                Retry::After(wanted) => pause.map(|pause| pause.max(wanted)),
                Retry::Never | Retry::Backoff => pause,
            };
            pause.filter(|pause| until.is_none_or(|until| tokio::time::Instant::now() + *pause < until))
        })
        .notify(|error: &Error, pause| {
            log::line(log::Level::Info, &format!("{error}; trying again in {} ms", pause.as_millis()));
        })
        .await
}
