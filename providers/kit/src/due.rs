//! What is due: the fields in which a resource differs from what is wanted, by the schema.

use landform_core::{Resource, Result, Schema, conformance::difference, schema::Field};
use serde_json::{Map, Value as Json};

use crate::{Attempt, senseless};

/// The fields that differ, and the attempt that changes them. [`changes!`](crate::changes) asks it field by field.
#[derive(Debug)]
pub struct Due<'a> {
    fields: Vec<&'static str>,
    /// The attempt.
    pub attempt: Attempt<'a>,
}

impl<'a> Due<'a> {
    /// What differs between two values. Fields that cannot be changed are left out, and those that the cloud chooses where
    /// nothing is wanted. A secret, which clouds do not show, is due where `anew`: once in an update.
    pub(crate) fn between<R: Resource>(
        wanted: &R,
        seen: &R,
        anew: bool,
        attempt: Attempt<'a>,
    ) -> Result<Self> {
        let schema = &R::resource_type().arguments;
        let (wanted, seen) = (json(wanted)?, json(seen)?);
        let differs = |field: &&Field| {
            let (wanted, seen) = (given(&wanted, field), given(&seen, field));
            match (wanted, seen) {
                _ if field.immutable => false,
                (None, None) => false,
                (None, Some(_)) => !field.computed,
                (Some(_), None) if field.secret => anew,
                (Some(wanted), Some(seen)) if wanted == seen => false,
                (wanted, seen) => !alike(schema, field, wanted, seen),
            }
        };
        let fields = schema.fields().iter().filter(differs).map(|field| field.name.as_str()).collect();
        Ok(Self { fields, attempt })
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Whether a field differs.
    pub fn has(&self, field: &str) -> bool {
        self.fields.contains(&field)
    }

    /// The fields that differ.
    pub fn fields(&self) -> &[&'static str] {
        &self.fields
    }

    pub(crate) fn without(mut self, field: Option<&str>) -> Self {
        self.fields.retain(|name| Some(*name) != field);
        self
    }
}

/// Whether two values of a field mean the same.
fn alike(schema: &Schema, field: &Field, wanted: Option<&Json>, seen: Option<&Json>) -> bool {
    let object = |value: Option<&Json>| {
        Json::Object(value.map(|value| (field.name.clone(), value.clone())).into_iter().collect())
    };
    difference(schema, &object(wanted), &object(seen)).is_none()
}

fn given<'a>(values: &'a Map<String, Json>, field: &Field) -> Option<&'a Json> {
    values.get(&field.name).filter(|value| match value {
        Json::Null => false,
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
        _ => true,
    })
}

fn json<R: Resource>(value: &R) -> Result<Map<String, Json>> {
    match serde_json::to_value(value) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(other) => Err(senseless(format!("the arguments are {other}, expected an object"))),
        Err(error) => Err(senseless(format!("the arguments: {error}"))),
    }
}

/// Makes the changes that are due, each by one call of an SDK, and answers the [`Next`](crate::Next) step. Fields are
/// checked by the compiler.
///
/// ```text
/// changes!(self, due, failed;
///     [map_public_ip_on_launch] => modify().map_public_ip_on_launch(flag(self.map_public_ip_on_launch)),
///     [description, max_session_duration] => client.iam.update_role().role_name(seen.id()),
/// )
/// ```
///
/// Each call is an SDK's fluent builder, which the macro sends; `failed` maps its error.
#[macro_export]
macro_rules! changes {
    ($wanted:expr, $due:expr, $failed:expr; $([$($field:ident),+ $(,)?] => $call:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut next = $crate::Next::Done;
        $(
            $( let _ = &$wanted.$field; )+
            if $( $due.has(::core::stringify!($field)) )||+ {
                $call.send().await.map_err($failed)?;
                next = $crate::Next::Changed;
            }
        )*
        next
    }};
}
