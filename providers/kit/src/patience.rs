//! Time limits and pauses. The kit counts the pauses that it asked for, not the time on a clock. The count is therefore
//! the same in every process that continues a ticket, and a test that shortens the pauses changes no limit.

use std::time::Duration;

/// How long the kit waits at most, and how often it looks. Each type sets its own, starting from [`Patience::USUAL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The limit for reads to show a write.
    pub visible: Duration,
    /// The limit for a new or changed resource to become ready.
    pub ready: Duration,
    /// The limit for the cloud to allow a step that it refuses for now.
    pub refused: Duration,
    /// The limit for others to stop using a resource that is to be deleted.
    pub held: Duration,
    /// The limit for a deleted resource to disappear.
    pub gone: Duration,
    /// The first pause. Each further pause is half as long again.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// How many looks in a row must show a new resource before it counts as made. Use more than 1 if reads are
    /// inconsistent.
    pub looks: u32,
}

impl Patience {
    /// Minutes for reads and refusals, half an hour for the cloud's own work. The first look comes after 1 s. Later
    /// looks come less often, but at least every 10 s.
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

    /// The pause after `round` earlier pauses.
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

/// How fast the engine polls: at the pace of a real cloud, or faster for an emulator that has no states to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// The pauses of [`Patience`].
    #[default]
    Usual,
    /// The same pauses, each shortened to this length. The limits do not change.
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
