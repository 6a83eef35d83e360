//! The region and the zone of a resource. The arguments that name a place decide, and the cloud's own place is the
//! default. Arithmetic on names only.

use serde_json::{Map, Value as Json};

/// The arguments that name a zone.
const ZONES: [&str; 2] = ["zone", "availability_zone"];
/// The letters of a region's first zones.
const LETTERS: [&str; 3] = ["a", "b", "c"];

/// Whether a field names a zone.
pub(crate) fn is_zone(field: &str) -> bool {
    ZONES.contains(&field)
}

/// Whether a field names a region or a zone.
pub(crate) fn is_place(field: &str) -> bool {
    field == "region" || is_zone(field)
}

/// The region that arguments name, or else the region of the zone that they name.
pub(crate) fn region_of(arguments: &Map<String, Json>) -> Option<String> {
    let own = given(arguments, "region").map(|region| last(region).to_owned());
    own.or_else(|| zone_of(arguments).and_then(region_of_zone).map(str::to_owned))
}

/// The zone that arguments name.
pub(crate) fn zone_of(arguments: &Map<String, Json>) -> Option<&str> {
    ZONES.into_iter().find_map(|name| given(arguments, name)).map(last)
}

/// The zone in a region with the same letter as another zone.
pub(crate) fn zone_in(region: &str, other: &str) -> String {
    let letter = other.chars().last().filter(char::is_ascii_lowercase).unwrap_or('a');
    named(region, &letter.to_string())
}

/// The first zones of a region: `us-east-2a` to `c` as in AWS, `us-central1-a` to `c` as in Google Cloud.
pub(crate) fn zones_of(region: &str) -> Vec<String> {
    LETTERS.into_iter().map(|letter| named(region, letter)).collect()
}

/// The region of a zone: `us-east-2` of `us-east-2a` and of the local zone `us-east-2-chi-1a`, `us-central1` of
/// `us-central1-a`. `None` for a text of another form.
fn region_of_zone(zone: &str) -> Option<&str> {
    let mut end = 0;
    for part in zone.split('-') {
        let digits = part.len() - part.trim_start_matches(|first: char| first.is_ascii_digit()).len();
        if digits > 0 {
            return (end > 0).then(|| &zone[..end + digits]);
        }
        end += part.len() + 1;
    }
    let (region, letter) = zone.rsplit_once('-')?;
    let numbered = region.ends_with(|last: char| last.is_ascii_digit());
    (numbered && letter.len() == 1).then_some(region)
}

fn named(region: &str, letter: &str) -> String {
    let aws = region.rsplit('-').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    let dash = if aws { "" } else { "-" };
    format!("{region}{dash}{letter}")
}

/// The text of an argument.
fn given<'a>(arguments: &'a Map<String, Json>, name: &str) -> Option<&'a str> {
    arguments.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The last part of a link: Google's zones and regions may be links.
fn last(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_a_region() {
        let cases = [
            ("us-east-2a", Some("us-east-2")),
            ("us-gov-west-1b", Some("us-gov-west-1")),
            ("us-east-2-chi-1a", Some("us-east-2")),
            ("us-central1-a", Some("us-central1")),
            ("northamerica-northeast1-c", Some("northamerica-northeast1")),
            ("somewhere", None),
            ("2a", None),
        ];
        for (zone, region) in cases {
            assert_eq!(region_of_zone(zone), region, "{zone}");
        }
    }

    #[test]
    fn a_zone_has_a_counterpart_in_each_region() {
        assert_eq!(zone_in("europe-west1", "us-east-2b"), "europe-west1-b");
        assert_eq!(zone_in("eu-west-1", "us-central1-c"), "eu-west-1c");
        assert_eq!(zones_of("us-east-2"), ["us-east-2a", "us-east-2b", "us-east-2c"]);
        assert_eq!(zones_of("us-central1"), ["us-central1-a", "us-central1-b", "us-central1-c"]);
    }

    #[test]
    fn arguments_name_a_place() {
        let of = |json: Json| region_of(json.as_object().unwrap_or(&Map::new()));
        assert_eq!(of(serde_json::json!({ "zone": "europe-west1-b" })).as_deref(), Some("europe-west1"));
        let both = serde_json::json!({ "region": "projects/p/regions/us-east1", "zone": "europe-west1-b" });
        assert_eq!(of(both).as_deref(), Some("us-east1"));
        assert_eq!(of(serde_json::json!({ "region": "", "name": "a" })), None);
    }
}
