//! kops's own cases: the layer reads what kops reads, and makes the same resources, attribute by attribute.
//!
//! The tests read the cases in place: from `$LANDFORM_KOPS`, a checkout of kops or a folder with its layout, or else
//! from `../shared/kops` and `../shared/kops-more` beside the repository. Without them, these tests say so and compare
//! nothing.

use crate::rendered::{canonical, google, rendered};
use landform_core::Stack;
use landform_kops::spec::Cloud;
use landform_kops::{FixedLookup, MissingAddons, Options, Spec, cluster, gce, validate};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Once, OnceLock};

/// Parts of kops's output that are not compared, besides everything that is not a resource (locals, outputs, providers,
/// data).
mod left_out {
    /// The cluster's files in its store; [`documents`](crate::documents) compares them.
    pub const RESOURCES: [&str; 1] = ["aws_s3_object"];
    /// `user_data`: the machines' scripts, whose text differs from kops's. Another test compares their documents.
    /// `lifecycle`: how Terraform goes about a change; here it is the engine's, and no argument of a resource.
    pub const FIELDS: [&str; 2] = ["user_data", "lifecycle"];
    /// The machines' scripts in the metadata of a template on Google.
    pub const METADATA: [&str; 2] = ["user-data", "startup-script"];
}

/// Fields whose values kops quotes. `"30"` and `30` are equal there in Terraform.
const QUOTED: [&str; 2] = ["connection_termination", "deregistration_delay"];

/// Intended differences from kops on AWS: the case, the address, and the field by its JSON pointer.
const ON_PURPOSE: [(&str, &str, &str); 2] = [
    // The spec keeps this volume, but kops lets the cloud delete it.
    (
        "complex",
        "aws_launch_template.nodes-complex-example-com",
        "/block_device_mappings/1/ebs/delete_on_termination",
    ),
    // kops's Terraform output omits the requirements, but kops's own requests have them.
    (
        "spot-requirements-warmpool",
        "aws_autoscaling_group.spot-needs-batch-example-com",
        "/mixed_instances_policy/launch_template/override",
    ),
];

/// Intended differences from kops on Google, beside members instead of bindings ([`google::members`]). Machines of this
/// case give alias addresses to their pods. kops's Terraform output omits the ranges, but kops's own requests have them.
const ON_PURPOSE_ON_GOOGLE: [(&str, &str, &str); 3] = [
    (
        "gce-dns-none-gpu",
        "google_compute_instance_template.cpu-gml-example-com",
        "/network_interface/alias_ip_range",
    ),
    (
        "gce-dns-none-gpu",
        "google_compute_instance_template.gpu-gml-example-com",
        "/network_interface/alias_ip_range",
    ),
    (
        "gce-dns-none-gpu",
        "google_compute_instance_template.master-us-test1-b-gml-example-com",
        "/network_interface/alias_ip_range",
    ),
];

/// A case of kops's suite.
pub struct Case {
    pub name: String,
    pub folder: PathBuf,
}

impl Case {
    pub fn text(&self, file: &str) -> String {
        let path = self.folder.join(file);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Whether the case's cluster runs on a cloud.
    pub fn is_on(&self, cloud: Cloud) -> bool {
        self.spec("in-v1alpha2.yaml").cluster.spec.is_on(cloud)
    }

    /// A spec, read as kops reads it.
    fn spec(&self, file: &str) -> Spec {
        let read = Spec::parse_as_kops(&self.name, &self.text(file));
        read.unwrap_or_else(|problems| panic!("{problems}")).0
    }

    pub fn has_output(&self) -> bool {
        self.folder.join("kubernetes.tf").is_file()
    }

    /// The case's resources as the layer makes them. Fails if there is a problem.
    fn made(&self, spec: &str) -> BTreeMap<String, Value> {
        let mut made = rendered(&self.stack(spec, world()));
        made.retain(|address, _| {
            !left_out::RESOURCES.contains(&address.split('.').next().unwrap_or_default())
        });
        made.values_mut().for_each(leave_out_fields);
        made
    }

    /// The case's stack. Fails if there is a problem.
    pub fn stack(&self, spec: &str, lookup: &FixedLookup) -> Stack {
        let mut lookup = lookup.clone();
        lookup.secrets.entry("encryptionconfig".into()).or_default();
        let spec = self.spec(spec);
        let mut stack = Stack::new("cluster");
        let made = if spec.cluster.spec.is_on(Cloud::Gce) {
            gce::cluster(&mut stack, &spec, &self.options(), &lookup.on_google()).map(drop)
        } else {
            cluster(&mut stack, &spec, &self.options(), &lookup).map(drop)
        };
        made.unwrap_or_else(|problems| panic!("{}: {problems}", self.name));
        stack.check().unwrap_or_else(|problems| panic!("{}: {problems}", self.name));
        stack
    }

    fn options<E>(&self) -> Options<E> {
        Options {
            ssh_public_key: Some(self.text("id_rsa.pub")),
            // They count as documents that differ.
            missing_addons: MissingAddons::LeftOut,
            ..Options::default()
        }
    }

    /// All resources of one of kops's Terraform files, unchanged.
    pub fn resources(&self, file: &str) -> BTreeMap<String, Value> {
        let tree: Value =
            hcl::from_str(&self.text(file)).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let of_types = tree["resource"].as_object().unwrap().iter();
        let all = of_types.flat_map(|(of_type, named)| {
            let named = named.as_object().unwrap().iter();
            named.map(move |(name, body)| (format!("{of_type}.{name}"), body.clone()))
        });
        all.collect()
    }

    /// The case's resources in a Terraform file of kops's.
    fn wanted(&self, file: &str) -> BTreeMap<String, Value> {
        let mut all = BTreeMap::new();
        for (address, body) in self.resources(file) {
            if left_out::RESOURCES.contains(&address.split('.').next().unwrap_or_default()) {
                continue;
            }
            let mut body = body;
            leave_out_fields(&mut body);
            let mut body = body.as_object().unwrap().clone();
            body.values_mut().for_each(|value| self.fill_in(value));
            body.iter_mut().filter(|(field, _)| QUOTED.contains(&field.as_str())).for_each(|(_, value)| {
                *value = serde_json::from_str(value.as_str().unwrap()).unwrap();
            });
            all.insert(address, canonical(&body.into(), ""));
        }
        all
    }

    /// Replaces the name of a file with the file's text.
    fn fill_in(&self, value: &mut Value) {
        let named = value.as_str().and_then(|text| {
            text.strip_prefix("${file(\"${path.module}/").and_then(|text| text.strip_suffix("\")}"))
        });
        if let Some(file) = named {
            *value = self.text(file).trim_end().into();
        }
    }
}

/// Removes the fields that are not compared.
fn leave_out_fields(resource: &mut Value) {
    let Some(fields) = resource.as_object_mut() else { return };
    fields.retain(|field, _| !left_out::FIELDS.contains(&field.as_str()));
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !left_out::METADATA.contains(&key.as_str()));
    }
}

/// The lookup of the cases.
pub fn world() -> &'static FixedLookup {
    static WORLD: OnceLock<FixedLookup> = OnceLock::new();
    WORLD.get_or_init(|| {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/kops");
        let root = std::env::var_os("LANDFORM_KOPS").map_or_else(|| shared.clone(), PathBuf::from);
        let cases = root.join("tests/integration/update_cluster");
        landform_testkit::kops::world::lookup(&cases, shared.is_dir().then_some(&*shared)).unwrap()
    })
}

/// The folders of kops's cases of a kind, such as `tests/integration/update_cluster`; none where kops's data is not, which
/// is told once.
pub fn kops_folders(kind: &str) -> Vec<PathBuf> {
    static TOLD: Once = Once::new();
    if let Some(kops) = std::env::var_os("LANDFORM_KOPS") {
        let cases = Path::new(&kops).join(kind);
        assert!(cases.is_dir(), "LANDFORM_KOPS: there is no {}", cases.display());
        return vec![cases];
    }
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folders = ["kops", "kops-more"].map(|folder| shared.join(folder));
    if folders.iter().all(|folder| folder.is_dir()) {
        return folders
            .map(|folder| folder.join(kind))
            .into_iter()
            .filter(|folder| folder.is_dir())
            .collect();
    }
    // `eprintln` would show nothing for a test that passes.
    TOLD.call_once(|| {
        let told = writeln!(
            std::io::stderr(),
            "\nNOT COMPARED WITH KOPS: there is no {} with kops and kops-more. Set LANDFORM_KOPS to a checkout of kops (or a folder laid out \
             as one) to compare.\n",
            shared.display()
        );
        told.unwrap();
    });
    Vec::new()
}

/// The cases of `update cluster`, by name.
pub fn cases() -> Vec<Case> {
    static FOLDERS: OnceLock<Vec<PathBuf>> = OnceLock::new();
    let folders = FOLDERS.get_or_init(|| kops_folders("tests/integration/update_cluster"));
    let mut cases = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let found = entries.filter(|entry| entry.path().join("in-v1alpha2.yaml").is_file());
        cases.extend(
            found.map(|entry| Case { name: entry.file_name().into_string().unwrap(), folder: entry.path() }),
        );
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(folders.is_empty() || cases.len() >= 50, "found {} of 50 cases", cases.len());
    cases
}

/// The numbers of equal resources, of resources that differ on purpose and of all resources, and the other differences.
#[derive(Default)]
struct Score {
    equal: usize,
    on_purpose: usize,
    total: usize,
    differences: Vec<String>,
}

impl Score {
    /// Compares the wanted resources with those that the layer makes.
    fn compare(&mut self, case: &Case, wanted: &BTreeMap<String, Value>, made: &BTreeMap<String, Value>) {
        for (address, wanted) in wanted {
            self.total += 1;
            match made.get(address) {
                Some(made) if made == wanted => self.equal += 1,
                Some(made) if on_purpose(case, address, wanted, made) => self.on_purpose += 1,
                Some(made) => self.differ(case, address, &format!("made   {made}\n  wanted {wanted}")),
                None => self.differ(case, address, "not made"),
            }
        }
    }

    fn differ(&mut self, case: &Case, address: &str, how: &str) {
        self.differences.push(format!("{} {address}\n  {how}", case.name));
    }

    /// Tells the figures, and checks the number of resources that differ on purpose.
    fn tell(&self, cloud: &str, compared: usize, expected_on_purpose: usize) {
        if compared == 0 {
            return;
        }
        let Score { equal, on_purpose, total, .. } = self;
        let told =
            format!("{equal}/{total} resources of {compared} cases equal, {on_purpose} other on purpose");
        // `eprintln` would show nothing for a test that passes.
        let written = writeln!(std::io::stderr(), "compared with kops on {cloud}: {told}");
        written.unwrap();
        assert_eq!(*on_purpose, expected_on_purpose);
    }

    fn must_be_whole(&self) {
        let Self { equal, total, differences, .. } = self;
        let shown = &differences[..differences.len().min(20)];
        assert!(differences.is_empty(), "{equal}/{total} equal\n{}", shown.join("\n"));
    }
}

/// Whether two resources differ only in the listed fields.
fn on_purpose(case: &Case, address: &str, wanted: &Value, made: &Value) -> bool {
    let (mut wanted, mut made) = (wanted.clone(), made.clone());
    for (_, _, field) in ON_PURPOSE
        .iter()
        .chain(&ON_PURPOSE_ON_GOOGLE)
        .filter(|(of, at, _)| *of == case.name && *at == address)
    {
        for value in [&mut wanted, &mut made] {
            let (parent, key) = field.rsplit_once('/').unwrap();
            value.pointer_mut(parent).and_then(Value::as_object_mut).map(|fields| fields.remove(key));
        }
    }
    wanted == made
}

#[test]
fn every_spec_is_read_and_valid() {
    for case in cases() {
        for file in ["in-v1alpha2.yaml", "in-legacy-v1alpha2.yaml"] {
            let path = case.folder.join(file);
            if path.is_file() {
                validate(&case.spec(file)).unwrap_or_else(|problems| panic!("{problems}"));
            }
        }
    }
}

#[test]
fn every_aws_case_is_made_as_kops_makes_it() {
    let mut score = Score::default();
    let mut compared = 0;
    for case in cases() {
        if !case.has_output() || !case.is_on(Cloud::Aws) {
            continue;
        }
        compared += 1;
        let (wanted, made) = (case.wanted("kubernetes.tf"), case.made("in-v1alpha2.yaml"));
        score.compare(&case, &wanted, &made);
        for address in made.keys().filter(|address| !wanted.contains_key(*address)) {
            score.differ(&case, address, "made, not wanted");
        }
    }
    score.must_be_whole();
    score.tell("AWS", compared, ON_PURPOSE.len());
}

#[test]
fn every_google_case_is_made_as_kops_makes_it() {
    let mut score = Score::default();
    let (mut compared, mut members) = (0, 0);
    for case in cases() {
        if !case.has_output() || !case.is_on(Cloud::Gce) {
            continue;
        }
        compared += 1;
        let mut wanted = case.wanted("kubernetes.tf");
        let mut made = case.made("in-v1alpha2.yaml");
        google::adopt_form(&mut wanted, &mut made);
        members += google::members(&mut wanted);
        score.compare(&case, &wanted, &made);
        for address in made.keys().filter(|address| !wanted.contains_key(*address)) {
            score.differ(&case, address, "made, not wanted");
        }
    }
    score.must_be_whole();
    score.equal -= members;
    score.on_purpose += members;
    score.tell("Google", compared, ON_PURPOSE_ON_GOOGLE.len() + members);
    assert!(compared == 0 || members > 0, "no case grants a role");
}

/// Cases in which kops makes only the network. The other cases include it.
#[test]
fn the_network_phase_is_part_of_the_whole() {
    let mut score = Score::default();
    for case in cases().iter().filter(|case| case.folder.join("network-kubernetes.tf").is_file()) {
        score.compare(case, &case.wanted("network-kubernetes.tf"), &case.made("in-v1alpha2.yaml"));
    }
    score.must_be_whole();
}

#[test]
fn older_spellings_mean_the_same() {
    for case in cases().iter().filter(|case| case.folder.join("in-legacy-v1alpha2.yaml").is_file()) {
        assert_eq!(case.made("in-legacy-v1alpha2.yaml"), case.made("in-v1alpha2.yaml"), "{}", case.name);
    }
}
