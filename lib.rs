//! Infrastructure as embeddable Rust: declare resources as typed values, plan, apply, and never lose one.
//!
//! This crate is the facade: everything a user needs, by feature. ARCHITECTURE.md describes the crates behind it.
//!
//! | feature | what it adds |
//! |---|---|
//! | `aws` (default) | AWS's resource types, as declarations |
//! | `gce` | Google Compute Engine's resource types, as declarations; with `vpc`, the base network on Google Cloud, and with `kops`, clusters there |
//! | `vpc` (default) | the base network layer |
//! | `kops` (default) | the cluster layer, and reading clusters from kops's state store; with a client, what the layer asks about its cloud |
//! | `pki` | new keys and certificates for a cluster's store, [`kops::pki`] |
//! | `cli` | a command line for any stack, [`cli`] |
//! | `client` | the calls that manage real resources, on all of the chosen clouds |
//! | `aws-client` | these calls on AWS, by its SDK, which takes minutes to compile |
//! | `gce-client` | these calls on Google Cloud |
//! | `http` | the adapter for plain HTTP/JSON services, [`kit::rest`] |
//! | `object-store` | state in S3, Google Cloud Storage or Azure |
//! | `postgres` | state in PostgreSQL |
//! | `encryption` | state encrypted at rest |
//! | `terraform` | Terraform's plugin protocol: your provider in Terraform, and Terraform's providers here, [`terraform`] |
//! | `bindings` | Rust types for the types of Terraform's providers; with `cli`, the command `landform` |

extern crate self as landform;

#[cfg(all(feature = "kops", feature = "aws-client"))]
mod kops_aws;
#[cfg(all(feature = "kops", feature = "gce", feature = "gce-client"))]
mod kops_gce;
#[cfg(feature = "kops")]
mod kops_store;

// Declaring.
pub use landform_core::{
    Address, Argument, Attributes, Block, Budget, Cidr, CidrError, Condition, Data, Decimal, DecimalError,
    Declaration, Declares, Handle, Id, Ignore, ImportId, ImportIdError, InALine, Input, Lifecycle, Meaning,
    NameError, NoSuchMeaning, Node, NodeRef, Number, OnConflict, Origin, Path, Printable, Problem,
    ProblemKind, Problems, ProviderName, Recorded, Ref, Refs, Resource, ResourceType, Rule, SENSITIVE,
    Schema, Scope, Secret, Stack, Takes, TypeName, ValueOf, expr, graph, input, number, path, printable,
    schema, stack, words,
};
pub use landform_derive::{attributes, block, data, resource};

// Planning and applying.
pub use landform_engine::{
    Action, Answer, ApplyOptions, Cancel, Change, ChangeKind, Check, Counts, CreateFirst, Drift, Engine,
    EngineBuilder, EngineError as Error, Event, Failure, FieldChange, Incomplete, MoveConflict, MoveProblem,
    Notice, Output, Plan, PlanFileError, PlanOptions, Policy, Reason, Refresh, ReplaceOrder, Report,
    Restored, Result, Secrets, Sink, Skipped, Told, Unmet, Verb, Warning, When, event, journal, outputs,
    plan, store,
};
pub use landform_views as view;

// Providing.
pub use async_trait::async_trait;
pub use landform_core::{
    Abilities, Call, DataDriver, DataSource, Diagnostic, Driver, Effect, Error as ProviderError, ErrorKind,
    FindBy, Forecast, Found, Identity, Known, Listener, Manage, Object, Observed, Opener, Opens, Private,
    Progress, Proposal, Provider, Result as ProviderResult, Retry, Severity, Ticket, Token, conformance,
    in_order, only,
};
pub use landform_kit as kit;
pub use landform_sim as sim;
/// This crate's `Value` is the untyped value of Landform.
pub use serde_json;

/// The code that the macros generate uses these names. They may change in any release.
#[doc(hidden)]
pub use landform_core::__private;

#[cfg(all(feature = "kops", feature = "aws-client"))]
pub use kops_aws::KopsOnAws;
#[cfg(all(feature = "kops", feature = "gce", feature = "gce-client"))]
pub use kops_gce::KopsOnGoogle;
#[cfg(feature = "kops")]
pub use kops_store::{KopsStore, KopsStoreError};
#[cfg(feature = "aws")]
pub use landform_aws as aws;
#[cfg(feature = "cli")]
pub use landform_cli as cli;
#[cfg(feature = "gce")]
pub use landform_gce as gce;
#[cfg(feature = "kops")]
pub use landform_kops as kops;
#[cfg(feature = "terraform")]
pub use landform_terraform as terraform;
#[cfg(feature = "vpc")]
pub use landform_vpc as vpc;

/// The examples in the documents. The tests compile them.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("README.md")]
    mod readme {}
    #[doc = include_str!("docs/stacks.md")]
    mod stacks {}
    #[doc = include_str!("docs/adding-a-resource.md")]
    mod adding_a_resource {}
    #[doc = include_str!("docs/embedding.md")]
    mod embedding {}
    #[cfg(feature = "aws")]
    #[doc = include_str!("docs/aws.md")]
    mod aws {}
    #[cfg(feature = "cli")]
    #[doc = include_str!("docs/cli.md")]
    mod cli {}
    #[cfg(feature = "kops")]
    #[doc = include_str!("docs/kops.md")]
    mod kops {}
    #[cfg(feature = "vpc")]
    #[doc = include_str!("docs/layers.md")]
    mod layers {}
    #[cfg(feature = "terraform")]
    #[doc = include_str!("docs/terraform-plugin.md")]
    mod terraform_plugin {}
    #[cfg(feature = "bindings")]
    #[doc = include_str!("docs/terraform-bindings.md")]
    mod terraform_bindings {}
}
