//! Paths of fields on both sides. A list of at most one block has no place in Landform's paths.

use landform_core::{
    Path, Schema,
    path::Step,
    schema::{Kind, Nesting},
};

use super::is_wrapped;
use crate::wire::{AttributePath, Selector, Step as WireStep};

/// A path of Landform in Terraform's words. It ends above the first set, whose items have no places.
pub(crate) fn wire_path(schema: &Schema, path: &Path) -> AttributePath {
    let mut steps = Vec::new();
    let attribute = |name: &str| WireStep { selector: Some(Selector::Attribute(name.to_owned())) };
    let mut kind: Option<&Kind> = None;
    let mut fields = Some(schema);
    for step in path.steps() {
        match (step, fields, kind) {
            (Step::Key(name), Some(schema), _) => {
                let Some(field) = schema.field(name) else { break };
                steps.push(attribute(name));
                if let (Kind::Block(inner), Nesting::Block) = (&field.kind, field.nesting)
                    && path.steps().len() > steps.len()
                {
                    steps.push(WireStep { selector: Some(Selector::Index(0)) });
                    (fields, kind) = (Some(inner), None);
                    continue;
                }
                (fields, kind) = inside(&field.kind);
            }
            (Step::Index(place), None, Some(Kind::List(item))) => {
                steps.push(WireStep { selector: Some(Selector::Index(i64::from(*place))) });
                (fields, kind) = inside(item);
            }
            (Step::Key(key), None, Some(Kind::Map(item))) => {
                steps.push(WireStep { selector: Some(Selector::Key(key.to_string())) });
                (fields, kind) = inside(item);
            }
            _ => break,
        }
    }
    AttributePath { steps }
}

/// The fields of a block, or the kind of anything else.
fn inside(kind: &Kind) -> (Option<&Schema>, Option<&Kind>) {
    match kind {
        Kind::Block(schema) => (Some(schema), None),
        other => (None, Some(other)),
    }
}

/// A path of Terraform in Landform's words. It ends where Landform's schema ends.
pub(crate) fn landform_path(schema: &Schema, path: &AttributePath) -> Path {
    let mut found = Path::default();
    let mut fields = Some(schema);
    let mut kind: Option<&Kind> = None;
    let mut skips = false;
    for step in &path.steps {
        match (&step.selector, fields, kind) {
            (Some(Selector::Index(_)), ..) if skips => {
                skips = false;
                continue;
            }
            (Some(Selector::Attribute(name) | Selector::Key(name)), Some(schema), _) => {
                let Some(field) = schema.field(name) else { break };
                found = found.key(name);
                skips = is_wrapped(field);
                (fields, kind) = inside(&field.kind);
                continue;
            }
            (Some(Selector::Index(place)), None, Some(Kind::List(item))) => {
                let Ok(place) = usize::try_from(*place) else { break };
                found = found.index(place);
                (fields, kind) = inside(item);
            }
            (Some(Selector::Key(key) | Selector::Attribute(key)), None, Some(Kind::Map(item))) => {
                found = found.key(key);
                (fields, kind) = inside(item);
            }
            _ => break,
        }
        skips = false;
    }
    found
}
