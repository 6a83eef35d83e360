//! Amazon Route 53: DNS.

mod record;
mod zone;
mod zone_association;

landform_kit::types! {
    with "route53" crate::client::Client;
    declared record::Route53Record;
    declared zone::Route53Zone;
    declared zone_association::Route53ZoneAssociation;
}
