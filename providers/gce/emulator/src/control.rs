//! The control interface over HTTP, for tests in other languages, under `/emulator/`. It offers the same as
//! [`Emulator`](crate::Emulator) in Rust.
//!
//! - `POST faults`: `{"method": "compute.*.insert", "times": 2, "refuse": {"status": 403, "reason":
//!   "rateLimitExceeded", "message": "…"}}`; instead of `refuse`: `"loseAnswer": true`, `"delayMs": 500`, `"fail":
//!   {…}`, `"takeMs": 5000`.
//! - `POST life`: `{"pendingMs": 0, "runningMs": 200}` for operations from now on.
//! - `POST finish`: ends all operations. `POST reset`: all is as at the start.
//! - `GET calls`: the number of calls of each method. `GET resources`: the paths of all resources. `GET operations`: the
//!   number of operations that have not ended.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use crate::{
    answer::{Answer, Request},
    cloud::Cloud,
    fault::{Fault, What},
    refusal::{Form, Refusal},
    server::Shared,
    settings::Life,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewFault {
    method: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    skip: u32,
    #[serde(default = "once")]
    times: u32,
    refuse: Option<NewRefusal>,
    #[serde(default)]
    lose_answer: bool,
    delay_ms: Option<u64>,
    fail: Option<NewRefusal>,
    take_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRefusal {
    status: u16,
    reason: String,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewLife {
    #[serde(default)]
    pending_ms: u64,
    #[serde(default)]
    running_ms: u64,
}

fn once() -> u32 {
    1
}

pub(crate) fn answer(shared: &Shared, what: &str, request: &Request) -> Answer {
    let mut cloud = shared.lock();
    let (status, body) = match act(&mut cloud, what, request) {
        Ok(body) => (200, body),
        Err(refusal) => (refusal.status, refusal.body(Form::Errors)),
    };
    Answer::json(status, &body)
}

fn act(cloud: &mut Cloud, what: &str, request: &Request) -> Result<Json, Refusal> {
    match (request.verb.as_str(), what) {
        ("POST", "faults") => {
            cloud.faults.push(fault(parse(&request.body)?)?);
            Ok(json!({}))
        }
        ("POST", "life") => {
            let life: NewLife = parse(&request.body)?;
            let millis = Duration::from_millis;
            cloud.set_life(Life { pending: millis(life.pending_ms), running: millis(life.running_ms) });
            Ok(json!({}))
        }
        ("POST", "finish") => {
            cloud.compute.finish();
            Ok(json!({}))
        }
        ("POST", "reset") => {
            cloud.reset();
            Ok(json!({}))
        }
        ("GET", "calls") => Ok(json!(cloud.calls)),
        ("GET", "resources") => Ok(json!(cloud.resources())),
        ("GET", "operations") => {
            cloud.compute.settle(Instant::now());
            Ok(json!({ "unfinished": cloud.compute.unfinished() }))
        }
        _ => Err(Refusal::new(404, "notFound", format!("there is no {} /emulator/{what}", request.verb))),
    }
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::payload(error.to_string()))
}

fn fault(new: NewFault) -> Result<Fault, Refusal> {
    let refusal = |new: NewRefusal| Refusal::new(new.status, &new.reason, new.message);
    let what = match new {
        NewFault { refuse: Some(refuse), .. } => What::Refuse(refusal(refuse)),
        NewFault { fail: Some(fail), .. } => What::Fail(refusal(fail)),
        NewFault { delay_ms: Some(delay), .. } => What::Delay(Duration::from_millis(delay)),
        NewFault { take_ms: Some(running), .. } => {
            What::Take(Life { running: Duration::from_millis(running), ..Life::default() })
        }
        NewFault { lose_answer: true, .. } => What::LoseAnswer,
        _ => {
            return Err(Refusal::payload(
                "expected an effect: refuse, fail, delayMs, takeMs or loseAnswer".to_owned(),
            ));
        }
    };
    Ok(Fault { method: new.method, path: new.path, skip: new.skip, times: new.times, what })
}
