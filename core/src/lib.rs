//! The vocabulary of Landform: resources, providers, stacks, references, schemas, graphs and errors. Does no I/O, and
//! knows no cloud and no engine.
//!
//! Users declare resources as typed values in a [`Stack`]. Authors of providers write resource types with the
//! [`macro@resource`] macro and implement [`Manage`]. Engines see [`Driver`]s and [`expr::Expr`]s.

extern crate self as landform_core;

pub mod address;
mod any_number;
mod budget;
mod canonical;
pub mod cidr;
pub mod conformance;
mod decimal;
mod diagnostic;
mod error;
pub mod expr;
pub mod form;
pub mod graph;
mod id;
mod import;
pub mod input;
mod meaning;
mod node_ref;
pub mod number;
pub mod path;
pub mod printable;
pub mod problem;
pub mod provider;
pub mod resource;
pub mod schema;
mod scope;
pub mod secret;
pub mod stack;
pub mod suggest;
mod validate;
mod value_of;
pub mod words;

#[doc(hidden)]
pub mod __private;

pub use address::{Address, NameError, ProviderName, Token, TypeName};
pub use any_number::Number;
pub use budget::Budget;
pub use canonical::Canonical;
pub use cidr::{Cidr, CidrError};
pub use decimal::{Decimal, DecimalError};
pub use diagnostic::{Diagnostic, Listener, Severity};
pub use error::{Effect, Error, ErrorKind, Result, Retry};
pub use id::Id;
pub use import::{ImportId, ImportIdError, Recorded};
pub use input::{Argument, Handle, Input, Ref};
pub use landform_derive::{
    core_attributes as attributes, core_block as block, core_data as data, core_resource as resource,
};
pub use meaning::{Meaning, NoSuchMeaning};
pub use node_ref::{Home, NodeRef};
pub use path::Path;
pub use printable::{InALine, Printable};
pub use problem::{Problem, ProblemKind, Problems};
pub use provider::{
    Abilities, Call, DataDriver, DataSource, Driver, FindBy, Forecast, Found, Identity, Known, Manage,
    Object, Observed, Opener, Opens, Private, Progress, Proposal, Provider, Ticket, in_order, only,
};
pub use resource::{
    Attributes, Block, Data, Declaration, Declares, Refs, Resource, ResourceType, Rule, Takes,
};
pub use schema::Schema;
pub use scope::Scope;
pub use secret::{SENSITIVE, Secret};
pub use stack::{Condition, Ignore, Lifecycle, Node, OnConflict, Origin, Stack};
pub use value_of::ValueOf;
