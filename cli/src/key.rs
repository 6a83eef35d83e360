//! The user's key, from the environment, because other users can see the arguments of a process.

use landform_engine::EngineBuilder as Builder;

use crate::Failure;

#[cfg(feature = "encryption")]
pub(crate) use with_key::{rotate, with};
#[cfg(not(feature = "encryption"))]
pub(crate) use without_key::{rotate, with};

#[cfg(feature = "encryption")]
mod with_key {
    use std::{env, sync::Arc};

    use landform_engine::store::{self, Encrypted, Encryption};

    use super::{Builder, Failure};

    /// The key that two variables give, if either is set.
    fn key(passphrase: &str, command: &str) -> Result<Option<Encryption>, Failure> {
        match (env::var(passphrase), env::var(command)) {
            (Ok(_), Ok(_)) => Err(format!("both {passphrase} and {command} are set; set one").into()),
            (Ok(passphrase), Err(_)) => Ok(Some(Encryption::passphrase(passphrase))),
            (Err(_), Ok(command)) => Ok(Some(Encryption::command(command))),
            (Err(_), Err(_)) => Ok(None),
        }
    }

    fn present() -> Result<Option<Encryption>, Failure> {
        key("LANDFORM_PASSPHRASE", "LANDFORM_KEY_COMMAND")
    }

    /// Gives an engine its key, if there is one.
    pub(crate) fn with(builder: Builder) -> Result<Builder, Failure> {
        Ok(match present()? {
            Some(key) => builder.encryption(key),
            None => builder,
        })
    }

    /// Starts to use a new data key, and a new key of the user if one is given.
    pub(crate) async fn rotate(url: &str) -> Result<String, Failure> {
        let present =
            present()?.ok_or("set LANDFORM_PASSPHRASE or LANDFORM_KEY_COMMAND to the present key")?;
        let next = key("LANDFORM_NEW_PASSPHRASE", "LANDFORM_NEW_KEY_COMMAND")?;
        let told =
            if next.is_some() { "It opens with the new one from now on." } else { "It opens as before." };
        let store = Arc::new(Encrypted::new(store::open(url)?, present.clone()));
        store.rotate(next.unwrap_or(present)).await?;
        Ok(format!("New records have a new key. {told}"))
    }
}

#[cfg(not(feature = "encryption"))]
mod without_key {
    use super::{Builder, Failure};

    /// Refuses a key that this build cannot use.
    pub(crate) fn with(builder: Builder) -> Result<Builder, Failure> {
        let given = ["LANDFORM_PASSPHRASE", "LANDFORM_KEY_COMMAND"];
        match given.iter().find(|name| std::env::var_os(name).is_some()) {
            Some(name) => {
                Err(format!("{name} is set, and this build lacks the feature \"encryption\"").into())
            }
            None => Ok(builder),
        }
    }

    /// Says what is missing.
    pub(crate) async fn rotate(_: &str) -> Result<String, Failure> {
        Err("this build lacks the feature \"encryption\"".into())
    }
}
