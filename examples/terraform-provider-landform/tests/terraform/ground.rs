//! Samples of any type, and the resources that they refer to.

use std::sync::Arc;

use landform::{
    ResourceType, TypeName,
    conformance::{Extent, Invented, invent},
    sim::Cloud,
};

/// Seeds what the samples refer to.
pub struct Ground<'a> {
    pub cloud: &'a Cloud,
    pub types: &'a [Arc<ResourceType>],
    pub seeded: usize,
}

impl Ground<'_> {
    pub fn name(&mut self) -> String {
        self.seeded += 1;
        format!("sample-{}", self.seeded)
    }

    pub fn exists(&mut self, type_name: &TypeName) -> Option<String> {
        let wanted = self.types.iter().find(|known| known.name == *type_name)?.clone();
        let name = self.name();
        let invented = invent(&wanted, Extent::Least, &name, &mut |other| self.exists(other))?;
        self.cloud.seed(type_name.as_str(), &name, invented.arguments).unwrap();
        Some(name)
    }

    pub fn sample(&mut self, known: &ResourceType, extent: Extent) -> Invented {
        let name = self.name();
        invent(known, extent, &name, &mut |other| self.exists(other)).unwrap()
    }
}
