//! The problems of a stack, as data: where, what, and what was expected.

mod contradiction;

use std::fmt;

use crate::{
    Address, Path, Printable, address::NameError, expr::EvalError, graph::Cycle, schema::Violation,
    stack::Origin,
};

pub use contradiction::Contradiction;

/// One problem of a declared stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The node.
    pub address: Option<Address>,
    /// Where the node was declared.
    pub origin: Option<Origin>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A malformed name.
    #[error("{0}")]
    Name(NameError),
    /// Two nodes of one type and name.
    #[error("declared twice{}; names are unique per type", earlier.as_ref().map(|at| format!(" (first at {at})")).unwrap_or_default())]
    Duplicate {
        /// Where the first was declared.
        earlier: Option<Origin>,
    },
    /// An argument against the schema.
    #[error("{0}")]
    Argument(Violation),
    /// A reference to a node that is not declared.
    #[error("refers to {node}, which is not declared{}", near.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
    Dangling {
        /// The node referred to.
        node: Address,
        /// The one probably meant.
        near: Option<Address>,
    },
    /// A reference to a field that the type does not have.
    #[error("{at}: refers to {node}.{path}, but {} has no such field", node.type_str())]
    NoSuchField {
        /// The argument that refers.
        at: Path,
        /// The node referred to.
        node: Address,
        /// The missing field.
        path: Path,
    },
    /// A node of another stack.
    #[error(
        "{}refers to {node} of another stack, {stack:?}{}; expected a node of this stack. Read another \
         stack's values from its outputs",
        if at.is_empty() { String::new() } else { format!("{at}: ") },
        declared.as_ref().map(|at| format!(" (declared at {at})")).unwrap_or_default()
    )]
    Foreign {
        /// The argument that refers; empty if there is none.
        at: Path,
        /// The node referred to.
        node: Address,
        /// The stack's name.
        stack: String,
        /// The place where the node was declared there.
        declared: Option<Origin>,
    },
    /// A reference to a write-only field.
    #[error("{at}: refers to {node}.{path}, which is write_only: its value is stored nowhere")]
    WriteOnly {
        /// The argument that refers.
        at: Path,
        /// The node referred to.
        node: Address,
        /// The write-only field.
        path: Path,
    },
    /// An output with a reference to nothing.
    #[error("output {name}: {problem}")]
    Output {
        /// The output.
        name: String,
        /// Its problem: [`ProblemKind::Dangling`], [`ProblemKind::NoSuchField`] or [`ProblemKind::Foreign`].
        problem: Box<ProblemKind>,
    },
    /// A condition with a reference to nothing.
    #[error("the condition {message:?}: {problem}")]
    Condition {
        /// The message of the condition.
        message: String,
        /// Its problem: [`ProblemKind::Dangling`], [`ProblemKind::NoSuchField`] or [`ProblemKind::Foreign`].
        problem: Box<ProblemKind>,
    },
    /// A setting that a data source cannot have, because it is only read.
    #[error("{what} applies to managed resources, but a data source is only read")]
    ReadOnly {
        /// The field of the lifecycle.
        what: &'static str,
    },
    /// A node whose type no provider offers.
    #[error("the type {type_name} is not known; is its provider registered?")]
    UnknownType {
        /// The type's name.
        type_name: String,
    },
    /// Contradictory declarations of moved and removed nodes.
    #[error("{0}")]
    Contradiction(Contradiction),
    /// Nodes that wait for each other.
    #[error("{0}")]
    Cycle(Cycle),
    /// Two resources that must differ.
    #[error("{field} {value} is already used by {other}, expected a unique value")]
    NotUnique {
        /// The fields that must differ.
        field: String,
        /// The shared value.
        value: String,
        /// The other node.
        other: Address,
    },
    /// Two overlapping ranges.
    #[error("{field} {cidr} overlaps {other_cidr} of {other}, expected ranges that do not overlap")]
    Overlap {
        /// The field.
        field: String,
        /// This node's range.
        cidr: String,
        /// The other's range.
        other_cidr: String,
        /// The other node.
        other: Address,
    },
    /// A range outside the range that must contain it.
    #[error("{field} {cidr} is outside {outer_cidr} of {outer}, expected a range inside")]
    Outside {
        /// The field.
        field: String,
        /// This node's range.
        cidr: String,
        /// The range around it.
        outer_cidr: String,
        /// The node around it.
        outer: Address,
    },
    /// A value that cannot be computed.
    #[error("{0}")]
    Eval(EvalError),
    /// A problem that a layer found in its own description.
    #[error("{0}")]
    Other(String),
}

impl Problem {
    /// A problem without a particular node.
    pub fn new(kind: ProblemKind) -> Self {
        Self { address: None, origin: None, kind }
    }

    /// The node and the place of the problem.
    pub fn at(mut self, address: &Address, origin: Option<&Origin>) -> Self {
        self.address = Some(address.clone());
        self.origin = origin.cloned();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = Printable(&self.kind);
        // A malformed name keeps its address.
        let address = self.address.as_ref().map(|address| Printable(address).in_a_line());
        let origin = self.origin.as_ref().map(|origin| Printable(origin).in_a_line());
        match (address, origin) {
            (Some(address), Some(origin)) => write!(f, "{address} ({origin}): {kind}"),
            (Some(address), None) => write!(f, "{address}: {kind}"),
            (None, Some(origin)) => write!(f, "{origin}: {kind}"),
            (None, None) => kind.fmt(f),
        }
    }
}

/// All problems found in a stack; never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// An error if there is any problem.
    ///
    /// # Errors
    /// The problems, if there are any.
    pub fn from_list(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// The problems in the order in which they were found.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [only] => only.fmt(f),
            many => {
                write!(f, "{} problems:", many.len())?;
                many.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for Problems {}
