//! The calls that answer data sources: one look each, which changes nothing. Every answer is complete or an error.

mod ami;
mod availability_zones;
mod filters;
mod subnet;
mod subnets;
mod vpc;
