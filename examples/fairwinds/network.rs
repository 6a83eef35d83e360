//! The description of the base network, from a file or by default. Its fields say which cloud it is for: `region` on AWS,
//! `regions` on Google Cloud.

use std::{fs, path::Path};

use landform::{
    Stack,
    vpc::{self, BaseNetwork, gce},
};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

use crate::{Failure, clouds::Chosen, project::STACK};

/// The description of a base network on one of the clouds.
pub enum Network {
    /// On AWS.
    Aws(BaseNetwork),
    /// On Google Cloud.
    Google(gce::BaseNetwork),
}

/// The field by which the clouds' files differ.
#[derive(Deserialize)]
struct Regions {
    regions: Option<IgnoredAny>,
}

impl Network {
    /// The usual network of a cloud.
    pub fn usual(cloud: Chosen) -> Self {
        match cloud {
            Chosen::Embedded | Chosen::Aws => Self::Aws(BaseNetwork::default()),
            Chosen::Google => Self::Google(gce::BaseNetwork::default()),
        }
    }

    /// Reads a file for a cloud. The embedded cloud takes the files of all clouds.
    pub fn read(file: &Path, cloud: Chosen) -> Result<Self, Failure> {
        let name = file.display();
        let text = text(file)?;
        // The reader of the chosen form reports what is wrong with the file.
        let regions = serde_saphyr::from_str::<Regions>(&text).is_ok_and(|found| found.regions.is_some());
        match (regions, cloud) {
            (true, Chosen::Aws) => Err(format!(
                "{name}: regions: the network is on Google Cloud, but --cloud is aws: expected `region`, as on AWS"
            )
            .into()),
            (true, _) => Ok(Self::Google(described(&name, &text)?)),
            // On Google Cloud, this reports `region` and the other fields of AWS as unknown.
            (false, Chosen::Google) => Ok(Self::Google(described(&name, &text)?)),
            (false, _) => Ok(Self::Aws(described(&name, &text)?)),
        }
    }
}

fn described<D: vpc::Description + DeserializeOwned>(
    name: &impl std::fmt::Display,
    text: &str,
) -> Result<D, Failure> {
    let description: D = serde_saphyr::from_str(text).map_err(|error| {
        let problem = error.without_snippet().to_string();
        match error.location() {
            Some(at) => {
                let (line, column) = (at.line(), at.column());
                let problem = problem.trim_end_matches(&format!(" at line {line}, column {column}"));
                let found = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default().trim();
                format!("{name}:{line}:{column}: {problem}, in {found:?}")
            }
            None => format!("{name}: {problem}"),
        }
    })?;
    // Declares it on trial, so that an error names the file.
    vpc::base(&mut Stack::new(STACK), &description).map_err(|error| format!("{name}: {error}"))?;
    Ok(description)
}

/// The text of a file.
pub fn text(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()).into())
}
