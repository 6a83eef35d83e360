//! Gathers reads. Terraform asks for one resource at a time, several times at once. One call to the cloud serves all
//! that are waiting.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use landform_core::{Budget, Driver, Error, ErrorKind, Known, Object};
use tokio::sync::oneshot;

use super::patience;

/// How long a read waits for others. Terraform sends its requests within this time of each other.
const COMPANY: Duration = Duration::from_millis(8);

type Answer = Result<Option<Object>, Error>;

struct Waiting {
    object: Object,
    answer: oneshot::Sender<Answer>,
}

/// The reads that are waiting, by type.
#[derive(Clone, Default)]
pub(super) struct Reads(Arc<Mutex<HashMap<String, Vec<Waiting>>>>);

impl Reads {
    /// Reads one resource, together with all others of its type that are asked for now. `None` if it is gone.
    pub(super) async fn read(&self, driver: &Arc<dyn Driver>, budget: Budget, object: Object) -> Answer {
        let (answer, answered) = oneshot::channel();
        let type_name = driver.resource_type().name_str().to_owned();
        let is_first = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let waiting = waiting.entry(type_name.clone()).or_default();
            waiting.push(Waiting { object, answer });
            waiting.len() == 1
        };
        if is_first {
            let (reads, driver) = (self.clone(), driver.clone());
            tokio::spawn(async move {
                tokio::time::sleep(COMPANY).await;
                let all = reads.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&type_name);
                reads.read_all(&driver, budget, all.unwrap_or_default()).await;
            });
        }
        let lost = || Error::new(ErrorKind::Internal, "the read was given up");
        answered.await.unwrap_or_else(|_| Err(lost()))
    }

    async fn read_all(&self, driver: &Arc<dyn Driver>, budget: Budget, mut all: Vec<Waiting>) {
        let page = driver.abilities().page.max(1);
        while !all.is_empty() {
            let rest = all.split_off(page.min(all.len()));
            read_page(driver, budget, std::mem::replace(&mut all, rest)).await;
        }
    }
}

async fn read_page(driver: &Arc<dyn Driver>, budget: Budget, page: Vec<Waiting>) {
    let (objects, answers): (Vec<Object>, Vec<oneshot::Sender<Answer>>) =
        page.into_iter().map(|waiting| (waiting.object, waiting.answer)).unzip();
    let known: Vec<&dyn Known> = objects.iter().map(|object| object as &dyn Known).collect();
    match patience::repeated(budget, || driver.read_many(&known)).await {
        Ok(found) if found.len() == answers.len() => {
            // Nobody waits any more if Terraform was stopped.
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
