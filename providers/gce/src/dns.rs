//! The resource types of Cloud DNS.

pub(crate) mod managed_zone;
mod record_set;

landform_kit::types! {
    with "client" crate::client::Client;
    managed managed_zone::DnsManagedZone;
    managed record_set::DnsRecordSet;
}
