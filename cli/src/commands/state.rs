//! Commands on the state alone. They call no cloud and need no provider.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    process::ExitCode,
};

use landform_core::{Address, Printable, words};
use landform_engine::{Engine, journal::ObjectKey};
use serde_json::{Value as Json, json};

use crate::{Failure, Place, arguments::State, key, screen};

/// A state and how to show it.
pub(crate) struct Kept<'a> {
    pub engine: &'a Engine,
    /// The stack to which it must belong; `None` if any will do.
    pub stack: Option<&'a str>,
    pub json: bool,
}

/// Does what is asked for.
pub(crate) async fn run(kept: &Kept<'_>, wanted: State, place: &Place) -> Result<ExitCode, Failure> {
    let engine = kept.engine;
    match wanted {
        State::List => kept.list().await?,
        State::Show { address } => kept.show(&address).await?,
        State::Mv { from, to } => {
            engine.rename(&kept.stack().await?, &from, &to).await?;
            let event = json!({ "event": "moved", "from": from, "to": to });
            kept.tell(event, format!("{from} is {to} now."));
        }
        State::Rm { what } => {
            for key in engine.forget(&kept.stack().await?, &what).await? {
                let event = json!({ "event": "forgotten", "key": key });
                kept.tell(event, format!("Forgot {key}; it stays in the cloud."));
            }
        }
        State::Export { private: false } => screen::line(engine.export(&kept.stack().await?).await?),
        State::Export { private: true } => {
            screen::line(engine.export_with_private(&kept.stack().await?).await?);
        }
        State::Import { file } => {
            let state = engine.import(&read(&file)?).await?;
            let event = json!({ "event": "imported", "objects": state.len(), "stack": state.stack() });
            let count = words::count(state.len(), "object");
            kept.tell(event, format!("Imported {count} of stack {}.", state.stack()));
        }
        State::Rotate => {
            let told = key::rotate(&place.state).await?;
            kept.tell(json!({ "event": "rotated" }), told);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The stack of the state: the named one, or the one that is found.
pub(super) async fn stack_of(engine: &Engine, named: Option<&str>) -> Result<String, Failure> {
    match named {
        Some(name) => Ok(name.to_owned()),
        None => Ok(engine.stack_name().await?.ok_or("there is no state yet")?),
    }
}

impl Kept<'_> {
    async fn stack(&self) -> Result<String, Failure> {
        stack_of(self.engine, self.stack).await
    }

    fn tell(&self, event: Json, words: String) {
        match self.json {
            true => screen::line(event),
            false => screen::line(words),
        }
    }

    async fn list(&self) -> Result<(), Failure> {
        let Some(found) = self.engine.stack_name().await? else {
            if !self.json {
                screen::line("There is no state yet.");
            }
            return Ok(());
        };
        let state = self.engine.state(self.stack.unwrap_or(&found)).await?;
        for (key, object) in state.objects() {
            let tainted = if object.tainted { "  (tainted)" } else { "" };
            let event = json!({ "key": key, "id": object.id, "tainted": object.tainted });
            self.tell(event, format!("{key}  {}{tainted}", Printable(&object.id).in_a_line()));
        }
        for pending in state.pending() {
            let key = &pending.intent.key;
            self.tell(json!({ "key": key, "settled": false }), format!("{key}  (not settled)"));
        }
        Ok(())
    }

    async fn show(&self, address: &Address) -> Result<(), Failure> {
        let state = self.engine.state(&self.stack().await?).await?;
        let object = state.get(address).ok_or_else(|| format!("{address}: the state does not have it"))?;
        let deposed: Vec<ObjectKey> = state.deposed(address).map(|(key, _)| key.clone()).collect();
        let pending = state.pending_on(&address.into());
        let shown = json!({ "object": object.masked(), "deposed": deposed, "pending": pending });
        screen::line(match self.json {
            true => shown.to_string(),
            false => serde_json::to_string_pretty(&shown)?,
        });
        Ok(())
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        io::stdin().read_to_string(&mut text)?;
    } else {
        text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(text)
}
