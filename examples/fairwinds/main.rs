//! Landform's main job: plans, applies and destroys a three-zone VPC with Kubernetes clusters in it.
//!
//! ```text
//! cargo run --example fairwinds                 the whole story on the embedded cloud, in a fresh directory
//! cargo run --example fairwinds -- apply        the base network only. --cluster FILE adds a cluster
//! … --cluster s3://state-store/k8s.example.com  with the spec that kops keeps there (--features object-store)
//! … --cloud gce                                 the story of a network on Google Cloud, on the embedded cloud or, with
//!                                               --features gce-client, on the emulator in GOOGLE_COMPUTE_CUSTOM_ENDPOINT
//! ```

mod arguments;
mod clouds;
mod google;
mod lookup;
mod network;
mod project;
mod story;
mod validate;

use std::process::ExitCode;

use landform::cli::{Cloud, Tool};

use crate::{
    arguments::{Arguments, Command},
    clouds::Chosen,
    project::{Project, STACK, beforehand},
};

pub use landform::cli::Failure;

fn main() -> ExitCode {
    let tool = Tool::new(STACK)
        .about(
            "A three-zone VPC and Kubernetes clusters inside it. Without a command it runs the whole story",
        )
        .cloud(Cloud::embedded_with(beforehand()));
    #[cfg(feature = "aws-client")]
    let tool = tool.cloud(Cloud::aws());
    tool.cloud(clouds::google()).arguments::<Arguments>().run_with(
        async |context| Ok::<_, Failure>(Project::read(&context.arguments, Chosen::of(context)).await?.stack),
        async |context, command| match command {
            None => story::tell(context).await,
            Some(Command::Validate) => validate::run(context).await,
        },
    )
}
