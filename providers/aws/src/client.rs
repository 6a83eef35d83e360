//! The code that the calls of all types share: the client, its configuration, AWS's errors and tags. The calls are
//! beside the types. Apart from rate limits, the client never waits and never repeats a call. The engine decides that.

mod configured;
pub(crate) mod error;
#[cfg(all(test, feature = "ec2"))]
pub(crate) mod pages;
pub(crate) mod places;
pub(crate) mod prelude;
mod rates;
#[cfg(all(test, feature = "client"))]
mod refusals;
pub(crate) mod tags;

#[cfg(any(feature = "autoscaling", feature = "ec2", feature = "elb"))]
use std::collections::BTreeSet;
use std::{borrow::Cow, sync::Arc, time::Duration};
#[cfg(feature = "ec2")]
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use aws_config::{SdkConfig, retry::RetryConfig};
use landform_core::{Error, ErrorKind, Provider as Drivers, Result};
use landform_kit::{Cloud, Kit, Operation, Pace, Rates, Tags, Work};

pub use rates::Speed;

/// The tag that carries the token of the attempt that made a resource. Users never see it among their tags.
pub const TOKEN_TAG: &str = "landform:token";

/// The tag of an instance that a change has stopped and will start again.
pub(crate) const STOPPED_TAG: &str = "landform:stopped";

/// The prefix of AWS's tags.
pub(crate) const AWS_TAGS: &str = "aws:";

/// The time limits for a connection and for an answer. They do not include the wait for a turn.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(60);

/// The longest pause with an emulator, which has no states to wait for.
const EMULATED: Duration = Duration::from_millis(50);

/// A client of one account and region.
#[derive(Debug, Clone)]
pub struct Client {
    region: String,
    tags: Tags,
    pub(crate) pace: Pace,
    /// The endpoint, which the ids of queues contain.
    #[cfg(feature = "sqs")]
    endpoint: Option<String>,
    #[cfg(feature = "route53")]
    pub(crate) zones: Arc<crate::route53::client::Zones>,
    /// Whether EC2 offers a type of instance in a zone, as far as the client has asked.
    #[cfg(feature = "ec2")]
    offers: Arc<Mutex<HashMap<(String, String), bool>>>,
    #[cfg(feature = "kms")]
    pub(crate) key_tokens: Arc<crate::kms::client::Tokens>,
    #[cfg(feature = "sts")]
    account: Arc<tokio::sync::OnceCell<String>>,
    #[cfg(feature = "autoscaling")]
    pub(crate) autoscaling: aws_sdk_autoscaling::Client,
    #[cfg(feature = "ec2")]
    pub(crate) ec2: aws_sdk_ec2::Client,
    #[cfg(feature = "elb")]
    pub(crate) elb: aws_sdk_elasticloadbalancing::Client,
    #[cfg(feature = "elbv2")]
    pub(crate) elbv2: aws_sdk_elasticloadbalancingv2::Client,
    #[cfg(feature = "events")]
    pub(crate) events: aws_sdk_eventbridge::Client,
    #[cfg(feature = "iam")]
    pub(crate) iam: aws_sdk_iam::Client,
    #[cfg(feature = "kms")]
    pub(crate) kms: aws_sdk_kms::Client,
    #[cfg(feature = "logs")]
    pub(crate) logs: aws_sdk_cloudwatchlogs::Client,
    #[cfg(feature = "route53")]
    pub(crate) route53: aws_sdk_route53::Client,
    #[cfg(feature = "s3")]
    pub(crate) s3: aws_sdk_s3::Client,
    #[cfg(feature = "sqs")]
    pub(crate) sqs: aws_sdk_sqs::Client,
    #[cfg(feature = "ssm")]
    pub(crate) ssm: aws_sdk_ssm::Client,
    #[cfg(feature = "sts")]
    pub(crate) sts: aws_sdk_sts::Client,
}

/// AWS as a provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider;

impl Client {
    /// A client with the SDK's configuration. It turns the SDK's retries off: they would wait inside a call, and repeat
    /// requests that AWS does not recognise as repeated.
    ///
    /// # Errors
    /// Invalid if it has no region or an invalid one.
    pub fn new(config: &SdkConfig) -> Result<Self> {
        // The published rates apply to AWS's endpoints only.
        let elsewhere = config.endpoint_url().is_some();
        Self::with_speed(config, if elsewhere { Speed::Unlimited } else { Speed::Published })
    }

    /// Like [`Client::new`], with the rate at which it calls AWS. All clones share the buckets, so use one client for
    /// one account and region.
    ///
    /// # Errors
    /// Those of [`Client::new`].
    pub fn with_speed(config: &SdkConfig, speed: Speed) -> Result<Self> {
        let Some(region) = config.region() else {
            let message = "no region is configured: expected one in AWS_REGION or the profile";
            return Err(Error::new(ErrorKind::Invalid, message).resource("aws"));
        };
        if !places::is_region(region.as_ref()) {
            let message = format!("invalid region {:?}: expected a name such as us-east-2", region.as_ref());
            return Err(Error::new(ErrorKind::Invalid, message).resource("aws"));
        }
        let config = config.to_builder().retry_config(RetryConfig::disabled()).build();
        let rates = Rates::default();
        let of = |service| {
            let client = rates::paced(&config, service, &rates, speed);
            config.to_builder().http_client(client).build()
        };
        Ok(Self {
            region: region.to_string(),
            tags: Tags::marked_by(TOKEN_TAG).reserving(AWS_TAGS).reserving(STOPPED_TAG),
            pace: Pace::Usual,
            #[cfg(feature = "sqs")]
            endpoint: config.endpoint_url().map(|url| url.trim_end_matches('/').to_owned()),
            #[cfg(feature = "route53")]
            zones: Arc::default(),
            #[cfg(feature = "ec2")]
            offers: Arc::default(),
            #[cfg(feature = "kms")]
            key_tokens: Arc::default(),
            #[cfg(feature = "sts")]
            account: Arc::default(),
            #[cfg(feature = "autoscaling")]
            autoscaling: aws_sdk_autoscaling::Client::new(&of("autoscaling")),
            #[cfg(feature = "ec2")]
            ec2: aws_sdk_ec2::Client::new(&of("ec2")),
            #[cfg(feature = "elb")]
            elb: aws_sdk_elasticloadbalancing::Client::new(&of("elasticloadbalancing")),
            #[cfg(feature = "elbv2")]
            elbv2: aws_sdk_elasticloadbalancingv2::Client::new(&of("elasticloadbalancingv2")),
            #[cfg(feature = "events")]
            events: aws_sdk_eventbridge::Client::new(&of("eventbridge")),
            #[cfg(feature = "iam")]
            iam: aws_sdk_iam::Client::new(&of("iam")),
            #[cfg(feature = "kms")]
            kms: aws_sdk_kms::Client::new(&of("kms")),
            #[cfg(feature = "logs")]
            logs: aws_sdk_cloudwatchlogs::Client::new(&of("cloudwatchlogs")),
            #[cfg(feature = "route53")]
            route53: aws_sdk_route53::Client::new(&of("route53")),
            #[cfg(feature = "s3")]
            s3: crate::s3::client::sdk(&of("s3")),
            #[cfg(feature = "sqs")]
            sqs: aws_sdk_sqs::Client::new(&of("sqs")),
            #[cfg(feature = "ssm")]
            ssm: aws_sdk_ssm::Client::new(&of("ssm")),
            #[cfg(feature = "sts")]
            sts: aws_sdk_sts::Client::new(&of("sts")),
        })
    }

    /// Adds tags that every resource gets. If a declaration sets another value for a key, the declaration's value
    /// counts.
    ///
    /// # Errors
    /// Invalid if a key is reserved.
    pub fn with_default_tags<K: Into<String>, V: Into<String>>(
        mut self,
        tags: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self> {
        self.tags = self.tags.with_defaults(tags);
        self.tags.check()?;
        Ok(self)
    }

    /// Adds keys of tags that others manage. Landform does not show, change or remove them unless a declaration sets
    /// them.
    pub fn with_ignored_tags<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.tags = self.tags.ignoring(keys);
        self
    }

    /// Like [`Client::with_ignored_tags`], for all keys with a prefix, such as `kubernetes.io/cluster/`.
    pub fn with_ignored_tag_prefixes<K: Into<String>>(
        mut self,
        prefixes: impl IntoIterator<Item = K>,
    ) -> Self {
        self.tags = self.tags.ignoring_prefixes(prefixes);
        self
    }

    /// Sets the pace at which the engine polls.
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The client with the rules that all types share. It manages each of them.
    pub fn kit(self) -> Kit<Self> {
        let (tags, pace) = (self.tags.clone(), self.pace);
        Kit::new(self).tags(tags).pace(pace)
    }

    /// The provider's drivers and data sources with this client.
    pub fn provider(self) -> Drivers {
        let kit = Arc::new(self.kit());
        let provider = Drivers::new("aws");
        #[cfg(feature = "autoscaling")]
        let provider = crate::autoscaling::drivers(provider, &kit);
        #[cfg(feature = "ec2")]
        let provider = crate::ec2::drivers(provider, &kit);
        let provider = crate::data::drivers(provider, &kit);
        #[cfg(feature = "elb")]
        let provider = crate::elb::drivers(provider, &kit);
        #[cfg(feature = "elbv2")]
        let provider = crate::elbv2::drivers(provider, &kit);
        #[cfg(feature = "events")]
        let provider = crate::events::drivers(provider, &kit);
        #[cfg(feature = "iam")]
        let provider = crate::iam::drivers(provider, &kit);
        #[cfg(feature = "kms")]
        let provider = crate::kms::drivers(provider, &kit);
        #[cfg(feature = "logs")]
        let provider = crate::logs::drivers(provider, &kit);
        #[cfg(feature = "route53")]
        let provider = crate::route53::drivers(provider, &kit);
        #[cfg(feature = "s3")]
        let provider = crate::s3::drivers(provider, &kit);
        #[cfg(feature = "sqs")]
        let provider = crate::sqs::drivers(provider, &kit);
        let _ = kit;
        provider
    }

    /// The tags of an object that a data source found, without the token's and AWS's.
    #[cfg(any(feature = "ec2", feature = "elbv2", feature = "route53"))]
    pub(crate) fn shown(
        &self,
        tags: impl Iterator<Item = (String, String)>,
    ) -> std::collections::BTreeMap<String, String> {
        tags.filter(|(key, _)| key != TOKEN_TAG && !key.starts_with(AWS_TAGS)).collect()
    }

    /// Whether EC2 offers a type of instance in a zone, by type and zone, as far as the client has asked.
    #[cfg(feature = "ec2")]
    pub(crate) fn offers(&self) -> MutexGuard<'_, HashMap<(String, String), bool>> {
        self.offers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account and the name of a queue by its URL: an AWS URL in any past spelling, or one at the configured
    /// endpoint.
    #[cfg(feature = "sqs")]
    fn queue<'a>(&self, url: &'a str) -> Option<&'a str> {
        let configured = self.endpoint.as_deref().and_then(|endpoint| url.strip_prefix(endpoint));
        if let Some(queue) = configured {
            return queue.strip_prefix('/');
        }
        let (host, queue) = url.strip_prefix("https://")?.split_once('/')?;
        let aws = host.strip_suffix(".cn").unwrap_or(host).ends_with(".amazonaws.com");
        (aws && host.contains(&self.region)).then_some(queue)
    }

    /// Asks AWS for the caller's identity, so that invalid credentials or a wrong region show up before any other call.
    ///
    /// # Errors
    /// Denied if AWS does not accept the credentials, Unavailable if the region does not answer. The error holds AWS's
    /// code, message and request id.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    #[cfg(feature = "sts")]
    pub async fn verify(&self) -> Result<()> {
        let Err(error) = self.account().await else { return Ok(()) };
        let (said, region) = (error.message().to_owned(), &self.region);
        let why = match (error.kind(), error.provider_code()) {
            (_, Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired")) => {
                format!("the credentials have expired, get new ones: {said}")
            }
            (ErrorKind::Denied, _) => format!("AWS does not accept the credentials in {region}: {said}"),
            (ErrorKind::Unavailable | ErrorKind::Timeout, _) => {
                format!("AWS does not answer in {region}; is that the right region? {said}")
            }
            _ => said.clone(),
        };
        Err(error.replace(&said, &why).resource("aws"))
    }

    /// The account, for the types whose answers do not name it. The client asks for it once.
    #[cfg(feature = "sts")]
    pub(crate) async fn account(&self) -> Result<&str> {
        let asked = self.account.get_or_try_init(async || {
            let caller = self.sts.get_caller_identity().send().await.map_err(error::failed)?;
            caller.account.ok_or_else(|| landform_kit::senseless("the answer names no account"))
        });
        asked.await.map(String::as_str)
    }
}

#[async_trait]
impl Cloud for Client {
    async fn poll(&self, operation: &Operation) -> Result<Work> {
        #[cfg(feature = "route53")]
        if let Some(answer) = crate::route53::client::poll(self, operation).await {
            return answer;
        }
        Err(Error::unsupported(operation.as_str(), "be polled: AWS has no such operations"))
    }

    fn as_declared<'a>(&self, id: &'a str) -> Cow<'a, str> {
        #[cfg(feature = "sqs")]
        if let Some(queue) = self.queue(id) {
            return format!("https://sqs.{}.amazonaws.com/{queue}", self.region).into();
        }
        match id.strip_prefix(&format!("arn:{}:", self.partition())) {
            Some(rest) => format!("arn:aws:{rest}").into(),
            None => id.into(),
        }
    }
}

/// The wanted items that are missing, and the present items that are not wanted. `None` in place of an empty set.
#[cfg(any(feature = "autoscaling", feature = "ec2", feature = "elb"))]
pub(crate) fn apart<T: Ord + ToString>(
    wanted: &BTreeSet<T>,
    now: &BTreeSet<T>,
) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let only = |these: &BTreeSet<T>, those: &BTreeSet<T>| {
        let only: Vec<String> = these.difference(those).map(T::to_string).collect();
        (!only.is_empty()).then_some(only)
    };
    (only(wanted, now), only(now, wanted))
}

/// The provider, configured like AWS's tools.
///
/// # Errors
/// Those of [`Client::from_env`].
///
/// # Cancel safety
/// It only reads. Dropping the future leaves nothing behind.
pub async fn provider() -> Result<Drivers> {
    Ok(Client::from_env().await?.provider())
}

impl Provider {
    /// Like [`provider`].
    ///
    /// # Errors
    /// Those of [`Client::from_env`].
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn from_env() -> Result<Drivers> {
        provider().await
    }
}
