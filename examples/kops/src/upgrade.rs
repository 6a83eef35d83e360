//! `upgrade cluster`: shows what the cluster's channel recommends, and with `--yes` changes the spec. The next update
//! applies it.

use landform::cli::Table;
use landform::kops::spec::values::text;
use landform::kops::{Lookup as _, Version, check_replacement, validate};

use crate::Failure;
use crate::arguments::{Common, Upgrade};
use crate::store::Store;
use crate::world::World;

pub async fn run(
    common: &Common,
    Upgrade::Cluster { cluster, channel, kubernetes_version, yes }: Upgrade,
) -> Result<(), Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(cluster.as_deref())?);
    let old = store.spec(&name).await?;
    let mut new = old.clone();
    // Each change as a row of the table: item, field, old value, new value.
    let mut changes: Vec<[String; 4]> = Vec::new();
    if let Some(channel) = channel.filter(|channel| *channel != old.cluster.spec.channel) {
        let before = std::mem::replace(&mut new.cluster.spec.channel, channel.clone());
        changes.push(["Cluster".into(), "spec.channel".into(), before, channel]);
    }
    let lookup = World::open(common, &store, &new).await?.lookup(common, &store, &new).await?;
    let cluster = &mut new.cluster.spec;
    let before = cluster.kubernetes_version.as_deref().cloned();
    let recommended = lookup.recommended_version(&cluster.channel);
    let version = match &kubernetes_version {
        Some(given) => {
            let version = Version::parse(given);
            let version =
                version.ok_or_else(|| format!("--kubernetes-version {given:?}: expected a version"))?;
            if before.as_ref().is_some_and(|before| version < *before) {
                return Err(format!("--kubernetes-version {given}: the cluster has a newer version").into());
            }
            version
        }
        None => before.clone().max(recommended).ok_or("the channel recommends no version of Kubernetes")?,
    };
    // A cluster whose spec has no version gets the recommended one anyway.
    if let Some(before) = before.filter(|before| *before < version) {
        let row =
            ["Cluster".into(), "spec.kubernetesVersion".into(), before.to_string(), version.to_string()];
        changes.push(row);
        cluster.kubernetes_version = Some(version.clone().into());
    }
    for group in &mut new.groups {
        let (name, image) = (&group.metadata.name, &mut group.spec.image);
        let known = lookup.channel.as_ref().is_some_and(|channel| channel.has_image(image));
        if !known {
            if !image.is_empty() {
                eprintln!("InstanceGroup/{name}: keeps the image {image}, which is not from the channel");
            }
            continue;
        }
        let machine = lookup.machine_type(&group.spec.machine_type).unwrap_or_default();
        let recommended = lookup.default_image(text(&cluster.cloud_provider), &version, machine.architecture);
        if let Some(recommended) = recommended.filter(|recommended| recommended != image) {
            let before = std::mem::replace(image, recommended.clone());
            changes.push([format!("InstanceGroup/{name}"), "spec.image".into(), before, recommended]);
        }
    }
    if changes.is_empty() {
        println!("No upgrade required");
        return Ok(());
    }
    print!("{}", Table::new(["ITEM", "PROPERTY", "OLD", "NEW"], changes));
    if !yes {
        println!("\nMust specify --yes to perform upgrade");
        return Ok(());
    }
    check_replacement(&old, &new)?;
    validate(&new)?;
    store.replace(&new).await?;
    println!(
        "\nUpdates applied to configuration.\nYou can now apply these changes, using: kops update cluster {name}"
    );
    Ok(())
}
