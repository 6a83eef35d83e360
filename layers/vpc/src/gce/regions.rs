//! Regions: their names, and the place of each in every range that is divided by regions.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{BaseNetworkError, CloudName};

/// The largest number of regions in a network.
pub const MOST_REGIONS: usize = 8;

/// Which regions.
///
/// The addresses of a region follow from its place alone, so other regions never move it. A single region has place 0.
/// Several are given with their places. There is no list, because the place of a region in a list changes when another
/// one leaves the list.
///
/// In a file it is a name, or a map of names to places:
/// ```yaml
/// regions: us-central1
/// regions: { us-central1: 0, europe-west1: 1 }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Regions {
    /// This one, at place 0.
    One(String),
    /// These, with their places, counted from 0.
    Placed(BTreeMap<String, usize>),
}

/// A region and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The name, such as `us-central1`.
    pub name: String,
    /// Its place, from 0 to [`MOST_REGIONS`] - 1.
    pub place: usize,
}

impl Regions {
    /// The regions, in the order of their places.
    ///
    /// # Errors
    /// There are none; one has no name of Google's form, or no place from 0 to [`MOST_REGIONS`] - 1; two have the same
    /// place.
    pub fn resolve(&self) -> Result<Vec<Region>, BaseNetworkError> {
        let mut regions: Vec<Region> = match self {
            Self::One(name) => vec![Region { name: name.clone(), place: 0 }],
            Self::Placed(places) => {
                places.iter().map(|(name, place)| Region { name: name.clone(), place: *place }).collect()
            }
        };
        if regions.is_empty() {
            return Err(BaseNetworkError::NoRegions);
        }
        for Region { name, place } in &regions {
            CloudName::Google.check_region("regions", name)?;
            if *place >= MOST_REGIONS {
                let most = MOST_REGIONS - 1;
                return Err(BaseNetworkError::NoSuchRegionPlace {
                    region: name.clone(),
                    place: *place,
                    most,
                });
            }
        }
        regions.sort_by_key(|region| region.place);
        match regions.windows(2).find(|pair| pair[0].place == pair[1].place) {
            None => Ok(regions),
            Some(pair) => Err(BaseNetworkError::SameRegionPlace {
                first: pair[0].name.clone(),
                second: pair[1].name.clone(),
                place: pair[0].place,
            }),
        }
    }
}

impl From<&str> for Regions {
    fn from(name: &str) -> Self {
        Self::One(name.to_owned())
    }
}

impl From<String> for Regions {
    fn from(name: String) -> Self {
        Self::One(name)
    }
}

impl<'de> Deserialize<'de> for Regions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forms)
    }
}

/// Reads each form by itself, so that errors are about the form that was used.
struct Forms;

impl<'de> de::Visitor<'de> for Forms {
    type Value = Regions;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a region, or a map of names to places")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Regions, E> {
        Ok(name.into())
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut places: A) -> Result<Regions, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((name, place)) = places.next_entry::<String, usize>()? {
            if let Some(earlier) = map.insert(name.clone(), place) {
                return Err(de::Error::custom(format!("{name:?} is given twice, first at place {earlier}")));
            }
        }
        Ok(Regions::Placed(map))
    }
}
