//! `toolbox dump`: lists the cloud's resources of a cluster from the engine's state. It shows names and ids only.

use landform::cli::Table;
use serde_json::json;

use crate::arguments::{Common, Output, Toolbox};
use crate::store::Store;
use crate::world::World;
use crate::{Failure, get};

pub async fn run(common: &Common, Toolbox::Dump { cluster, form }: Toolbox) -> Result<(), Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(cluster.as_deref())?);
    let spec = store.spec(&name).await?;
    let state = World::open(common, &store, &spec)?.engine(&store, &name)?.state(&name).await?;
    let mut found: Vec<[String; 3]> = state
        .objects()
        .map(|(key, object)| {
            [object.type_name.to_string(), key.address.name().to_owned(), object.id.to_string()]
        })
        .collect();
    found.sort();
    if form.output == Output::Table {
        print!("{}", Table::new(["TYPE", "NAME", "ID"], found));
        return Ok(());
    }
    let items = found.iter().map(|[of, name, id]| json!({ "type": of, "name": name, "id": id }));
    get::shown(vec![json!({ "resources": items.collect::<Vec<_>>() })], form.output)
}
