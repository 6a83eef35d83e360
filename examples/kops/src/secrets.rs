//! Keys and secrets of a cluster: creates, promotes and distrusts them.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::SystemTime;

use landform::kops::pki::{self, Issued};
use landform::kops::{Spec, StoredKeyset, keyset_names};

use crate::Failure;
use crate::arguments::{Common, Distrust, Keypair, Promote, Secret, SecretFile, SshKey, Trust};
use crate::store::Store;

/// The name that means all sets of keys.
const ALL: &str = "all";

pub async fn create(common: &Common, secret: Secret) -> Result<(), Failure> {
    let (name, SecretFile { cluster, file, force }) = match secret {
        Secret::Sshpublickey(key) => return create_ssh_key(common, key).await,
        Secret::Encryptionconfig(file) => ("encryptionconfig", file),
        Secret::Dockerconfig(file) => ("dockerconfig", file),
        Secret::Ciliumpassword(file) => ("ciliumpassword", file),
    };
    let (store, spec) = opened(common, cluster.as_deref()).await?;
    let bytes = match file.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        }
        false => fs::read(&file),
    };
    let bytes = bytes.map_err(|error| format!("{}: {error}", file.display()))?;
    store.write_secret(spec.name(), name, &bytes, force).await
}

pub async fn create_ssh_key(
    common: &Common,
    SshKey { cluster, ssh_public_key }: SshKey,
) -> Result<(), Failure> {
    // Older releases of kops take the user here.
    let named: Vec<&String> = cluster.iter().filter(|name| *name != "admin").collect();
    if named.len() > 1 {
        return Err("expected one cluster".into());
    }
    let (store, spec) = opened(common, named.first().map(|name| name.as_str())).await?;
    add_ssh_key(&store, spec.name(), &ssh_public_key).await
}

/// Adds the public key in a file to a cluster.
pub async fn add_ssh_key(store: &Store, cluster: &str, file: &Path) -> Result<(), Failure> {
    let place = file.display();
    let line = fs::read_to_string(file).map_err(|error| format!("{place}: {error}"))?;
    store.write_ssh_key(cluster, &line).await.map_err(|error| format!("{place}: {error}").into())
}

pub async fn create_keypair(common: &Common, options: Keypair) -> Result<(), Failure> {
    let Keypair { keyset, cert, key, primary } = options;
    if keyset == ALL && cert.is_some() {
        return Err("--cert: expected the name of a set of keys, not all".into());
    }
    let (store, spec) = opened(common, None).await?;
    let given = |path: &std::path::PathBuf| {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let (cert, key) = (cert.as_ref().map(given).transpose()?, key.as_ref().map(given).transpose()?);
    for name in chosen(&spec, &keyset)? {
        let (certificate, private_key) = match &cert {
            Some(certificate) => (certificate.clone(), key.clone()),
            None => {
                let Issued { certificate, private_key } = pki::authority(&name, SystemTime::now())?;
                (certificate, Some(private_key))
            }
        };
        let mut set = match (store.keyset(spec.name(), &name).await?, &private_key) {
            (Some(set), _) => set,
            (None, Some(private_key)) if primary => {
                let set = StoredKeyset::new(&name, &certificate, private_key)?;
                store.write_keyset(spec.name(), &set).await?;
                println!("Created {name} {}", set.keyset()?.primary);
                continue;
            }
            (None, _) => {
                return Err(format!("{name}: the first key of a set must sign: expected --primary").into());
            }
        };
        let id = set.add(&certificate, private_key.as_deref()).map_err(|error| format!("{name}: {error}"))?;
        if primary {
            set.promote(Some(&id)).map_err(|error| format!("{name}: {error}"))?;
        }
        store.write_keyset(spec.name(), &set).await?;
        println!("Created {name} {id}");
    }
    Ok(())
}

pub async fn promote(common: &Common, Promote::Keypair { keyset, id }: Promote) -> Result<(), Failure> {
    let (store, spec) = opened(common, None).await?;
    if keyset == ALL && id.is_some() {
        return Err("expected a set of keys before the key's id, not all".into());
    }
    for (name, mut set) in sets(&store, &spec, &keyset).await? {
        match set.promote(id.as_deref()).map_err(|error| format!("{name}: {error}"))? {
            Some(id) => {
                store.write_keyset(spec.name(), &set).await?;
                println!("Promoted {name} {id}");
            }
            None => println!("{name} has no newer key that could sign"),
        }
    }
    Ok(())
}

pub async fn distrust(common: &Common, Distrust::Keypair { keyset, ids }: Distrust) -> Result<(), Failure> {
    let (store, spec) = opened(common, None).await?;
    if keyset == ALL && !ids.is_empty() {
        return Err("expected a set of keys before the keys' ids, not all".into());
    }
    let at = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for (name, mut set) in sets(&store, &spec, &keyset).await? {
        let changed = set.distrust(&ids, &at).map_err(|error| format!("{name}: {error}"))?;
        if !changed.is_empty() {
            store.write_keyset(spec.name(), &set).await?;
        }
        for id in changed {
            println!("Distrusted {name} {id}");
        }
    }
    Ok(())
}

pub async fn trust(common: &Common, Trust::Keypair { keyset, ids }: Trust) -> Result<(), Failure> {
    let (store, spec) = opened(common, None).await?;
    if keyset == ALL {
        return Err("expected the name of a set of keys, not all".into());
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for (name, mut set) in sets(&store, &spec, &keyset).await? {
        let changed = set.trust(&ids).map_err(|error| format!("{name}: {error}"))?;
        if !changed.is_empty() {
            store.write_keyset(spec.name(), &set).await?;
        }
        for id in changed {
            println!("Trusted {name} {id}");
        }
    }
    Ok(())
}

/// Makes the sets of keys that a cluster needs and does not have.
pub async fn complete(store: &Store, spec: &Spec) -> Result<(), Failure> {
    for name in missing(store, spec).await? {
        store.write_keyset(spec.name(), &pki::keyset(&name, SystemTime::now())?).await?;
    }
    Ok(())
}

/// The names of the sets of keys that a cluster needs and does not have.
pub async fn missing(store: &Store, spec: &Spec) -> Result<Vec<String>, Failure> {
    let mut missing = Vec::new();
    for name in keyset_names(&spec.cluster.spec) {
        if store.keyset(spec.name(), &name).await?.is_none() {
            missing.push(name);
        }
    }
    Ok(missing)
}

async fn opened(common: &Common, named: Option<&str>) -> Result<(Store, Spec), Failure> {
    let store = Store::open(common)?;
    let spec = store.spec(&common.cluster(named)?).await?;
    Ok((store, spec))
}

/// The sets of keys that a name on the command line stands for.
fn chosen(spec: &Spec, keyset: &str) -> Result<Vec<String>, Failure> {
    let names = keyset_names(&spec.cluster.spec);
    match keyset {
        ALL => Ok(names.into_iter().collect()),
        name if names.contains(name) => Ok(vec![name.to_owned()]),
        name => {
            let names: Vec<String> = names.into_iter().collect();
            Err(format!("{name:?}: expected all or one of {}", names.join(", ")).into())
        }
    }
}

async fn sets(store: &Store, spec: &Spec, keyset: &str) -> Result<Vec<(String, StoredKeyset)>, Failure> {
    let mut found = Vec::new();
    for name in chosen(spec, keyset)? {
        match store.keyset(spec.name(), &name).await? {
            Some(set) => found.push((name, set)),
            None if keyset == ALL => {}
            None => {
                return Err(format!(
                    "{name}: the cluster has no such set of keys yet; update cluster --yes makes it"
                )
                .into());
            }
        }
    }
    Ok(found)
}
