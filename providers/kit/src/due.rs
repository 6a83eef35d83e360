//! The fields in which a resource differs from the declaration, by the schema.

use std::{collections::BTreeSet, ops::ControlFlow::Continue};

use landform_core::{
    Resource, Result,
    expr::Glance,
    schema::{Comparison, Field},
};
use serde_json::Value as Json;

use crate::{Attempt, senseless};

/// The fields that differ, and the attempt that changes them. [`changes!`](crate::changes) checks it field by field.
#[derive(Debug)]
pub struct Due<'a> {
    fields: Vec<&'static str>,
    /// The attempt.
    pub attempt: Attempt<'a>,
}

impl<'a> Due<'a> {
    /// The fields that differ between two values. It leaves out the fields that cannot change, and the fields that the
    /// cloud chooses if the declaration does not set them. Clouds do not show secrets, write-only fields and fields
    /// that they do not keep. These fields are due if `anew` is set, which happens once in an update.
    pub(crate) fn between<R: Resource>(
        wanted: &R,
        seen: &R,
        anew: bool,
        attempt: Attempt<'a>,
    ) -> Result<Self> {
        let schema = &R::resource_type().arguments;
        let (wanted, seen) = (json(wanted)?, json(seen)?);
        let mut names = BTreeSet::new();
        let comparison = Comparison { trusts: !anew, ..Comparison::default() };
        comparison.differences(schema.top(), Glance::Json(&wanted), &seen, &mut |at, _| {
            names.extend(at.path().head().map(str::to_owned));
            Continue(())
        });
        let is_due = |field: &&Field| {
            let once = field.write_only || field.unseen;
            let sent_anew = anew && once && wanted.get(&field.name).is_some();
            !field.immutable && (sent_anew || names.contains(&field.name))
        };
        let fields = schema.fields().iter().filter(is_due).map(|field| field.name.as_str()).collect();
        Ok(Self { fields, attempt })
    }

    /// Whether no field differs.
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

    pub(crate) fn without<'f>(mut self, fields: impl Iterator<Item = &'f str> + Clone) -> Self {
        self.fields.retain(|name| !fields.clone().any(|field| field == *name));
        self
    }
}

/// The fields that a change leaves alone: the cloud chose them before, and the declaration asks for no other value. If
/// the cloud changes them along with other fields, the kit does not change them back.
pub(crate) fn left_alone<R: Resource>(wanted: &R, prior: &R) -> Result<Vec<String>> {
    let (wanted, prior) = (json(wanted)?, json(prior)?);
    let computed = R::resource_type().arguments.fields().iter().filter(|field| field.computed);
    let same = computed.filter(|field| wanted.get(&field.name) == prior.get(&field.name));
    Ok(same.map(|field| field.name.clone()).collect())
}

fn json<R: Resource>(value: &R) -> Result<Json> {
    serde_json::to_value(value).map_err(|error| senseless(format!("the arguments: {error}")))
}

/// Makes the changes that are due, each by one call of an SDK, and answers the [`Next`](crate::Next) step. The compiler
/// checks the fields.
///
/// ```text
/// changes!(self, due, failed;
///     [map_public_ip_on_launch] => modify().map_public_ip_on_launch(flag(self.map_public_ip_on_launch)),
///     [description, max_session_duration] => client.iam.update_role().role_name(seen.id()),
/// )
/// ```
///
/// Each call is an SDK's fluent builder. The macro sends it, and `failed` maps its error.
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
