//! The places of resources: `projects/p/global/networks/n`, `projects/p/regions/r/subnetworks/s`. This path is the
//! resource's id. Compute Engine's links end with it, and Compute Engine accepts it in place of a link.

use landform_core::{Error, ErrorKind, Result};
use serde_json::{Map, Value as Json};

use super::Client;

/// The scope of a type's resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `global`.
    Global,
    /// `regions/r`.
    Region,
    /// `zones/z`.
    Zone,
}

impl Scope {
    /// The argument that names the place, and its segment in paths.
    fn named(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Global => None,
            Self::Region => Some(("region", "regions")),
            Self::Zone => Some(("zone", "zones")),
        }
    }
}

/// The place of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub project: String,
    scope: Scope,
    /// The region or zone. Empty for a global resource.
    at: String,
    collection: &'static str,
    pub name: String,
}

impl Place {
    /// The place that arguments give. The client's settings fill in what the arguments leave out.
    pub fn of(
        client: &Client,
        scope: Scope,
        collection: &'static str,
        arguments: &Map<String, Json>,
    ) -> Result<Self> {
        // A region or a project may be given as a link or a name.
        let given = |field: &str| {
            let text = arguments.get(field).and_then(Json::as_str).filter(|text| !text.is_empty());
            text.map(|text| text.rsplit('/').next().unwrap_or(text).to_owned())
        };
        let at = match scope.named() {
            None => String::new(),
            Some((field, _)) => {
                let usual = if scope == Scope::Region { &client.region } else { &client.zone };
                given(field).or_else(|| usual.clone()).ok_or_else(|| {
                    let message =
                        format!("no {field} is given: expected one in the declaration or the client");
                    Error::new(ErrorKind::Invalid, message)
                })?
            }
        };
        let name = given("name").ok_or_else(|| {
            Error::new(ErrorKind::Invalid, "no name is given: expected one in the declaration")
        })?;
        let project = given("project").unwrap_or_else(|| client.project.clone());
        Ok(Self { project, scope, at, collection, name })
    }

    /// The place that an id gives.
    pub fn parse(id: &str, scope: Scope, collection: &'static str) -> Result<Self> {
        let owned = |text: &str| text.to_owned();
        let parts: Vec<_> = id.split('/').collect();
        let place = match (scope.named(), parts.as_slice()) {
            (None, ["projects", project, "global", known, name]) if *known == collection => {
                Some((owned(project), String::new(), owned(name)))
            }
            (Some((_, segment)), ["projects", project, places, at, known, name])
                if *places == segment && *known == collection =>
            {
                Some((owned(project), owned(at), owned(name)))
            }
            _ => None,
        };
        match place {
            Some((project, at, name)) => Ok(Self { project, scope, at, collection, name }),
            None => {
                let at = scope.named().map_or("global".to_owned(), |(_, segment)| format!("{segment}/…"));
                let message = format!("invalid id {id:?}: expected projects/…/{at}/{collection}/…");
                Err(Error::new(ErrorKind::Invalid, message))
            }
        }
    }

    /// The place of another resource in the same collection.
    pub fn sibling(&self, name: String) -> Self {
        Self { name, ..self.clone() }
    }

    /// The path of its project and region or zone.
    pub fn scope(&self) -> String {
        match self.scope.named() {
            None => format!("projects/{}/global", self.project),
            Some((_, segment)) => format!("projects/{}/{segment}/{}", self.project, self.at),
        }
    }

    /// The path of its collection.
    pub fn collection(&self) -> String {
        format!("{}/{}", self.scope(), self.collection)
    }

    /// Its path, which is its id.
    pub fn path(&self) -> String {
        format!("{}/{}", self.collection(), self.name)
    }

    /// The arguments that the place determines.
    pub fn arguments(&self) -> impl Iterator<Item = (String, Json)> + use<> {
        let at = self.scope.named().map(|(field, _)| (field.to_owned(), Json::from(self.at.as_str())));
        [("project".to_owned(), Json::from(self.project.as_str()))].into_iter().chain(at)
    }
}

/// The path in a link, from `projects/` on. `None` if the link has no such part.
pub(crate) fn path_of(link: &str) -> Option<&str> {
    match link.starts_with("projects/") {
        true => Some(link),
        false => link.find("/projects/").map(|at| &link[at + 1..]),
    }
}

/// Whether a link, whole or partial, leads to a path.
pub(crate) fn is_link_to(link: &str, path: &str) -> bool {
    path_of(link) == Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_the_place_and_the_place_the_id() {
        for (id, scope, collection) in [
            ("projects/p/global/networks/n", Scope::Global, "networks"),
            ("projects/p/regions/r/subnetworks/s", Scope::Region, "subnetworks"),
            ("projects/p/zones/z/disks/d", Scope::Zone, "disks"),
        ] {
            let place = Place::parse(id, scope, collection).ok();
            assert_eq!(place.map(|place| place.path()).as_deref(), Some(id));
        }
        for (id, scope, collection) in [
            ("n", Scope::Global, "networks"),
            ("projects/p/global/firewalls/n", Scope::Global, "networks"),
            ("projects/p/global/networks/n/more", Scope::Global, "networks"),
            ("projects/p/zones/z/subnetworks/s", Scope::Region, "subnetworks"),
        ] {
            assert!(Place::parse(id, scope, collection).is_err(), "{id}");
        }
    }

    #[test]
    fn a_link_has_a_path() {
        let path = "projects/p/global/networks/n";
        for link in [path, "https://www.googleapis.com/compute/v1/projects/p/global/networks/n"] {
            assert_eq!(path_of(link), Some(path));
        }
        assert_eq!(path_of("default"), None);
    }
}
