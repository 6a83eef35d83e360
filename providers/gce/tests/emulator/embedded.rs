//! Every type keeps the contract on the embedded cloud, with the arguments that its declaration suggests.

use std::{cell::Cell, sync::Arc};

use landform_core::{
    ResourceType, TypeName,
    conformance::{Clause, Extent, Sample, check, invent},
};
use landform_sim::{Cloud, Latency};

use crate::world::node;

/// Seeds new resources for samples to refer to.
struct Ground<'a> {
    cloud: &'a Cloud,
    types: &'a [Arc<ResourceType>],
    seeded: Cell<usize>,
}

impl Ground<'_> {
    /// The id of a resource of that type, made with all that it needs.
    fn exists(&self, type_name: &TypeName) -> Option<String> {
        let wanted = self.types.iter().find(|known| known.name == *type_name)?;
        let name = self.name();
        let invented = invent(wanted, Extent::Least, &name, &mut |other| self.exists(other))?;
        self.cloud.seed(type_name.as_str(), &name, invented.arguments).unwrap();
        Some(name)
    }

    fn name(&self) -> String {
        self.seeded.set(self.seeded.get() + 1);
        format!("sample-{}", self.seeded.get())
    }
}

#[tokio::test(start_paused = true)]
async fn every_type_keeps_the_contract() {
    let mut types = landform_gce::types();
    types.retain(|known| !known.is_data());
    let mut broken = Vec::new();
    for extent in [Extent::Least, Extent::Most] {
        let directory = tempfile::tempdir().unwrap();
        let types_of_cloud = landform_gce::types();
        let cloud =
            Cloud::open(directory.path()).types(types_of_cloud).latency(Latency::none()).build().unwrap();
        let ground = Ground { cloud: &cloud, types: &types, seeded: Cell::new(0) };
        let provider = cloud.provider("google");
        for known in &types {
            let name = ground.name();
            let invented = invent(known, extent, &name, &mut |other| ground.exists(other)).unwrap();
            let sample = Sample::new(node(known.name_str(), "sample"), name, invented.arguments)
                .changed(invented.changed)
                .without(invented.without);
            let driver = provider.driver(known.name_str()).unwrap();
            match check(&**driver, &sample, tokio::time::sleep).await {
                Ok(report) => assert!(report.kept.contains(&Clause::Absent)),
                Err(failure) => broken.push(format!("{extent:?}: {failure}")),
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
