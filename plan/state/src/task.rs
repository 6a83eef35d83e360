//! Background tasks: one that outlives its caller, and one that does not.

use std::panic::resume_unwind;

use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;

/// Runs work to its end, even if the caller stops waiting.
///
/// # Cancel safety
/// The work continues. Its result is lost.
pub async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    ended(tokio::spawn(work.in_current_span()).await).await
}

/// Work that runs while its caller does something else. It is cancelled when the caller is.
pub struct Beside<T>(JoinHandle<T>);

impl<T: Send + 'static> Beside<T> {
    /// Begins it.
    pub fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(work.in_current_span()))
    }

    /// Its result.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the work.
    pub async fn wait(mut self) -> T {
        ended((&mut self.0).await).await
    }
}

impl<T> Drop for Beside<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn ended<T>(ended: Result<T, JoinError>) -> T {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => resume_unwind(panic),
        // Only the shutdown of a runtime cancels a task that somebody waits for, and then nobody waits any more.
        Err(Err(_)) => std::future::pending().await,
    }
}
