//! The objects that exist from the start: regions, zones, machine types, disk types, public images.

use serde_json::{Map, Value as Json, json};

use super::{
    link::{self, Scope},
    world::World,
};
use crate::settings::Image;

/// A region.
pub(crate) struct Region {
    pub name: &'static str,
    pub zones: Vec<String>,
    /// The range of its subnetwork in auto mode networks.
    pub auto: Option<&'static str>,
}

/// All regions, by name.
pub(crate) fn regions() -> Vec<Region> {
    let lines = include_str!("places.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut words = line.split(' ');
            let (name, zones, auto) = (words.next()?, words.next()?, words.next()?);
            let zones = zones.chars().map(|zone| format!("{name}-{zone}")).collect();
            Some(Region { name, zones, auto: (auto != "-").then_some(auto) })
        })
        .collect()
}

/// The images that always exist.
pub(crate) fn images() -> impl Iterator<Item = Image> {
    include_str!("images.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split(' ').map(str::to_owned);
        let (project, name, family) = (words.next()?, words.next()?, words.next()?);
        Some(Image { project, name, family: (family != "-").then_some(family) })
    })
}

impl World {
    pub(crate) fn has_scope(&self, scope: &Scope) -> bool {
        match scope {
            Scope::Global => true,
            Scope::Region(name) => self.regions.iter().any(|region| region.name == name),
            Scope::Zone(name) => {
                self.regions.iter().any(|region| region.zones.iter().any(|zone| zone == name))
            }
        }
    }

    /// An object that exists from the start, by its path.
    pub(crate) fn given(&self, path: &str) -> Option<Json> {
        let parts: Vec<_> = path.split('/').collect();
        match parts.as_slice() {
            ["projects", project, "regions", region] => self.region(project, region),
            ["projects", project, "zones", zone] => self.zone(project, zone),
            ["projects", project, "zones", zone, "machineTypes", name] => {
                self.machine_type(project, zone, name)
            }
            ["projects", project, scope @ ("zones" | "regions"), place, "diskTypes", name] => {
                self.disk_type(project, scope, place, name)
            }
            ["projects", project, "global", "images", name] => self.public_image(project, name),
            _ => None,
        }
    }

    /// All objects of a collection that exist from the start.
    pub(crate) fn all_given(&self, collection: &str) -> Vec<Json> {
        let parts: Vec<_> = collection.split('/').collect();
        let names: Vec<String> = match parts.as_slice() {
            ["projects", _, "regions"] => self.regions.iter().map(|region| region.name.to_owned()).collect(),
            ["projects", _, "zones"] => self.regions.iter().flat_map(|region| region.zones.clone()).collect(),
            ["projects", _, "zones", _, "machineTypes"] => machine_types().map(|(name, ..)| name).collect(),
            ["projects", _, "zones" | "regions", _, "diskTypes"] => {
                DISK_TYPES.iter().map(|name| (*name).to_owned()).collect()
            }
            ["projects", project, "global", "images"] => {
                let images = self.images.iter().filter(|image| image.project == *project);
                images.map(|image| image.name.clone()).collect()
            }
            _ => Vec::new(),
        };
        names.iter().filter_map(|name| self.given(&format!("{collection}/{name}"))).collect()
    }

    fn region(&self, project: &str, name: &str) -> Option<Json> {
        let region = self.regions.iter().find(|region| region.name == name)?;
        let zones = region.zones.iter().map(|zone| link::url(&format!("projects/{project}/zones/{zone}")));
        let path = format!("projects/{project}/regions/{name}");
        let mut object = self.fixed("region", &path, name);
        object["status"] = json!("UP");
        object["supportsPzs"] = json!(false);
        object["zones"] = zones.collect();
        object["quotas"] = self.quotas.of_region(project, name);
        Some(object)
    }

    fn zone(&self, project: &str, name: &str) -> Option<Json> {
        let region = self.regions.iter().find(|region| region.zones.iter().any(|zone| zone == name))?;
        let mut object = self.fixed("zone", &format!("projects/{project}/zones/{name}"), name);
        object["availableCpuPlatforms"] = json!([
            "Ampere Altra",
            "Intel Broadwell",
            "Intel Cascade Lake",
            "Intel Emerald Rapids",
            "AMD Genoa",
            "NVIDIA Grace",
            "Intel Granite Rapids",
            "Intel Haswell",
            "Intel Ice Lake",
            "Intel Ivy Bridge",
            "Google Axion",
            "AMD Milan",
            "AMD Rome",
            "Intel Sandy Bridge",
            "Intel Sapphire Rapids",
            "Intel Skylake",
            "AMD Turin"
        ]);
        object["region"] = json!(link::url(&format!("projects/{project}/regions/{}", region.name)));
        object["status"] = json!("UP");
        object["supportsPzs"] = json!(false);
        Some(object)
    }

    fn machine_type(&self, project: &str, zone: &str, name: &str) -> Option<Json> {
        let (_, cpus, memory, shared) = machine_types().find(|(known, ..)| known == name)?;
        self.has_scope(&Scope::Zone(zone.to_owned())).then_some(())?;
        let mut object =
            self.fixed("machineType", &format!("projects/{project}/zones/{zone}/machineTypes/{name}"), name);
        object["description"] = json!(format!("{cpus} vCPU, {} GB RAM", memory / 1024));
        object["guestCpus"] = json!(cpus);
        object["memoryMb"] = json!(memory);
        object["isSharedCpu"] = json!(shared);
        object["maximumPersistentDisks"] = json!(128);
        object["maximumPersistentDisksSizeGb"] = json!("263168");
        object["architecture"] =
            json!(if name.starts_with("t2a") || name.starts_with("c4a") { "ARM64" } else { "X86_64" });
        object["zone"] = json!(zone);
        Some(object)
    }

    fn disk_type(&self, project: &str, scope: &str, place: &str, name: &str) -> Option<Json> {
        DISK_TYPES.contains(&name).then_some(())?;
        let known = match scope {
            "zones" => Scope::Zone(place.to_owned()),
            _ => Scope::Region(place.to_owned()),
        };
        self.has_scope(&known).then_some(())?;
        let mut object =
            self.fixed("diskType", &format!("projects/{project}/{scope}/{place}/diskTypes/{name}"), name);
        object["defaultDiskSizeGb"] = json!(default_size(name).to_string());
        object["validDiskSize"] = json!("10GB-65536GB");
        object[scope.trim_end_matches('s')] =
            json!(link::url(&format!("projects/{project}/{scope}/{place}")));
        Some(object)
    }

    fn public_image(&self, project: &str, name: &str) -> Option<Json> {
        let image = self.images.iter().find(|image| image.project == project && image.name == name)?;
        let mut object = self.fixed("image", &format!("projects/{project}/global/images/{name}"), name);
        if let Some(family) = &image.family {
            object["family"] = json!(family);
        }
        object["diskSizeGb"] = json!("10");
        object["archiveSizeBytes"] = json!("1000000000");
        object["architecture"] = json!(if name.contains("arm64") { "ARM64" } else { "X86_64" });
        object["sourceType"] = json!("RAW");
        object["status"] = json!("READY");
        object["storageLocations"] = json!(["us"]);
        Some(object)
    }

    /// The fields that every object has. The path determines the id.
    fn fixed(&self, kind: &str, path: &str, name: &str) -> Json {
        let id =
            path.bytes().fold(1_u64, |sum, byte| sum.wrapping_mul(131).wrapping_add(byte.into())) % ID_LIMIT;
        let mut object = Map::new();
        object.insert("kind".to_owned(), json!(format!("compute#{kind}")));
        object.insert("id".to_owned(), json!(id.to_string()));
        object.insert("creationTimestamp".to_owned(), json!("1969-12-31T16:00:00.000-08:00"));
        object.insert("name".to_owned(), json!(name));
        object.insert("description".to_owned(), json!(name));
        object.insert("selfLink".to_owned(), json!(link::url(path)));
        Json::Object(object)
    }
}

/// Ids have at most 18 digits, so that a client that reads them as signed numbers never sees a negative one.
const ID_LIMIT: u64 = 1_000_000_000_000_000_000;

/// The disk types.
const DISK_TYPES: [&str; 6] =
    ["hyperdisk-balanced", "local-ssd", "pd-balanced", "pd-extreme", "pd-ssd", "pd-standard"];

/// The default size of a disk of a type, in GB.
pub(crate) fn default_size(disk_type: &str) -> u64 {
    match disk_type {
        "pd-standard" => 500,
        "local-ssd" => 375,
        "pd-extreme" => 1000,
        _ => 100,
    }
}

/// Machine types: name, virtual CPUs, memory in MB, whether the CPU is shared.
pub(crate) fn machine_types() -> impl Iterator<Item = (String, u64, u64, bool)> {
    let shared =
        [("e2-micro", 1024), ("e2-small", 2048), ("e2-medium", 4096), ("f1-micro", 614), ("g1-small", 1740)];
    let shared = shared
        .into_iter()
        .map(|(name, memory)| (name.to_owned(), if name.starts_with("e2") { 2 } else { 1 }, memory, true));
    // The family, its sizes, and the memory per CPU in MB of standard, highmem and highcpu.
    type Family = (&'static str, &'static [u64], [Option<u64>; 3]);
    let families: [Family; 12] = [
        ("c2", &[4, 8, 16, 30, 60], [Some(4096), None, None]),
        ("c2d", &[2, 4, 8, 16, 32, 56, 112], [Some(4096), Some(8192), Some(2048)]),
        ("c3", &[4, 8, 22, 44, 88, 176], [Some(4096), Some(8192), Some(2048)]),
        ("c4", &[2, 4, 8, 16, 32, 48, 96, 192], [Some(3840), Some(7936), Some(2048)]),
        ("c4a", &[1, 2, 4, 8, 16, 32, 48, 64, 72], [Some(4096), Some(8192), Some(2048)]),
        ("e2", &[2, 4, 8, 16, 32], [Some(4096), Some(8192), Some(1024)]),
        ("n1", &[1, 2, 4, 8, 16, 32, 64, 96], [Some(3840), Some(6656), Some(922)]),
        ("n2", &[2, 4, 8, 16, 32, 48, 64, 80, 96, 128], [Some(4096), Some(8192), Some(1024)]),
        ("n2d", &[2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224], [Some(4096), Some(8192), Some(1024)]),
        ("n4", &[2, 4, 8, 16, 32, 48, 64, 80], [Some(4096), Some(8192), Some(2048)]),
        ("t2a", &[1, 2, 4, 8, 16, 32, 48], [Some(4096), None, None]),
        ("t2d", &[1, 2, 4, 8, 16, 32, 48, 60], [Some(4096), None, None]),
    ];
    let others = families.into_iter().flat_map(|(family, sizes, memories)| {
        let kinds = ["standard", "highmem", "highcpu"].into_iter().zip(memories);
        kinds.flat_map(move |(kind, memory)| {
            let sizes = sizes.iter().filter(move |size| **size > 1 || kind == "standard");
            sizes.filter_map(move |size| {
                Some((format!("{family}-{kind}-{size}"), *size, size * memory?, false))
            })
        })
    });
    shared.chain(others)
}
