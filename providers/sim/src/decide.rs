//! The cloud's decision about a request: refuses it, or commits an entry to the ledger. Handles one request at a time,
//! under the ledger's lock, and waits for nothing.

use std::{
    collections::BTreeSet,
    ops::ControlFlow::{Break, Continue},
};

use landform_core::{
    Call, Error, ErrorKind, FindBy, Object, Path, ResourceType, Result, Retry, Ticket, Token,
    expr::{Expr, Glance},
    schema::{Comparison, Schema, Violation},
};
use serde_json::{Value as Json, json};

use crate::{
    builder::Settings,
    calls::Operation,
    clock::milliseconds,
    compute::{Birth, Values, completed},
    form::{digest, is_random},
    ledger::{Effect, Entry, Existing},
    manner,
    rules::Broken,
    session::Session,
    world::{Entity, Serial},
};

/// The progress of an effect, before it becomes an answer.
pub(crate) enum Standing {
    Exists(Object),
    Gone,
    /// When the operation ends, in milliseconds since 1970.
    Pending {
        id: String,
        until: u64,
    },
}

/// The result of an attempt.
pub(crate) enum Left {
    Nothing,
    Exists(Object),
    Pending { id: String, until: u64 },
}

/// One type's requests.
pub(crate) struct Desk<'a> {
    pub settings: &'a Settings,
    pub resource_type: &'a ResourceType,
    pub operation: Operation,
    /// Whether only a part of the effect happens.
    pub partly: bool,
}

impl<'d> Desk<'d> {
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        manner::error(self.resource_type, self.operation, kind, message)
    }

    fn name(&self) -> &'d str {
        self.resource_type.name_str()
    }

    fn found_by(&self) -> FindBy {
        self.settings.found_by(self.name())
    }

    pub(crate) fn create(&self, session: &mut Session<'_>, call: Call<'_>, asked: &Json) -> Result<Standing> {
        let asked_digest = digest(&completed(&self.resource_type.arguments, asked));
        if self.found_by() == FindBy::Token
            && let Some(standing) = self.repeated(session, call.token, &asked_digest)?
        {
            return Ok(standing);
        }
        let mut arguments = self.declarable(asked)?;
        let id = self.name_it(session, call.token, &mut arguments)?;
        self.allowed(session, &arguments, None)?;
        let seed = self.seed(session, call.token, 0);
        let attributes = self.birth(session, &seed, 1).attributes(session.world, &id, &arguments, None);
        let mut entry = self.entry(session, Effect::Created, &id, Some(call));
        entry.arguments = Some(arguments);
        entry.attributes = Some(attributes);
        entry.asked = Some(asked_digest);
        let lag = self.settings.lag(self.name());
        entry.missed_reads = lag.reads;
        entry.hidden_until = (!lag.time.is_zero()).then(|| session.now + milliseconds(lag.time));
        let ticket = self.settings.latency.cost(self.resource_type, Operation::Create).ticket;
        entry.until = ticket.map(|span| session.now + milliseconds(span));
        session.commit(entry)?;
        self.standing(session, &id, ticket.is_some())
    }

    /// The result of an earlier delivery of the same request.
    fn repeated(&self, session: &Session<'_>, token: &Token, asked: &str) -> Result<Option<Standing>> {
        let living = session.world.attempt(token).living.and_then(|serial| session.world.entity(serial));
        let Some(entity) = living.filter(|entity| entity.gone_at.is_none()) else { return Ok(None) };
        if entity.resource_type.name != self.resource_type.name || entity.asked.as_deref() != Some(asked) {
            let message = format!("the token {token} was used for another request, which made {}", entity.id);
            return Err(self.error(ErrorKind::Invalid, message).code("IdempotentParameterMismatch"));
        }
        self.standing(session, &entity.id, entity.ready_at > session.now).map(Some)
    }

    /// Chooses open arguments and the id. Reports an id that is already used.
    fn name_it(&self, session: &Session<'_>, token: &Token, arguments: &mut Values) -> Result<String> {
        for attempt in 0.. {
            let seed = self.seed(session, token, attempt);
            let birth = self.birth(session, &seed, 1);
            birth.choose(session.world, arguments, None);
            let id = birth.id(arguments);
            if session.world.get(self.name(), &id).is_none() {
                birth.choose(session.world, arguments, Some(&id));
                return Ok(id);
            }
            if !is_random(&self.resource_type.id_form) {
                return Err(self.error(ErrorKind::AlreadyExists, format!("{id} already exists")));
            }
        }
        Err(self.error(ErrorKind::Internal, "no id is left"))
    }

    fn seed(&self, session: &Session<'_>, token: &Token, attempt: u32) -> String {
        let generation = session.world.attempt(token).made;
        format!("{}/{token}/{generation}/{attempt}", self.name())
    }

    fn birth<'a>(&'a self, session: &Session<'_>, seed: &'a str, revision: u64) -> Birth<'a> {
        let zones = &self.settings.zones;
        let turn = session.world.made(self.name()) as usize % zones.len().max(1);
        Birth {
            resource_type: self.resource_type,
            seed,
            serial: session.world.next_serial(),
            revision,
            region: &self.settings.region,
            account: &self.settings.account,
            zone: zones.get(turn).map_or("", String::as_str),
        }
    }

    pub(crate) fn update(
        &self,
        session: &mut Session<'_>,
        call: Option<Call<'_>>,
        id: &str,
        asked: &Json,
        effect: Effect,
    ) -> Result<Standing> {
        let mut arguments = self.valid(asked)?;
        let entity = self.existing(session, id)?;
        for field in self.resource_type.arguments.fields().iter().filter(|field| field.computed) {
            if let (None, Some(value)) = (arguments.get(&field.name), entity.arguments.get(&field.name)) {
                arguments.insert(field.name.clone(), value.clone());
            }
        }
        if arguments == entity.arguments {
            return self.standing(session, id, entity.ready_at > session.now);
        }
        if self.partly {
            arguments = half_changed(&entity.arguments, arguments);
        }
        if effect == Effect::Updated {
            let old = Json::Object(entity.arguments.clone());
            let new = Json::Object(arguments.clone());
            if let Some(path) = changed_immutable(&self.resource_type.arguments, &old, &new) {
                let message = format!("{id}: {path} cannot be changed once it exists");
                return Err(self.error(ErrorKind::Invalid, message).resource(id));
            }
            self.allowed(session, &arguments, Some(entity))?;
        }
        let seed = format!("{}/{}/{}", self.name(), entity.id, entity.revision);
        let mut birth = self.birth(session, &seed, entity.revision + 1);
        birth.serial = entity.serial;
        let attributes = birth.attributes(session.world, id, &arguments, Some(&entity.attributes));
        let mut entry = self.entry(session, effect, id, call);
        entry.arguments = Some(arguments);
        entry.attributes = Some(attributes);
        let cost = self.settings.latency.cost(self.resource_type, Operation::Update);
        let ticket = cost.ticket.filter(|_| effect == Effect::Updated);
        entry.until = ticket.map(|span| session.now + milliseconds(span));
        session.commit(entry)?;
        self.standing(session, id, ticket.is_some())
    }

    pub(crate) fn delete(&self, session: &mut Session<'_>, call: Call<'_>, id: &str) -> Result<Standing> {
        let Some(entity) = session.world.get(self.name(), id) else { return Ok(Standing::Gone) };
        if let Some(until) = entity.gone_at {
            return Ok(Standing::Pending { id: id.to_owned(), until });
        }
        if let Some(users) = self.users(session, entity) {
            let error = self.error(ErrorKind::InUse, format!("{id} is used by {users}")).resource(id);
            let soon = session.world.users(entity.serial).all(|user| user.gone_at.is_some());
            return Err(if soon { error.with_retry(Retry::Backoff) } else { error });
        }
        let ticket = self.settings.latency.cost(self.resource_type, Operation::Delete).ticket;
        let until = ticket.map(|span| session.now + milliseconds(span));
        let effect = if ticket.is_some() { Effect::Deleting } else { Effect::Deleted };
        let mut entry = self.entry(session, effect, id, Some(call));
        entry.until = until;
        session.commit(entry)?;
        Ok(match until {
            Some(until) => Standing::Pending { id: id.to_owned(), until },
            None => Standing::Gone,
        })
    }

    /// The first users of a resource, in words.
    fn users(&self, session: &Session<'_>, entity: &Entity) -> Option<String> {
        let mut users = session.world.users(entity.serial);
        let named: Vec<String> = users.by_ref().take(3).map(described).collect();
        let more = match users.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!named.is_empty()).then(|| format!("{}{more}", named.join(", ")))
    }

    pub(crate) fn resume(&self, session: &Session<'_>, ticket: &Ticket) -> Result<Standing> {
        let wrong = || {
            let expected = "expected a ticket of this cloud, as in {\"operation\": \"create\"} with an id";
            self.error(ErrorKind::Invalid, format!("{}: {expected}", ticket.payload))
        };
        let id = ticket.id.as_deref().ok_or_else(wrong)?;
        match ticket.payload.get("operation").and_then(Json::as_str) {
            Some("create" | "update") => {
                let entity = self.existing(session, id)?;
                self.standing(session, id, entity.ready_at > session.now)
            }
            Some("delete") => Ok(match session.world.get(self.name(), id) {
                None => Standing::Gone,
                Some(entity) => match entity.gone_at {
                    Some(until) => Standing::Pending { id: id.to_owned(), until },
                    None => return Err(self.error(ErrorKind::Conflict, format!("{id} is not being deleted"))),
                },
            }),
            _ => Err(wrong()),
        }
    }

    pub(crate) fn find(&self, session: &mut Session<'_>, token: &Token, asked: &Json) -> Result<Left> {
        let serial = match self.found_by() {
            FindBy::Token => session.world.attempt(token).living,
            FindBy::Identity => self.identical(session, token, asked),
            FindBy::Nothing => return Err(Error::unsupported(self.name(), "find what an attempt made")),
        };
        let entity = serial.and_then(|serial| session.world.entity(serial));
        let Some(entity) = entity.filter(|entity| entity.gone_at.is_none()) else { return Ok(Left::Nothing) };
        let (serial, until) = (entity.serial, entity.ready_at);
        if entity.resource_type.name != self.resource_type.name || !self.seen(session, serial)? {
            return Ok(Left::Nothing);
        }
        let Some(entity) = session.world.entity(serial) else { return Ok(Left::Nothing) };
        Ok(if until > session.now {
            Left::Pending { id: entity.id.clone(), until }
        } else {
            Left::Exists(self.object(entity))
        })
    }

    fn identical(&self, session: &Session<'_>, token: &Token, asked: &Json) -> Option<Serial> {
        let mut arguments = completed(&self.resource_type.arguments, asked);
        if !is_random(&self.resource_type.id_form) {
            let seed = self.seed(session, token, 0);
            let birth = self.birth(session, &seed, 1);
            birth.choose(session.world, &mut arguments, None);
            let id = birth.id(&arguments);
            return session.world.get(self.name(), &id).map(|entity| entity.serial);
        }
        match session.world.rules.broken(self.resource_type, None, &arguments)? {
            Broken::Unique { other, .. } => Some(other),
            Broken::Overlap { .. } => None,
        }
    }

    pub(crate) fn read(&self, session: &mut Session<'_>, ids: &[&str]) -> Result<Vec<Option<Object>>> {
        ids.iter().map(|id| self.read_one(session, id)).collect()
    }

    /// A page of the resources that reads see, and whether there are more.
    pub(crate) fn list(&self, session: &Session<'_>, skipped: usize, page: usize) -> (Vec<Object>, bool) {
        let own = session.world.entities_of(self.name());
        let seen = own.filter(|entity| entity.missed_reads == 0 && entity.hidden_until <= session.now);
        let mut rest = seen.skip(skipped);
        let some = rest.by_ref().take(page).map(|entity| self.object(entity)).collect();
        (some, rest.next().is_some())
    }

    pub(crate) fn import(&self, session: &mut Session<'_>, id: &str) -> Result<Object> {
        let known = session.world.imported(self.name(), id).map(|entity| entity.id.clone());
        self.read_one(session, known.as_deref().unwrap_or(id))?.ok_or_else(|| self.missing(id))
    }

    fn read_one(&self, session: &mut Session<'_>, id: &str) -> Result<Option<Object>> {
        let Some(entity) = session.world.get(self.name(), id) else { return Ok(None) };
        let serial = entity.serial;
        if !self.seen(session, serial)? {
            return Ok(None);
        }
        Ok(session.world.entity(serial).map(|entity| self.object(entity)))
    }

    /// Whether a read sees the resource yet. Counts the read if not.
    fn seen(&self, session: &mut Session<'_>, serial: Serial) -> Result<bool> {
        let Some(entity) = session.world.entity(serial) else { return Ok(false) };
        let hidden = entity.hidden_until > session.now;
        if entity.missed_reads > 0 {
            let id = entity.id.clone();
            let entry = Entry::new(Effect::Missed, session.now, self.name(), &id);
            session.commit(entry)?;
            return Ok(false);
        }
        Ok(!hidden)
    }

    /// Adds an existing resource. Leaves one that already exists as it is.
    pub(crate) fn seed_one(&self, session: &mut Session<'_>, id: &str, asked: &Json) -> Result<Object> {
        if session.world.get(self.name(), id).is_none() {
            let seed = format!("{}/{id}", self.name());
            self.appear(session, Effect::Seeded, &seed, Some(id), asked)?;
        }
        Ok(self.object(self.existing(session, id)?))
    }

    /// Adds a member of a group, which the cloud itself makes.
    pub(crate) fn join(&self, session: &mut Session<'_>, group: &str, asked: &Json) -> Result<Existing> {
        let seed = format!("{}/{group}/{}", self.name(), session.world.next_serial());
        let id = self.appear(session, Effect::Created, &seed, None, asked)?;
        Ok(self.existing(session, &id)?.existing(session.now))
    }

    /// Adds a resource for which no provider asked.
    fn appear(
        &self,
        session: &mut Session<'_>,
        effect: Effect,
        seed: &str,
        id: Option<&str>,
        asked: &Json,
    ) -> Result<String> {
        let mut arguments = self.valid(asked)?;
        let birth = self.birth(session, seed, 1);
        let id = match id {
            Some(id) => id.to_owned(),
            None => birth.id(&arguments),
        };
        birth.choose(session.world, &mut arguments, Some(&id));
        self.allowed(session, &arguments, None)?;
        let attributes = birth.attributes(session.world, &id, &arguments, None);
        let mut entry = self.entry(session, effect, &id, None);
        entry.arguments = Some(arguments);
        entry.attributes = Some(attributes);
        session.commit(entry)?;
        Ok(id)
    }

    /// Removes a resource without its provider.
    pub(crate) fn vanish(&self, session: &mut Session<'_>, id: &str) -> Result<()> {
        self.existing(session, id)?;
        let entry = Entry::new(Effect::Vanished, session.now, self.name(), id);
        session.commit(entry)
    }

    pub(crate) fn existing<'w>(&self, session: &'w Session<'_>, id: &str) -> Result<&'w Entity> {
        let entity = session.world.get(self.name(), id).filter(|entity| entity.gone_at.is_none());
        entity.ok_or_else(|| self.missing(id))
    }

    fn missing(&self, id: &str) -> Error {
        let message = format!("the {} {id:?} does not exist", self.name());
        self.error(ErrorKind::NotFound, message).resource(id)
    }

    fn entry(&self, session: &Session<'_>, effect: Effect, id: &str, call: Option<Call<'_>>) -> Entry {
        let mut entry = Entry::new(effect, session.now, self.name(), id);
        entry.token = call.map(|call| call.token.clone());
        entry.by = call.map(|call| call.address.clone());
        entry
    }

    fn standing(&self, session: &Session<'_>, id: &str, pending: bool) -> Result<Standing> {
        let entity = self.existing(session, id)?;
        Ok(if pending {
            Standing::Pending { id: id.to_owned(), until: entity.ready_at }
        } else {
            Standing::Exists(self.object(entity))
        })
    }

    /// The resource as answers give it.
    fn object(&self, entity: &Entity) -> Object {
        let mut arguments = Json::Object(entity.arguments.clone());
        if self.settings.conceals {
            self.resource_type.arguments.top().each_mut(&mut arguments, &mut |place, value| {
                if place.is_secret() {
                    *value = Json::Null;
                }
            });
        }
        Object::new(&*entity.id, arguments, entity.attributes.clone())
    }

    /// The arguments of a new resource, which keep all demands on a declaration.
    fn declarable(&self, asked: &Json) -> Result<Values> {
        self.without(self.resource_type.arguments.check(&Expr::Literal(asked.clone())), asked)
    }

    /// Arguments that may hold what the cloud computed.
    fn valid(&self, asked: &Json) -> Result<Values> {
        self.without(self.resource_type.arguments.check_values(&Expr::Literal(asked.clone())), asked)
    }

    fn without(&self, violations: Vec<Violation>, asked: &Json) -> Result<Values> {
        match violations.into_iter().next() {
            Some(violation) => Err(self.error(ErrorKind::Invalid, violation.to_string())),
            None => Ok(completed(&self.resource_type.arguments, asked)),
        }
    }
}

/// The content of a ticket.
pub(crate) fn payload(operation: Operation) -> Json {
    json!({ "operation": operation.to_string() })
}

pub(crate) fn described(entity: &Entity) -> String {
    match &entity.by {
        Some(address) => format!("{} ({address})", entity.id),
        None => format!("{} {}", entity.resource_type.name, entity.id),
    }
}

/// The old arguments with every second change: the first, third, fifth …
fn half_changed(old: &Values, new: Values) -> Values {
    let fields: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes = fields.into_iter().filter(|field| old.get(*field) != new.get(*field)).step_by(2);
    let mut half = old.clone();
    for field in changes {
        match new.get(field) {
            Some(value) => half.insert(field.clone(), value.clone()),
            None => half.remove(field),
        };
    }
    half
}

/// The place of the first difference that cannot be changed, if there is one.
fn changed_immutable(schema: &Schema, old: &Json, new: &Json) -> Option<Path> {
    let mut first = None;
    Comparison::default().differences(schema.top(), Glance::Json(new), old, &mut |at, difference| {
        if !difference.place.is_immutable() {
            return Continue(());
        }
        first = Some(at.path());
        Break(())
    });
    first
}
