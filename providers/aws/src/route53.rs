//! Amazon Route 53: DNS.

#[cfg(feature = "route53")]
mod changes;
#[cfg(feature = "route53")]
pub(crate) mod client;
mod record;
mod zone;
mod zone_association;

landform_kit::types! {
    with "route53" crate::client::Client;
    managed record::Route53Record;
    managed zone::Route53Zone;
    managed zone_association::Route53ZoneAssociation;
}
