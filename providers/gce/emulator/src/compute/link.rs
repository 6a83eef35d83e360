//! Names and links of resources. The emulator uses the path of a resource, `projects/P/global/networks/N`. Requests and
//! answers use its URL.

/// The prefix of URLs of Compute Engine's resources.
pub(crate) const BASE: &str = "https://www.googleapis.com/compute/v1/";

/// The scope of resources: `global`, `regions/R`, `zones/Z`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Global,
    Region(String),
    Zone(String),
}

impl Scope {
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Global => "global".to_owned(),
            Self::Region(region) => format!("regions/{region}"),
            Self::Zone(zone) => format!("zones/{zone}"),
        }
    }

    /// The region that the scope is or lies in.
    pub(crate) fn region(&self) -> Option<&str> {
        match self {
            Self::Global => None,
            Self::Region(region) => Some(region),
            Self::Zone(zone) => zone.rsplit_once('-').map(|(region, _)| region),
        }
    }
}

/// A path in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub project: String,
    pub scope: Scope,
    /// The collection: `networks`.
    pub segment: String,
    pub name: String,
}

impl Place {
    pub(crate) fn of(path: &str) -> Option<Self> {
        let mut parts = path.split('/');
        let mut next = || parts.next().map(str::to_owned);
        (next()? == "projects").then_some(())?;
        let project = next()?;
        let scope = match next()?.as_str() {
            "global" => Scope::Global,
            "regions" => Scope::Region(next()?),
            "zones" => Scope::Zone(next()?),
            _ => return None,
        };
        let (segment, name) = (next()?, next()?);
        next().is_none().then_some(Self { project, scope, segment, name })
    }

    pub(crate) fn path(&self) -> String {
        format!("{}/{}", self.collection(), self.name)
    }

    /// The path of its collection, without a slash at the end.
    pub(crate) fn collection(&self) -> String {
        format!("projects/{}/{}/{}", self.project, self.scope.path(), self.segment)
    }

    /// The same name in another collection of the same scope.
    pub(crate) fn beside(&self, segment: &str) -> Self {
        Self { segment: segment.to_owned(), ..self.clone() }
    }
}

/// The URL of a path.
pub(crate) fn url(path: &str) -> String {
    format!("{BASE}{path}")
}

/// The path that a link means. A link is a whole URL of any version and host, or starts with the project or the scope.
/// A bare name is not a link.
pub(crate) fn path(link: &str, project: &str) -> Option<String> {
    let rest = match link.split_once("://") {
        None => link.trim_start_matches('/'),
        Some((_, rest)) => {
            let at = rest.find("/projects/")?;
            let before = &rest[..at];
            let known = ["/compute/v1", "/compute/beta", "/compute/alpha"];
            known.iter().any(|version| before.ends_with(version)).then_some(())?;
            &rest[at + 1..]
        }
    };
    let whole = match rest.split('/').next()? {
        "projects" => rest.to_owned(),
        "global" | "regions" | "zones" => format!("projects/{project}/{rest}"),
        _ => return None,
    };
    let parts: Vec<_> = whole.split('/').collect();
    let right = parts.iter().all(|part| !part.is_empty())
        && match parts.get(2).copied() {
            Some("global") => parts.len() == 5 || (parts.len() == 6 && parts[4] == "family"),
            Some("regions" | "zones") => parts.len() == 4 || parts.len() == 6,
            _ => false,
        };
    right.then_some(whole)
}

/// The last part of a link or path.
pub(crate) fn name(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_link_leads_to_one_path() {
        for link in [
            "https://www.googleapis.com/compute/v1/projects/p/global/networks/n",
            "https://compute.googleapis.com/compute/v1/projects/p/global/networks/n",
            "https://www.googleapis.com/compute/beta/projects/p/global/networks/n",
            "http://127.0.0.1:4500/compute/v1/projects/p/global/networks/n",
            "projects/p/global/networks/n",
            "global/networks/n",
        ] {
            assert_eq!(path(link, "p").as_deref(), Some("projects/p/global/networks/n"), "{link}");
        }
    }

    #[test]
    fn what_is_no_link_leads_nowhere() {
        for text in
            ["n", "", "networks/n", "https://example.com/projects/p/global/networks/n", "global/networks/"]
        {
            assert_eq!(path(text, "p"), None, "{text}");
        }
    }
}
