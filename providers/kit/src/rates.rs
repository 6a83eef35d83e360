//! Rate limits: a bucket of tokens for each class of calls. The rate of a class starts as the cloud publishes it,
//! halves when the cloud throttles a call, and recovers while calls succeed. Never sleeps and never reads a clock: the
//! caller passes the time in, and waits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The rate limit of one class of calls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// How many calls may come at once: the size of the bucket.
    pub burst: f64,
    /// How many tokens return to the bucket each second.
    pub per_second: f64,
}

impl Rate {
    /// A high rate, for calls whose limit the cloud does not publish.
    pub const UNKNOWN: Self = Self { burst: 1000.0, per_second: 1000.0 };

    /// A rate of `burst` calls at once and `per_second` calls a second after that.
    pub const fn new(burst: f64, per_second: f64) -> Self {
        Self { burst, per_second }
    }
}

/// The buckets of one account in one region. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Rates(Arc<Mutex<HashMap<String, Bucket>>>);

/// The smallest part of a rate to which throttling reduces it.
const LEAST: f64 = 1.0 / 1024.0;

/// By what part of itself a reduced rate grows with each call that succeeds.
const RECOVERY: f64 = 0.01;

/// Refusals within this time count as one, because their calls were under way at the same time.
const TOGETHER: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct Bucket {
    rate: Rate,
    /// The part of the rate that is in use now, up to 1.
    part: f64,
    /// The tokens at `since`. Negative while calls wait for their turns.
    tokens: f64,
    since: Instant,
    slowed: Option<Instant>,
}

impl Rates {
    /// Takes a turn for one call of a class, and returns how long the call has to wait. Turns are in the order of the
    /// calls to this method.
    pub fn turn(&self, class: &str, rate: Rate, now: Instant) -> Duration {
        self.with(class, rate, now, |bucket| {
            bucket.tokens -= 1.0;
            Duration::try_from_secs_f64(-bucket.tokens / bucket.speed()).unwrap_or_default()
        })
    }

    /// Records that the cloud throttled a call of a class: empties the bucket and halves the rate. Refusals within one
    /// second count as one.
    pub fn refused(&self, class: &str, rate: Rate, now: Instant) {
        self.with(class, rate, now, |bucket| {
            if bucket.slowed.is_some_and(|slowed| now.duration_since(slowed) < TOGETHER) {
                return;
            }
            bucket.slowed = Some(now);
            bucket.part = (bucket.part / 2.0).max(LEAST);
            bucket.tokens = bucket.tokens.min(0.0);
        });
    }

    /// Records that the cloud accepted a call of a class.
    pub fn taken(&self, class: &str, rate: Rate, now: Instant) {
        self.with(class, rate, now, |bucket| bucket.part = (bucket.part + bucket.part * RECOVERY).min(1.0));
    }

    fn with<T>(&self, class: &str, rate: Rate, now: Instant, act: impl FnOnce(&mut Bucket) -> T) -> T {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = match buckets.get_mut(class) {
            Some(bucket) => bucket,
            None => buckets.entry(class.to_owned()).or_insert(Bucket {
                rate,
                part: 1.0,
                tokens: rate.burst,
                since: now,
                slowed: None,
            }),
        };
        let passed = now.saturating_duration_since(bucket.since).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * bucket.speed()).min(bucket.rate.burst);
        bucket.since = now.max(bucket.since);
        act(bucket)
    }
}

impl Bucket {
    fn speed(&self) -> f64 {
        self.rate.per_second * self.part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::new(2.0, 4.0);

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_turns() {
        let (rates, begin) = (Rates::default(), Instant::now());
        let turns: Vec<Duration> = (0..4).map(|_| rates.turn("make", RATE, begin)).collect();
        assert_eq!(turns, [0, 0, 250, 500].map(Duration::from_millis));
        assert_eq!(rates.turn("read", RATE, begin), Duration::ZERO, "another class has its own bucket");
        assert_eq!(rates.clone().turn("make", RATE, begin), Duration::from_millis(750), "clones share it");
        let later = begin + Duration::from_secs(60);
        assert_eq!(rates.turn("make", RATE, later), Duration::ZERO, "it fills again, up to the burst");
        let turns: Vec<Duration> = (0..2).map(|_| rates.turn("make", RATE, later)).collect();
        assert_eq!(turns, [0, 250].map(Duration::from_millis));
    }

    #[test]
    fn refusals_slow_down_and_success_speeds_up_again() {
        let (rates, begin) = (Rates::default(), Instant::now());
        rates.refused("make", RATE, begin);
        rates.refused("make", RATE, begin + Duration::from_millis(10));
        let wait = rates.turn("make", RATE, begin + Duration::from_millis(10));
        assert!(
            wait > Duration::from_millis(400),
            "half as fast, once for calls under way together: {wait:?}"
        );
        assert!(wait <= Duration::from_millis(500), "{wait:?}");
        let mut now = begin;
        for _ in 0..200 {
            now += Duration::from_secs(2);
            rates.refused("make", RATE, now);
        }
        let wait = rates.turn("make", RATE, now);
        assert!(wait <= Duration::from_secs(256), "it never stops altogether: {wait:?}");
        (0..2_000).for_each(|_| rates.taken("make", RATE, now));
        let later = now + Duration::from_secs(3600);
        let turns: Vec<Duration> = (0..3).map(|_| rates.turn("make", RATE, later)).collect();
        assert_eq!(turns, [0, 0, 250].map(Duration::from_millis));
    }
}
