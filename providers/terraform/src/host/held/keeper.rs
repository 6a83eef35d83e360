//! The holder: a process that owns a plugin for an engine. It passes calls on and keeps the answers of creations, so
//! that an engine that is killed loses none. It ends with its engine, after the changes that run.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs::File,
    io::{self, Write},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use landform_core::Private;
use serde::{Deserialize, Serialize};
use tokio::{io::AsyncReadExt, sync::watch};
use tonic::{Status, body::Body};

use super::{
    folder::Folder,
    log::{self, Entry, Open, Writer},
};
use crate::{
    host::{Launch, calls::Session, secrets::Key},
    serve::{
        process::{self, Answers, Running},
        service::unary,
    },
    wire::{
        Applied, ERROR, Empty,
        held::{ANSWER, APPLY, FORGET, HeldApplied, HeldApply, HeldToken},
    },
};

/// The variable of the environment that makes a program a holder. Its value is an [`Order`].
pub(in crate::host) const VARIABLE: &str = "LANDFORM_PLUGIN_HOLDER";

/// What the engine writes to the holder when no journal needs its log any more.
pub(in crate::host) const SETTLED: &[u8] = b"settled";

/// What a holder has to do. Its arguments are those of the plugin, with the plugin's program before them.
#[derive(Serialize, Deserialize)]
pub(in crate::host) struct Order {
    pub folder: PathBuf,
    pub patience: Duration,
}

/// Runs the holder until its engine is gone.
pub(super) async fn run(order: &str, mut arguments: Vec<OsString>) -> Result<(), String> {
    let order: Order = serde_json::from_str(order).map_err(|error| error.to_string())?;
    let folder = Folder::at(order.folder);
    let log = folder.hold().map_err(|error| format!("its log cannot be opened: {error}"))?;
    if arguments.is_empty() {
        return Err("it has no plugin".to_owned());
    }
    let launch = Launch::new(arguments.remove(0)).patience(order.patience);
    let launch = arguments.into_iter().fold(launch, Launch::argument);
    // The system closes this with the engine's process, however it ends.
    let mut gone = tokio::spawn(async {
        let mut last = Vec::new();
        let _ = tokio::io::stdin().read_to_end(&mut last).await;
        last == SETTLED
    });
    let session = tokio::select! {
        session = Session::open(&launch) => session.map_err(|error| with_causes(&error))?,
        _ = &mut gone => return Ok(()),
    };
    let protocol = session.protocol();
    let keeper = Keeper::new(session, log).map_err(|error| error.to_string())?;
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let socket = place.path().join("holder");
    let running = Arc::new(Running::default());
    let is_settled = Arc::new(Mutex::new(false));
    let over = {
        let (running, is_settled) = (running.clone(), is_settled.clone());
        async move {
            let settled = gone.await.unwrap_or(false);
            *is_settled.lock().unwrap_or_else(PoisonError::into_inner) = settled;
            running.end();
            running.over().await;
        }
    };
    let service = Service { keeper: Arc::new(keeper), running: running.clone() };
    let kept = service.keeper.clone();
    let said = || {
        let mut stdout = io::stdout();
        writeln!(stdout, "1|{protocol}|unix|{}|grpc|", socket.display()).and_then(|()| stdout.flush())
    };
    process::serve_until(&socket, service, running, said, over).await.map_err(|error| error.to_string())?;
    let is_settled = *is_settled.lock().unwrap_or_else(PoisonError::into_inner);
    let open = kept.open();
    let left = if is_settled && open.is_empty() { folder.remove() } else { folder.rewrite(open) };
    left.map_err(|error| error.to_string())
}

fn with_causes(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", with_causes(cause)),
        None => error.to_string(),
    }
}

struct Keeper {
    session: Session,
    log: Writer,
    open: Mutex<Open>,
    /// The answers of this process, in the clear, until a journal has them.
    answers: Mutex<HashMap<String, watch::Receiver<Option<HeldApplied>>>>,
}

impl Keeper {
    fn new(session: Session, mut log: File) -> io::Result<Self> {
        let open = log::read(&mut log)?;
        let (log, answers) = (Writer::new(log), Mutex::default());
        Ok(Self { session, log, open: Mutex::new(open), answers })
    }

    fn open(&self) -> Open {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn add(&self, entry: Entry) -> Result<(), String> {
        self.log.add(&entry).await.map_err(|error| format!("the holder cannot write its log: {error}"))?;
        log::fold(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner), entry);
        Ok(())
    }

    /// Passes a change on.
    async fn apply(&self, ask: HeldApply) -> HeldApplied {
        let HeldApply { token, apply, key } = ask;
        let apply = apply.unwrap_or_default();
        if token.is_empty() {
            return self.pass_on(apply).await;
        }
        let (told, answer) = watch::channel(None);
        let others = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            match answers.get(&token) {
                // The engine asks again for the same creation.
                Some(other) => Some(other.clone()),
                None => {
                    answers.insert(token.clone(), answer);
                    None
                }
            }
        };
        if let Some(others) = others {
            return wait(others).await;
        }
        let applied = self.create(token, apply, &key).await;
        told.send_replace(Some(applied.clone()));
        applied
    }

    async fn create(&self, token: String, apply: crate::wire::Apply, key: &[u8]) -> HeldApplied {
        if let Err(failure) = self.add(Entry::Begun(token.clone())).await {
            return HeldApplied { applied: None, failure };
        }
        let answer = self.pass_on(apply).await;
        let entry = match &answer.applied {
            None => return answer,
            Some(applied) if is_refused(applied) => Entry::Refused(token),
            Some(applied) => match close(applied, key, &token) {
                Ok(bytes) => Entry::Answered(token, bytes),
                // The engine still gets the answer. Only a kill of it would lose it now.
                Err(_) => return answer,
            },
        };
        // The same holds here.
        let _ = self.add(entry).await;
        answer
    }

    async fn pass_on(&self, apply: crate::wire::Apply) -> HeldApplied {
        match self.session.call("ApplyResourceChange", apply).await {
            Ok(applied) => HeldApplied { applied: Some(applied), failure: String::new() },
            Err(error) => HeldApplied { applied: None, failure: error.to_string() },
        }
    }

    /// The answer to a creation that an engine asked for before. Nothing if it did not.
    async fn answer(&self, token: &str) -> HeldApplied {
        let answer = self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned();
        match answer {
            Some(answer) => wait(answer).await,
            None => HeldApplied::default(),
        }
    }

    /// A journal has the answer.
    async fn forget(&self, token: String) -> Empty {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).remove(&token);
        let is_open = self.open.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&token);
        if is_open {
            // The log then keeps it, and the next engine finds it settled.
            let _ = self.add(Entry::Journalled(token)).await;
        }
        Empty {}
    }
}

async fn wait(mut answer: watch::Receiver<Option<HeldApplied>>) -> HeldApplied {
    match answer.wait_for(Option::is_some).await {
        Ok(answer) => answer.clone().unwrap_or_default(),
        Err(_) => HeldApplied { applied: None, failure: "the holder lost the answer".to_owned() },
    }
}

/// Whether the plugin says that nothing exists and why.
pub(in crate::host) fn is_refused(applied: &Applied) -> bool {
    let is_null = applied.state.as_ref().is_none_or(|state| match state.msgpack.as_slice() {
        [] => state.json.is_empty() || state.json == b"null",
        msgpack => msgpack == [0xc0],
    });
    is_null && applied.diagnostics.iter().any(|said| said.severity == ERROR)
}

/// The bytes of an answer, encrypted if there is a key.
pub(in crate::host) fn close(
    applied: &Applied,
    key: &[u8],
    of: &str,
) -> Result<Private, landform_core::Error> {
    let clear = prost::Message::encode_to_vec(applied);
    match <[u8; 32]>::try_from(key) {
        Ok(key) => Ok(Private::new(Key::new(key).close(&clear, of)?)),
        Err(_) => Ok(Private::new(clear)),
    }
}

/// The calls of a holder: its own, and those that it passes on as they are.
#[derive(Clone)]
struct Service {
    keeper: Arc<Keeper>,
    running: Arc<Running>,
}

impl Answers for Service {
    async fn answer(self, request: http::Request<Body>) -> http::Response<Body> {
        let Self { keeper, running } = self;
        // Each call gets what it shares with the others.
        macro_rules! on {
            (|$keeper:ident, $ask:ident: $kind:ty| $answer:expr) => {
                unary(request, running, move |$ask: $kind| {
                    let $keeper = keeper.clone();
                    async move { $answer }
                })
                .await
            };
        }
        match request.uri().path() {
            APPLY => on!(|keeper, ask: HeldApply| keeper.apply(ask).await),
            ANSWER => on!(|keeper, ask: HeldToken| keeper.answer(&ask.token).await),
            FORGET => on!(|keeper, ask: HeldToken| keeper.forget(ask.token).await),
            _ => keeper.session.relay(request).await.unwrap_or_else(Status::into_http),
        }
    }
}
