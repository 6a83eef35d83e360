//! Operations on a whole state: who holds it, its history, export and import.

use std::collections::BTreeSet;

use landform_core::{Address, suggest};
use serde_json::Value;

use super::Engine;
use crate::{
    EngineError, Result,
    journal::{
        self, Claim, Difference, Journal, JournalError, Lease, ObjectKey, OutcomeResult, Record, Revision,
        State,
    },
    planner::moves::renaming,
};

impl Engine {
    /// The name of the stack whose state is kept here, if there is one.
    ///
    /// # Errors
    /// The state cannot be read.
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn stack_name(&self) -> Result<Option<String>> {
        Ok(Journal::stack_of(&*self.store).await?)
    }

    /// The current writer, if there is one.
    ///
    /// # Errors
    /// The store cannot be read.
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn holder(&self) -> Result<Option<Lease>> {
        Ok(journal::holder(&*self.store).await?)
    }

    /// Removes the lease, whoever holds it, and returns the removed lease.
    ///
    /// It does no harm. If the holder is still alive, it stops at its next heartbeat, and once another run has begun to
    /// write, the store refuses everything that it writes. Its running effects in the cloud go on; the next run settles
    /// them.
    ///
    /// # Errors
    /// The store cannot be read or written.
    ///
    /// # Cancel safety
    /// If it is dropped, the lease is either there or removed.
    pub async fn unlock(&self) -> Result<Option<Lease>> {
        Ok(journal::unlock(&*self.store).await?)
    }

    /// The recorded runs, the newest last. The number of its first segment identifies a run.
    ///
    /// # Errors
    /// The same as for [`Engine::state`].
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn history(&self, stack: &str) -> Result<Vec<Revision>> {
        Ok(Journal::read(self.store.clone(), stack).await?.revisions().to_vec())
    }

    /// The state after a run. Empty for 0, which is before all runs.
    ///
    /// # Errors
    /// [`JournalError::NoRun`], [`JournalError::NotRetained`] if compaction has removed it, and as [`Engine::state`].
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn state_after(&self, stack: &str, run: u64) -> Result<State> {
        Ok(Journal::read(self.store.clone(), stack).await?.state_after(run).await?)
    }

    /// The difference between the states after two runs.
    ///
    /// # Errors
    /// The same as for [`Engine::state_after`].
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn difference(&self, stack: &str, from: u64, to: u64) -> Result<Difference> {
        let journal = Journal::read(self.store.clone(), stack).await?;
        Ok(journal.state_after(from).await?.difference(&journal.state_after(to).await?)?)
    }

    /// Removes resources from the state and leaves them in the cloud. Returns what was removed. An address stands for
    /// everything recorded there: the resource, objects that replacements left behind, and an interrupted attempt. The
    /// key of an object that a replacement left behind stands for that object alone. No provider is called, so the type
    /// needs no provider.
    ///
    /// # Errors
    /// [`EngineError::UnknownAddress`] for every key that the state does not have, and the errors of writing. Then
    /// nothing was written.
    ///
    /// # Cancel safety
    /// If it is dropped, all, some or none of the resources are forgotten, each completely. The lease is released in
    /// the background.
    pub async fn forget(&self, stack: &str, what: &[ObjectKey]) -> Result<Vec<ObjectKey>> {
        let journal = self.read(stack).await?;
        recorded(journal.state(), what)?;
        let writer = self.write(journal, "forget").await?;
        let done = recorded(&writer.state(), what).and_then(|keys| {
            for key in &keys {
                if let Some(open) = writer.with_state(|state| state.pending_on(key).cloned()) {
                    let error = Value::from("forgotten before it was settled").into();
                    let result = OutcomeResult::Failed { error, exists: None };
                    writer.enqueue(Record::outcome(key.clone(), open.intent.token.clone(), result))?;
                }
                if writer.with_state(|state| state.object(key).is_some()) {
                    writer.enqueue(Record::forget(key.clone()))?;
                }
            }
            Ok(keys)
        });
        Ok(self.close(&writer, done).await?.0)
    }

    /// Gives a resource, and what replacements left behind at its address, another address in the state. Does not call
    /// the cloud. Later stacks have to declare the resource at the new address.
    ///
    /// # Errors
    /// [`EngineError::UnknownAddress`] if the state does not have it. [`EngineError::Contradiction`] if its type
    /// differs, if the new address is occupied, or if an attempt at either address was interrupted. Also the errors of
    /// writing. Then nothing was written.
    ///
    /// # Cancel safety
    /// If it is dropped, the resource is at one of the two addresses. The lease is released in the background.
    pub async fn rename(&self, stack: &str, from: &Address, to: &Address) -> Result<()> {
        let journal = self.read(stack).await?;
        renamed(journal.state(), from, to)?;
        let writer = self.write(journal, "rename").await?;
        let done = renamed(&writer.state(), from, to).and_then(|records| {
            records.into_iter().try_for_each(|record| writer.enqueue(record).map(drop)).map_err(Into::into)
        });
        self.close(&writer, done).await?;
        Ok(())
    }

    /// The whole state as one JSON document. Private data of providers is masked. [`Engine::import`] refuses a document
    /// with masked data; [`Engine::export_with_private`] makes one that can be imported.
    ///
    /// # Errors
    /// The same as for [`Engine::state`].
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn export(&self, stack: &str) -> Result<String> {
        Ok(self.state(stack).await?.to_json()?)
    }

    /// Like [`Engine::export`], with the private data of providers in the clear. It may be secret: protect it like the
    /// state itself.
    ///
    /// # Errors
    /// The same as for [`Engine::state`].
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn export_with_private(&self, stack: &str) -> Result<String> {
        Ok(self.state(stack).await?.to_json_with_private()?)
    }

    /// Imports an exported state into an empty place, completely or not at all. Attempts that were open stay open; the
    /// next plan settles them.
    ///
    /// Do not use the original place any more: two states of the same resources would both manage them.
    ///
    /// # Errors
    /// [`JournalError::NotEmpty`], an incomplete or malformed document, and the errors of writing. Then nothing was
    /// written.
    ///
    /// # Cancel safety
    /// If it is dropped, the whole state is here or nothing of it. The lease is released as after a dropped
    /// [`Engine::apply`].
    pub async fn import(&self, document: &str) -> Result<State> {
        let imported = State::from_json(document)?;
        let stack = imported.stack().to_owned();
        let known = self.state(&stack).await?;
        if !known.is_empty() || known.pending().next().is_some() {
            let store = self.store.describe();
            return Err(JournalError::NotEmpty { store, objects: known.len() }.into());
        }
        let claim = Claim::new("import").wait(self.wait).lineage(imported.lineage());
        let writer = Journal::write_with(self.store.clone(), &stack, claim, self.journal.clone()).await?;
        let done = writer.import(&imported).await.map_err(EngineError::from);
        Ok(self.close(&writer, done).await?.1)
    }
}

/// The records of a renaming, or an error if it is not possible.
fn renamed(state: &State, from: &Address, to: &Address) -> Result<Vec<Record>> {
    recorded(state, &[from.into()])?;
    let refuse = |address: &Address, message: String| {
        Err(EngineError::Contradiction { address: address.clone(), message })
    };
    if from.type_str() != to.type_str() {
        return refuse(from, format!("it cannot become {to}, which is of another type"));
    }
    if state.get(to).is_some() || state.deposed(to).next().is_some() {
        return refuse(from, format!("it cannot become {to}, because the state has both"));
    }
    if let Some(address) =
        [from, to].into_iter().find(|address| state.pending_on(&(*address).into()).is_some())
    {
        let message =
            "a run stopped while it changed this object; plan or apply the stack first, to settle the change";
        return refuse(address, message.to_owned());
    }
    renaming(state, from, to)
}

/// The keys that the caller means. Each must be recorded.
fn recorded(state: &State, what: &[ObjectKey]) -> Result<Vec<ObjectKey>> {
    let (mut keys, mut unknown) = (BTreeSet::new(), Vec::new());
    for key in what {
        let left = state.deposed(&key.address).map(|(key, _)| key.clone());
        let left: Vec<ObjectKey> = left.filter(|_| key.deposed.is_none()).collect();
        let known = state.object(key).is_some() || state.pending_on(key).is_some();
        if !known && left.is_empty() {
            let names: Vec<String> = state.unordered().map(|(key, _)| key.address.to_string()).collect();
            let near =
                suggest::nearest(key.address.as_str(), names.iter().map(String::as_str)).map(str::to_owned);
            unknown.push(EngineError::UnknownAddress { what: "forget", address: key.address.clone(), near });
        }
        keys.extend(left.into_iter().chain(Some(key.clone()).filter(|_| known)));
    }
    EngineError::all(unknown).map(|()| keys.into_iter().collect())
}
