//! AWS IAM: identities and what they may do.

mod instance_profile;
mod openid_connect_provider;
mod policy;
mod role;
mod role_policy;
mod role_policy_attachment;

pub use instance_profile::*;
pub use openid_connect_provider::*;
pub use policy::*;
pub use role::*;
pub use role_policy::*;
pub use role_policy_attachment::*;
