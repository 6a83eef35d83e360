//! Moves of a stack that contradict the state, as data.

use std::fmt;

use landform_core::{Address, stack::Moved};

/// Moves that contradict the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveProblem {
    /// The resource to move.
    pub address: Address,
    /// The moves of the address in order, with their places in the source.
    pub moves: Vec<Moved>,
    /// Why they do not fit.
    pub conflict: MoveConflict,
}

/// Why moves contradict the state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MoveConflict {
    /// The state already has something at the new address.
    Occupied,
    /// Another address moves to the same address.
    Together {
        /// The address of the other.
        other: Address,
    },
    /// The moves pass through an address that is declared, but the state has only one object: it may belong there or
    /// where the moves end.
    ThroughDeclared {
        /// The address that is declared.
        at: Address,
    },
    /// The moves end at an address that is not declared.
    Nowhere,
}

impl fmt::Display for MoveProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, moves, conflict } = self;
        let to = moves.last().map_or(address, |moved| &moved.to);
        match conflict {
            MoveConflict::Occupied => write!(
                f,
                "{address}: it cannot move to {to}, because the state has both. To delete {address}, remove the move"
            ),
            MoveConflict::Together { other } => {
                write!(
                    f,
                    "{address}: it cannot move to {to}, because {other} moves there too and the state has both"
                )
            }
            MoveConflict::ThroughDeclared { at } => write!(
                f,
                "{address}: it may belong at {at} or at {to}, because both are declared and the state has only one of \
                 the two. Remove the moves that are already done"
            ),
            MoveConflict::Nowhere => write!(
                f,
                "{address}: its moves end at {to}, which is not declared. Declare it, or remove the moves to \
                 delete {address}"
            ),
        }?;
        f.write_str("; moves:")?;
        for (place, Moved { from, to, origin }) in moves.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma} {from} to {to}")?;
            origin.iter().try_for_each(|origin| write!(f, " ({origin})"))?;
        }
        Ok(())
    }
}
