//! Budgets for the calls of a provider, as data.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The limits for the retries of a call to a provider: attempts and time. A node, its provider and the engine may each
/// have a budget. The provider decides what the node leaves open, the engine decides what the provider leaves open, and
/// the defaults decide the rest.
///
/// ```
/// use std::time::Duration;
/// use landform_core::Budget;
/// let provider = Budget::new().attempts(3).call(Duration::from_secs(20));
/// let node = Budget::new().attempts(1);
/// assert_eq!(node.or(provider), Budget::new().attempts(1).call(Duration::from_secs(20)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// The number of attempts for one call, at least 1. By default 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// How long one call is retried, including pauses, in seconds. No attempt begins later. By default without limit.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "seconds",
        deserialize_with = "duration"
    )]
    pub total: Option<Duration>,
    /// How long to wait for the answer to one attempt, in seconds. After that, its effect is unknown. By default
    /// without limit.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "seconds",
        deserialize_with = "duration"
    )]
    pub call: Option<Duration>,
}

impl Budget {
    /// The default number of attempts for a call.
    pub const ATTEMPTS: u32 = 8;

    /// A budget that leaves everything open.
    pub const fn new() -> Self {
        Self { attempts: None, total: None, call: None }
    }

    /// Sets the number of attempts for one call. With 1, nothing is retried.
    pub const fn attempts(self, attempts: u32) -> Self {
        Self { attempts: Some(attempts), ..self }
    }

    /// Sets how long one call is retried, including pauses.
    pub const fn total(self, total: Duration) -> Self {
        Self { total: Some(total), ..self }
    }

    /// Sets how long to wait for the answer to one attempt.
    pub const fn call(self, call: Duration) -> Self {
        Self { call: Some(call), ..self }
    }

    /// This budget, completed by another one.
    pub fn or(self, other: Self) -> Self {
        Self {
            attempts: self.attempts.or(other.attempts),
            total: self.total.or(other.total),
            call: self.call.or(other.call),
        }
    }

    /// Whether everything is left open.
    pub fn is_open(&self) -> bool {
        *self == Self::new()
    }
}

fn seconds<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    duration.map(|duration| duration.as_secs_f64()).serialize(serializer)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let seconds: Option<f64> = Option::deserialize(deserializer)?;
    let duration = |seconds: f64| {
        let expected = || de::Error::custom(format!("{seconds}: expected seconds, 0 or more"));
        Duration::try_from_secs_f64(seconds).map_err(|_| expected())
    };
    seconds.map(duration).transpose()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn budgets_are_stored_in_seconds_and_refuse_nonsense() {
        let budget = Budget::new().attempts(2).total(Duration::from_millis(1500));
        let stored = serde_json::to_value(budget).unwrap();
        assert_eq!(stored, json!({ "attempts": 2, "total": 1.5 }));
        assert_eq!(serde_json::from_value::<Budget>(stored).unwrap(), budget);
        assert_eq!(serde_json::to_value(Budget::new()).unwrap(), json!({}));
        let error = serde_json::from_value::<Budget>(json!({ "call": -1 })).unwrap_err();
        assert_eq!(error.to_string(), "-1: expected seconds, 0 or more");
        serde_json::from_value::<Budget>(json!({ "tries": 1 })).unwrap_err();
    }
}
