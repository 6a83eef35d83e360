//! Trying again what a provider says may be tried again. The error decides, by its data; nothing reads its text.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use landform_core::{Effect, Error, Retry};

/// What to do before each further try: the error and the pause.
pub(crate) type Notify<'a> = Option<&'a (dyn Fn(&Error, Duration) + Sync)>;

/// How often one call is tried in all.
const TRIES: usize = 8;

/// Calls until it succeeds, or fails in a way that another try does not mend, or has been tried often enough.
///
/// A call whose effect is unknown is not repeated: the caller has to find out first.
pub(crate) async fn retried<T, F>(notify: Notify<'_>, call: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    tried(notify, call, |error| error.effect() == Effect::None).await
}

/// As [`retried`], for calls that may be repeated whatever became of them; the last error tells whether that is known.
pub(crate) async fn repeated<T, F>(notify: Notify<'_>, call: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    tried(notify, call, |_| true).await
}

async fn tried<T, F>(
    notify: Notify<'_>,
    call: impl FnMut() -> F,
    may: impl Fn(&Error) -> bool,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(20))
        .with_factor(2.0)
        .with_jitter()
        .with_max_times(TRIES - 1);
    call.retry(pauses)
        .when(|error: &Error| error.retry() != Retry::Never && may(error))
        .adjust(|error: &Error, pause| match error.retry() {
            Retry::After(wanted) => pause.map(|pause| pause.max(wanted)),
            _ => pause,
        })
        .notify(|error: &Error, pause| {
            if let Some(notify) = notify {
                notify(error, pause);
            }
        })
        .await
}

/// As [`retried`], for calls that change nothing: an unknown effect is no reason to stop.
pub(crate) async fn reading<T, F>(mut call: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    retried(None, || {
        let answer = call();
        async { answer.await.map_err(|error| error.with_effect(Effect::None)) }
    })
    .await
}
