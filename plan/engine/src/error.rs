//! Why the engine could not plan or apply. Every error says where, what was found, and what to do.

mod moves;

use std::fmt;

use landform_core::{
    Address, Error as ProviderError, Origin, Path, Printable, Problems, TypeName, expr::EvalError,
    graph::Cycle, words,
};

use crate::{
    journal::JournalError,
    plan::{ChangeKind, When},
};

pub use moves::{MoveConflict, MoveProblem};

/// Why a replacement creates the new object first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateFirst {
    /// The stack declares `create_before_destroy`.
    Declared,
    /// The old one is retained.
    Retained,
    /// A dependent of the object needs it.
    Needed,
}

impl fmt::Display for CreateFirst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Declared => "create_before_destroy",
            Self::Retained => "retain_on_delete",
            Self::Needed => "a dependent needs it",
        })
    }
}

/// The result of the engine's work.
pub type Result<T, E = EngineError> = std::result::Result<T, E>;

/// A condition that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The node.
    pub address: Address,
    /// Where the node was declared.
    pub origin: Option<Origin>,
    /// Whether the condition had to be met before or after the change.
    pub when: When,
    /// Its message.
    pub message: String,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, origin, when, message } = self;
        let place = origin.as_ref().map(|origin| format!(" ({})", Printable(origin).in_a_line()));
        write!(f, "{address}{}: {} ({when})", place.unwrap_or_default(), Printable(message))
    }
}

/// Why the engine stopped before doing anything.
///
/// A step that fails during an apply is not such an error. The [`Report`](crate::Report) has it, beside the steps that
/// succeeded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The stack is not right.
    #[error("{0}")]
    Stack(#[from] Problems),
    /// The state cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// No provider offers the type of a node or of a recorded object.
    #[error("{address}: no provider for the type {}; register one with Engine::builder().provider(…), or forget the recorded resource with Stack::removed{}", address.type_str(), near.as_ref().map(|near| format!(" (did you mean {near}?)")).unwrap_or_default())]
    NoProvider {
        /// The node.
        address: Address,
        /// A known type with a similar name.
        near: Option<String>,
    },
    /// An object belongs to a missing provider, or several providers could be meant.
    #[error("{}", which(address, provider.as_deref(), offered))]
    WhichProvider {
        /// The node.
        address: Address,
        /// The name of the provider, if there is one.
        provider: Option<String>,
        /// The providers that offer its type.
        offered: Vec<String>,
    },
    /// Conditions that do not hold.
    #[error("{}", unmet(.0))]
    Conditions(Vec<Unmet>),
    /// A call to a provider failed.
    #[error("{address}: {operation} failed: {error}")]
    Provider {
        /// The node.
        address: Address,
        /// What was tried.
        operation: &'static str,
        /// The provider's error.
        error: ProviderError,
    },
    /// A newer release recorded an object in a format that this release does not know.
    #[error(
        "{address}: it was recorded with schema version {found} of its type, and this release knows versions up to {supported}. Use a newer release"
    )]
    NewerObject {
        /// The node.
        address: Address,
        /// The version found.
        found: u32,
        /// The newest version supported.
        supported: u32,
    },
    /// A provider needs a configuration, and the stack has none.
    #[error(
        "{address}: its provider {provider} is opened with a configuration; add {} to the stack with Stack::read",
        words::a(configuration)
    )]
    NotConfigured {
        /// A node of the provider, or an object that is recorded with it.
        address: Address,
        /// The provider.
        provider: String,
        /// The type of the configuration.
        configuration: TypeName,
    },
    /// A value cannot be computed.
    #[error("{}: {}", Printable(place).in_a_line(), Printable(error))]
    Eval {
        /// The node or output.
        place: String,
        /// Why.
        error: EvalError,
    },
    /// A reference leads to a node that the selection leaves out and that does not exist yet.
    #[error(
        "{address}: {} refers to {node}, which does not exist yet and is not selected; add it to the targets",
        Printable(path).in_a_line()
    )]
    NotSelected {
        /// The node.
        address: Address,
        /// The argument.
        path: Path,
        /// The target of the reference.
        node: Address,
    },
    /// A target, an exclusion or a replacement names nothing.
    #[error("{what} {address}: neither the stack nor the state has it{}", near.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
    UnknownAddress {
        /// Which option.
        what: &'static str,
        /// The address.
        address: Address,
        /// The one probably meant.
        near: Option<String>,
    },
    /// The plan would destroy a node that must not be destroyed.
    #[error("{address} must not be destroyed (prevent_destroy), but {}: {}", match kind { ChangeKind::Delete => "this plan deletes it", _ => "this plan replaces it" }, Printable(reason))]
    Prevented {
        /// The node.
        address: Address,
        /// What the plan would do.
        kind: ChangeKind,
        /// Why it would.
        reason: String,
    },
    /// A replacement would create the new object before the old one is deleted, but the two cannot exist at the same
    /// time.
    #[error(
        "{address}: its replacement creates the new object first ({because}), but two with the same {} cannot exist at the \
         same time; change that too, or delete the old one first",
        fields.join(", ")
    )]
    CannotCoexist {
        /// The node.
        address: Address,
        /// The arguments that both objects would have.
        fields: Vec<String>,
        /// The reason why the new object is created first.
        because: CreateFirst,
    },
    /// A policy refuses the plan.
    #[error("{address}: refused by policy: {}", Printable(message))]
    Refused {
        /// The node.
        address: Address,
        /// What the policy says.
        message: String,
    },
    /// Moves that contradict the state.
    #[error("{0}")]
    Move(MoveProblem),
    /// Several errors at once: two or more, none of them of this kind.
    #[error("{}", several(.0))]
    Several(Vec<EngineError>),
    /// Lifecycle rules that contradict each other.
    #[error("{address}: {}", Printable(message))]
    Contradiction {
        /// The node.
        address: Address,
        /// Which rules, and why not.
        message: String,
    },
    /// The steps of a plan wait for each other.
    #[error("the steps of this plan wait for each other: {0}")]
    ActionCycle(Cycle),
    /// No object has the import id.
    #[error("{address}: cannot take over {}: {error}", Printable(id).in_a_line())]
    Import {
        /// The node.
        address: Address,
        /// The id.
        id: String,
        /// The provider's error.
        error: ProviderError,
    },
    /// Restoring an earlier state needs secrets of which the state has only seals.
    #[error(
        "a state stores no secrets, so give these again: {}",
        missing.iter().map(|(address, path)| format!("{address}: {}", Printable(path).in_a_line())).collect::<Vec<_>>().join(", ")
    )]
    Sealed {
        /// The nodes, and the places of the secrets in their arguments.
        missing: Vec<(Address, Path)>,
    },
    /// The plan was made for another stack or from another state.
    #[error("this plan is stale: {0}; make a new one")]
    Stale(String),
    /// Only a person can decide the outcome of these attempts.
    #[error("{address}: an attempt (token {token}) was interrupted and {}; delete the extra ones in the cloud, or take one over with import", if candidates.is_empty() { "it is unknown whether it took effect".to_owned() } else { format!("any of these may be its result: {}", Printable(candidates.join(", ")).in_a_line()) })]
    Undecided {
        /// The node.
        address: Address,
        /// The attempt.
        token: String,
        /// The ids that the attempt may have created.
        candidates: Vec<String>,
    },
}

impl EngineError {
    /// Nothing, the single error, or all errors together.
    pub(crate) fn all(errors: impl IntoIterator<Item = Self>) -> Result<()> {
        let mut errors: Vec<Self> = errors.into_iter().collect();
        match errors.len() {
            0 | 1 => errors.pop().map_or(Ok(()), Err),
            _ => Err(Self::Several(errors)),
        }
    }
}

fn several(errors: &[EngineError]) -> String {
    let first = format!("{} problems:", errors.len());
    errors.iter().fold(first, |text, error| format!("{text}\n  {}", error.to_string().replace('\n', "\n  ")))
}

fn which(address: &Address, provider: Option<&str>, offered: &[String]) -> String {
    let (type_name, offered) = (address.type_str(), offered.join(", "));
    match provider {
        Some(provider) => format!(
            "{address} belongs to provider {provider}, and none of that name that offers {type_name} is registered \
             (there is {offered}); register it with Engine::builder().provider(…), or say with \
             .renamed_provider({provider:?}, …) what it is called now"
        ),
        None => format!(
            "{address}: several providers offer {type_name} ({offered}); name one with Stack::within, or \
             register one without an alias"
        ),
    }
}

fn unmet(unmet: &[Unmet]) -> String {
    match unmet {
        [only] => only.to_string(),
        many => many.iter().fold(format!("{} conditions do not hold:", many.len()), |text, unmet| {
            format!("{text}\n  {unmet}")
        }),
    }
}
