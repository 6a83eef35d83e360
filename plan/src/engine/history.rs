//! What an engine does with a state as a whole: who holds it, what it was, take it out, put it in.

use landform_core::{Address, Stack};
use serde_json::{Map, Value, json};

use super::Engine;
use crate::{
    EngineError, Result,
    journal::{self, Claim, Difference, Journal, JournalError, Lease, Revision, State},
    seal,
};

impl Engine {
    /// The name of the stack whose state is kept here; `None` if none is.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn stack_name(&self) -> Result<Option<String>> {
        Ok(Journal::stack_of(&*self.store).await?)
    }

    /// Who writes now, if anybody.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn holder(&self) -> Result<Option<Lease>> {
        Ok(journal::holder(&*self.store).await?)
    }

    /// Removes the lease, whoever holds it, and says whose it was.
    ///
    /// It harms nothing: should the holder live after all, it stops at its next sign of life, and once another has begun
    /// to write, all that it writes is refused. Effects that it has under way in the cloud go on; the next run settles
    /// them.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub async fn unlock(&self) -> Result<Option<Lease>> {
        Ok(journal::unlock(&*self.store).await?)
    }

    /// The runs that are remembered, the newest last; each is known by the number of its first segment.
    ///
    /// # Errors
    /// As of [`Engine::state`].
    pub async fn history(&self, stack: &str) -> Result<Vec<Revision>> {
        Ok(Journal::read(self.store.clone(), stack).await?.revisions().to_vec())
    }

    /// The state as a run left it; empty for 0, before all runs.
    ///
    /// # Errors
    /// [`JournalError::NoRun`], [`JournalError::NotRetained`] if compaction has removed it, and as of
    /// [`Engine::state`].
    pub async fn state_after(&self, stack: &str, run: u64) -> Result<State> {
        Ok(Journal::read(self.store.clone(), stack).await?.state_after(run).await?)
    }

    /// What differs between the states that two runs left.
    ///
    /// # Errors
    /// As of [`Engine::state_after`].
    pub async fn difference(&self, stack: &str, from: u64, to: u64) -> Result<Difference> {
        let journal = Journal::read(self.store.clone(), stack).await?;
        Ok(journal.state_after(from).await?.difference(&journal.state_after(to).await?)?)
    }

    /// The whole state as one JSON document.
    ///
    /// # Errors
    /// As of [`Engine::state`].
    pub async fn export(&self, stack: &str) -> Result<String> {
        Ok(self.state(stack).await?.to_json()?)
    }

    /// Puts an exported state into a place that knows nothing: all of it or nothing. Attempts that were open in it are
    /// open here, and settled by the next plan.
    ///
    /// The place that it came from must not be used any more: two states of the same resources are two owners.
    ///
    /// # Errors
    /// [`JournalError::NotEmpty`], a document that is none or not whole, and what keeps an engine from writing; nothing
    /// was written then.
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

    /// The stack that declares what an earlier run left, to be planned and applied as any other: so a revision is
    /// restored.
    ///
    /// Arguments that were the id of another object of that state become references to it, so that what has to be made
    /// anew is wired up anew. Lifecycle rules are not part of a state; what was to be retained still is.
    ///
    /// # Errors
    /// As of [`Engine::state_after`], and [`EngineError::Sealed`] where the value of a secret would be needed, which a
    /// state does not have.
    pub async fn stack_after(&self, stack: &str, run: u64) -> Result<Stack> {
        let mut declared = declare(&self.state_after(stack, run).await?)?;
        declared.bind(&|name| self.registry.resource_type(name));
        Ok(declared)
    }
}

/// A state as declarations, in the form in which stacks are stored.
fn declare(state: &State) -> Result<Stack> {
    let mut nodes = Map::new();
    for (key, object) in state.objects().filter(|(key, _)| key.deposed.is_none()) {
        let address = key.address;
        let made_from = object.depends_on.iter().filter(|other| state.get(other).is_some());
        let made_from: Vec<&Address> = made_from.collect();
        let mut arguments = object.args.value().map_err(EngineError::from)?;
        if let Value::Object(fields) = &mut arguments {
            fields.retain(|_, value| !value.is_null());
            for (field, value) in fields {
                refer(state, &made_from, value).map_err(|Sealed| EngineError::Sealed {
                    address: address.clone(),
                    field: field.clone(),
                })?;
            }
        }
        let lifecycle = json!({
            "create_before_destroy": object.create_before_destroy,
            "retain_on_delete": object.retain_on_delete,
        });
        let node = json!({ "address": address, "arguments": arguments, "depends_on": made_from, "lifecycle": lifecycle });
        nodes.insert(address.to_string(), node);
    }
    let stack = json!({ "name": state.stack(), "nodes": nodes, "outputs": state.outputs() });
    serde_json::from_value(stack).map_err(|error| JournalError::from(error).into())
}

/// A secret's value is needed, and only its seal is known.
struct Sealed;

/// Turns ids of what the object was made from into references.
fn refer(state: &State, made_from: &[&Address], value: &mut Value) -> std::result::Result<(), Sealed> {
    match value {
        Value::String(_) if seal::is_sealed(value) => Err(Sealed),
        Value::String(text) => {
            let referred = made_from.iter().find(|other| state.get(other).is_some_and(|it| it.id == *text));
            if let Some(other) = referred {
                *value = json!({ "$ref": [other, "id"] });
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| refer(state, made_from, item)),
        Value::Object(fields) => fields.values_mut().try_for_each(|field| refer(state, made_from, field)),
        _ => Ok(()),
    }
}
