//! Checks an object against the schema, the secrets and the arguments that were asked for.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value as Json;

use super::Trial;
use crate::{
    Object,
    conformance::{Broken, Clause, difference},
    expr::Expr,
};

impl<S: AsyncFn(Duration)> Trial<'_, S> {
    pub(super) fn fits(&self, object: &Object) -> Result<(), Broken> {
        let known = self.driver.resource_type();
        let checks = [(&known.arguments, &object.arguments), (&known.attributes, &object.attributes)];
        for (schema, values) in checks {
            if let Some(violation) = schema.check_values(&Expr::Literal(values.clone())).first() {
                return Err(self.broken(Clause::Schema, violation.to_string()));
            }
        }
        let shown = known.attributes.fields().iter().filter(|field| !field.secret);
        for field in shown {
            if let Some(value) = object.attributes.get(&field.name) {
                self.conceals(&value.to_string(), &format!("the attribute {}", field.name))?;
            }
        }
        Ok(())
    }

    pub(super) fn conceals(&self, text: &str, what: &str) -> Result<(), Broken> {
        match self.secrets.iter().any(|secret| text.contains(secret)) {
            true => Err(self.broken(Clause::Secrets, format!("{what} shows a secret argument"))),
            false => Ok(()),
        }
    }

    pub(super) fn same(&self, asked: &Json, object: &Object) -> Result<(), Broken> {
        match difference(&self.driver.resource_type().arguments, asked, &object.arguments) {
            None => Ok(()),
            Some(difference) => Err(self.broken(Clause::NoDifference, difference)),
        }
    }
}

/// The names of the fields that differ, without their values.
pub(super) fn moved(before: &Object, after: &Object) -> String {
    let names =
        |values: &Json| values.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let mut names: BTreeSet<String> = names(&before.attributes);
    for values in [&before.arguments, &after.attributes, &after.arguments] {
        names.extend(values.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    let differs = |name: &String| {
        before.attributes.get(name) != after.attributes.get(name)
            || before.arguments.get(name) != after.arguments.get(name)
    };
    names.into_iter().filter(differs).collect::<Vec<_>>().join(", ")
}
