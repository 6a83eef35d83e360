//! The story of Google Cloud: a network, two groups of machines that share its Cloud NAT, and 30 machines instead of 3.
//! With `GOOGLE_COMPUTE_CUSTOM_ENDPOINT` and the client it runs on the emulator there, such as `landform-gce-emulator`.

use std::{env, net::IpAddr};

use landform::{EngineBuilder, cli::Place, sim::Cloud, view::Detail, vpc::gce::BaseNetwork};

use super::{Story, changes_of, embedded, expect};
use crate::{
    Failure,
    google::{self, Workers},
    project::Project,
};

/// The variable that leads to a server other than Google's, as for Terraform's provider.
const ENDPOINT: &str = "GOOGLE_COMPUTE_CUSTOM_ENDPOINT";

/// The parts of the network that its users share.
const SHARED: [&str; 4] = [
    "google_compute_network",
    "google_compute_router",
    "google_compute_router_nat",
    "google_compute_address",
];

/// The server on this machine that the environment names, or the embedded cloud.
pub(super) async fn cloud(place: &Place) -> Result<(EngineBuilder, Option<Cloud>), Failure> {
    match env::var(ENDPOINT) {
        Ok(endpoint) if is_local(&endpoint) => return Ok((over_the_wire().await?, None)),
        // The story makes and deletes things with common names, which is nothing for a real project.
        Ok(endpoint) if !endpoint.is_empty() => {
            return Err(format!(
                "{ENDPOINT}: {endpoint:?} is not on this machine, expected an emulator here: the story runs on no real cloud"
            )
            .into());
        }
        _ => {}
    }
    embedded(place, "google")
}

/// Whether a URL leads to the loopback interface.
fn is_local(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(feature = "client")]
async fn over_the_wire() -> Result<EngineBuilder, Failure> {
    Ok(landform::Engine::builder().provider(landform::gce::client::provider().await?))
}

#[cfg(not(feature = "client"))]
async fn over_the_wire() -> Result<EngineBuilder, Failure> {
    Err(format!("{ENDPOINT} is set, but {}", crate::clouds::NO_CLIENT).into())
}

impl Story {
    /// Tells it.
    pub(super) async fn on_google(&mut self) -> Result<(), Failure> {
        let network = BaseNetwork::default();
        let working = |size| Workers { name: "working", block: 0, size };
        let production = || Workers { name: "production", block: 1, size: 3 };
        let project =
            |workers: &[Workers]| Ok::<_, Failure>(Project::alone(google::stack(&network, workers)?));

        let first = project(&[working(3)])?;
        let what = "plan a network on Google Cloud and a group of machines in it";
        let plan = self.plan(what, &first, Detail::Summary).await?;
        expect(changes_of(&plan, "google_compute_router_nat") == 1, "the region has one Cloud NAT")?;
        self.apply("apply", &plan).await?;
        let plan = self.plan("plan again", &first, Detail::Full).await?;
        expect(plan.is_empty(), "a plan right after its apply has no changes")?;

        let both = project(&[working(3), production()])?;
        let plan = self.plan("plan a second group in the same network", &both, Detail::Summary).await?;
        expect(SHARED.iter().all(|name| changes_of(&plan, name) == 0), "a second group changes no NAT")?;
        self.say("  It adds no Cloud NAT: that of the region serves its subnetwork.\n");
        self.apply("apply", &plan).await?;

        let grown = project(&[working(30), production()])?;
        let plan = self.plan("plan 30 machines instead of 3", &grown, Detail::Full).await?;
        let counts = plan.counts();
        expect(plan.changes.len() == 1 && counts.changed == 1, "growing is one update in place")?;
        self.apply("apply", &plan).await?;

        self.validate(&grown).await?;

        let rest = project(&[production()])?;
        let plan = self.plan("plan the deletion of the first group", &rest, Detail::Summary).await?;
        let spared = SHARED.iter().all(|name| changes_of(&plan, name) == 0);
        expect(spared, "deleting a group does not touch the network and its NAT")?;
        self.say("  The network, its Cloud NAT and the second group stay.\n");
        self.apply("apply", &plan).await?;

        let plan = self.destroy(&rest).await?;
        self.apply("destroy", &plan).await?;
        self.nothing_left(&[], "Nothing is left.").await
    }
}
