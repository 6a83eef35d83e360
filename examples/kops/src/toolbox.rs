//! `toolbox`: `dump` lists the cloud's resources of a cluster from the engine's state, by names and ids only; the other
//! tools have files of their own.

use landform::cli::Table;
use serde_json::json;

use crate::arguments::{Common, Form, Output, Toolbox};
use crate::store::Store;
use crate::world::World;
use crate::{Failure, get, instance_selector, template};

pub async fn run(common: &Common, toolbox: Toolbox) -> Result<(), Failure> {
    match toolbox {
        Toolbox::Dump { cluster, form } => dump(common, cluster.as_deref(), &form).await,
        Toolbox::Template(options) => template::run(common, &options),
        Toolbox::InstanceSelector(options) => instance_selector::run(common, *options).await,
    }
}

async fn dump(common: &Common, cluster: Option<&str>, form: &Form) -> Result<(), Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(cluster)?);
    let spec = store.spec(&name).await?;
    let state = World::open(common, &store, &spec).await?.engine(&store, &name)?.state(&name).await?;
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
