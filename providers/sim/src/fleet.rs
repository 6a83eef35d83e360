//! Fleets: resources that a group makes and removes by itself, as an Auto Scaling group does with instances. Knows no
//! cloud; a [`Fleet`] says what follows from a group.

use landform_core::{ErrorKind, Result};
use serde_json::Value as Json;

use crate::{
    builder::Settings,
    calls::Operation,
    decide::Desk,
    ledger::{Effect, Entry, Existing},
    session::Session,
};

/// A type of groups, and the type of their members.
///
/// The cloud keeps the members up right after each change of a group or a member, in the same transaction. Members are
/// resources like others: they can be read, changed and removed. No provider's call makes them, so they have neither a
/// token nor a node.
pub trait Fleet: Send + Sync {
    /// The type of the groups, such as `aws_autoscaling_group`.
    fn groups(&self) -> &str;

    /// The type of the members, such as `aws_instance`.
    fn members(&self) -> &str;

    /// The id of the group to which a resource of the members' type belongs; `None` if it belongs to none.
    fn group_of(&self, member: &Existing) -> Option<String>;

    /// How many members a group wants. It has `now` of them.
    fn size(&self, group: &Existing, now: usize) -> usize;

    /// The arguments of a further member. The group has `members`; `look` finds other resources by type and id.
    ///
    /// If the cloud refuses these arguments, the group stays short, and the next change tries again.
    fn member(
        &self,
        group: &Existing,
        members: &[Existing],
        look: &dyn Fn(&str, &str) -> Option<Existing>,
    ) -> Json;
}

/// Adds and removes members until each group has its wanted number. Looks at the groups that this transaction
/// changed, or at all groups.
pub(crate) fn settle(settings: &Settings, session: &mut Session<'_>, all: bool) -> Result<()> {
    for fleet in &settings.fleets {
        let touches = |written: &String| written == fleet.groups() || written == fleet.members();
        if all || session.written.iter().any(touches) {
            keep_up(settings, session, &**fleet)?;
        }
    }
    Ok(())
}

fn keep_up(settings: &Settings, session: &mut Session<'_>, fleet: &dyn Fleet) -> Result<()> {
    let Some(resource_type) = session.world.resource_type(fleet.members()).cloned() else { return Ok(()) };
    let desk = Desk { settings, resource_type: &resource_type, operation: Operation::Create, partly: false };
    let groups = session.world.of_type(fleet.groups(), session.now);
    let of = |session: &Session<'_>| -> Vec<(String, Existing)> {
        let members = session.world.of_type(fleet.members(), session.now).into_iter();
        members.filter_map(|member| Some((fleet.group_of(&member)?, member))).collect()
    };
    for (group, member) in of(session) {
        if !groups.iter().any(|existing| existing.id == group) {
            leave(session, fleet, &member)?;
        }
    }
    let all = of(session);
    for group in &groups {
        let own = all.iter().filter(|(name, _)| *name == group.id);
        let mut members: Vec<Existing> = own.map(|(_, member)| member.clone()).collect();
        let size = fleet.size(group, members.len());
        // The oldest go first.
        for member in members.drain(..members.len().saturating_sub(size)) {
            leave(session, fleet, &member)?;
        }
        while members.len() < size {
            let look = |type_name: &str, id: &str| {
                session.world.get(type_name, id).map(|entity| entity.existing(session.now))
            };
            let arguments = fleet.member(group, &members, &look);
            match desk.join(session, &group.id, &arguments) {
                Ok(member) => members.push(member),
                Err(error) if matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Internal) => {
                    return Err(error);
                }
                Err(_) => break,
            }
        }
    }
    Ok(())
}

fn leave(session: &mut Session<'_>, fleet: &dyn Fleet, member: &Existing) -> Result<()> {
    session.commit(Entry::new(Effect::Deleted, session.now, fleet.members(), &member.id))
}
