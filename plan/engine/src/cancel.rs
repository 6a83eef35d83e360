//! Stops an apply from outside. The first call lets running steps finish; the second one abandons them.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that stops an apply. Clones share the same switch.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<Level>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Run,
    Drain,
    Leave,
}

impl Default for Cancel {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Level::Run)))
    }
}

impl Cancel {
    /// Cancels. The first time, the apply starts nothing new and finishes the running steps. The second time, it saves
    /// the state and returns at once. The next run settles the steps that were running.
    pub fn cancel(&self) {
        self.0.send_modify(|level| {
            *level = if *level == Level::Run { Level::Drain } else { Level::Leave };
        });
    }

    /// Whether the apply may start nothing new.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow() >= Level::Drain
    }

    pub(crate) async fn drained(&self) {
        self.reached(Level::Drain).await;
    }

    pub(crate) async fn left(&self) {
        self.reached(Level::Leave).await;
    }

    async fn reached(&self, wanted: Level) {
        let mut level = self.0.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = level.wait_for(|level| *level >= wanted).await;
    }
}
