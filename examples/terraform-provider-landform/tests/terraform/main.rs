//! The plugin under the real Terraform and under Landform's own client. Where Terraform is not installed, the tests that
//! need it say so, and the client does the same.
#![allow(clippy::unwrap_used)]

mod bench;
mod bindings;
mod clouds;
mod ground;
mod hosted;
mod installed;
mod killed;
mod life;
mod real;
