//! `export kubeconfig`: the file by which kubectl reaches a cluster.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use landform::kops::spec::DnsType;
use landform::kops::{Kubeconfig, Spec, pki};

use crate::Failure;
use crate::arguments::{Common, Export};
use crate::store::Store;
use crate::world::World;

/// The set of keys whose key vouches for the API server and for clients.
const AUTHORITY: &str = "kubernetes-ca";
/// The group that may do everything.
const ADMINISTRATORS: &str = "system:masters";

pub async fn run(common: &Common, export: Export) -> Result<(), Failure> {
    let Export::Kubeconfig { cluster, admin, kubeconfig, api_server } = export;
    let (store, name) = (Store::open(common)?, common.cluster(cluster.as_deref())?);
    let spec = store.spec(&name).await?;
    let Some(authority) = store.keyset(&name, AUTHORITY).await? else {
        return Err(format!("{name} has no {AUTHORITY} yet: update cluster {name} --yes makes it").into());
    };
    let balancer = spec.cluster.spec.api.as_ref().and_then(|api| api.load_balancer.as_ref());
    let with_certificate = balancer.is_some_and(|balancer| balancer.ssl_certificate.is_some());
    let server = match api_server {
        Some(server) => server,
        None => server(common, &store, &spec, with_certificate && admin.is_none()).await?,
    };
    // Behind the port of the balancer's own certificate the API server's is not seen.
    let server = if with_certificate && admin.is_some() { format!("{server}:8443") } else { server };
    let client = match admin {
        None => None,
        Some(hours) => {
            let user = format!("kubecfg-{}", std::env::var("USER").unwrap_or_else(|_| "root".into()));
            let lasts = Duration::from_secs(hours.saturating_mul(3600));
            let issued = pki::client(&authority, &user, ADMINISTRATORS, SystemTime::now(), lasts)?;
            Some((issued.certificate, issued.private_key))
        }
    };
    let config = Kubeconfig {
        cluster: name.clone(),
        user: name.clone(),
        tls_server_name: format!("api.internal.{name}"),
        authorities: authority.keyset()?.certificates(),
        server,
        client,
    };
    match kubeconfig {
        Some(file) => write(&file, &config.document()),
        None => {
            print!("{}", config.document());
            Ok(())
        }
    }
}

/// The URL of the API: its load balancer's name, if that is there, or the name in the spec.
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
    let lookup = World::open(common, store, spec)?.lookup(common, store, spec).await?;
    let addresses = lookup.balancer_addresses.get(&format!("api.{}", spec.name()));
    match addresses.and_then(|addresses| addresses.first()) {
        Some(address) => Ok(format!("https://{address}")),
        None if cluster.dns_type() == DnsType::None => {
            let name = spec.name();
            Err(format!("{name} has no load balancer yet: update cluster {name} --yes makes it").into())
        }
        None => Ok(format!("https://{given}")),
    }
}

/// Writes a file that its owner alone may read.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut opened| opened.write_all(text.as_bytes()));
    written.map_err(|error| format!("{}: {error}", file.display()).into())
}
