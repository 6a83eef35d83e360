//! Values with a notation. The spec parses each text once, and keeps the user's spelling.

mod aws;
mod detection;
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
    TargetGroupArn, VolumeType,
};
pub use detection::Detection;
pub use duration::Duration;
pub use node::{EtcdVersion, KernelParameter, NonNegative, Sha256, Taint, Url};
pub use policy::Statements;
pub use quantity::Quantity;
pub use range::{AccessSource, Host, Ipv6Block, PortRange};
pub use share::{IntOrString, Share};
pub use store::Store;
pub use written::{Notation, NotationError, Written, text};
