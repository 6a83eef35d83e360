//! The engine of Landform: planner, executor, journal, stores and views. Knows no cloud.

mod answer;
mod calls;
mod cancel;
mod engine;
mod error;
pub mod event;
mod executor;
pub mod journal;
mod opening;
pub mod outputs;
pub mod plan;
mod planner;
mod readable;
mod registry;
mod report;
mod seal;
pub mod store;
mod task;
mod token;
pub mod view;

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
