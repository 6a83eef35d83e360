//! How long to wait, for what. Time is counted in pauses that were asked for, so it is the same in every process that
//! carries a ticket on, and a test that shortens the pauses changes no limit.

use std::time::Duration;

/// How long to wait at most, and how often to look. All by type, with [`Patience::USUAL`] to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For reads to show what was written.
    pub visible: Duration,
    /// For a new or changed one to become ready.
    pub ready: Duration,
    /// For a step that is refused for now to be allowed.
    pub refused: Duration,
    /// For others to let go of one that is to be removed.
    pub held: Duration,
    /// For one that is removed to be gone.
    pub gone: Duration,
    /// The first pause. Each further one is half as long again.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// How many looks in a row must see a new one before it counts as made: more than 1 where reads waver.
    pub looks: u32,
}

impl Patience {
    /// Minutes for reads and refusals, up to half an hour for the cloud's own work; a look after 1 s, then less often,
    /// at least every 10 s.
    pub const USUAL: Self = Self {
        visible: Duration::from_secs(120),
        ready: Duration::from_secs(1800),
        refused: Duration::from_secs(120),
        held: Duration::from_secs(600),
        gone: Duration::from_secs(1800),
        first: Duration::from_secs(1),
        longest: Duration::from_secs(10),
        looks: 1,
    };

    /// The pause after this many others.
    pub(crate) fn pause(&self, round: u32) -> Duration {
        let mut pause = self.first;
        for _ in 0..round {
            if pause >= self.longest {
                return self.longest;
            }
            pause += pause / 2;
        }
        pause.min(self.longest)
    }
}

/// How fast the engine is told to ask: as a real cloud needs it, or at once, as with an emulator that has no states to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// The pauses of [`Patience`].
    #[default]
    Usual,
    /// The same pauses, each shortened to this length. Limits stay what they are.
    AtMost(Duration),
}

impl Pace {
    pub(crate) fn of(self, pause: Duration) -> Duration {
        match self {
            Self::Usual => pause,
            Self::AtMost(most) => pause.min(most),
        }
    }
}
