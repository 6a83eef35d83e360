//! The demands of a resource on others before it may exist or change: references, rules, ranges.

use landform_core::{ErrorKind, Result, Rule, schema::Kind};
use serde_json::Value as Json;

use crate::{
    calls::Operation,
    compute::Values,
    decide::{Desk, described},
    manner,
    references::{Reference, references},
    rules::{Broken, network},
    session::Session,
    world::Entity,
};

impl Desk<'_> {
    /// Checks the demands on other resources. `own` is the resource itself, if it exists.
    pub(crate) fn allowed(
        &self,
        session: &Session<'_>,
        arguments: &Values,
        own: Option<&Entity>,
    ) -> Result<()> {
        let schema = &self.resource_type.arguments;
        let before = own.map(|own| references(schema, &own.arguments)).unwrap_or_default();
        for reference in references(schema, arguments) {
            let known = |old: &Reference<'_>| old.type_name == reference.type_name && old.id == reference.id;
            if !before.iter().any(known) {
                self.can_refer(session, &reference)?;
            }
        }
        match session.world.rules.broken(self.resource_type, own.map(|own| own.serial), arguments) {
            Some(Broken::Unique { fields, value, other }) => {
                let other = session.world.entity(other).map(described).unwrap_or_default();
                let message = format!("{fields}: {value} is taken by {other}");
                return Err(self.error(ErrorKind::AlreadyExists, message));
            }
            Some(Broken::Overlap { field, cidr, other }) => {
                let other = session.world.entity(other).map(described).unwrap_or_default();
                let message = format!("{field}: {cidr} overlaps that of {other}");
                return Err(self.error(ErrorKind::Invalid, message).code(self.conflict()));
            }
            None => {}
        }
        self.resource_type.rules.iter().try_for_each(|rule| match rule {
            Rule::Inside { field, of } => self.inside(session, arguments, field, of),
            _ => Ok(()),
        })
    }

    fn can_refer(&self, session: &Session<'_>, reference: &Reference<'_>) -> Result<()> {
        let Reference { path, type_name, id, .. } = reference;
        let target = session.world.find(type_name, id).filter(|target| target.gone_at.is_none());
        match target {
            None => {
                let message = format!("{path}: the {type_name} {id:?} does not exist");
                let error = self.error(ErrorKind::NotFound, message);
                let theirs = session.world.resource_type(type_name).and_then(|other| {
                    let theirs = manner::error(other, self.operation, ErrorKind::NotFound, "");
                    theirs.provider_code().map(str::to_owned)
                });
                Err(match theirs {
                    Some(code) => error.code(code),
                    None => error,
                })
            }
            Some(target) if target.ready_at > session.now => {
                let message = format!("{path}: the {type_name} {id:?} is not ready yet");
                Err(self.error(ErrorKind::Invalid, message).code("IncorrectState"))
            }
            Some(_) => Ok(()),
        }
    }

    fn inside(&self, session: &Session<'_>, arguments: &Values, field: &str, of: &str) -> Result<()> {
        let outer = self.resource_type.arguments.field(of).and_then(|of| match &of.kind {
            Kind::Text { refers_to, .. } => refers_to.as_ref(),
            _ => None,
        });
        let outer_id = arguments.get(of).and_then(Json::as_str);
        let (Some(outer), Some(outer_id)) = (outer, outer_id) else { return Ok(()) };
        let Some(outer) = session.world.get(outer.as_str(), outer_id) else { return Ok(()) };
        match (network(arguments, field), network(&outer.arguments, field)) {
            (Some(cidr), Some(around)) if !around.contains(&cidr) => {
                if session.world.rules.further(outer_id, field).any(|further| further.contains(&cidr)) {
                    return Ok(());
                }
                let message = format!("{field}: {cidr} is outside {around} of {}", described(outer));
                let code = self.conflict().replace("Conflict", "Range");
                Err(self.error(ErrorKind::Invalid, message).code(code))
            }
            _ => Ok(()),
        }
    }

    fn conflict(&self) -> String {
        let create = manner::operation_name(self.resource_type, Operation::Create);
        format!("Invalid{}.Conflict", create.trim_start_matches("Create"))
    }
}
