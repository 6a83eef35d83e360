//! Opens clients: from the environment, and with the settings of a provider.

use aws_config::{BehaviorVersion, ConfigLoader, Region, sts::AssumeRoleProvider, timeout::TimeoutConfig};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider},
};
use landform_core::{Error, ErrorKind, Result};
use landform_kit::{Pace, chain};

use super::{ANSWER, CONNECT, Client, EMULATED, Speed};
use crate::Settings;

/// The name of a session in a role that a provider assumes.
const SESSION: &str = "landform";

impl Client {
    /// A client configured like AWS's tools: environment, profile, instance metadata, roles to assume, web identity.
    /// `AWS_ENDPOINT_URL` sets another endpoint. The client asks AWS once for the caller's identity.
    ///
    /// # Errors
    /// Invalid if no region is configured or its name is invalid, Denied if there are no credentials or AWS does not
    /// accept them, Unavailable if the region does not answer.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn from_env() -> Result<Self> {
        Self::with_settings(&Settings::default()).await
    }

    /// Like [`Client::from_env`], in this region whatever the environment says.
    ///
    /// # Errors
    /// Those of [`Client::from_env`].
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn from_env_in(region: &str) -> Result<Self> {
        Self::with_settings(&Settings { region: Some(region.to_owned()), ..Settings::default() }).await
    }

    /// Like [`Client::from_env`], with these settings in place of those of the environment.
    ///
    /// # Errors
    /// Those of [`Client::from_env`]. Invalid if a part of an access key is missing, or a default tag is reserved, or `allowed_account_ids` is given
    /// and the feature `sts` is not compiled in. Denied
    /// if the credentials belong to an account that the settings do not allow.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn with_settings(settings: &Settings) -> Result<Self> {
        let mut loader = loader();
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &settings.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some(key) = access_key(settings)? {
            loader = loader.credentials_provider(key);
        }
        let mut config = loader.load().await;
        if let Some(role) = &settings.assume_role {
            let assumed = AssumeRoleProvider::builder(&role.role_arn)
                .session_name(role.session_name.as_deref().unwrap_or(SESSION))
                .configure(&config);
            let assumed = match &role.external_id {
                Some(id) => assumed.external_id(id),
                None => assumed,
            };
            let assumed = SharedCredentialsProvider::new(assumed.build().await);
            config = config.to_builder().credentials_provider(assumed).build();
        }
        if let Some(credentials) = config.credentials_provider() {
            credentials.provide_credentials().await.map_err(|problem| {
                let message = format!("no credentials: {}", chain(&problem));
                Error::new(ErrorKind::Denied, message).resource("aws")
            })?;
        }
        let mut client = Self::new(&config)?;
        if let Some(tags) = &settings.default_tags {
            client = client.with_default_tags(tags.tags.clone())?;
        }
        if let Some(ignored) = &settings.ignore_tags {
            client = client.with_ignored_tags(ignored.keys.iter().cloned());
            client = client.with_ignored_tag_prefixes(ignored.key_prefixes.iter().cloned());
        }
        #[cfg(feature = "sts")]
        {
            client.verify().await?;
            let (account, allowed) = (client.account().await?, &settings.allowed_account_ids);
            if !allowed.is_empty() && !allowed.contains(account) {
                let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
                let message =
                    format!("the credentials belong to account {account}, expected {}", allowed.join(" or "));
                return Err(Error::new(ErrorKind::Denied, message).at("allowed_account_ids"));
            }
        }
        #[cfg(not(feature = "sts"))]
        if !settings.allowed_account_ids.is_empty() {
            let message = "the feature sts is not compiled in, which tells the account of the credentials";
            return Err(Error::new(ErrorKind::Invalid, message).at("allowed_account_ids"));
        }
        Ok(client)
    }

    /// A client of an emulator of AWS, such as moto, with credentials that work nowhere else.
    ///
    /// # Errors
    /// None at present.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn emulator(url: &str, region: &str) -> Result<Self> {
        let nobody = Credentials::new("emulator", "emulator", None, None, "landform");
        let config = loader().region(Region::new(region.to_owned())).endpoint_url(url);
        let config = config.credentials_provider(nobody).load().await;
        Ok(Self::with_speed(&config, Speed::Unlimited)?.with_pace(Pace::AtMost(EMULATED)))
    }
}

fn access_key(settings: &Settings) -> Result<Option<Credentials>> {
    match (&settings.access_key, &settings.secret_key) {
        (Some(id), Some(secret)) => {
            let token = settings.token.as_ref().map(|token| token.expose().to_owned());
            Ok(Some(Credentials::new(id, secret.expose(), token, None, "landform")))
        }
        (None, None) if settings.token.is_none() => Ok(None),
        (None, None) => {
            let message = "given without an access key, expected access_key and secret_key beside it";
            Err(Error::new(ErrorKind::Invalid, message).at("token"))
        }
        (given, _) => {
            let missing = if given.is_some() { "secret_key" } else { "access_key" };
            let message = "missing, expected both parts of the access key";
            Err(Error::new(ErrorKind::Invalid, message).at(missing))
        }
    }
}

fn loader() -> ConfigLoader {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(ANSWER).build();
    aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts)
}
