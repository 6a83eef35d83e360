//! Amazon Route 53: DNS.

mod record;
mod zone;
mod zone_association;

landform_kit::types! {
    declared record::Route53Record;
    declared zone::Route53Zone;
    declared zone_association::Route53ZoneAssociation;
}
