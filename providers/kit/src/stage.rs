//! The payload of the kit's tickets: the goal of the attempt, and how long it has taken.

use std::time::Duration;

use landform_core::{Error, ErrorKind, Resource, Result, Ticket};
use serde::{Deserialize, Serialize};

use crate::{Operation, Pace, Patience, senseless, sharing::Removed};

/// The goal of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    Made,
    Changed,
    Gone,
}

/// The progress of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub toward: Goal,
    /// How many pauses there were.
    #[serde(default)]
    pub round: u32,
    /// The total of the pauses, in milliseconds of the usual pace.
    #[serde(default)]
    pub waited: u64,
    /// How many looks in a row have shown the resource.
    #[serde(default)]
    pub looks: u32,
    /// Whether the cloud refused the deletion for now.
    #[serde(default)]
    pub refused: bool,
    /// Whether the attempt still has to send the secrets.
    #[serde(default)]
    pub secrets: bool,
    /// The fields that the change leaves alone: see [`left_alone`](crate::due::left_alone).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alone: Vec<String>,
    /// The keys that the change removes from maps that others write too.
    #[serde(default, skip_serializing_if = "Removed::is_empty")]
    pub removed: Removed,
    /// The operation to ask first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
}

impl Stage {
    pub(crate) fn first(toward: Goal) -> Self {
        Self {
            toward,
            round: 0,
            waited: 0,
            looks: 0,
            refused: false,
            secrets: false,
            alone: Vec::new(),
            removed: Removed::default(),
            operation: None,
        }
    }

    pub(crate) fn of<R: Resource>(ticket: &Ticket) -> Result<(&str, Self)> {
        match (&ticket.id, Stage::deserialize(&ticket.payload)) {
            (Some(id), Ok(stage)) => Ok((id, stage)),
            _ => {
                let message = format!("invalid ticket {}: this provider did not issue it", ticket.payload);
                Err(Error::new(ErrorKind::Internal, message).resource(R::TYPE))
            }
        }
    }

    pub(crate) fn time(&self) -> Duration {
        Duration::from_millis(self.waited)
    }

    /// The ticket that continues at once.
    pub(crate) fn ticket(&self, id: &str, note: &str) -> Result<Ticket> {
        let payload =
            serde_json::to_value(self).map_err(|error| senseless(format!("the ticket: {error}")))?;
        Ok(Ticket::new(id.to_owned(), payload).note(note).poll_after(Duration::ZERO))
    }

    /// The ticket that continues after a pause.
    pub(crate) fn pause(mut self, id: &str, note: &str, patience: &Patience, pace: Pace) -> Result<Ticket> {
        let pause = patience.pause(self.round);
        self.round += 1;
        self.waited = self.waited.saturating_add(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        Ok(self.ticket(id, note)?.poll_after(pace.of(pause)))
    }
}
