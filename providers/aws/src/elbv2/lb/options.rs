//! Words and small blocks for the options of load balancers.

use landform_core::block;

/// The treatment of requests that a load balancer and a target may read differently.
#[block]
#[serde(rename_all = "lowercase")]
pub enum DesyncMitigation {
    /// Passes them on, and counts them.
    Monitor,
    /// Blocks those that are dangerous.
    Defensive,
    /// Blocks all that break the standard.
    Strictest,
}

/// The zones whose addresses a client gets from DNS.
#[block]
#[serde(rename_all = "snake_case")]
pub enum ClientRouting {
    /// Any zone.
    AnyAvailabilityZone,
    /// The client's zone.
    AvailabilityZoneAffinity,
    /// The client's zone for 85 of 100 requests.
    PartialAvailabilityZoneAffinity,
}

/// What a load balancer does with the header `X-Forwarded-For`.
#[block]
#[serde(rename_all = "lowercase")]
pub enum ForwardedFor {
    /// Adds the client's address.
    Append,
    /// Leaves it alone.
    Preserve,
    /// Removes it.
    Remove,
}

/// The pools of a load balancer's addresses.
#[block]
pub struct IpamPools {
    /// The pool of its public IPv4 addresses.
    pub ipv4_ipam_pool_id: String,
}

/// The capacity that AWS reserves for a load balancer.
#[block]
pub struct MinimumCapacity {
    /// The number of capacity units.
    #[field(minimum = 1)]
    pub capacity_units: u32,
}
