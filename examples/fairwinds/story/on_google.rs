//! The story of Google Cloud: a network, two clusters that share its Cloud NAT, and 30 nodes instead of 3.
//! With `GOOGLE_COMPUTE_CUSTOM_ENDPOINT` and the client it runs on the emulator there, such as `landform-gce-emulator`.

use std::{env, net::IpAddr};

use landform::{EngineBuilder, cli::Place, kops::Spec, sim::Cloud, view::Detail, vpc::gce::BaseNetwork};

use super::{SIZE, Story, changes_of, embedded, expect};
use crate::{Failure, clouds::Chosen, google::Surroundings, lookup, project::Project};

const WORKING: &str = include_str!("../google/working.yml");
const PRODUCTION: &str = include_str!("../google/production.yml");

/// The variable that leads to a server other than Google's, as for Terraform's provider.
const ENDPOINT: &str = "GOOGLE_COMPUTE_CUSTOM_ENDPOINT";

/// The parts of the network that its clusters share, and of which they make none.
const SHARED: [&str; 3] = ["google_compute_network", "google_compute_router", "google_compute_router_nat"];

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

#[cfg(feature = "gce-client")]
async fn over_the_wire() -> Result<EngineBuilder, Failure> {
    Ok(landform::Engine::builder().provider(landform::gce::client::provider().await?))
}

#[cfg(not(feature = "gce-client"))]
async fn over_the_wire() -> Result<EngineBuilder, Failure> {
    Err(format!("{ENDPOINT} is set, but {}", crate::clouds::NO_CLIENT).into())
}

impl Story {
    /// Tells it. The stack has all that the clusters use.
    pub(super) async fn on_google(&mut self) -> Result<(), Failure> {
        let working = self.spec("working.yml", WORKING)?;
        let production = self.spec("production.yml", PRODUCTION)?;

        let first = self.project(vec![working.clone()]).await?;
        let what = "plan a network on Google Cloud and a cluster in it";
        let plan = self.plan(what, &first, Detail::Summary).await?;
        expect(changes_of(&plan, "google_compute_router_nat") == 1, "the region has one Cloud NAT")?;
        self.apply("apply", &plan).await?;
        let plan = self.plan("plan again", &first, Detail::Full).await?;
        expect(plan.is_empty(), "a plan right after its apply has no changes")?;

        let both = self.project(vec![working, production.clone()]).await?;
        let plan = self.plan("plan a second cluster in the same network", &both, Detail::Summary).await?;
        expect(SHARED.iter().all(|name| changes_of(&plan, name) == 0), "a second cluster changes no NAT")?;
        self.say("  It adds no Cloud NAT: that of the region serves its subnetwork.\n");
        self.apply("apply", &plan).await?;

        let grown = self.spec("working.yml", &WORKING.replace(SIZE.0, SIZE.1))?;
        self.say(&format!("  One line of working.yml changes: {:?} becomes {:?}.\n", SIZE.0, SIZE.1));
        let grown = self.project(vec![grown, production.clone()]).await?;
        let plan = self.plan("plan 30 nodes instead of 3", &grown, Detail::Full).await?;
        let counts = plan.counts();
        // A group has a manager in each of its three zones.
        expect(plan.changes.len() == 3 && counts.changed == 3, "growing is an update in place in each zone")?;
        self.apply("apply", &plan).await?;

        self.validate(&grown).await?;

        let rest = self.project(vec![production]).await?;
        let plan = self.plan("plan the deletion of the first cluster", &rest, Detail::Summary).await?;
        let spared = SHARED.iter().all(|name| changes_of(&plan, name) == 0);
        expect(spared, "deleting a cluster does not touch the network and its NAT")?;
        self.say("  The network, its Cloud NAT and the second cluster stay.\n");
        self.apply("apply", &plan).await?;

        let plan = self.destroy(&rest).await?;
        self.apply("destroy", &plan).await?;
        self.nothing_left(&[], "Nothing is left.").await
    }

    /// The network with these clusters in it.
    async fn project(&self, clusters: Vec<Spec>) -> Result<Project, Failure> {
        let mut network = BaseNetwork::default();
        let cloud = if self.cloud.is_some() { Chosen::Embedded } else { Chosen::Google };
        let around = Surroundings::Declared;
        let lookups = lookup::google(&mut network, cloud, &clusters, around).await?;
        Project::on_google(&network, clusters, None, &lookups, around)
    }
}
