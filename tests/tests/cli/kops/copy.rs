//! `get assets --copy`: what machines download goes to the cluster's own file server and registry.

use std::fs;

use serde_json::Value;

use super::shelf::Shelf;
use super::{Clusters, NAME, Ran};

/// A cluster whose machines use a file server and a registry of its own, and what fills them: a mirror of the files, and
/// a registry that passes on images.
struct Closed {
    clusters: Clusters,
    shelf: Shelf,
    files: Vec<[String; 2]>,
    images: Vec<[String; 2]>,
}

const LOCKED: &str = "--file-hashes hashes.lock";

impl Closed {
    fn new() -> Self {
        let shelf = Shelf::open();
        let clusters = Clusters::new();
        let desk = &clusters.0;
        let spec = fs::read_to_string(desk.path().join("cluster_spec.yml")).unwrap();
        let own = format!(
            "spec:\n  assets:\n    fileRepository: http://{0}/files\n    containerRegistry: {0}/k8s\n",
            shelf.address
        );
        desk.write("cluster_spec.yml", spec.replacen("spec:\n", &own, 1));
        clusters.succeed("create -f cluster_spec.yml");
        let all = clusters.succeed(&format!("get assets --name {NAME} -o json")).out;
        let all: Value = serde_json::from_str(&all).unwrap();
        let pairs = |kind: &str| -> Vec<[String; 2]> {
            let pairs = all[kind].as_array().unwrap().iter();
            pairs
                .map(|one| ["canonical", "download"].map(|of| one[of].as_str().unwrap().to_owned()))
                .collect()
        };
        let (files, images) = (pairs("files"), pairs("images"));
        for [usual, _] in &files {
            desk.write(
                &format!("mirror/{}", usual.strip_prefix("https://").unwrap()),
                format!("what {usual} has"),
            );
        }
        for [usual, _] in &images {
            let (repository, tag) = usual.rsplit_once(':').unwrap();
            let repository = repository.split_once('@').map_or(repository, |(name, _)| name);
            shelf.has.lock().unwrap().stock(&format!("through/{repository}"), tag);
        }
        clusters.succeed(&format!("get assets --name {NAME} {LOCKED} --refresh mirror"));
        desk.write(
            "docker/config.json",
            format!(r#"{{"auths": {{"{}": {{"auth": "YWRhOmh1c2g="}}}}}}"#, shelf.address),
        );
        Self { clusters, shelf, files, images }
    }

    fn copy(&self, configuration: &str) -> Ran {
        let line = format!(
            "get assets --name {NAME} {LOCKED} --copy --mirror mirror --pull-through {}/through",
            self.shelf.address
        );
        let output = self.clusters.command(&line).env("DOCKER_CONFIG", configuration).output().unwrap();
        let [out, errors] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ran { code: output.status.code(), out, errors }
    }
}

#[test]
fn a_closed_network_gets_its_own_copies() {
    let closed = Closed::new();
    assert!(closed.files.len() > 10 && closed.images.len() > 8, "{:?}", closed.images);
    let host = closed.shelf.address.to_string();

    // Without credentials the files arrive, and each image is named.
    let ran = closed.copy("nowhere");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.errors.contains(&format!("{} could not be copied", closed.images.len())), "{}", ran.errors);
    assert!(ran.out.contains(&format!("{} copied, 0 already there", closed.files.len())), "{}", ran.out);

    let ran = closed.copy("docker");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let (images, files) = (closed.images.len(), closed.files.len());
    assert!(ran.out.contains(&format!("{images} copied, {files} already there")), "{}", ran.out);
    {
        let has = closed.shelf.has.lock().unwrap();
        for [usual, own] in &closed.files {
            let path = own.strip_prefix(&format!("http://{host}")).unwrap();
            assert_eq!(has.files[path], format!("what {usual} has"), "{own}");
            assert_eq!(has.files[&format!("{path}.sha256")].len(), 65, "{own}");
        }
        for [usual, own] in &closed.images {
            let place = |name: &str| {
                let (repository, tag) = name.rsplit_once(':').unwrap();
                (repository.to_owned(), tag.to_owned())
            };
            let from = &has.manifests[&place(&format!("through/{usual}"))];
            let to = &has.manifests[&place(own.strip_prefix(&format!("{host}/")).unwrap())];
            assert_eq!(from, to, "{own}");
        }
    }

    let ran = closed.copy("docker");
    assert!(ran.out.contains(&format!("0 copied, {} already there", images + files)), "{ran:?}");

    // What a stopped copy did not reach comes with the next one, and a file of another content does not.
    let [usual, own] = &closed.files[0];
    let [_, image] = &closed.images[0];
    {
        let mut has = closed.shelf.has.lock().unwrap();
        let path = own.strip_prefix(&format!("http://{host}")).unwrap();
        has.files.remove(&format!("{path}.sha256")).unwrap();
        let (repository, tag) = image.strip_prefix(&format!("{host}/")).unwrap().rsplit_once(':').unwrap();
        has.manifests.remove(&(repository.to_owned(), tag.to_owned())).unwrap();
    }
    let mirrored = format!("mirror/{}", usual.strip_prefix("https://").unwrap());
    closed.clusters.0.write(&mirrored, "something else");
    let ran = closed.copy("docker");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.errors.contains(&format!("{usual} to {own}: the file has the SHA-256")), "{}", ran.errors);
    assert!(ran.out.contains(&format!("1 copied, {} already there", images + files - 2)), "{}", ran.out);
}

#[test]
fn a_cluster_without_a_place_of_its_own_has_nothing_to_copy() {
    let clusters = Clusters::with_cluster();
    clusters.0.write("hashes.lock", "");
    let copy = format!("get assets --name {NAME} {LOCKED} --copy");
    clusters.refuse(&copy, &["spec.assets has neither fileRepository nor containerRegistry"]);
}
