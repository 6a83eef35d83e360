//! Mistakes in a description, as data. Each message begins with the field to change.

use landform_core::{Cidr, NameError};

use crate::{CloudName, MOST_ZONES, Tier};

/// A description that cannot become a network. Nothing was added to the stack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseNetworkError {
    /// The name cannot name a node.
    #[error("name: {0}")]
    Name(NameError),
    /// A region of another cloud, or no region.
    #[error("{field}: {found:?} is not a region of {cloud}, expected a name such as {:?}", cloud.region())]
    Region {
        /// The field of the description.
        field: &'static str,
        /// The given value.
        found: String,
        /// The cloud of the description.
        cloud: CloudName,
    },
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
    /// The network has no region.
    #[error("regions: there are none, expected a region or a map of regions to their places")]
    NoRegions,
    /// The place of a region is beyond the last one.
    #[error("regions: {region:?} is given place {place}, expected 0 to {most}")]
    NoSuchRegionPlace {
        /// The region.
        region: String,
        /// Its place.
        place: usize,
        /// The last place.
        most: usize,
    },
    /// Two regions would have the same addresses.
    #[error("regions: {first:?} and {second:?} are both given place {place}, expected one place each")]
    SameRegionPlace {
        /// One region.
        first: String,
        /// The other.
        second: String,
        /// The place of both.
        place: usize,
    },
    /// A range that a network on Google Cloud cannot divide.
    #[error("{field}: {found} cannot be divided, expected IPv4 of prefix length {shortest} to {longest}")]
    PlanRange {
        /// The field of the description.
        field: &'static str,
        /// The given value.
        found: Cidr,
        /// The shortest allowed prefix.
        shortest: u8,
        /// The longest allowed prefix.
        longest: u8,
    },
    /// Primary and secondary ranges would overlap.
    #[error("pods: {pods} overlaps {cidr}, the range in `cidr`, expected a range beside it")]
    PodsOverlap {
        /// The range for pods and services.
        pods: Cidr,
        /// The range for subnetworks and clusters.
        cidr: Cidr,
    },
    /// Clusters are so many that the pods of one have too few addresses.
    #[error(
        "pods: {pods} has a block of /{asked} for each cluster that `sizes.cluster` allows, expected at most /{longest}; \
         give a larger range, or larger clusters"
    )]
    FewPods {
        /// The range for pods and services.
        pods: Cidr,
        /// The prefix length of each cluster's block.
        asked: u8,
        /// The longest allowed prefix.
        longest: u8,
    },
    /// No id of a project.
    #[error(
        "project: {found:?} is not the id of a project, expected 6 to 30 lower-case letters, digits and dashes, such as \
         \"my-project-1\""
    )]
    Project {
        /// The given value.
        found: String,
    },
    /// A name that Google Cloud does not accept.
    #[error(
        "name: {found:?} is not a name on Google Cloud, expected a lower-case letter, then lower-case letters, digits and \
         dashes, without a dash at the end"
    )]
    GoogleName {
        /// The given value.
        found: String,
    },
    /// A name from which a too long name would follow.
    #[error(
        "name: {found:?} is too long: the name {made:?} has {} characters, expected at most {longest}",
        made.len()
    )]
    LongName {
        /// The given value.
        found: String,
        /// The longest name that begins with it.
        made: String,
        /// The largest number of characters.
        longest: usize,
    },
    /// A NAT with no address.
    #[error(
        "nat_gateways: 0 addresses leave the NAT without any, expected at least 1, or automatic, or none"
    )]
    NoNatAddresses,
    /// A range for SSH that no machine of the network could answer.
    #[error("ssh_from: {found} is a range of IPv6, expected IPv4, as the subnetworks have")]
    SshRange {
        /// The given value.
        found: Cidr,
    },
}
