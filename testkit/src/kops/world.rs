//! The world of kops's golden cases: the answers of its mock cloud, the keys that its suite begins with, and the
//! digests of released files.

use std::collections::BTreeMap;
use std::path::Path;

use landform_kops::{FixedLookup, Key, Keyset};
use serde::Deserialize;

/// The error of a file.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The folder of a checkout in which kops keeps the digests of released files.
const DIGESTS: &str = "pkg/assets/assetdata";
/// kops's suite makes up the digests of nodeup too.
const NODEUP: [(&str, &str); 2] = [
    ("amd64", "c86e072f622b91546b7b3f3cb1a0f8a131e48b966ad018a0ac1520ceedf37725"),
    ("arm64", "64a9a9510538a449e85d05e13e3cd98b80377d68a673447c26821d40f00f0075"),
];

/// The digests of kubelet and kubectl in releases that the suite uses but kops's asset data lacks. kops asks the server
/// of the files for them.
const PRERELEASES: [(&str, [[&str; 2]; 2]); 2] = [
    (
        "1.34.0-alpha.1",
        [
            [
                "ca9bd9026dc016661e214fac720b777b4545eedccb5eec7c63c3a7e23abd01fb",
                "74acefdb8baf112007d4f1ef6e2c25f8a578d4020072c5143a04cd3fb30abe07",
            ],
            [
                "32b713cae8d3a9cea7e1a9942704a6cf1c7f7b7de44818fde9f862ebcd4fd61a",
                "099a8152095537427b3bb2621593caa3793ff7dd416c11f6768812aeca940786",
            ],
        ],
    ),
    (
        "1.36.0-rc.1",
        [
            [
                "21be18730b9c70507bb68a1da0b1d57b61a2499f3583e7ffec5e7aeee71ebb9d",
                "837bb39bfdf84d6b63f2d53e1f73bc6034bc2b2393641c8d2ba69d2b3b174092",
            ],
            [
                "c7fd6b5d5af23079afb98695d9b2e2ed764c1b5581c43a994f8ca062fd154139",
                "626d71ed21b05fedd56a1dc49ebee8e7217d170d75496f7cd8ee1f0721262e59",
            ],
        ],
    ),
];

/// The world of a folder of cases: `tests/integration/update_cluster` of a checkout, or of a folder with the same
/// layout. Takes what the folder lacks from `shared`, a second one.
pub fn lookup(cases: &Path, shared: Option<&Path>) -> Result<FixedLookup, Failure> {
    let mut lookup = FixedLookup::kops_suite();
    let root = cases.ancestors().nth(3).unwrap_or(cases);
    let roots: Vec<&Path> = std::iter::once(root).chain(shared).collect();
    let found = |path: &str| roots.iter().map(|root| root.join(path)).find(|path| path.exists());
    if let Some(folder) = found(DIGESTS) {
        lookup.file_hashes = digests(&folder)?;
    }
    for (architecture, digest) in NODEUP {
        let release = &lookup.release;
        let url = format!("https://artifacts.k8s.io/binaries/kops/{release}/linux/{architecture}/nodeup");
        lookup.file_hashes.insert(url, digest.to_owned());
    }
    for (release, digests) in PRERELEASES {
        for (architecture, digests) in ["amd64", "arm64"].iter().zip(digests) {
            for (binary, digest) in ["kubelet", "kubectl"].iter().zip(digests) {
                let url = format!("https://dl.k8s.io/release/v{release}/bin/linux/{architecture}/{binary}");
                lookup.file_hashes.insert(url, digest.to_owned());
            }
        }
    }
    match found("keysets.yaml") {
        Some(file) => lookup.keysets = keysets(&file)?,
        None => {
            eprintln!("no keysets.yaml beside the cases: certificates and all digests over them will differ")
        }
    }
    Ok(lookup)
}

/// A file of kops's asset data.
#[derive(Deserialize)]
struct Digests {
    filestores: Vec<FileStore>,
    files: Vec<Digest>,
}

#[derive(Deserialize)]
struct FileStore {
    base: String,
}

#[derive(Deserialize)]
struct Digest {
    name: String,
    sha256: String,
}

/// The SHA-256 of every released file that a folder of asset data knows, by URL.
fn digests(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let Digests { filestores, files } = read(&entry?.path())?;
        for FileStore { base } in filestores {
            all.extend(files.iter().map(|file| (format!("{base}{}", file.name), file.sha256.clone())));
        }
    }
    Ok(all)
}

/// A set of keys: the certificate of the signing key, and that of another trusted key.
#[derive(Deserialize)]
struct Certificates {
    primary: String,
    secondary: String,
}

fn keysets(file: &Path) -> Result<BTreeMap<String, Keyset>, Failure> {
    let given: BTreeMap<String, Certificates> = read(file)?;
    let keyset = |Certificates { primary, secondary }| {
        let (primary, secondary) = (Key::new(&primary)?, Key::new(&secondary)?);
        let id = primary.id.clone();
        Keyset::new(&id, [primary, secondary])
    };
    given.into_iter().map(|(name, certificates)| Ok((name, keyset(certificates)?))).collect()
}

fn read<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(file)?;
    Ok(serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?)
}
