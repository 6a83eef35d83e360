//! The cause of an error, for people and logs.

use std::{error::Error as StdError, fmt, sync::Arc};

/// The cause of an error. Equality of errors ignores it.
#[derive(Clone)]
pub(super) struct Cause(pub(super) Arc<dyn StdError + Send + Sync>);

impl PartialEq for Cause {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Cause {
    /// Whether a text appears anywhere in the chain of causes, however they are printed.
    pub(super) fn shows(&self, text: &str) -> bool {
        let mut next: Option<&dyn StdError> = Some(&*self.0);
        while let Some(error) = next {
            if error.to_string().contains(text) || format!("{error:?}").contains(text) {
                return true;
            }
            next = error.source();
        }
        false
    }
}
