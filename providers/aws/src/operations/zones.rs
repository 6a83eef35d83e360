//! Hosted zones by name or id.

use crate::{
    client::prelude::*,
    route53::client::{bare, zones_named},
};
use landform_core::Meaning;

/// A hosted zone of Route 53.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedZone {
    /// Its id, without `/hostedzone/`.
    pub id: String,
    /// Its name, without a dot at the end.
    pub name: String,
    /// Whether it is private.
    pub private: bool,
    /// The VPCs that see a private zone.
    pub vpcs: Vec<String>,
}

impl Client {
    /// The hosted zones with a name, or the one with an id.
    ///
    /// # Errors
    /// Those of `route53:ListHostedZonesByName` and `route53:GetHostedZone`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn hosted_zones(&self, name_or_id: &str) -> Result<Vec<HostedZone>> {
        let ids = match is_id(bare(name_or_id)) {
            true => vec![bare(name_or_id).to_owned()],
            false => {
                let zones = zones_named(self, name_or_id).await?;
                zones.into_iter().map(|zone| bare(&zone.id).to_owned()).collect()
            }
        };
        let found = each(ids.iter(), async |id| {
            let answer = match self.route53.get_hosted_zone().id(id).send().await.map_err(failed) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                answer => answer?,
            };
            let vpcs = answer.vpcs.unwrap_or_default();
            Ok(answer.hosted_zone.map(|zone| HostedZone {
                id: id.clone(),
                name: Meaning::DnsName.canonical(&zone.name).into_owned(),
                private: zone.config.is_some_and(|config| config.private_zone),
                vpcs: vpcs.into_iter().filter_map(|vpc| vpc.vpc_id).collect(),
            }))
        });
        found.await
    }
}

/// Whether a text has the form of a zone's id: capital letters and digits. A name is in small letters here.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn ids_and_names_differ_in_form() {
        for (text, expected) in [
            ("Z1AFAKE1ZON3YO", true),
            ("Z08512341ABCDEFGHIJKL", true),
            ("example.com", false),
            ("internal", false),
            ("EXAMPLE.COM", false),
            ("", false),
        ] {
            assert_eq!(is_id(text), expected, "{text}");
        }
    }
}
