//! kops's golden cases: what surrounds them, and the documents of new clusters. The cases themselves are files of kops.

pub mod create;
pub mod world;
