//! The emulator as a program.

use std::{collections::BTreeMap, time::Duration};

use clap::Parser;
use landform_gce_emulator::{Emulator, Image, Life, Project, Settings};

/// An in-memory Google Cloud for tests.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port on the loopback interface. 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A project that exists. Can be given several times.
    #[arg(long = "project", default_value = "landform-test")]
    projects: Vec<String>,
    /// The time for which operations are PENDING, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pending_ms: u64,
    /// The time for which operations are RUNNING, in milliseconds.
    #[arg(long, default_value_t = 0)]
    running_ms: u64,
    /// A quota, such as NETWORKS=5. Can be given several times.
    #[arg(long = "quota", value_parser = quota)]
    quotas: Vec<(String, u64)>,
    /// A public image, such as ubuntu-os-cloud/NAME or ubuntu-os-cloud/NAME:FAMILY. Can be given several times.
    #[arg(long = "image", value_parser = image)]
    images: Vec<Image>,
    /// Start projects without the network `default`.
    #[arg(long)]
    no_default_network: bool,
}

fn quota(text: &str) -> Result<(String, u64), String> {
    let (metric, limit) = text.split_once('=').ok_or("a metric and a limit are wanted, as NETWORKS=5")?;
    let limit = limit.parse().map_err(|_| format!("`{limit}` is not a whole number"))?;
    Ok((metric.to_owned(), limit))
}

fn image(text: &str) -> Result<Image, String> {
    let (project, name) =
        text.split_once('/').ok_or("expected a project and a name, such as debian-cloud/debian-12")?;
    let (name, family) = match name.split_once(':') {
        Some((name, family)) => (name, Some(family.to_owned())),
        None => (name, None),
    };
    Ok(Image { project: project.to_owned(), name: name.to_owned(), family })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let mut settings = Settings::default();
    settings.port = arguments.port;
    settings.projects = arguments.projects.iter().map(|id| Project::new(id)).collect();
    settings.life = Life {
        pending: Duration::from_millis(arguments.pending_ms),
        running: Duration::from_millis(arguments.running_ms),
    };
    settings.quotas = arguments.quotas.into_iter().collect::<BTreeMap<_, _>>();
    settings.images = arguments.images;
    settings.default_network = !arguments.no_default_network;
    let emulator = Emulator::start(settings).await?;
    println!("{}", emulator.url());
    tokio::signal::ctrl_c().await
}
