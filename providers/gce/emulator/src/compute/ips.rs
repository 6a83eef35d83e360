//! The addresses in use.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use ipnet::Ipv4Net;

/// Addresses in use: inside subnetworks, and public ones.
#[derive(Default)]
pub(crate) struct Ips {
    inside: BTreeMap<String, BTreeSet<Ipv4Addr>>,
    public: u32,
}

impl Ips {
    /// Takes a free address of a subnetwork's range. The first two and the last two belong to the network.
    pub(crate) fn take(&mut self, subnetwork: &str, range: Ipv4Net) -> Option<Ipv4Addr> {
        let taken = self.inside.entry(subnetwork.to_owned()).or_default();
        let (first, last) = (u32::from(range.network()) + 2, u32::from(range.broadcast()).checked_sub(2)?);
        // Addresses are mostly taken in order, so the next one is usually free.
        let next = taken.last().map_or(first, |last| u32::from(*last) + 1);
        let free = if next <= last {
            Some(next)
        } else {
            (first..=last).find(|at| !taken.contains(&Ipv4Addr::from(*at)))
        };
        let free = Ipv4Addr::from(free?);
        taken.insert(free);
        Some(free)
    }

    /// Takes one address. Returns false if it is in use.
    pub(crate) fn take_this(&mut self, subnetwork: &str, address: Ipv4Addr) -> bool {
        self.inside.entry(subnetwork.to_owned()).or_default().insert(address)
    }

    pub(crate) fn give_back(&mut self, subnetwork: &str, address: &str) {
        if let (Some(taken), Ok(address)) = (self.inside.get_mut(subnetwork), address.parse()) {
            taken.remove(&address);
        }
    }

    /// Takes a public address.
    pub(crate) fn public(&mut self) -> Ipv4Addr {
        self.public += 1;
        Ipv4Addr::from(u32::from(Ipv4Addr::new(34, 64, 0, 0)) + self.public)
    }
}
