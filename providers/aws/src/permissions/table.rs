//! The IAM actions of each type, as a table. Decides nothing.

mod data;
mod ec2;
mod groups;
mod services;

use super::Permissions;

/// The row of a managed type: the actions to read, to create, to update and to delete one.
const fn row(
    type_name: &'static str,
    read: &'static [&'static str],
    create: &'static [&'static str],
    change: &'static [&'static str],
    delete: &'static [&'static str],
) -> Permissions {
    Permissions { type_name, read, create, change, delete }
}

/// The row of a data source, which a run only reads.
const fn asked(type_name: &'static str, read: &'static [&'static str]) -> Permissions {
    row(type_name, read, &[], &[], &[])
}

/// One row for each managed type and for each data source.
pub(super) fn all() -> impl Iterator<Item = &'static Permissions> {
    [ec2::ROWS, groups::ROWS, services::ROWS, data::ROWS].into_iter().flatten()
}
