//! Mistakes in a description, as data. Each message begins with the field to change.

use landform_core::{Cidr, NameError};

use crate::{MOST_ZONES, Tier};

/// A description that cannot become a network. Nothing was added to the stack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseNetworkError {
    /// The name cannot name a node.
    #[error("name: {0}")]
    Name(NameError),
    /// A VPC cannot have this range.
    #[error("cidr: {found} cannot be a VPC's range, expected IPv4 of prefix length 16 to 28")]
    VpcRange {
        /// The given value.
        found: Cidr,
    },
    /// No zone was given.
    #[error("zones: there are none, expected 1 to {MOST_ZONES}")]
    NoZones,
    /// More zones than any region has.
    #[error("zones: there are {found}, expected 1 to {MOST_ZONES}")]
    TooManyZones {
        /// The number of given zones.
        found: usize,
    },
    /// A name that is not a zone of the region.
    #[error(
        "zones: {zone:?} is not a zone of region {region:?}, expected the region and a letter, as in \"{region}a\"; \
         zones named otherwise, such as local zones, are given with their places"
    )]
    UnknownZone {
        /// The given value.
        zone: String,
        /// The region.
        region: String,
    },
    /// A zone was named twice.
    #[error("zones: {zone:?} is given twice")]
    DuplicateZone {
        /// The zone.
        zone: String,
    },
    /// Two zones would have the same addresses.
    #[error("zones: {first:?} and {second:?} are both given place {place}, expected one place each")]
    SamePlace {
        /// One zone.
        first: String,
        /// The other.
        second: String,
        /// The place of both.
        place: usize,
    },
    /// The place of a zone, from its letter or as given, is beyond the last one.
    #[error(
        "zones: {zone:?} would have place {place}, expected 0 to {}; give the zones with their places",
        MOST_ZONES - 1
    )]
    NoSuchPlace {
        /// The zone.
        zone: String,
        /// Its place.
        place: usize,
    },
    /// A size that AWS or a cluster cannot use.
    #[error("sizes.{field}: /{asked} is too small, expected at most /{longest}")]
    TooSmall {
        /// The field of [`Sizes`](crate::Sizes).
        field: &'static str,
        /// The given prefix length, or the one that follows from the VPC's.
        asked: u8,
        /// The longest allowed prefix.
        longest: u8,
    },
    /// The subnets of a tier do not all fit in its range.
    #[error(
        "sizes.{}: place {place}, that of {zone}, does not fit: {kept} is kept for {tier} subnets and has room for \
         {room} of /{asked}",
        tier.field()
    )]
    TierExhausted {
        /// The tier.
        tier: Tier,
        /// The zone whose subnet does not fit.
        zone: String,
        /// Its place.
        place: usize,
        /// The prefix length of each subnet.
        asked: u8,
        /// The range kept for the tier.
        kept: Cidr,
        /// How many subnets of that size fit.
        room: usize,
    },
    /// There is no room for a cluster.
    #[error(
        "sizes.cluster: cluster {index} does not fit: {kept} is the range for clusters, with room for {room} blocks of /{asked}"
    )]
    ClustersExhausted {
        /// The number of the cluster, counted from 0.
        index: usize,
        /// The prefix length of each cluster's block.
        asked: u8,
        /// The range kept for clusters.
        kept: Cidr,
        /// How many clusters of that size fit.
        room: usize,
    },
    /// Addresses that the network needs are reserved.
    #[error("reserved: {reserved} overlaps {block}, which would be {what}")]
    Reserved {
        /// The reserved range.
        reserved: Cidr,
        /// The range that the network needs.
        block: Cidr,
        /// The purpose of the range, as a noun phrase.
        what: String,
    },
}
