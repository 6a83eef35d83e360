//! The package of a plugin: an unpacked folder, or a zip file. Hashes as Terraform's lock files record them.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use semver::Version;
use sha2::{Digest, Sha256};

use super::{InstalledError, address::Address};

/// A package on disk.
#[derive(Debug)]
pub(super) struct Package {
    pub version: Version,
    pub form: Form,
    pub place: PathBuf,
}

/// The two forms of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Folder,
    Zip,
}

/// The platform of this program in Terraform's words: `linux_amd64`.
pub(super) fn platform() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{processor}")
}

/// The packages of a provider in a mirror or a cache, for this platform. The unpacked ones come first.
pub(super) fn in_folder(folder: &Path, address: &Address) -> Result<Vec<Package>, InstalledError> {
    let own = folder.join(address.folder());
    let entries = match fs::read_dir(&own) {
        Ok(entries) => entries,
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(problem) => return Err(InstalledError::io(&own)(problem)),
    };
    let platform = platform();
    let (start, end) = (format!("terraform-provider-{}_", address.name), format!("_{platform}.zip"));
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(InstalledError::io(&own))?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if let Ok(version) = Version::parse(name) {
            let place = entry.path().join(&platform);
            if place.is_dir() {
                found.push(Package { version, form: Form::Folder, place });
            }
        } else if let Some(version) = name.strip_prefix(&start).and_then(|rest| rest.strip_suffix(&end))
            && let Ok(version) = Version::parse(version)
        {
            found.push(Package { version, form: Form::Zip, place: entry.path() });
        }
    }
    found.sort_by_key(|package| package.form == Form::Zip);
    Ok(found)
}

impl Package {
    /// Checks the package by the hashes of a lock file. Hashes of several platforms stand side by side there, so one of
    /// them must be right.
    pub(super) fn check(&self, hashes: &[String]) -> Result<(), InstalledError> {
        let (kind, found) = match self.form {
            Form::Folder => ("h1:", hash_of_files(self.files()?)?),
            Form::Zip if hashes.iter().any(|hash| hash.starts_with("zh:")) => ("zh:", self.hash_of_zip()?),
            Form::Zip => ("h1:", self.hash_of_content()?),
        };
        let expected: Vec<String> = hashes.iter().filter(|hash| hash.starts_with(kind)).cloned().collect();
        let found = format!("{kind}{found}");
        let package = self.place.clone();
        match expected.as_slice() {
            [] => Err(InstalledError::NoHash { package, kind: kind.trim_end_matches(':') }),
            some if some.contains(&found) => Ok(()),
            _ => Err(InstalledError::Hash { package, found, expected }),
        }
    }

    /// The program of an unpacked plugin.
    pub(super) fn program(&self, address: &Address) -> Result<PathBuf, InstalledError> {
        let start = format!("terraform-provider-{}", address.name);
        let is_program = |name: &str| {
            let name = name.strip_suffix(env::consts::EXE_SUFFIX).unwrap_or(name);
            name.strip_prefix(&start).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        let mut programs: Vec<PathBuf> =
            self.files()?.into_iter().filter(|(name, _)| is_program(name)).map(|(_, file)| file).collect();
        match (programs.pop(), programs.is_empty()) {
            (Some(program), true) => Ok(program),
            (found, _) => Err(InstalledError::Package {
                package: self.place.clone(),
                problem: format!(
                    "it has {} programs with the name {start}, expected one",
                    programs.len() + usize::from(found.is_some()),
                ),
            }),
        }
    }

    /// Unpacks a zip file into a mirror, as a whole or not at all.
    pub(super) fn unpack(&self, mirror: &Path, address: &Address) -> Result<Self, InstalledError> {
        let folder = mirror.join(address.folder()).join(self.version.to_string());
        let place = folder.join(platform());
        let unpacked = Self { version: self.version.clone(), form: Form::Folder, place };
        if unpacked.place.is_dir() {
            let (there, packed) = (hash_of_files(unpacked.files()?)?, self.hash_of_content()?);
            if there != packed {
                return Err(InstalledError::Hash {
                    package: unpacked.place,
                    found: format!("h1:{there}"),
                    expected: vec![format!("h1:{packed}")],
                });
            }
            return Ok(unpacked);
        }
        fs::create_dir_all(&folder).map_err(InstalledError::io(&folder))?;
        let half = tempfile::tempdir_in(&folder).map_err(InstalledError::io(&folder))?;
        self.archive()?.extract(half.path()).map_err(|problem| self.broken(&problem))?;
        match fs::rename(half.path(), &unpacked.place) {
            Ok(()) => drop(half.keep()),
            // Another process was quicker with the same package.
            Err(_) if unpacked.place.is_dir() => {}
            Err(problem) => return Err(InstalledError::io(&unpacked.place)(problem)),
        }
        Ok(unpacked)
    }

    /// All files of a folder, by their names with forward slashes.
    fn files(&self) -> Result<Vec<(String, PathBuf)>, InstalledError> {
        let (mut found, mut folders) = (Vec::new(), vec![(String::new(), self.place.clone())]);
        while let Some((prefix, folder)) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(InstalledError::io(&folder))? {
                let entry = entry.map_err(InstalledError::io(&folder))?;
                let name = entry.file_name().into_string().map_err(|_| InstalledError::Package {
                    package: self.place.clone(),
                    problem: "a name in it is not UTF-8".to_owned(),
                })?;
                let (name, path) = (format!("{prefix}{name}"), entry.path());
                if path.is_dir() {
                    folders.push((format!("{name}/"), path));
                } else {
                    found.push((name, path));
                }
            }
        }
        Ok(found)
    }

    fn hash_of_zip(&self) -> Result<String, InstalledError> {
        let mut file = fs::File::open(&self.place).map_err(InstalledError::io(&self.place))?;
        digest(&mut file).map_err(InstalledError::io(&self.place))
    }

    /// The hash that the folder has after the package is unpacked.
    fn hash_of_content(&self) -> Result<String, InstalledError> {
        let mut archive = self.archive()?;
        let mut digests = Vec::new();
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).map_err(|problem| self.broken(&problem))?;
            if file.is_file() {
                let name = file.name().to_owned();
                digests.push((name, digest(&mut file).map_err(InstalledError::io(&self.place))?));
            }
        }
        Ok(hash_of_digests(digests))
    }

    fn archive(&self) -> Result<zip::ZipArchive<fs::File>, InstalledError> {
        let file = fs::File::open(&self.place).map_err(InstalledError::io(&self.place))?;
        zip::ZipArchive::new(file).map_err(|problem| self.broken(&problem))
    }

    fn broken(&self, problem: &zip::result::ZipError) -> InstalledError {
        InstalledError::Package { package: self.place.clone(), problem: problem.to_string() }
    }
}

/// The SHA-256 of a file, in hexadecimal.
fn digest(file: &mut impl io::Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    io::copy(file, &mut digest)?;
    Ok(hex::encode(digest.finalize()))
}

fn hash_of_files(files: Vec<(String, PathBuf)>) -> Result<String, InstalledError> {
    let digests = files.into_iter().map(|(name, path)| {
        let failed = InstalledError::io(&path);
        let mut file = fs::File::open(&path).map_err(&failed)?;
        Ok((name, digest(&mut file).map_err(failed)?))
    });
    Ok(hash_of_digests(digests.collect::<Result<_, InstalledError>>()?))
}

/// The hash `h1` of Go's modules: the digest of the list of all files with their digests.
fn hash_of_digests(mut digests: Vec<(String, String)>) -> String {
    digests.sort();
    let list: String = digests.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
    STANDARD.encode(Sha256::digest(list))
}
