//! AWS's resource types for a [`Stack`](landform_core::Stack), with the names and shapes of Terraform's AWS provider.
//! The declarations know no SDK and make no call. The client that manages real resources is beside each declaration,
//! behind a feature for each of AWS's SDKs (`ec2`, `elbv2`, `iam`), or `client` for all.
//!
//! ```
//! use landform_aws as aws;
//! use landform_core::{Cidr, Stack};
//!
//! let mut stack = Stack::new("base");
//! let vpc = stack.add("main", aws::Vpc::new("10.20.0.0/16".parse::<Cidr>()?).tag("Name", "main"));
//! let table = stack.add("public", aws::RouteTable::new(&vpc));
//! let gateway = stack.add("main", aws::InternetGateway::new(&vpc));
//! stack.add("internet", aws::Route::ipv4(&table, "0.0.0.0/0".parse::<Cidr>()?).gateway_id(&gateway));
//! stack.check()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod autoscaling;
#[cfg(feature = "sdk")]
pub mod client;
pub mod data;
pub mod ec2;
pub mod elb;
pub mod elbv2;
pub mod events;
pub mod iam;
pub mod kms;
pub mod logs;
#[cfg(feature = "client")]
pub mod operations;
pub mod permissions;
pub mod route53;
pub mod s3;
mod settings;
pub mod sqs;
mod types;

pub use autoscaling::*;
#[cfg(feature = "sdk")]
pub use client::{Client, Provider, Speed};
pub use ec2::*;
pub use elb::*;
pub use elbv2::*;
pub use events::*;
pub use iam::*;
pub use kms::*;
pub use logs::*;
pub use route53::*;
pub use s3::*;
pub use settings::{AssumeRole, DefaultTags, IgnoreTags, Settings};
pub use sqs::*;
pub use types::types;
