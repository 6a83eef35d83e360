//! Amazon Route 53: DNS.

mod record;
mod zone;
mod zone_association;

pub use record::*;
pub use zone::*;
pub use zone_association::*;
