//! The planning step of providers: they predict or refuse changes before anything is done.

use futures::{StreamExt, stream};
use landform_core::{
    Address, Diagnostic, Error, ErrorKind, Forecast, Known, Node, Path, Proposal, expr::Expr,
};

use super::{Decider, Proposed, compare::replace_order};
use crate::{
    EngineError, Result,
    event::Notice,
    journal::ObjectState,
    plan::{ChangeKind, Reason, Warning},
    readable::Readable,
    registry::Managed,
};

/// How many providers are asked at a time, across all of them.
const AT_A_TIME: usize = 32;

impl<'a> Decider<'a> {
    /// Decides nodes that do not depend on each other, and whose providers take part in planning. Reports all refusals
    /// at once.
    pub(super) async fn foresee(&mut self, nodes: &[usize]) -> Result<()> {
        let mut proposed = Vec::new();
        for &index in nodes {
            proposed.extend(self.propose(index).await?);
        }
        self.check_met()?;
        let this = &*self;
        // Collected first: with the closure inside it, the future would not be seen to be `Send`.
        let asked: Vec<_> = proposed.into_iter().map(|proposed| this.foreseen(proposed)).collect();
        let answers: Vec<_> = stream::iter(asked).buffered(AT_A_TIME).collect().await;
        let mut refused = Vec::new();
        for answer in answers {
            match answer {
                Ok((proposed, forecast)) => self.settle(proposed, Some(forecast))?,
                Err(error) => refused.push(error),
            }
        }
        EngineError::all(refused)
    }

    /// The provider's prediction of a change. It may turn a change in place into a replacement.
    async fn foreseen(&self, mut proposed: Proposed<'a>) -> Result<(Proposed<'a>, Forecast)> {
        let Proposed { node, managed, arguments, object, adopted, change, .. } = &mut proposed;
        let Some(change) = change else { return Ok((proposed, Forecast::new())) };
        let after = change.after.as_ref().unwrap_or(&Expr::NULL);
        let mut forecast = match change.kind {
            ChangeKind::Update | ChangeKind::Adopt => {
                let prior = adopted.as_ref().or(object.as_ref());
                let differs: Vec<Path> = change.fields.iter().map(|field| field.path.clone()).collect();
                self.forecast(node, managed, prior.map(|prior| &**prior), after, &differs).await?
            }
            _ => self.forecast(node, managed, None, after, &[]).await?,
        };
        let replaces = std::mem::take(&mut forecast.replaces);
        match change.kind {
            _ if replaces.is_empty() => {}
            ChangeKind::Update => {
                for field in &mut change.fields {
                    field.replaces |= replaces.iter().any(|path| field.path.starts_with(path));
                }
                change.kind = ChangeKind::Replace(replace_order(node));
                change.reason = Reason::Immutable(replaces.into_iter().collect());
                change.after = Some(arguments.clone());
                let anew = self.forecast(node, managed, None, arguments, &[]).await?;
                forecast = said_before(anew, forecast.warnings);
            }
            ChangeKind::Adopt => {
                let paths: Vec<String> = replaces.iter().map(ToString::to_string).collect();
                let message = format!("{} differs and cannot be changed in place", paths.join(", "));
                let error = Error::new(ErrorKind::Invalid, message);
                let id = change.id.clone().unwrap_or_default();
                return Err(EngineError::Import { address: node.address.clone(), id, error });
            }
            // A create has no prior object, so the provider has no say in replacing it.
            _ => {}
        }
        forecast.releases &= change.kind == ChangeKind::Update;
        Ok((proposed, forecast))
    }

    async fn forecast(
        &self,
        node: &Node,
        managed: &Managed,
        prior: Option<&ObjectState>,
        arguments: &Expr,
        differs: &[Path],
    ) -> Result<Forecast> {
        if !managed.is_open() {
            return Ok(Forecast::new());
        }
        let (resource_type, vault) = (&*managed.resource_type, self.context.vault);
        let prior = prior.map(|state| Readable { state, resource_type, vault });
        let proposal = Proposal {
            address: &node.address,
            prior: prior.as_ref().map(|prior| prior as &dyn Known),
            arguments,
            differs,
        };
        let calls = managed.calls(&node.address, node.lifecycle.budget, self.context.heard());
        let answer = calls.reading(|| managed.driver.forecast(proposal)).await;
        let answer = answer.and_then(|forecast| sound(managed, forecast));
        answer.map_err(|error| EngineError::Provider {
            address: node.address.clone(),
            operation: "planning",
            error,
        })
    }

    /// Passes on the messages of a provider.
    pub(super) fn warn(&mut self, address: &Address, forecast: &Forecast) {
        for warning in &forecast.warnings {
            let diagnostic = self.context.vault.hide_in(warning.clone());
            let notice = Notice { address: address.clone(), diagnostic };
            self.decided.warnings.push(Warning::Provider(notice));
        }
    }
}

/// A forecast together with earlier messages, each warning once.
fn said_before(mut forecast: Forecast, mut warnings: Vec<Diagnostic>) -> Forecast {
    forecast.warnings.retain(|warning| !warnings.contains(warning));
    warnings.append(&mut forecast.warnings);
    forecast.warnings = warnings;
    forecast
}

/// Checks that a forecast names only fields of its type.
fn sound(managed: &Managed, forecast: Forecast) -> std::result::Result<Forecast, Error> {
    let resource_type = &managed.resource_type;
    let wrong = |what: String| Err(Error::new(ErrorKind::Internal, format!("the provider predicts {what}")));
    for path in forecast.values.keys().chain(&forecast.unknown) {
        let attribute = resource_type.attributes.place(path);
        let argument = resource_type.arguments.place(path).filter(|place| place.is_computed());
        match attribute.or(argument) {
            None => {
                let name = &resource_type.name;
                return wrong(format!(
                    "{path}, which is neither an attribute nor a computed argument of {name}"
                ));
            }
            Some(place) if place.is_secret() && forecast.values.contains_key(path) => {
                return wrong(format!("the value of {path}, which is secret"));
            }
            Some(_) => {}
        }
    }
    for path in &forecast.replaces {
        if resource_type.arguments.place(path).is_none() {
            return wrong(format!(
                "a replacement for {path}, which is not an argument of {}",
                resource_type.name
            ));
        }
    }
    Ok(forecast)
}
