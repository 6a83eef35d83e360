//! Errors in the style of the provider: its operation names, codes and HTTP statuses, as far as types share them.

use landform_core::{Error, ErrorKind, ResourceType};

use crate::calls::Operation;

/// An error as the provider of a type would report it.
pub(crate) fn error(
    resource_type: &ResourceType,
    operation: Operation,
    kind: ErrorKind,
    message: impl Into<String>,
) -> Error {
    let error = Error::new(kind, message).operation(operation_name(resource_type, operation));
    match code(resource_type, kind) {
        Some((status, code)) => error.status(status).code(code),
        None => error,
    }
}

/// `CreateNatGateway` for `aws_nat_gateway`. `compute.routers.insert` would need more than the type's name.
pub(crate) fn operation_name(resource_type: &ResourceType, operation: Operation) -> String {
    let verb = match operation {
        Operation::Read | Operation::Resume | Operation::Find | Operation::Import => "Describe",
        Operation::Create => "Create",
        Operation::Update => "Modify",
        Operation::Delete => "Delete",
    };
    format!("{verb}{}", camel(resource_type))
}

fn camel(resource_type: &ResourceType) -> String {
    let mut name = String::new();
    for word in resource_type.name_str().split('_').skip(1) {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

fn code(resource_type: &ResourceType, kind: ErrorKind) -> Option<(u16, String)> {
    let google = resource_type.name.provider() == "google";
    Some(match kind {
        ErrorKind::NotFound if google => (404, "notFound".into()),
        ErrorKind::NotFound => (400, format!("Invalid{}ID.NotFound", camel(resource_type))),
        ErrorKind::AlreadyExists if google => (409, "alreadyExists".into()),
        ErrorKind::AlreadyExists => (400, format!("{}.Duplicate", camel(resource_type))),
        ErrorKind::InUse if google => (400, "resourceInUseByAnotherResource".into()),
        ErrorKind::InUse => (400, "DependencyViolation".into()),
        ErrorKind::Invalid if google => (400, "invalid".into()),
        ErrorKind::Invalid => (400, "InvalidParameterValue".into()),
        _ => return None,
    })
}
