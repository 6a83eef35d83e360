//! The messages between an engine and the holder of its plugin. They are Landform's own.

use super::{Applied, Apply, messages};

messages! {
    /// A change that the holder passes to the plugin.
    HeldApply {
        /// The token of a creation, whose answer is kept. Other changes have none.
        #[prost(string, tag = "1")] token: String,
        #[prost(message, optional, tag = "2")] apply: Option<Apply>,
        /// Encrypts the kept answer.
        #[prost(bytes = "vec", tag = "3")] key: Vec<u8>,
    }

    /// What became of a change.
    HeldApplied {
        #[prost(message, optional, tag = "1")] applied: Option<Applied>,
        /// Why the plugin gave no answer.
        #[prost(string, tag = "2")] failure: String,
    }

    HeldToken {
        #[prost(string, tag = "1")] token: String,
    }
}

/// The calls of a holder.
pub(crate) const APPLY: &str = "/landform.Holder/Apply";
pub(crate) const ANSWER: &str = "/landform.Holder/Answer";
pub(crate) const FORGET: &str = "/landform.Holder/Forget";
