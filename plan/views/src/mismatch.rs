//! What a change says about its resource, for tools that compare a cloud with declarations and change nothing. Shows no
//! value, so no secret.

use landform_engine::plan::{Change, ChangeKind};

/// How the cloud differs from the declaration of a resource, such as `is not as declared: tags.Name`. The sentence has
/// no subject, because tools name a resource in different ways.
///
/// # Guarantees
/// The text has the paths of fields and no value.
pub fn mismatch(change: &Change) -> String {
    match change.kind {
        ChangeKind::Create => "is declared and does not exist".to_owned(),
        ChangeKind::Delete | ChangeKind::Forget => "exists and is not declared".to_owned(),
        _ if change.fields.is_empty() => "is not as declared".to_owned(),
        _ => {
            let paths: Vec<String> = change.fields.iter().map(|field| field.path.to_string()).collect();
            format!("is not as declared: {}", paths.join(", "))
        }
    }
}
