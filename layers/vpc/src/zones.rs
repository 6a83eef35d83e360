//! Availability zones: their names, and the place of each in every range that is divided by zones.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::BaseNetworkError;

/// The largest number of zones in a network. No region of AWS has more than six.
pub const MOST_ZONES: usize = 7;

/// Which availability zones.
///
/// The addresses of a zone follow from its place alone, so other zones never move it. The place is that of its letter
/// (`us-east-2c` has the third), unless it is given.
///
/// In a file it is a number, a list of names, or a map of names to places:
/// ```yaml
/// zones: 3
/// zones: [ap-northeast-1a, ap-northeast-1c, ap-northeast-1d]
/// zones: { us-east-1a: 0, us-east-1d: 1, us-east-1e: 2 }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Zones {
    /// The first letters of the region, this many. Some accounts lack some letters; give the names of the zones there.
    First(usize),
    /// These, by full name.
    Named(Vec<String>),
    /// These zones with their places, counted from 0. For networks with another order, and for zones whose names are
    /// not a region and a letter.
    Placed(BTreeMap<String, usize>),
}

/// A zone and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// The name, such as `us-east-2a`.
    pub name: String,
    /// Its place, from 0 to [`MOST_ZONES`] - 1.
    pub place: usize,
}

impl Zones {
    /// The zones of a region, in the order of their places.
    ///
    /// # Errors
    /// There are none, or more than [`MOST_ZONES`]; one is not in the region, is named twice, or has no letter to place
    /// it; two have the same place.
    pub fn resolve(&self, region: &str) -> Result<Vec<Zone>, BaseNetworkError> {
        match self.len() {
            0 => return Err(BaseNetworkError::NoZones),
            1..=MOST_ZONES => {}
            found => return Err(BaseNetworkError::TooManyZones { found }),
        }
        let mut zones = match self {
            Self::First(count) => (0..*count).map(|place| Zone::lettered(region, place)).collect(),
            Self::Named(names) => {
                names.iter().map(|name| Zone::named(name, region)).collect::<Result<Vec<_>, _>>()?
            }
            Self::Placed(places) => places
                .iter()
                .map(|(name, place)| Zone::placed(name, *place, region))
                .collect::<Result<Vec<_>, _>>()?,
        };
        zones.sort_by_key(|zone| zone.place);
        match zones.windows(2).find(|pair| pair[0].place == pair[1].place) {
            None => Ok(zones),
            Some(pair) if pair[0].name == pair[1].name => {
                Err(BaseNetworkError::DuplicateZone { zone: pair[0].name.clone() })
            }
            Some(pair) => Err(BaseNetworkError::SamePlace {
                first: pair[0].name.clone(),
                second: pair[1].name.clone(),
                place: pair[0].place,
            }),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::First(count) => *count,
            Self::Named(names) => names.len(),
            Self::Placed(places) => places.len(),
        }
    }
}

impl Zone {
    /// The zone whose letter has this place.
    fn lettered(region: &str, place: usize) -> Self {
        let letter = ('a'..='z').nth(place).unwrap_or('z');
        Self { name: format!("{region}{letter}"), place }
    }

    /// The zone of a name that is a region and a letter.
    fn named(name: &str, region: &str) -> Result<Self, BaseNetworkError> {
        let place = (0..26).find(|place| Self::lettered(region, *place).name == name);
        let place = place.ok_or_else(|| BaseNetworkError::UnknownZone {
            zone: name.to_owned(),
            region: region.to_owned(),
        })?;
        Self::placed(name, place, region)
    }

    /// The zone with any name in the region, at a place.
    fn placed(name: &str, place: usize, region: &str) -> Result<Self, BaseNetworkError> {
        let zone = name.to_owned();
        let told_apart = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        match name.strip_prefix(region) {
            Some(rest) if !rest.is_empty() && rest.chars().all(told_apart) => {}
            _ => return Err(BaseNetworkError::UnknownZone { zone, region: region.to_owned() }),
        }
        match place {
            0..MOST_ZONES => Ok(Self { name: zone, place }),
            _ => Err(BaseNetworkError::NoSuchPlace { zone, place }),
        }
    }
}

impl Default for Zones {
    /// Three zones: enough for a quorum that survives the loss of one.
    fn default() -> Self {
        Self::First(3)
    }
}

impl From<usize> for Zones {
    fn from(count: usize) -> Self {
        Self::First(count)
    }
}

impl<T: Into<String>> FromIterator<T> for Zones {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        Self::Named(names.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for Zones {
    fn from(names: [T; N]) -> Self {
        names.into_iter().collect()
    }
}

impl<'de> Deserialize<'de> for Zones {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forms)
    }
}

/// Reads each form by itself, so that errors are about the form that was used.
struct Forms;

impl<'de> de::Visitor<'de> for Forms {
    type Value = Zones;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of zones, a list of their names, or a map of their names to places")
    }

    fn visit_u64<E: de::Error>(self, count: u64) -> Result<Zones, E> {
        Ok(Zones::First(usize::try_from(count).unwrap_or(usize::MAX)))
    }

    fn visit_i64<E: de::Error>(self, count: i64) -> Result<Zones, E> {
        let count =
            usize::try_from(count).map_err(|_| E::invalid_value(de::Unexpected::Signed(count), &self))?;
        Ok(Zones::First(count))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut names: A) -> Result<Zones, A::Error> {
        let mut list = Vec::new();
        while let Some(name) = names.next_element()? {
            list.push(name);
        }
        Ok(Zones::Named(list))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut places: A) -> Result<Zones, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((name, place)) = places.next_entry::<String, usize>()? {
            if let Some(earlier) = map.insert(name.clone(), place) {
                return Err(de::Error::custom(format!("{name:?} is given twice, first at place {earlier}")));
            }
        }
        Ok(Zones::Placed(map))
    }
}
