//! kops's golden cases: their surroundings, and the documents of new clusters. The cases themselves are files of kops.

pub mod create;
pub mod world;
