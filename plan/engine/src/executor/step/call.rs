//! The calls of one step, within its budget and with its listeners.

use std::sync::PoisonError;

use landform_core::{Call, Diagnostic, Error, Listener, Token};

use super::Effects;
use crate::{
    calls::Calls,
    event::{Event, Notice},
};

impl<'a> Effects<'a> {
    /// The calls for the node. All attempts of one call share the time of its budget.
    pub(in crate::executor) fn calls(&self) -> Calls<'a> {
        self.managed.calls(self.subject.address, self.subject.budget, self.run.heard())
    }

    /// An attempt whose warnings are collected.
    pub(in crate::executor) fn call<'b>(&'b self, token: &'b Token) -> Call<'b> {
        Call::new(self.subject.address, token).heard_by(self)
    }

    /// See [`Calls::repeated`].
    pub(super) async fn repeated<T, F>(&self, call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.calls().repeated(call).await
    }

    /// See [`Calls::reading`].
    pub(super) async fn reading<T, F>(&self, call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.calls().reading(call).await
    }
}

impl Listener for Effects<'_> {
    fn warned(&self, warning: Diagnostic) {
        let (address, diagnostic) = (self.subject.address.clone(), self.run.vault.hide_in(warning));
        let notice = Notice { address, diagnostic };
        let mut warnings = self.run.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        if !warnings.contains(&notice) {
            warnings.push(notice.clone());
            drop(warnings);
            self.run.events.send(|| Event::Warned(notice));
        }
    }
}
