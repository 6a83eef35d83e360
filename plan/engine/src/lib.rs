//! The engine of Landform makes a plan from a stack and a state, and resources from a plan. It knows no cloud and
//! writes no text for people.

mod answer;
mod calls;
mod cancel;
mod engine;
mod error;
pub mod event;
mod executor;
mod opening;
pub mod outputs;
pub mod plan;
mod planner;
mod readable;
mod registry;
mod report;

pub use landform_state::{journal, store};
use landform_state::{seal, task, token};

pub use cancel::Cancel;
pub use engine::{Engine, EngineBuilder, Output, Restored, Secrets};
pub use error::{CreateFirst, EngineError, MoveConflict, MoveProblem, Result, Unmet};
pub use event::{Event, Notice, Sink, Told};
pub use executor::ApplyOptions;
pub use plan::{
    Action, Answer, Change, ChangeKind, Check, Counts, Drift, FieldChange, Plan, PlanFileError, Reason,
    ReplaceOrder, Verb, Warning, When,
};
pub use planner::{PlanOptions, Policy, Refresh};
pub use report::{Failure, Incomplete, Report, Skipped};
