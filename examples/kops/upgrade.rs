//! `upgrade cluster`: shows what the cluster's channel recommends, and with `--yes` changes the spec. The next update
//! applies it.

use landform::cli::Table;
use landform::kops::{Lookup as _, Part, Spec, Version, check_replacement, validate};

use crate::Failure;
use crate::arguments::{Common, Upgrade};
use crate::store::Store;
use crate::world::World;

/// A field to change.
struct Change<'a> {
    part: Part<'a>,
    item: String,
    path: &'static str,
    old: String,
    new: String,
}

pub async fn run(
    common: &Common,
    Upgrade::Cluster { cluster, channel, yes }: Upgrade,
) -> Result<(), Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(cluster.as_deref())?);
    let old = store.spec(&name).await?;
    let mut new = old.clone();
    let mut changes = Vec::new();
    if let Some(channel) = channel.filter(|channel| *channel != old.cluster.spec.channel) {
        new.set(Part::Cluster, &[format!("spec.channel={channel}")])?;
        changes.push(Change {
            part: Part::Cluster,
            item: "Cluster".into(),
            path: "spec.channel",
            old: old.cluster.spec.channel.clone(),
            new: channel,
        });
    }
    let lookup = World::open(common, &store, &new)?.lookup(common, &store, &new).await?;
    let recommended = lookup.recommended_version(&new.cluster.spec.channel);
    let version = version(&mut changes, &old, recommended)?;
    for group in &old.groups {
        let (image, machine) =
            (&group.spec.image, lookup.machine_type(&group.spec.machine_type).unwrap_or_default());
        let known = lookup.channel.as_ref().is_some_and(|channel| channel.has_image(image));
        let cloud = &old.cluster.spec.cloud_provider;
        let recommended = lookup.default_image(cloud, &version, machine.architecture);
        match recommended.filter(|recommended| known && recommended != image) {
            Some(new) => changes.push(Change {
                part: Part::Group(&group.metadata.name),
                item: format!("InstanceGroup/{}", group.metadata.name),
                path: "spec.image",
                old: image.clone(),
                new,
            }),
            None if known || image.is_empty() => {}
            None => eprintln!("{}: the image {image} is its user's own and stays", group.metadata.name),
        }
    }
    if changes.is_empty() {
        println!("No upgrade required");
        return Ok(());
    }
    let row =
        |change: &Change| [change.item.clone(), change.path.into(), change.old.clone(), change.new.clone()];
    print!("{}", Table::new(["ITEM", "PROPERTY", "OLD", "NEW"], changes.iter().map(row)));
    if !yes {
        println!("\nMust specify --yes to perform upgrade");
        return Ok(());
    }
    for change in &changes {
        new.set(change.part, &[format!("{}={}", change.path, change.new)])?;
    }
    check_replacement(&old, &new)?;
    validate(&new)?;
    store.replace(&new).await?;
    println!(
        "\nUpdates applied to configuration.\nYou can now apply these changes, using: kops update cluster {name}"
    );
    Ok(())
}

/// The new version of the cluster: the recommended one, unless the cluster has a newer one.
fn version(changes: &mut Vec<Change>, spec: &Spec, recommended: Option<String>) -> Result<Version, Failure> {
    let parse = |text: &str| {
        Version::parse(text)
            .ok_or_else(|| format!("{text:?}: expected a version of Kubernetes, such as 1.34.1"))
    };
    let old = spec.cluster.spec.kubernetes_version.as_ref();
    let Some(new) = recommended else {
        let old = old.ok_or("the channel recommends no version of Kubernetes")?;
        return Ok(old.value().clone());
    };
    let recommended = parse(&new)?;
    // A cluster without a version has the recommended one already.
    let Some(old) = old else { return Ok(recommended) };
    if recommended <= **old {
        return Ok(old.value().clone());
    }
    let old = old.to_string();
    let (part, item) = (Part::Cluster, "Cluster".to_owned());
    changes.push(Change { part, item, path: "spec.kubernetesVersion", old, new });
    Ok(recommended)
}
