//! Release channels: which image and which version of Kubernetes a new cluster gets. Reads a text; fetches nothing.
//!
//! Follows kops `channels/stable` and `pkg/apis/kops/channel.go`.

use crate::lookup::Architecture;
use crate::problem::{Kind, Problem, Problems};
use crate::source::Position;
use crate::spec::values::Notation;
use crate::version::Version;
use serde::Deserialize;

/// A release channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    images: Vec<Image>,
    releases: Vec<Release>,
}

/// The image of a cloud's machines, for some versions of Kubernetes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Image {
    name: String,
    cloud: String,
    architecture: String,
    versions: Range,
}

/// What some releases of kops recommend.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Release {
    releases: Range,
    kubernetes_version: Option<Version>,
}

/// Bounds of versions, as `>=1.27.0 <1.32.0`. Without bounds, every version matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Range(Vec<(Bound, Version)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    AtLeast,
    Above,
    AtMost,
    Below,
    Exactly,
}

/// The signs of bounds; the longer ones come first.
const BOUNDS: [(&str, Bound); 5] = [
    (">=", Bound::AtLeast),
    ("<=", Bound::AtMost),
    (">", Bound::Above),
    ("<", Bound::Below),
    ("=", Bound::Exactly),
];

/// The fields of the file that the layer uses.
#[derive(Deserialize)]
struct File {
    spec: Contents,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contents {
    #[serde(default)]
    images: Vec<ImageItem>,
    #[serde(default)]
    kops_versions: Vec<ReleaseItem>,
}

#[derive(Deserialize)]
struct ImageItem {
    name: String,
    #[serde(rename = "providerID")]
    provider_id: String,
    #[serde(rename = "architectureID", default)]
    architecture_id: String,
    #[serde(rename = "kubernetesVersion", default)]
    kubernetes_version: String,
}

#[derive(Deserialize)]
struct ReleaseItem {
    #[serde(default)]
    range: String,
    #[serde(rename = "kubernetesVersion", default)]
    kubernetes_version: String,
}

impl Channel {
    /// Reads the text of a channel; `file` is its name in messages.
    ///
    /// # Errors
    /// The text is not a channel, or a version or a range of versions in it cannot be read.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        let File { spec } = serde_saphyr::from_str(text).map_err(|error| {
            let error = error.to_string();
            let detail = error.lines().next().unwrap_or_default().to_owned();
            problem(file, Kind::Syntax, String::new(), detail)
        })?;
        let mut problems = Vec::new();
        let (mut images, mut releases) = (Vec::new(), Vec::new());
        for (index, item) in spec.images.into_iter().enumerate() {
            let path = format!("spec.images[{index}].kubernetesVersion");
            images.push(Image {
                versions: read(file, path, &item.kubernetes_version, &mut problems).unwrap_or_default(),
                name: item.name,
                cloud: item.provider_id,
                architecture: item.architecture_id,
            });
        }
        for (index, item) in spec.kops_versions.into_iter().enumerate() {
            let path = |field: &str| format!("spec.kopsVersions[{index}].{field}");
            releases.push(Release {
                releases: read(file, path("range"), &item.range, &mut problems).unwrap_or_default(),
                kubernetes_version: read(
                    file,
                    path("kubernetesVersion"),
                    &item.kubernetes_version,
                    &mut problems,
                ),
            });
        }
        Problems::check(problems)?;
        Ok(Self { images, releases })
    }

    /// The image of a cloud's machines (`aws`, `gce`), for a version of Kubernetes and an architecture.
    pub fn image(&self, cloud: &str, version: &Version, architecture: Architecture) -> Option<&str> {
        let fits = |image: &&Image| {
            image.cloud == cloud
                && ["", architecture.as_str()].contains(&image.architecture.as_str())
                && image.versions.holds(version)
        };
        self.images.iter().find(fits).map(|image| image.name.as_str())
    }

    /// Whether an image is a present or former one of the channel. Compares names without the build date. Other images
    /// are the user's own.
    pub fn has_image(&self, name: &str) -> bool {
        let undated = |name: &str| {
            name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-').to_owned()
        };
        self.images.iter().any(|image| undated(&image.name) == undated(name))
    }

    /// The version of Kubernetes that is recommended to a release of kops.
    pub fn recommended_version(&self, release: &Version) -> Option<&Version> {
        self.releases.iter().find(|item| item.releases.holds(release))?.kubernetes_version.as_ref()
    }
}

impl Notation for Range {
    const EXPECTED: &'static str = "bounds, such as \">=1.27.0 <1.32.0\"";

    fn read(text: &str) -> Option<Self> {
        let bound = |text: &str| {
            let (sign, bound) = BOUNDS.into_iter().find(|(sign, _)| text.starts_with(sign))?;
            Some((bound, Version::parse(&text[sign.len()..])?))
        };
        text.split_whitespace().map(bound).collect::<Option<Vec<_>>>().map(Self)
    }
}

impl Range {
    fn holds(&self, version: &Version) -> bool {
        self.0.iter().all(|(bound, other)| match bound {
            Bound::AtLeast => version >= other,
            Bound::Above => version > other,
            Bound::AtMost => version <= other,
            Bound::Below => version < other,
            Bound::Exactly => version == other,
        })
    }
}

/// Reads the text of a field. `None` if the text is empty, or does not follow the notation, which is then a problem.
fn read<T: Notation>(file: &str, path: String, text: &str, problems: &mut Vec<Problem>) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let read = T::parse(text);
    read.map_err(|error| problems.push(problem(file, Kind::Invalid, path, error.to_string()))).ok()
}

fn problem(file: &str, kind: Kind, path: String, detail: String) -> Problem {
    let at = Some(Position { file: file.into(), line: 0, column: 0 });
    Problem { kind, document: "Channel".into(), path, detail, at }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TEXT: &str = "
spec:
  images:
  - {name: old, providerID: aws, architectureID: amd64, kubernetesVersion: \">=1.27.0 <1.32.0\"}
  - {name: new, providerID: aws, architectureID: amd64, kubernetesVersion: \">=1.32.0\"}
  - {name: arm, providerID: aws, architectureID: arm64, kubernetesVersion: \">=1.32.0\"}
  kopsVersions:
  - {range: \">=1.35.0-alpha.1\", kubernetesVersion: 1.35.7}
  - {range: \">=1.34.0-alpha.1\", kubernetesVersion: 1.34.10}
";

    #[test]
    fn versions_choose_images_and_recommendations() {
        let channel = Channel::parse("stable", TEXT).unwrap();
        let image =
            |version, architecture| channel.image("aws", &Version::parse(version).unwrap(), architecture);
        assert_eq!(image("1.31.9", Architecture::Amd64), Some("old"));
        assert_eq!(image("v1.32.0-alpha.1", Architecture::Amd64), Some("old"), "it comes before 1.32.0");
        assert_eq!(image("v1.32.0", Architecture::Amd64), Some("new"));
        assert_eq!(image("1.36.0", Architecture::Arm64), Some("arm"));
        assert_eq!(image("1.26.0", Architecture::Amd64), None);
        let recommended = |release| {
            let version = channel.recommended_version(&Version::parse(release).unwrap());
            version.map(Version::to_string)
        };
        assert_eq!(recommended("1.34.0-beta.1").as_deref(), Some("1.34.10"));
        assert_eq!(recommended("1.37.0").as_deref(), Some("1.35.7"));
        assert_eq!(recommended("1.33.0"), None);
        let image = channel.images[0].name.clone();
        assert!(channel.has_image(&image) && channel.has_image(&format!("{image}-20990101")));
        assert!(!channel.has_image("mine/ubuntu") && !channel.has_image("ami-12345678"));
    }

    #[test]
    fn what_is_no_channel() {
        assert!(Channel::parse("stable", "[]").is_err());
        for (from, to, expected) in [
            (">=1.27.0 <1.32.0", "~1.27", "spec.images[0].kubernetesVersion: \"~1.27\": expected bounds"),
            ("1.35.7", "newest", "spec.kopsVersions[0].kubernetesVersion: \"newest\": expected a version"),
        ] {
            let error = Channel::parse("stable", &TEXT.replace(from, to)).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
