//! Collects changes of records. Route 53 makes one change of a zone at a time, with up to a thousand records. While a
//! change is under way, the callers of other changes wait, and their changes are sent as one.
//!
//! Route 53 makes all changes of a batch or none. The refusal of one says nothing about the others, so each is then
//! sent separately.

use std::sync::{Mutex, PoisonError};

use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch};
use landform_core::Effect;
use landform_kit::Operation;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::client::operation;
use crate::client::{
    error::{built, kind},
    prelude::*,
};

/// The limits of a batch: records, and characters in their values. An `UPSERT` counts twice.
const RECORDS: usize = 1000;
const LETTERS: usize = 32_000;

/// The waiting changes of one zone.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    waiting: Mutex<Vec<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

/// A change, and the caller that waits for its result.
#[derive(Debug)]
struct Waiting {
    change: Change,
    answer: oneshot::Sender<Result<Operation>>,
}

/// Makes a change of a zone's records, together with other waiting changes. Returns the operation to poll until all
/// name servers have the change.
pub(crate) async fn submit(client: &Client, zone: &str, change: Change) -> Result<Operation> {
    let desk = client.zones.desk(zone);
    let (answer, mut answered) = oneshot::channel();
    desk.lock().push(Waiting { change, answer });
    let _turn = desk.turn.lock().await;
    loop {
        match answered.try_recv() {
            Ok(outcome) => return outcome,
            // The caller that was sending the batch stopped.
            Err(TryRecvError::Closed) => {
                let message = "the call that was sending the change was cancelled";
                return Err(Error::new(ErrorKind::Unavailable, message).with_effect(Effect::Unknown));
            }
            Err(TryRecvError::Empty) => desk.send(client, zone).await,
        }
    }
}

impl Desk {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the next batch and gives its result to each of its callers.
    async fn send(&self, client: &Client, zone: &str) {
        let batch = self.next();
        let changes = batch.iter().map(|waiting| waiting.change.clone()).collect();
        let outcome = send(client, zone, changes).await;
        match outcome {
            Err(error) if batch.len() > 1 && error.provider_code() == Some(REFUSED) => {
                for Waiting { change, answer } in batch {
                    let _ = answer.send(send(client, zone, vec![change]).await);
                }
            }
            outcome => {
                for waiting in batch {
                    let _ = waiting.answer.send(outcome.clone());
                }
            }
        }
    }

    /// Takes the changes that fit into one batch, at least one, in order. Drops changes whose callers are gone.
    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.lock();
        waiting.retain(|waiting| !waiting.answer.is_closed());
        let (mut records, mut letters) = (0, 0);
        let fits = waiting.iter().take_while(|waiting| {
            let (more, longer) = size(&waiting.change);
            (records, letters) = (records + more, letters + longer);
            records <= RECORDS && letters <= LETTERS
        });
        let count = fits.count().max(1).min(waiting.len());
        waiting.drain(..count).collect()
    }
}

/// The code of a batch that Route 53 refuses because of its contents.
const REFUSED: &str = "InvalidChangeBatch";

async fn send(client: &Client, zone: &str, changes: Vec<Change>) -> Result<Operation> {
    let batch = built(ChangeBatch::builder().set_changes(Some(changes)).build())?;
    let call = client.route53.change_resource_record_sets().hosted_zone_id(zone).change_batch(batch);
    let answer = call.send().await.map_err(|error| {
        let body = error.raw_response().and_then(|answer| answer.body().bytes());
        let reasons = body.and_then(|body| reasons(&String::from_utf8_lossy(body)));
        let error = failed(error);
        match reasons {
            Some(reasons) => {
                let said = error.message().to_owned();
                let kind = kind("route53", REFUSED, &reasons);
                error.with_kind(kind).code(REFUSED).replace(&said, &reasons)
            }
            None => error,
        }
    })?;
    operation(answer.change_info)
}

/// The reasons in the refusal of a batch. Route 53 uses a special format, which the SDK does not parse.
fn reasons(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<InvalidChangeBatch")?;
    let reasons = rest.split("<Message>").skip(1).filter_map(|reason| reason.split("</Message>").next());
    let reasons: Vec<String> = reasons.map(plain).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// Unescapes XML text.
fn plain(text: &str) -> String {
    let escapes =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    escapes.into_iter().fold(text.to_owned(), |text, (escape, letter)| text.replace(escape, letter))
}

/// The size of a change: records, and characters in their values.
fn size(change: &Change) -> (usize, usize) {
    let records = change.resource_record_set().map(|set| set.resource_records()).unwrap_or_default();
    let letters: usize = records.iter().map(|record| record.value().len()).sum();
    let times = if change.action() == &ChangeAction::Upsert { 2 } else { 1 };
    (records.len().max(1) * times, letters * times)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use aws_sdk_route53::types::{ResourceRecord, ResourceRecordSet, RrType};

    use super::*;

    fn waiting(action: ChangeAction, records: usize) -> (Waiting, oneshot::Receiver<Result<Operation>>) {
        let record = ResourceRecord::builder().value("192.0.2.1").build().unwrap();
        let set = ResourceRecordSet::builder().name("a").r#type(RrType::A);
        let set = set.set_resource_records(Some(vec![record; records])).build().unwrap();
        let change = Change::builder().action(action).resource_record_set(set).build().unwrap();
        let (answer, answered) = oneshot::channel();
        (Waiting { change, answer }, answered)
    }

    #[test]
    fn a_batch_is_as_large_as_route_53_takes_it() {
        let desk = Desk::default();
        let mut callers = Vec::new();
        for (action, records) in
            [(ChangeAction::Create, 400), (ChangeAction::Upsert, 300), (ChangeAction::Create, 1)]
        {
            let (waiting, answered) = waiting(action, records);
            desk.lock().push(waiting);
            callers.push(answered);
        }
        assert_eq!(desk.next().len(), 2, "400 and twice 300 are 1,000");
        assert_eq!((desk.next().len(), desk.next().len()), (1, 0));
        let (large, _caller) = waiting(ChangeAction::Create, 2000);
        desk.lock().push(large);
        assert_eq!(desk.next().len(), 1, "Route 53 says what is wrong with one that is too large");
    }

    #[test]
    fn a_change_that_nobody_waits_for_is_not_made() {
        let desk = Desk::default();
        let (gone, _) = waiting(ChangeAction::Create, 1);
        let (stays, _caller) = waiting(ChangeAction::Create, 1);
        desk.lock().extend([gone, stays]);
        assert_eq!(desk.next().len(), 1);
    }
}
