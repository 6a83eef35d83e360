//! Contradictory declarations of moved and removed nodes, each with its place.

use std::fmt;

use crate::stack::{Moved, Origin};

/// Why the declarations of a node contradict each other. The node is that of the [`Problem`](super::Problem).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Contradiction {
    /// It moves to an address of another type.
    OtherType(Moved),
    /// It moves to its own address.
    ToItself(Moved),
    /// It moves to two addresses.
    OneToTwo([Moved; 2]),
    /// Two nodes move to it.
    TwoToOne([Moved; 2]),
    /// Its moves lead back to it.
    Circle(Vec<Moved>),
    /// It moves away, is still declared, and nothing takes its place.
    MovedAndDeclared {
        /// The move.
        moved: Moved,
        /// Where the node is declared.
        declared: Option<Origin>,
    },
    /// It moves away and is removed.
    MovedAndRemoved {
        /// The move.
        moved: Moved,
        /// Where it is removed.
        removed: Option<Origin>,
    },
    /// It is declared and removed.
    DeclaredAndRemoved {
        /// Where it is declared.
        declared: Option<Origin>,
        /// Where it is removed.
        removed: Option<Origin>,
    },
    /// It is a data source, which is not recorded.
    Unrecorded {
        /// The place where it is moved or removed.
        at: Option<Origin>,
    },
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherType(moved) => {
                write!(f, "it cannot move to {}, which is of another type{}", moved.to, In(&moved.origin))
            }
            Self::ToItself(moved) => write!(f, "it moves to itself{}", In(&moved.origin)),
            Self::OneToTwo([one, two]) => write!(
                f,
                "it moves to {}{} and to {}{}; expected one of the two",
                one.to,
                In(&one.origin),
                two.to,
                In(&two.origin)
            ),
            Self::TwoToOne([one, two]) => write!(
                f,
                "{}{} and {}{} both move here; expected one of the two",
                one.from,
                In(&one.origin),
                two.from,
                In(&two.origin)
            ),
            Self::Circle(moves) => {
                f.write_str("its moves lead back to it: ")?;
                for (place, moved) in moves.iter().enumerate() {
                    let comma = if place == 0 { "" } else { ", " };
                    write!(f, "{comma}{} to {}{}", moved.from, moved.to, In(&moved.origin))?;
                }
                f.write_str("; to exchange two nodes, move one to a third address and apply that first")
            }
            Self::MovedAndDeclared { moved, declared } => write!(
                f,
                "it is declared and moved to {}; expected one of the two{}",
                moved.to,
                Both("declared", declared, "moved", &moved.origin)
            ),
            Self::MovedAndRemoved { moved, removed } => write!(
                f,
                "it is moved to {} and removed; expected one of the two{}",
                moved.to,
                Both("moved", &moved.origin, "removed", removed)
            ),
            Self::DeclaredAndRemoved { declared, removed } => write!(
                f,
                "it is declared and removed; expected one of the two{}",
                Both("declared", declared, "removed", removed)
            ),
            Self::Unrecorded { at } => {
                write!(f, "a data source is not recorded, so it can be neither moved nor removed{}", In(at))
            }
        }
    }
}

/// The place of a declaration, if known.
struct In<'a>(&'a Option<Origin>);

impl fmt::Display for In<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |origin| write!(f, " ({origin})"))
    }
}

/// The places of two declarations, each with its content.
struct Both<'a>(&'a str, &'a Option<Origin>, &'a str, &'a Option<Origin>);

impl fmt::Display for Both<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(one, at, other, there) = self;
        match (at, there) {
            (None, None) => Ok(()),
            (Some(at), None) => write!(f, " ({one} at {at})"),
            (None, Some(there)) => write!(f, " ({other} at {there})"),
            (Some(at), Some(there)) => write!(f, " ({one} at {at}, {other} at {there})"),
        }
    }
}
