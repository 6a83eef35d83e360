//! `export kubeconfig`: adds clusters to the file that kubectl reads.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use landform::kops::spec::DnsType;
use landform::kops::{Kubeconfig, Spec, pki};
use serde_json::{Value, json};

use crate::Failure;
use crate::arguments::{Access, Common, Export, UpdateCluster};
use crate::store::Store;
use crate::world::{self, World};

/// The set of keys that signs the certificates of the API server and of clients.
const AUTHORITY: &str = "kubernetes-ca";
/// The Kubernetes group whose members may do everything.
const ADMINISTRATORS: &str = "system:masters";

pub async fn run(common: &Common, Export::Kubeconfig(options): Export) -> Result<(), Failure> {
    let store = Store::open(common)?;
    let names = match options.all {
        true => store.clusters().await?,
        false => vec![common.cluster(options.cluster.as_deref())?],
    };
    let mut fresh = Vec::new();
    for name in names {
        let spec = store.spec(&name).await?;
        let entries = entries(common, &store, &spec, &options.access).await?;
        fresh.push((name, entries));
    }
    if options.kubeconfig.as_deref() == Some(Path::new("-")) {
        let mut all = String::new();
        for (_, config) in fresh {
            all = written(&merged(&all, config)?)?;
        }
        print!("{all}");
        return Ok(());
    }
    let file = options.kubeconfig.map_or_else(local_file, Ok)?;
    for (name, config) in fresh {
        merge_into(&file, config)?;
        println!("kOps has set your kubectl context to {name}");
    }
    Ok(())
}

/// A cluster's entries for a kubeconfig.
async fn entries(common: &Common, store: &Store, spec: &Spec, access: &Access) -> Result<Value, Failure> {
    let config = config(common, store, spec, access.admin, access.server(spec.name())).await?;
    let mut fresh: Value = serde_saphyr::from_str(&config.document())?;
    if let Some(user) = &access.user {
        fresh["contexts"][0]["context"]["user"] = user.as_str().into();
        fresh["users"] = json!([]);
    }
    Ok(fresh)
}

/// Adds entries to a file of kubectl.
fn merge_into(file: &Path, fresh: Value) -> Result<(), Failure> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("{}: {error}", file.display()).into()),
    };
    let merged = merged(&text, fresh).map_err(|why| format!("{}: {why}", file.display()))?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    write(file, &written(&merged)?)
}

/// The file that reaches a cluster. With `admin`, it holds a new certificate of an administrator.
pub async fn config(
    common: &Common,
    store: &Store,
    spec: &Spec,
    admin: Option<Duration>,
    api_server: Option<String>,
) -> Result<Kubeconfig, Failure> {
    let name = spec.name();
    let Some(authority) = store.keyset(name, AUTHORITY).await? else {
        return Err(format!("{name} has no {AUTHORITY} yet: update cluster {name} --yes makes it").into());
    };
    let balancer = spec.cluster.spec.api.as_ref().and_then(|api| api.load_balancer.as_ref());
    let with_certificate = balancer.is_some_and(|balancer| balancer.ssl_certificate.is_some());
    let server = match api_server {
        Some(server) => server,
        None => {
            let server = server(common, store, spec, with_certificate && admin.is_none()).await?;
            // The usual port shows the load balancer's certificate. This port shows the API server's own.
            if with_certificate && admin.is_some() { format!("{server}:8443") } else { server }
        }
    };
    let client = match admin {
        None => None,
        Some(lasts) => {
            let user = format!("kubecfg-{}", std::env::var("USER").unwrap_or_else(|_| "root".into()));
            let issued = pki::client(&authority, &user, ADMINISTRATORS, SystemTime::now(), lasts)?;
            Some((issued.certificate, issued.private_key))
        }
    };
    Ok(Kubeconfig {
        cluster: name.to_owned(),
        user: name.to_owned(),
        tls_server_name: format!("api.internal.{name}"),
        authorities: authority.keyset()?.certificates(),
        server,
        client,
    })
}

/// Adds a cluster to kubectl's file, if the options of the update ask for it. Keeps the file's other entries.
pub async fn local(
    common: &Common,
    store: &Store,
    spec: &Spec,
    options: &UpdateCluster,
) -> Result<(), Failure> {
    if !options.create_kube_config.unwrap_or(options.access.is_given()) {
        return Ok(());
    }
    merge_into(&local_file()?, entries(common, store, spec, &options.access).await?)?;
    println!("kOps has set your kubectl context to {}", spec.name());
    Ok(())
}

/// kubectl's file: the first in KUBECONFIG, or the one in the user's home.
fn local_file() -> Result<PathBuf, Failure> {
    let named = std::env::var_os("KUBECONFIG").unwrap_or_default();
    if let Some(file) = std::env::split_paths(&named).find(|path| !path.as_os_str().is_empty()) {
        return Ok(file);
    }
    let home =
        std::env::var_os("HOME").ok_or("expected HOME or KUBECONFIG, which say where the kubeconfig is")?;
    Ok(Path::new(&home).join(".kube/config"))
}

/// Merges another file's entries into kubectl's file. They replace entries with the same names.
fn merged(text: &str, fresh: Value) -> Result<Value, String> {
    // The message quotes nothing from the file, because the file has keys.
    let malformed = || "expected a file in kubectl's format".to_owned();
    let mut all: Value = match text.trim() {
        "" => json!({ "apiVersion": "v1", "kind": "Config" }),
        text => serde_saphyr::from_str(text).map_err(|_| malformed())?,
    };
    if !all.is_object() {
        return Err(malformed());
    }
    for list in ["clusters", "contexts", "users"] {
        let mut entries = match &all[list] {
            Value::Null => Vec::new(),
            Value::Array(entries) => entries.clone(),
            _ => return Err(malformed()),
        };
        for entry in fresh[list].as_array().into_iter().flatten() {
            entries.retain(|other| other["name"] != entry["name"]);
            entries.push(entry.clone());
        }
        all[list] = entries.into();
    }
    all["current-context"] = fresh["current-context"].clone();
    Ok(all)
}

/// The URL of the API: its load balancer's name if the load balancer exists, or else the name in the spec.
async fn server(common: &Common, store: &Store, spec: &Spec, by_name: bool) -> Result<String, Failure> {
    let cluster = &spec.cluster.spec;
    let given = match cluster.master_public_name.as_str() {
        "" => format!("api.{}", spec.name()),
        given => given.to_owned(),
    };
    let has_balancer = cluster.api.as_ref().is_some_and(|api| api.load_balancer.is_some());
    if !has_balancer || by_name {
        return Ok(format!("https://{given}"));
    }
    let lookup = World::open(common, store, spec).await?.lookup(common, store, spec).await?;
    let addresses = world::api_addresses(spec, &lookup);
    match addresses.and_then(|addresses| addresses.first()) {
        Some(address) => Ok(format!("https://{address}")),
        None if cluster.dns_type() == DnsType::None => {
            let name = spec.name();
            Err(format!("{name} has no load balancer yet: update cluster {name} --yes makes it").into())
        }
        None => Ok(format!("https://{given}")),
    }
}

/// The text of a file of kubectl, with each value on one line.
fn written(config: &Value) -> Result<String, Failure> {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    Ok(serde_saphyr::to_string_with_options(config, options)?)
}

/// Writes a file that only its owner may read.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut opened| opened.write_all(text.as_bytes()));
    written.map_err(|error| format!("{}: {error}", file.display()).into())
}
