//! One run of the kit over one resource.

mod checks;
mod drive;

use std::time::Duration;

use serde_json::Value as Json;

use checks::moved;

use super::{Broken, Clause, Sample, Verdict, difference, secrets::secrets};
use crate::{
    Call, Driver, ErrorKind, FindBy, Forecast, Found, Known, Object, Path, Progress, Proposal, Ticket, Token,
    expr::Expr,
};

/// Tests every clause. After a failure, deletes what exists.
pub(super) async fn run(
    driver: &dyn Driver,
    sample: &Sample,
    sleep: impl AsyncFn(Duration),
) -> Result<Verdict, Broken> {
    let schema = &driver.resource_type().arguments;
    let given = [Some(&sample.arguments), sample.changed.as_ref()].into_iter().flatten();
    let secrets = given.flat_map(|arguments| secrets(schema, arguments)).collect();
    let mut trial =
        Trial { driver, sample, sleep, report: Verdict::default(), exists: None, secrets, at_once: false };
    let outcome = trial.run().await;
    if let (Err(_), Some(object)) = (&outcome, trial.exists.clone()) {
        // The failure counts. A problem during the clean-up adds nothing.
        let _ = trial.delete("clean-up", &object).await;
    }
    outcome.map(|()| trial.report)
}

struct Trial<'a, S> {
    driver: &'a dyn Driver,
    sample: &'a Sample,
    sleep: S,
    report: Verdict,
    exists: Option<Object>,
    secrets: Vec<String>,
    /// Whether the creation answered at once that it is done.
    at_once: bool,
}

/// The default pause before the next poll.
const PAUSE: Duration = Duration::from_millis(200);

/// After this many polls without any pause, the operation counts as endless.
const IDLE_POLLS: u32 = 10_000;

impl<S: AsyncFn(Duration)> Trial<'_, S> {
    async fn run(&mut self) -> Result<(), Broken> {
        self.sound()?;
        let create = self.token("create").map_err(|error| self.broken(Clause::Sample, error.to_string()))?;
        let foreseen = self.forecast(None, &self.sample.arguments).await?;
        let object = self.create(&create).await?;
        self.came_true(foreseen, &object)?;
        self.find(&create, &object).await?;
        self.settled_down(&object).await?;
        let object = self.update(object).await?;
        self.list(&object).await?;
        self.import(&object).await?;
        self.remove(&create, &object).await?;
        if self.secrets.is_empty() {
            self.report.skipped.push(Clause::Secrets);
        } else {
            self.kept(Clause::Secrets);
        }
        Ok(())
    }

    fn sound(&mut self) -> Result<(), Broken> {
        let schema = &self.driver.resource_type().arguments;
        let Sample { arguments, changed, without, .. } = self.sample;
        for arguments in [Some(arguments), changed.as_ref(), without.as_ref()].into_iter().flatten() {
            let violations = schema.check(&Expr::Literal(arguments.clone()));
            if let Some(violation) = violations.first() {
                return Err(self.broken(Clause::Sample, violation.to_string()));
            }
        }
        self.kept(Clause::Sample);
        if self.driver.abilities().page == 0 {
            return Err(self.broken(Clause::Abilities, "a page of 0 ids, expected at least 1"));
        }
        self.kept(Clause::Abilities);
        Ok(())
    }

    async fn create(&mut self, token: &Token) -> Result<Object, Broken> {
        let object = self.made(Clause::Create, token).await?;
        self.exists = Some(object.clone());
        if object.id.is_empty() || object.attributes.get("id").and_then(Json::as_str) != Some(&object.id) {
            let problem =
                format!("the id is {:?}, the attribute id {:?}", object.id, object.attributes.get("id"));
            return Err(self.broken(Clause::Create, problem));
        }
        self.kept(Clause::Create);
        self.fits(&object)?;
        self.kept(Clause::Schema);
        self.same(&self.sample.arguments, &object)?;
        let agrees = |found: &Option<Object>| {
            found.as_ref().is_some_and(|found| found.attributes == object.attributes)
        };
        let seen = self.seen(&object, agrees).await?;
        let Some(seen) = seen else {
            return Err(self.broken(Clause::Read, format!("{} was created, but no read finds it", object.id)));
        };
        self.fits(&seen)?;
        self.same(&self.sample.arguments, &seen)?;
        self.kept(Clause::NoDifference);
        let mut shown = seen.attributes.clone();
        self.driver.resource_type().attributes.respell(&mut shown, &object.attributes);
        if shown != object.attributes {
            let problem = format!(
                "the creation of {} ended, but reads differ from its answer: {}",
                object.id,
                moved(&object, &seen)
            );
            return Err(self.broken(Clause::Settled, problem));
        }
        match self.driver.read_many(&[]).await {
            Ok(nothing) if nothing.is_empty() => {}
            other => return Err(self.broken(Clause::Read, format!("no objects gave {other:?}"))),
        }
        self.reads_in_order(&seen).await?;
        self.kept(Clause::Read);
        Ok(seen)
    }

    /// An existing id after a missing one. A driver may refuse the missing id as malformed.
    async fn reads_in_order(&self, object: &Object) -> Result<(), Broken> {
        let mut absent = object.clone();
        absent.id = another_id(&object.id);
        if let Some(id) = absent.attributes.get_mut("id") {
            *id = absent.id.clone().into();
        }
        let Ok(answer) = self.driver.read_many(&[&absent, object]).await else { return Ok(()) };
        let ids: Vec<Option<&str>> = answer.iter().map(|found| Some(found.as_ref()?.id.as_str())).collect();
        match ids[..] {
            [first, Some(second)] if second == object.id && first.is_none_or(|first| first == absent.id) => {
                Ok(())
            }
            _ => {
                let problem =
                    format!("a read of {} and {} gave {ids:?}, in this order", absent.id, object.id);
                Err(self.broken(Clause::Read, problem))
            }
        }
    }

    /// The driver's prediction, if it forecasts.
    async fn forecast(&self, prior: Option<&Object>, wanted: &Json) -> Result<Option<Forecast>, Broken> {
        if !self.driver.abilities().forecast {
            return Ok(None);
        }
        let now = prior.and_then(|prior| prior.arguments.as_object());
        let fields = wanted.as_object().into_iter().flatten();
        let differs: Vec<Path> = fields
            .filter(|(name, value)| now.is_some_and(|now| now.get(*name) != Some(value)))
            .map(|(name, _)| Path::field(name))
            .collect();
        let proposal = Proposal {
            address: &self.sample.address,
            prior: prior.map(|prior| prior as &dyn Known),
            arguments: &Expr::Literal(wanted.clone()),
            differs: &differs,
        };
        let forecast = self.driver.forecast(proposal).await;
        forecast.map(Some).map_err(|error| self.broken(Clause::Forecast, error.to_string()))
    }

    fn came_true(&mut self, foreseen: Option<Forecast>, object: &Object) -> Result<(), Broken> {
        let Some(forecast) = foreseen else { return Ok(()) };
        for (path, foreseen) in &forecast.values {
            let came = path.find(&object.attributes).or_else(|| path.find(&object.arguments));
            let place = self.driver.resource_type().attributes.place(path);
            let place = place.or_else(|| self.driver.resource_type().arguments.place(path));
            if !place.is_some_and(|place| place.same(foreseen, came.unwrap_or(&Json::Null))) {
                return Err(
                    self.broken(Clause::Forecast, format!("{path} has another value than the forecast"))
                );
            }
        }
        if !self.report.kept.contains(&Clause::Forecast) {
            self.kept(Clause::Forecast);
        }
        Ok(())
    }

    async fn made(&mut self, clause: Clause, token: &Token) -> Result<Object, Broken> {
        let call = Call::new(&self.sample.address, token);
        let progress = self.driver.create(call, &self.sample.arguments).await;
        self.at_once = matches!(progress, Ok(Progress::Exists(_)));
        self.settled(clause, token, progress)
            .await?
            .ok_or_else(|| self.broken(clause, "the creation ended without an object"))
    }

    async fn find(&mut self, token: &Token, object: &Object) -> Result<(), Broken> {
        let by = self.driver.abilities().find;
        if by == FindBy::Nothing {
            self.report.skipped.extend([Clause::Find, Clause::Unused, Clause::CreateAgain]);
            return Ok(());
        }
        let call = Call::new(&self.sample.address, token);
        let found = match self.driver.find(call, &self.sample.arguments).await {
            Ok(Found::Exists(found)) => found.id,
            Ok(Found::Pending(ticket)) => {
                if self.at_once {
                    self.is_done(call, &ticket).await?;
                }
                ticket.id.unwrap_or_default()
            }
            other => {
                return Err(
                    self.broken(Clause::Find, format!("{} was created, but find gave {other:?}", object.id))
                );
            }
        };
        if found != object.id {
            return Err(
                self.broken(Clause::Find, format!("{} was created, but find gave {found}", object.id))
            );
        }
        self.kept(Clause::Find);
        self.finds_nothing_unused(by).await?;
        if by == FindBy::Identity {
            self.report.skipped.push(Clause::CreateAgain);
            return Ok(());
        }
        let again = self.made(Clause::CreateAgain, token).await?;
        if again.id != object.id {
            let problem = format!("the token of {} also made {}", object.id, again.id);
            // Both are deleted, however the driver treats tokens.
            let _ = self.delete("double", &again).await;
            return Err(self.broken(Clause::CreateAgain, problem));
        }
        self.kept(Clause::CreateAgain);
        Ok(())
    }

    /// A creation that returns an existing resource leaves nothing to wait for, so nothing is resumed.
    async fn is_done(&self, call: Call<'_>, ticket: &Ticket) -> Result<(), Broken> {
        match self.driver.resume(call, ticket, &self.sample.arguments).await {
            Ok(Progress::Pending(ticket)) => {
                let problem = format!(
                    "create answered that the object exists, but it is still pending: {}",
                    ticket.note
                );
                Err(self.broken(Clause::Settled, problem))
            }
            _ => Ok(()),
        }
    }

    /// The resource stays as it is while nobody changes it.
    async fn settled_down(&mut self, before: &Object) -> Result<(), Broken> {
        (self.sleep)(PAUSE * 5).await;
        let after = self.seen(before, |found| found.is_some()).await?;
        match after {
            Some(after) if after == *before => self.kept(Clause::Settled),
            after => {
                let fields = after.as_ref().map(|after| moved(before, after)).unwrap_or_default();
                let problem = format!("{} changed by itself after its creation: {fields}", before.id);
                return Err(self.broken(Clause::Settled, problem));
            }
        }
        Ok(())
    }

    /// An unused token finds nothing, although a resource with the same arguments exists.
    async fn finds_nothing_unused(&mut self, by: FindBy) -> Result<(), Broken> {
        if by != FindBy::Token {
            self.report.skipped.push(Clause::Unused);
            return Ok(());
        }
        let unused = self.token("unused").map_err(|error| self.broken(Clause::Sample, error.to_string()))?;
        let call = Call::new(&self.sample.address, &unused);
        match self.driver.find(call, &self.sample.arguments).await {
            Ok(Found::Nothing) => self.kept(Clause::Unused),
            other => {
                return Err(self.broken(Clause::Unused, format!("an unused token found {other:?}")));
            }
        }
        Ok(())
    }

    async fn update(&mut self, object: Object) -> Result<Object, Broken> {
        let mut last = object;
        let Sample { changed, without, .. } = self.sample;
        for (clause, wanted) in
            [(Clause::Update, changed), (Clause::UpdateAgain, changed), (Clause::TakenAway, without)]
        {
            let Some(changed) = wanted.as_ref().filter(|_| self.driver.abilities().update) else {
                self.report.skipped.push(clause);
                continue;
            };
            let token =
                self.token(&format!("{clause:?}")).map_err(|error| self.broken(clause, error.to_string()))?;
            let foreseen = self.forecast(Some(&last), changed).await?;
            let call = Call::new(&self.sample.address, &token);
            let progress = self.driver.update(call, &last, changed).await;
            let after = self.settled(clause, &token, progress).await?;
            let Some(after) = after else {
                return Err(self.broken(clause, "the update ended without an object"));
            };
            self.came_true(foreseen, &after)?;
            if after.id != last.id {
                return Err(self.broken(clause, format!("{} became {}", last.id, after.id)));
            }
            let schema = &self.driver.resource_type().arguments;
            let arrived = |found: &Option<Object>| {
                found.as_ref().is_some_and(|found| difference(schema, changed, &found.arguments).is_none())
            };
            self.same(changed, &after).map_err(|failure| self.broken(clause, failure.problem))?;
            let seen = self.seen(&after, arrived).await?;
            last = match seen {
                Some(seen) if arrived(&Some(seen.clone())) => seen,
                other => return Err(self.broken(clause, format!("no read shows the change: {other:?}"))),
            };
            self.fits(&last)?;
            self.kept(clause);
        }
        Ok(last)
    }

    async fn list(&mut self, object: &Object) -> Result<(), Broken> {
        if !self.driver.abilities().list {
            return Ok(());
        }
        let listed = self.driver.list(&[object]).await;
        let listed = listed.map_err(|error| self.broken(Clause::List, error.to_string()))?;
        let shown: Vec<&Object> = listed.iter().filter(|listed| listed.id == object.id).collect();
        match shown[..] {
            [listed] if listed == object => self.kept(Clause::List),
            _ => {
                let problem = format!("the list gives {shown:?}, but a read gives {object:?}");
                return Err(self.broken(Clause::List, problem));
            }
        }
        Ok(())
    }

    async fn import(&mut self, object: &Object) -> Result<(), Broken> {
        if !self.driver.abilities().import {
            self.report.skipped.push(Clause::Import);
            return Ok(());
        }
        match self.driver.import(&object.id).await {
            Ok(imported) if imported == *object => self.kept(Clause::Import),
            Ok(imported) => {
                let problem = format!("the import gives {imported:?}, but a read gives {object:?}");
                return Err(self.broken(Clause::Import, problem));
            }
            Err(error) => return Err(self.broken(Clause::Import, error.to_string())),
        }
        Ok(())
    }

    async fn remove(&mut self, created: &Token, object: &Object) -> Result<(), Broken> {
        for clause in [Clause::Delete, Clause::DeleteAgain] {
            let left = self.delete(&format!("{clause:?}"), object).await;
            match left.map_err(|failure| self.broken(clause, failure.problem))? {
                None => self.kept(clause),
                Some(left) => return Err(self.broken(clause, format!("{} is still there", left.id))),
            }
            self.exists = None;
        }
        if self.driver.abilities().reset {
            self.report.skipped.push(Clause::Absent);
            return Ok(());
        }
        let seen = self.seen(object, |found| found.is_none()).await?;
        if seen.is_some() {
            return Err(
                self.broken(Clause::Absent, format!("{} is deleted, but reads still find it", object.id))
            );
        }
        if self.driver.abilities().import {
            match self.driver.import(&object.id).await {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                other => {
                    let problem = format!("the import of a deleted object gave {other:?}");
                    return Err(self.broken(Clause::Absent, problem));
                }
            }
        }
        if self.driver.abilities().find != FindBy::Nothing {
            let call = Call::new(&self.sample.address, created);
            match self.driver.find(call, &self.sample.arguments).await {
                Ok(Found::Nothing) => {}
                other => {
                    return Err(self.broken(
                        Clause::Absent,
                        format!("{} is deleted, but find gave {other:?}", object.id),
                    ));
                }
            }
        }
        self.kept(Clause::Absent);
        Ok(())
    }

    fn token(&self, what: &str) -> Result<Token, crate::NameError> {
        format!("{}-{}", self.sample.run, what.to_ascii_lowercase()).parse()
    }

    fn kept(&mut self, clause: Clause) {
        self.report.kept.push(clause);
    }

    fn broken(&self, clause: Clause, problem: impl Into<String>) -> Broken {
        let type_name = self.driver.resource_type().name_str().to_owned();
        Broken { type_name, clause, problem: problem.into() }
    }
}

/// An id of the same form that probably identifies nothing.
fn another_id(id: &str) -> String {
    let end = id.char_indices().rev().find(|(_, letter)| letter.is_ascii_alphanumeric());
    let Some((place, letter)) = end else { return format!("{id}0") };
    let other = match letter {
        '0' => '1',
        _ if letter.is_ascii_digit() => '0',
        'a' => 'b',
        _ => 'a',
    };
    format!("{}{other}{}", &id[..place], &id[place + 1..])
}
