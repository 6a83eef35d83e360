//! The values of the placeholders in templates of ids and computed values: `subnet-{hex17}`,
//! `arn:aws:ec2:{region}:{account}:subnet/{id}`.
//!
//! Random-looking values follow from the identity of the attempt, so that the same attempt gets the same values.
//! Addresses come from ranges that nobody routes (240.0.0.0/4, 2001:db8::/32), and names end in `.test`.

use std::{borrow::Cow, fmt::Write, net::Ipv4Addr};

use landform_core::Canonical;
use landform_core::form::{Part, parts};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::place;

/// The values of the placeholders of a template.
pub(crate) struct Source<'a> {
    /// The identity of the attempt.
    pub seed: &'a str,
    /// The number of the resource in its cloud.
    pub serial: u64,
    /// The number of changes, plus one.
    pub revision: u64,
    /// The region of the cloud. The arguments may name another one.
    pub region: &'a str,
    pub account: &'a str,
    /// The zone whose turn it is. The arguments may name another one.
    pub zone: &'a str,
    pub id: &'a str,
    pub arguments: &'a Map<String, Json>,
    pub attributes: &'a Map<String, Json>,
}

impl Source<'_> {
    /// Fills a template. `salt` names the field, so that two fields of the same form differ.
    pub(crate) fn fill(&self, template: &str, salt: &str) -> String {
        let mut text = String::with_capacity(template.len() + 16);
        for (place, part) in parts(template).enumerate() {
            match part {
                Part::Plain(plain) => text.push_str(plain),
                Part::Placeholder(word) => self.word(word, &format!("{salt}/{place}"), &mut text),
                Part::Optional { separator, word } => {
                    if self.value(word).is_some() {
                        text.push_str(separator);
                        self.named(word, &mut text);
                    }
                }
            }
        }
        text
    }

    fn word(&self, word: &str, salt: &str, text: &mut String) {
        match word {
            "region" => text.push_str(&self.region()),
            "account" => text.push_str(self.account),
            "zone" => text.push_str(&self.zone()),
            "id" if !self.id.is_empty() => text.push_str(self.id),
            "revision" => text.push_str(&self.revision.to_string()),
            "digest" => text.push_str(&digest(self.arguments)[..16]),
            "ipv4" => text.push_str(&self.ipv4(salt).to_string()),
            "ipv6" => {
                let bits = self.random(salt);
                let _ = write!(text, "2001:db8:{:x}:{:x}::1", (bits >> 16) as u16, bits as u16);
            }
            "dns" => {
                let _ = write!(text, "{}.{}.cloud.test", &self.hex(salt)[..16], self.region());
            }
            _ => match random_letters(word) {
                Some((letters, count)) => self.letters(letters, count, salt, text),
                None => self.named(word, text),
            },
        }
    }

    /// The region that the arguments name, directly or by a zone, or else the cloud's.
    fn region(&self) -> Cow<'_, str> {
        place::region_of(self.arguments).map_or(Cow::Borrowed(self.region), Cow::Owned)
    }

    /// The zone that the arguments name, or else one of the resource's region.
    fn zone(&self) -> Cow<'_, str> {
        if let Some(given) = place::zone_of(self.arguments) {
            return given.into();
        }
        match self.region() {
            region if region == self.region => self.zone.into(),
            region => place::zone_in(&region, self.zone).into(),
        }
    }

    /// The value of an argument or attribute; of `a|b` the first one that is given. If there is none, a digest of all
    /// arguments distinguishes resources.
    fn named(&self, word: &str, text: &mut String) {
        let given =
            |name: &'_ str| Some((name.to_owned(), self.value(name)?)).filter(|(_, value)| **value != false);
        let (name, value) = word.split('|').find_map(given).unzip();
        match value {
            Some(Json::String(value)) => text.push_str(value),
            // A flag stands for its name, as in the ids of rules for a group itself.
            Some(Json::Bool(true)) => text.push_str(&name.unwrap_or_default()),
            Some(value @ (Json::Array(_) | Json::Object(_))) => text.push_str(&digest(value)[..16]),
            Some(value) => text.push_str(&value.to_string()),
            None => text.push_str(&digest(self.arguments)[..8]),
        }
    }

    fn value(&self, name: &str) -> Option<&Json> {
        let value = self.arguments.get(name).or_else(|| self.attributes.get(name))?;
        (!value.is_null()).then_some(value)
    }

    /// Eight bits from the field, twenty from the resource: no two are equal among the first million resources.
    fn ipv4(&self, salt: &str) -> Ipv4Addr {
        const RESERVED: u32 = 0xf000_0000;
        let field = u32::from(Sha256::digest(salt)[0]);
        Ipv4Addr::from(RESERVED | field << 20 | (self.serial & 0xf_ffff) as u32)
    }

    fn random(&self, salt: &str) -> u64 {
        let hash = Sha256::digest(format!("{}/{salt}", self.seed));
        hash.iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    }

    fn hex(&self, salt: &str) -> String {
        hex::encode(Sha256::digest(format!("{}/{salt}", self.seed)))
    }

    fn letters(&self, letters: &[u8], count: usize, salt: &str, text: &mut String) {
        for block in 0..count.div_ceil(32) {
            let hash = Sha256::digest(format!("{}/{salt}/{block}", self.seed));
            for byte in hash.iter().take(count - block * 32) {
                text.push(char::from(letters[usize::from(*byte) % letters.len()]));
            }
        }
    }
}

/// Whether the template gives a different text for every attempt, whatever the arguments are.
pub(crate) fn is_random(template: &str) -> bool {
    parts(template).any(|part| match part {
        Part::Plain(_) | Part::Optional { .. } => false,
        Part::Placeholder(word) => matches!(word, "ipv4" | "ipv6" | "dns") || random_letters(word).is_some(),
    })
}

/// SHA-256 of a value's JSON, in hexadecimal.
pub(crate) fn digest(value: &impl serde::Serialize) -> String {
    // JSON can hold every value and every map of values.
    let value = serde_json::to_value(value).unwrap_or_default();
    hex::encode(Sha256::digest(Canonical(&value).to_string()))
}

/// The alphabet and the length of placeholders such as `hex17`.
fn random_letters(word: &str) -> Option<(&'static [u8], usize)> {
    let kinds: [(&str, &'static [u8]); 4] = [
        ("hex", b"0123456789abcdef"),
        ("digits", b"0123456789"),
        ("alnum", b"abcdefghijklmnopqrstuvwxyz0123456789"),
        ("upper", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
    ];
    kinds.into_iter().find_map(|(kind, letters)| {
        let count: usize = word.strip_prefix(kind)?.parse().ok()?;
        (1..=256).contains(&count).then_some((letters, count))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fill(template: &str, seed: &str) -> String {
        let arguments: Map<String, Json> =
            serde_json::from_str(r#"{ "name": "api", "port": 443, "ipv6": "2001:db8::/32" }"#).unwrap();
        let attributes = Map::new();
        let source = Source {
            seed,
            serial: 7,
            revision: 2,
            region: "us-east-2",
            account: "123456789012",
            zone: "us-east-2b",
            id: "x-1",
            arguments: &arguments,
            attributes: &attributes,
        };
        source.fill(template, "id")
    }

    #[test]
    fn templates_are_filled() {
        assert_eq!(
            fill("arn:{region}:{account}:{name}/{id}:{port}", "s"),
            "arn:us-east-2:123456789012:api/x-1:443"
        );
        assert_eq!(fill("{zone} v{revision}", "s"), "us-east-2b v2");
        assert_eq!(fill("{name}{_port?}{_other?}", "s"), "api_443");
        assert_eq!(fill("r_{cidr|ipv6}", "s"), "r_2001:db8::/32");
        assert_eq!(fill("open { brace", "s"), "open { brace");
        let id = fill("subnet-{hex17}", "s");
        assert!(id.len() == 24 && id[7..].bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        assert!(fill("{digits12}", "s").bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(fill("{hex80}", "s").len(), 80);
    }

    #[test]
    fn the_place_of_a_resource_is_the_one_that_its_arguments_name() {
        let fill = |arguments: &str, template: &str| {
            let arguments: Map<String, Json> = serde_json::from_str(arguments).unwrap();
            let attributes = Map::new();
            let source = Source {
                seed: "s",
                serial: 7,
                revision: 1,
                region: "us-east-2",
                account: "123456789012",
                zone: "us-east-2b",
                id: "",
                arguments: &arguments,
                attributes: &attributes,
            };
            source.fill(template, "id")
        };
        assert_eq!(fill(r#"{ "region": "europe-west1" }"#, "{region}/{zone}"), "europe-west1/europe-west1-b");
        assert_eq!(fill(r#"{ "zone": "us-central1-f" }"#, "{region}/{zone}"), "us-central1/us-central1-f");
        assert_eq!(fill(r#"{ "availability_zone": "eu-west-1c" }"#, "arn:{region}"), "arn:eu-west-1");
        assert_eq!(fill(r#"{ "region": null }"#, "{region}/{zone}"), "us-east-2/us-east-2b");
        assert!(fill(r#"{ "region": "eu-west-1" }"#, "{dns}").ends_with(".eu-west-1.cloud.test"));
    }

    #[test]
    fn the_same_attempt_gets_the_same_and_another_gets_another() {
        assert_eq!(fill("{hex17}", "a"), fill("{hex17}", "a"));
        assert_ne!(fill("{hex17}", "a"), fill("{hex17}", "b"));
        let twice = fill("{hex8}-{hex8}", "a");
        let (one, two) = twice.split_once('-').unwrap();
        assert_ne!(one, two);
        assert!(is_random("x-{hex8}") && is_random("{ipv4}") && !is_random("{name}-{region}"));
    }
}
