//! Measures the way from a cluster's spec to its stack on the largest of kops's cases. Run with `cargo bench -p
//! landform-benches --bench kops`. It reads the cases from `../shared/kops` or `$LANDFORM_KOPS`. Without them it
//! measures nothing.
#![allow(missing_docs)]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use landform::Stack;
use landform::kops::{FixedLookup, MissingAddons, Options, Spec, cluster};

/// A case, and the number of its resources.
struct Case {
    name: String,
    text: String,
    key: String,
    resources: usize,
}

impl Case {
    fn read(folder: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(folder.join("in-v1alpha2.yaml")).ok()?;
        let key = std::fs::read_to_string(folder.join("id_rsa.pub")).ok()?;
        let name = folder.file_name()?.to_str()?.to_owned();
        Some(Self { name, text, key, resources: 0 })
    }

    fn spec(&self) -> Option<Spec> {
        Spec::parse_as_kops(&self.name, &self.text).ok().map(|(spec, _)| spec)
    }

    /// The number of resources. `None` for a case on another cloud.
    fn stack(&self, spec: &Spec, lookup: &FixedLookup) -> Option<Stack> {
        let options = Options {
            ssh_public_key: Some(self.key.clone()),
            missing_addons: MissingAddons::LeftOut,
            ..Options::default()
        };
        let mut stack = Stack::new("cluster");
        cluster(&mut stack, spec, &options, lookup).ok()?;
        Some(stack)
    }
}

fn spec_to_stack(criterion: &mut Criterion) {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/kops");
    let root = std::env::var_os("LANDFORM_KOPS").map_or(shared, PathBuf::from);
    let cases = root.join("tests/integration/update_cluster");
    let Ok(entries) = std::fs::read_dir(&cases) else {
        return eprintln!("nothing to measure: {} does not exist", cases.display());
    };
    let lookup =
        landform_testkit::kops::world::lookup(&cases, None).expect("the world of the cases can be read");
    let cases = entries.flatten().filter_map(|entry| Case::read(&entry.path()));
    let largest = cases.map(|case| {
        let resources =
            case.spec().and_then(|spec| case.stack(&spec, &lookup)).map_or(0, |stack| stack.nodes().count());
        Case { resources, ..case }
    });
    let largest = largest.max_by_key(|case| case.resources).expect("there is a case");
    eprintln!("the largest case: {} with {} resources", largest.name, largest.resources);
    let spec = largest.spec().expect("the case can be read");
    let mut group = criterion.benchmark_group("kops");
    group.sample_size(20).throughput(Throughput::Elements(largest.resources as u64));
    group.bench_function("read the spec", |bench| bench.iter(|| black_box(largest.spec())));
    group.bench_function("spec to stack", |bench| bench.iter(|| black_box(largest.stack(&spec, &lookup))));
    let stack = largest.stack(&spec, &lookup).expect("the case can be made");
    group.bench_function("check the stack", |bench| bench.iter(|| black_box(stack.check())));
    group.finish();
}

criterion_group!(benches, spec_to_stack);
criterion_main!(benches);
