//! Links to Google resources: `https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i`, without host and
//! version, from any part on, or the name alone.

/// The link from `projects/` on, as far as it is given, without host, version and superfluous slashes.
pub(super) fn canonical(text: &str) -> String {
    let (path, absolute) = match text.split_once("//") {
        Some(("http:" | "https:" | "", rest)) => (rest.split_once('/').map_or("", |(_, path)| path), true),
        _ => (text, false),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let roots = ["projects", "organizations", "folders"];
    let root = segments.iter().position(|segment| roots.contains(segment));
    // If the root of a link comes after other parts, those are the service and its version.
    let from = match root {
        Some(root) if absolute || segments[..root].iter().any(|segment| is_version(segment)) => root,
        Some(_) => 0,
        None => match segments.as_slice() {
            ["compute", version, _, ..] if is_version(version) => 2,
            [version, _, ..] if is_version(version) => 1,
            _ => 0,
        },
    };
    match segments[from..].join("/") {
        empty if empty.is_empty() => text.to_owned(),
        link => link,
    }
}

/// Whether two canonical links may lead to the same thing.
pub(super) fn same(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('/').collect(), b.split('/').collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let tail = &long[long.len() - short.len()..];
    let whole = tail.len() == long.len();
    short.iter().zip(tail).enumerate().all(|(place, (ours, theirs))| {
        ours == theirs
            || (whole && place == 1 && short[0] == "projects" && is_number(ours) != is_number(theirs))
    })
}

/// The last part, which all links to one thing have in common.
pub(super) fn name(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or(link)
}

/// `v1`, `beta`, `v1beta1` and the like.
fn is_version(segment: &str) -> bool {
    let numbered = segment.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(|c| c.is_ascii_alphanumeric())
    });
    numbered || matches!(segment, "alpha" | "beta")
}

fn is_number(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{canonical, same};

    const FULL: &str = "https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i";

    fn means(a: &str, b: &str) -> bool {
        same(&canonical(a), &canonical(b))
    }

    #[test]
    fn links_without_what_says_nothing() {
        for (text, form) in [
            (FULL, "projects/p/zones/z/instances/i"),
            (
                "https://compute.googleapis.com/compute/beta/projects/p/global/networks/n/",
                "projects/p/global/networks/n",
            ),
            (
                "//container.googleapis.com/projects/p/locations/l/clusters/c",
                "projects/p/locations/l/clusters/c",
            ),
            ("compute/v1/projects/p/regions/r", "projects/p/regions/r"),
            ("v1/projects/p/topics/t", "projects/p/topics/t"),
            ("compute/v1/zones/z/instances/i", "zones/z/instances/i"),
            ("zones/z/instances/i", "zones/z/instances/i"),
            ("i", "i"),
            ("v1", "v1"),
            ("", ""),
            ("https://www.googleapis.com/", "https://www.googleapis.com/"),
        ] {
            assert_eq!(canonical(text), form, "{text}");
            assert_eq!(canonical(form), form, "{text}");
        }
    }

    #[test]
    fn a_link_may_say_less_but_nothing_else() {
        for partial in ["i", "instances/i", "zones/z/instances/i", "projects/p/zones/z/instances/i", FULL] {
            assert!(means(partial, FULL) && means(FULL, partial), "{partial}");
        }
        for other in
            ["j", "zones/y/instances/i", "projects/q/zones/z/instances/i", "disks/i", "", "nstances/i"]
        {
            assert!(!means(other, FULL) && !means(FULL, other), "{other}");
        }
        assert!(means("projects/123/global/networks/n", "projects/p/global/networks/n"));
        assert!(!means("projects/123/global/networks/n", "projects/124/global/networks/n"));
        assert!(!means("projects/123/global/networks/n", "projects/p/global/networks/m"));
    }
}
