//! Random numbers that a seed repeats: Vigna's SplitMix64.

use std::{env, time::Duration};

/// A source of random numbers.
pub struct Random(u64);

impl Random {
    /// The numbers for one of several users of the seed.
    pub fn new(user: u64) -> Self {
        Self(number("LANDFORM_SEED", 1).wrapping_add(user.wrapping_mul(0x0100_0000_01b3)))
    }

    /// The next number.
    #[allow(clippy::should_implement_trait, reason = "an iterator that never ends is not what callers want")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A duration up to a maximum.
    pub fn time(&mut self, longest: Duration) -> Duration {
        longest.mul_f64(self.next() as f64 / u64::MAX as f64)
    }
}

/// A number that an environment variable can set.
pub fn number(variable: &str, usual: u64) -> u64 {
    let Ok(text) = env::var(variable) else { return usual };
    text.parse().unwrap_or_else(|_| panic!("{variable}={text:?}: expected a whole number"))
}
