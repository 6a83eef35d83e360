//! Google Cloud: answers what the cluster layer asks, and finds what a cluster has there.

use std::collections::BTreeSet;

use landform::kops::questions::Asking;
use landform::kops::{FixedLookup, Spec};
use landform::{KopsOnGoogle, Provider, Stack, gce};

use crate::Failure;
use crate::owned::{self, Candidate};

use super::reading::{Which, read};

/// A project of Google Cloud.
pub struct OnGoogle {
    cloud: KopsOnGoogle,
}

impl OnGoogle {
    /// Opens the project that the environment names, in the region of the cluster.
    pub async fn open(spec: &Spec) -> Result<Self, Failure> {
        let (name, cluster) = (spec.name(), &spec.cluster.spec);
        let region = cluster.subnets.first().map(|subnet| subnet.region.as_str());
        let region = region.filter(|region| !region.is_empty());
        let region = region.ok_or_else(|| format!("{name}: spec.subnets[0].region: expected a region"))?;
        let client = gce::Client::from_env().await?;
        let (given, own) = (cluster.project.as_str(), client.project());
        if !given.is_empty() && given != own {
            return Err(format!(
                "{name}: spec.project is {given:?}, but the environment names {own:?}, expected one project in both"
            )
            .into());
        }
        Ok(Self { cloud: KopsOnGoogle::new(client, region) })
    }

    pub fn provider(&self) -> Provider {
        self.cloud.client().clone().provider()
    }

    /// The facts that every cluster needs.
    pub async fn lookup(&self) -> Result<FixedLookup, Failure> {
        Ok(self.cloud.lookup().await?)
    }

    /// The answers to what `ask` asks.
    pub async fn answer(
        &self,
        lookup: FixedLookup,
        ask: impl Fn(&Asking<'_>) + Send,
    ) -> Result<FixedLookup, Failure> {
        Ok(self.cloud.answer(lookup, ask).await?)
    }

    /// The resources whose ids follow from the spec's stack. Names on Google are ids, so this finds all that the stack
    /// declares.
    pub async fn candidates(&self, spec: &Spec, declared: &Stack) -> Result<Vec<Candidate>, Failure> {
        let (provider, mut there, mut seen) = (self.provider(), Vec::new(), BTreeSet::<Which>::new());
        loop {
            // A resource is read once, so the rounds end.
            let mut open: BTreeSet<Which> =
                owned::wanted(spec.name(), declared, &there).into_iter().collect();
            open.retain(|which| !seen.contains(which));
            if open.is_empty() {
                return Ok(there);
            }
            there.extend(read(&provider, &open).await?);
            seen.append(&mut open);
        }
    }
}
