//! Values with a notation of their own. The spec reads each text once, into its value, and keeps what the user wrote.

mod aws;
mod duration;
mod node;
mod policy;
mod quantity;
mod range;
mod share;
mod store;
mod written;

pub use aws::{
    AllocationId, CertificateArn, Egress, IdentityArn, PolicyArn, ProfileArn, RouteTarget, SecurityGroupId,
    TargetGroupArn,
};
pub use duration::Duration;
pub use node::{EtcdVersion, KernelParameter, NonNegative, Taint};
pub use policy::Statements;
pub use quantity::Quantity;
pub use range::{AccessSource, Ipv6Block, PortRange};
pub use share::{IntOrString, Share};
pub use store::Store;
pub use written::{Notation, NotationError, Written, text};
