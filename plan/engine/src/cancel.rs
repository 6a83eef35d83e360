//! Stopping an apply from outside: once to finish what is under way, twice to leave at once.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that others can pull. Clones are the same switch.
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
    /// Pulls the switch: the first time nothing new is begun and what is under way is finished; the second time the
    /// apply saves and leaves, and the next run settles what was under way.
    pub fn cancel(&self) {
        self.0.send_modify(|level| {
            *level = if *level == Level::Run { Level::Drain } else { Level::Leave };
        });
    }

    /// Whether nothing new is to be begun.
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
