//! `data.aws_caller_identity`.

#[cfg(feature = "sts")]
mod client;

use landform_core::{Id, attributes, data};

/// The identity of the caller.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let me = stack.read("me", data::CallerIdentity::new());
/// stack.output("account", me.account_id());
/// ```
#[data("aws_caller_identity")]
pub struct CallerIdentity {}

/// The attributes that AWS reports for the [`CallerIdentity`].
#[attributes]
pub struct CallerIdentityAttributes {
    /// The account.
    #[field(form = "{account}")]
    pub id: Id<CallerIdentity>,
    /// The account.
    #[field(form = "{account}")]
    pub account_id: String,
    /// The ARN of the user or of the session.
    #[field(form = "arn:aws:iam::{account}:root")]
    pub arn: String,
    /// The unique id of the user or of the session.
    #[field(form = "{account}")]
    pub user_id: String,
}
