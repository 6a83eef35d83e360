//! Release channels: which image and which version of Kubernetes a new cluster gets. Reads a text; fetches nothing.
//!
//! Follows kops `channels/stable` and `pkg/apis/kops/channel.go`.

use crate::lookup::Architecture;
use crate::problem::{Kind, Problem, Problems};
use crate::source::Position;
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
    kubernetes_version: String,
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
    /// The text is not a channel, or a range of versions in it cannot be read.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        let wrong = |kind, path: String, detail: String| {
            let at = Some(Position { file: file.into(), line: 0, column: 0 });
            Problem { kind, document: "Channel".into(), path, detail, at }
        };
        let File { spec } = serde_saphyr::from_str(text).map_err(|error| {
            let error = error.to_string();
            wrong(Kind::Syntax, String::new(), error.lines().next().unwrap_or_default().to_owned())
        })?;
        let mut problems = Vec::new();
        let mut range = |path: String, text: &str| match Range::parse(text) {
            Some(range) => range,
            None => {
                let detail = format!("{text:?}: expected bounds, such as \">=1.27.0 <1.32.0\"");
                problems.push(wrong(Kind::Invalid, path, detail));
                Range::default()
            }
        };
        let images = spec.images.into_iter().enumerate().map(|(index, item)| Image {
            versions: range(format!("spec.images[{index}].kubernetesVersion"), &item.kubernetes_version),
            name: item.name,
            cloud: item.provider_id,
            architecture: item.architecture_id,
        });
        let images = images.collect();
        let releases = spec.kops_versions.into_iter().enumerate().map(|(index, item)| Release {
            releases: range(format!("spec.kopsVersions[{index}].range"), &item.range),
            kubernetes_version: item.kubernetes_version,
        });
        let releases = releases.collect();
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
    pub fn recommended_version(&self, release: &str) -> Option<&str> {
        let release = Version::parse(release)?;
        let found = self.releases.iter().find(|item| item.releases.holds(&release))?;
        Some(found.kubernetes_version.as_str()).filter(|version| !version.is_empty())
    }
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let bound = |text: &str| {
            let (sign, bound) = BOUNDS.into_iter().find(|(sign, _)| text.starts_with(sign))?;
            Some((bound, Version::parse(&text[sign.len()..])?))
        };
        text.split_whitespace().map(bound).collect::<Option<Vec<_>>>().map(Self)
    }

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
        assert_eq!(channel.recommended_version("1.34.0-beta.1"), Some("1.34.10"));
        assert_eq!(channel.recommended_version("1.37.0"), Some("1.35.7"));
        assert_eq!(channel.recommended_version("1.33.0"), None);
        let image = channel.images[0].name.clone();
        assert!(channel.has_image(&image) && channel.has_image(&format!("{image}-20990101")));
        assert!(!channel.has_image("mine/ubuntu") && !channel.has_image("ami-12345678"));
    }

    #[test]
    fn what_is_no_channel() {
        assert!(Channel::parse("stable", "[]").is_err());
        let error = Channel::parse("stable", &TEXT.replace(">=1.27.0 <1.32.0", "~1.27")).unwrap_err();
        assert!(
            error.to_string().contains("spec.images[0].kubernetesVersion: \"~1.27\": expected bounds"),
            "{error}"
        );
    }
}
