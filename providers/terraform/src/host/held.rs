//! The holder of a plugin, as its engine sees it: how it is started, and which creations of this process it has. The
//! holder itself is in [`keeper`].

mod folder;
mod keeper;
mod log;

use std::{
    collections::HashMap,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use landform_core::Error;

use self::folder::Folder;
pub(super) use self::{
    folder::Earlier,
    keeper::{Order, SETTLED, VARIABLE, close, is_refused},
};
use super::{Launch, PluginError, driver::PlannedChange};
use crate::value::Value;

/// How much longer the engine waits for the holder than the holder for its plugin.
const LONGER: Duration = Duration::from_secs(5);

/// Whether this program can be a holder.
static CAN_HOLD: AtomicBool = AtomicBool::new(false);

/// Lets this program hold plugins for its engines. Call it first in `main`. It returns at once, unless Landform has
/// started the program again as a holder: then it does that work, and ends the process.
///
/// With it, [`Launch::held_in`] starts plugins under a holder. No answer of such a plugin is lost if the engine's
/// process is killed.
///
/// ```no_run
/// // The first line of `main`.
/// landform_terraform::hold_plugins();
/// ```
#[cfg(unix)]
pub fn hold_plugins() {
    CAN_HOLD.store(true, Ordering::Relaxed);
    let Ok(order) = std::env::var(VARIABLE) else { return };
    // A runtime that calls this cannot start another one in the same thread.
    let held = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let arguments = std::env::args_os().skip(1).collect();
        let held = runtime.block_on(keeper::run(&order, arguments));
        // It would wait for a word of the engine.
        runtime.shutdown_background();
        held
    });
    let ended = match held.join() {
        Ok(Ok(())) => 0,
        Ok(Err(problem)) => {
            eprintln!("{problem}");
            1
        }
        Err(_) => 2,
    };
    std::process::exit(ended)
}

/// What this process knows about the holder that it started.
pub(super) struct Held {
    all: PathBuf,
    /// The name of the holder's folder.
    pub name: String,
    folder: Folder,
    /// Locked until this is dropped, or the process ends.
    _engine: File,
    attempts: Mutex<HashMap<String, Attempt>>,
    undecided: Mutex<HashMap<String, Vec<String>>>,
}

/// A creation of this process that no journal has yet.
pub(super) enum Attempt {
    /// It is planned. The holder does not know it.
    Planned(Box<Creation>),
    /// The holder has it.
    Sent,
    /// The plugin refused it.
    Refused(Error),
}

/// A planned creation.
pub(super) struct Creation {
    pub planned: PlannedChange,
    pub config: Value,
}

impl Held {
    /// Makes the folder of a new holder. Waits for holders whose engine is gone, because their changes still run.
    pub(super) async fn make(launch: &Launch, all: &Path) -> Result<Self, PluginError> {
        let program = launch.program.display().to_string();
        let held = |message: String| PluginError::Holder { program: program.clone(), message };
        if !CAN_HOLD.load(Ordering::Relaxed) {
            let message = "it needs hold_plugins(), which the program's main calls first".to_owned();
            return Err(held(message));
        }
        let began = Instant::now();
        while folder::existing(all).iter().any(Folder::finishes) {
            if began.elapsed() > launch.patience {
                let message = format!(
                    "an earlier plugin in {} still finishes the changes of an engine that is gone; try again later",
                    all.display()
                );
                return Err(held(message));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let name = fresh_name();
        let (folder, engine) = Folder::make(all, &name)
            .map_err(|error| held(format!("its folder in {} cannot be made: {error}", all.display())))?;
        Ok(Self {
            all: all.to_owned(),
            name,
            folder,
            _engine: engine,
            attempts: Mutex::default(),
            undecided: Mutex::default(),
        })
    }

    /// How the holder is started in place of the plugin.
    pub(super) fn launch(&self, launch: &Launch) -> Result<Launch, PluginError> {
        let failed =
            |source: io::Error| PluginError::Start { program: launch.program.display().to_string(), source };
        let program = std::env::current_exe().map_err(failed)?;
        let order = Order { folder: self.folder.path().to_owned(), patience: launch.patience };
        let order = serde_json::to_string(&order).map_err(|error| failed(io::Error::other(error)))?;
        let mut holder = Launch::new(program)
            .argument(&launch.program)
            .patience(launch.patience + LONGER)
            .environment(VARIABLE, order);
        holder.arguments.extend(launch.arguments.iter().cloned());
        holder.environment.extend(launch.environment.iter().cloned());
        Ok(holder)
    }

    /// Notes what comes next for a creation.
    pub(super) fn note(&self, token: &str, attempt: Attempt) {
        self.attempts().insert(token.to_owned(), attempt);
    }

    /// What comes next for a creation. It is no longer noted.
    pub(super) fn take(&self, token: &str) -> Option<Attempt> {
        self.attempts().remove(token)
    }

    /// Whether a journal has everything that the holder did.
    pub(super) fn is_settled(&self) -> bool {
        self.attempts().is_empty()
    }

    fn attempts(&self) -> std::sync::MutexGuard<'_, HashMap<String, Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What became of a creation under another holder.
    pub(super) fn earlier(&self, name: &str, token: &str) -> Earlier {
        Folder::of(&self.all, name).standing(token)
    }

    /// A journal has the answer of another holder.
    pub(super) fn journalled(&self, name: &str, token: &str) {
        // If it cannot be noted now, the answer stays on the disk, and nobody asks for it again.
        let _ = Folder::of(&self.all, name).journalled(token);
    }

    /// Only a person can say what became of a creation. The ids may be its result.
    pub(super) fn set_undecided(&self, token: &str, ids: Vec<String>) {
        self.undecided.lock().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned(), ids);
    }

    /// The ids that may be the result of a creation that only a person can decide.
    pub(super) fn undecided(&self, token: &str) -> Option<Vec<String>> {
        self.undecided.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }
}

fn fresh_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("{now:x}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
