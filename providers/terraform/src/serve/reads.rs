//! Gathers reads. Terraform asks for one resource at a time, several times at once. One call to the cloud serves all
//! that are waiting, and a list serves those that Terraform will ask for next.
//!
//! Nobody tells a plugin which resources Terraform will ask for. Once Terraform has asked for more than a few resources
//! of a type, the type is listed, if its driver can. The listed resources answer later reads: each once, for a short
//! time, and only as long as nothing was changed. A resource that no list shows is read by its id, so a list never
//! decides that a resource is gone.

mod ahead;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use landform_core::{Budget, Driver, Error, ErrorKind, Known, Object};
use tokio::sync::oneshot;

use self::ahead::Ahead;
use super::{log, patience};

/// How long a read waits for others. Terraform sends its requests within this time of each other.
const COMPANY: Duration = Duration::from_millis(8);

/// How long a list may take. An account may have many more resources than the configuration.
const LONGEST_LIST: Duration = Duration::from_secs(10);

type Answer = Result<Option<Object>, Error>;

struct Waiting {
    driver: Arc<dyn Driver>,
    object: Object,
    answer: oneshot::Sender<Answer>,
}

/// The reads of one type.
#[derive(Default)]
struct Line {
    waiting: Vec<Waiting>,
    /// Whether a task answers those that wait.
    served: bool,
    ahead: Ahead,
}

#[derive(Default)]
struct Lines {
    by_type: HashMap<String, Line>,
    /// How many effects run.
    effects: usize,
    /// Counts the events after which earlier answers do not count any more.
    era: u64,
}

impl Lines {
    fn forget(&mut self) {
        self.era += 1;
        self.by_type.values_mut().for_each(|line| line.ahead = Ahead::default());
    }

    fn line(&mut self, type_name: &str) -> &mut Line {
        self.by_type.entry(type_name.to_owned()).or_default()
    }
}

/// The reads of all types.
#[derive(Clone, Default)]
pub(super) struct Reads(Arc<Mutex<Lines>>);

/// As long as an effect runs, nothing is read ahead.
pub(super) struct UnderEffect(Reads);

impl Drop for UnderEffect {
    fn drop(&mut self) {
        let mut lines = self.0.lines();
        lines.effects -= 1;
        lines.forget();
    }
}

impl Reads {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was read ahead.
    pub(super) fn forget(&self) {
        self.lines().forget();
    }

    /// Forgets what was read ahead, and again when the effect has ended.
    pub(super) fn effect(&self) -> UnderEffect {
        let mut lines = self.lines();
        lines.effects += 1;
        lines.forget();
        drop(lines);
        UnderEffect(self.clone())
    }

    /// Reads one resource, together with all others of its type that are asked for now. `None` if it is gone.
    pub(super) async fn read(&self, driver: &Arc<dyn Driver>, budget: Budget, object: Object) -> Answer {
        let (answer, answered) = oneshot::channel();
        let begins = {
            let mut lines = self.lines();
            let line = lines.line(driver.resource_type().name_str());
            if let Some(found) = line.ahead.take(&object.id) {
                return Ok(Some(found));
            }
            line.waiting.push(Waiting { driver: driver.clone(), object, answer });
            !std::mem::replace(&mut line.served, true)
        };
        if begins {
            let type_name = driver.resource_type().name_str().to_owned();
            let serving = Serving { reads: self.clone(), type_name, budget, ended: false };
            tokio::spawn(async move { serving.run().await });
        }
        let lost = || Error::new(ErrorKind::Internal, "the read was given up");
        answered.await.unwrap_or_else(|_| Err(lost()))
    }
}

/// The task that answers the reads of one type, as long as there are any.
struct Serving {
    reads: Reads,
    type_name: String,
    budget: Budget,
    ended: bool,
}

/// If the driver panics, nobody waits for ever.
impl Drop for Serving {
    fn drop(&mut self) {
        if !self.ended {
            drop(std::mem::take(self.reads.lines().line(&self.type_name)));
        }
    }
}

impl Serving {
    async fn run(mut self) {
        loop {
            tokio::time::sleep(COMPANY).await;
            let all = {
                let mut lines = self.reads.lines();
                let line = lines.line(&self.type_name);
                line.served = !line.waiting.is_empty();
                std::mem::take(&mut line.waiting)
            };
            let Some(driver) = all.first().map(|first| first.driver.clone()) else {
                self.ended = true;
                return;
            };
            self.answer(&*driver, all).await;
        }
    }

    /// Answers by what was read ahead, then by a list, and the rest by ids.
    async fn answer(&self, driver: &dyn Driver, all: Vec<Waiting>) {
        let abilities = driver.abilities();
        let (mut rest, lists, era) = {
            let mut lines = self.reads.lines();
            let (still, era) = (lines.effects == 0, lines.era);
            let line = lines.line(&self.type_name);
            let rest = answer_by(all, |id| line.ahead.take(id));
            let lists = !rest.is_empty() && abilities.list && still && line.ahead.lists_before(rest.len());
            (rest, lists, era)
        };
        if lists {
            let mut listed = self.list(driver, &rest).await;
            rest = answer_by(rest, |id| listed.remove(id));
            let mut lines = self.reads.lines();
            if lines.era == era {
                lines.line(&self.type_name).ahead.keep(listed);
            }
        }
        let page = abilities.page.max(1);
        while !rest.is_empty() {
            let next = rest.split_off(page.min(rest.len()));
            read_page(driver, self.budget, std::mem::replace(&mut rest, next)).await;
        }
    }

    /// What is beside those that wait. Nothing if the list fails or takes too long: it only saves calls.
    async fn list(&self, driver: &dyn Driver, waiting: &[Waiting]) -> HashMap<String, Object> {
        let page = driver.abilities().page.max(1);
        let beside: Vec<&dyn Known> =
            waiting.iter().take(page).map(|waiting| &waiting.object as &dyn Known).collect();
        let listed = tokio::time::timeout(LONGEST_LIST, driver.list(&beside)).await;
        let problem = match listed {
            Ok(Ok(listed)) => return listed.into_iter().map(|found| (found.id.clone(), found)).collect(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("it took more than {} s", LONGEST_LIST.as_secs()),
        };
        let message = format!("{} is read by ids, because its list failed: {problem}", self.type_name);
        log::line(log::Level::Info, &message);
        HashMap::new()
    }
}

/// Answers those for which there is an object, and returns the others.
fn answer_by(all: Vec<Waiting>, mut found: impl FnMut(&str) -> Option<Object>) -> Vec<Waiting> {
    let mut rest = Vec::new();
    for waiting in all {
        match found(&waiting.object.id) {
            // Nobody waits any more if Terraform was stopped.
            Some(object) => drop(waiting.answer.send(Ok(Some(object)))),
            None => rest.push(waiting),
        }
    }
    rest
}

async fn read_page(driver: &dyn Driver, budget: Budget, page: Vec<Waiting>) {
    let (objects, answers): (Vec<Object>, Vec<oneshot::Sender<Answer>>) =
        page.into_iter().map(|waiting| (waiting.object, waiting.answer)).unzip();
    let known: Vec<&dyn Known> = objects.iter().map(|object| object as &dyn Known).collect();
    match patience::repeated(budget, || driver.read_many(&known)).await {
        Ok(found) if found.len() == answers.len() => {
            found.into_iter().zip(answers).for_each(|(found, answer)| drop(answer.send(Ok(found))));
        }
        Ok(found) => {
            let message = format!("{} ids were read, and {} answers came", objects.len(), found.len());
            let error = Error::new(ErrorKind::Internal, message);
            answers.into_iter().for_each(|answer| drop(answer.send(Err(error.clone()))));
        }
        // One id that the cloud refuses must not spoil the others.
        Err(error) if objects.len() > 1 => {
            for (object, answer) in objects.iter().zip(answers) {
                let known: [&dyn Known; 1] = [object];
                let alone = patience::repeated(budget, || driver.read_many(&known)).await;
                let alone = alone.and_then(|mut found| found.pop().ok_or_else(|| error.clone()));
                let _ = answer.send(alone);
            }
        }
        Err(error) => answers.into_iter().for_each(|answer| drop(answer.send(Err(error.clone())))),
    }
}
