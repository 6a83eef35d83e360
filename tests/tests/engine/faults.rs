//! Kinds of faults that users of other tools have reported, each with what is right.

mod ignored;
mod secrets;
pub mod types;

use landform::{Plan, Report, Stack, sim::Existing};
use serde_json::Value as Json;

use crate::bed::Bed;

/// A bed whose cloud knows the types of this module too.
pub fn bed() -> Bed {
    Bed::with(|builder| builder.types(types::types()))
}

impl Bed {
    /// Plans and applies; everything has to be done.
    async fn go(&self, stack: &Stack) -> (Plan, Report) {
        let plan = self.plan(stack).await;
        let report = self.engine().apply(&plan).await.unwrap().complete().unwrap();
        (plan, report)
    }

    /// The one object that was made for a node of this name.
    fn made(&self, name: &str) -> Existing {
        let objects = self.cloud.objects().unwrap();
        let named = |object: &Existing| object.by.as_ref().is_some_and(|by| by.name() == name);
        objects.into_iter().find(named).unwrap_or_else(|| panic!("{name} is not there"))
    }

    /// Changes an argument behind the engine's back.
    async fn tamper(&self, name: &str, field: &str, value: Json) {
        let Existing { type_name, id, .. } = self.made(name);
        self.cloud
            .tamper(type_name.as_str(), &id, |arguments| drop(arguments.insert(field.into(), value)))
            .unwrap();
    }
}
