//! The calls that manage real resources and answer data sources, by the AWS SDK: so far EC2's network types. Retries of
//! what is safe to repeat are the SDK's; everything else is the engine's to decide.

mod contract;
mod data;
mod eip;
mod error;
mod internet_gateway;
mod nat_gateway;
mod route;
mod route_table;
mod route_table_association;
mod subnet;
mod tags;
mod values;
mod vpc;

use std::{sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig, timeout::TimeoutConfig};
use aws_sdk_ec2::config::{Credentials, ProvideCredentials};
use landform_core::{Error, ErrorKind, Provider as Drivers, Result};

pub use tags::TOKEN_TAG;

use crate::{
    Eip, InternetGateway, NatGateway, Route, RouteTable, RouteTableAssociation, Subnet, Vpc, data as asked,
};

/// How long a connection may take, and one attempt of a call.
const CONNECT: Duration = Duration::from_secs(5);
const ATTEMPT: Duration = Duration::from_secs(60);

/// How long EC2's reads may lag behind its writes before `find` takes nothing for an answer.
const LAG: Duration = Duration::from_secs(5);

/// A client of one account and region.
#[derive(Debug, Clone)]
pub struct Client {
    ec2: aws_sdk_ec2::Client,
    region: String,
    lag: Duration,
}

/// AWS as a provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider;

impl Client {
    /// A client configured as AWS's own tools are: environment, profile, instance metadata. `AWS_ENDPOINT_URL` points
    /// it elsewhere.
    ///
    /// # Errors
    /// Invalid where no region is configured, Denied where no credentials are found.
    ///
    /// # Cancel safety
    /// It only reads: dropping it leaves nothing behind.
    pub async fn from_env() -> Result<Self> {
        let config = loader().load().await;
        if let Some(credentials) = config.credentials_provider() {
            credentials.provide_credentials().await.map_err(|problem| {
                let message = format!("no credentials: {}", error::chain(&problem));
                Error::new(ErrorKind::Denied, message).resource("aws")
            })?;
        }
        Self::new(&config)
    }

    /// A client of an emulator of AWS, as moto, with credentials that are good for nothing else.
    ///
    /// # Errors
    /// None, so far.
    ///
    /// # Cancel safety
    /// It only reads: dropping it leaves nothing behind.
    pub async fn emulator(url: &str, region: &str) -> Result<Self> {
        let nobody = Credentials::new("emulator", "emulator", None, None, "landform");
        let config = loader().region(Region::new(region.to_owned())).endpoint_url(url);
        Ok(Self::new(&config.credentials_provider(nobody).load().await)?.with_lag(Duration::ZERO))
    }

    /// A client with the SDK's configuration.
    ///
    /// # Errors
    /// Invalid where it has no region.
    pub fn new(config: &SdkConfig) -> Result<Self> {
        let Some(region) = config.region() else {
            let message = "no region is configured; expected one in AWS_REGION or the profile";
            return Err(Error::new(ErrorKind::Invalid, message).resource("aws"));
        };
        Ok(Self { region: region.to_string(), ec2: aws_sdk_ec2::Client::new(config), lag: LAG })
    }

    /// Sets how long reads may lag behind writes: how long `find` waits before it says that nothing was made.
    pub fn with_lag(mut self, lag: Duration) -> Self {
        self.lag = lag;
        self
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The drivers and data sources that this client is.
    pub fn provider(self) -> Drivers {
        let client = Arc::new(self);
        Drivers::new("aws")
            .with::<Eip, _>(&client)
            .with::<InternetGateway, _>(&client)
            .with::<NatGateway, _>(&client)
            .with::<Route, _>(&client)
            .with::<RouteTable, _>(&client)
            .with::<RouteTableAssociation, _>(&client)
            .with::<Subnet, _>(&client)
            .with::<Vpc, _>(&client)
            .with_data::<asked::Ami, _>(&client)
            .with_data::<asked::AvailabilityZones, _>(&client)
            .with_data::<asked::Subnet, _>(&client)
            .with_data::<asked::Subnets, _>(&client)
            .with_data::<asked::Vpc, _>(&client)
    }

    /// The beginning of an ARN of EC2, up to the account and behind it a colon.
    fn arn(&self, account: &str, rest: &str) -> String {
        let partition = match self.region.split('-').take(2).collect::<Vec<_>>().as_slice() {
            ["cn", ..] => "aws-cn",
            ["us", "gov"] => "aws-us-gov",
            _ => "aws",
        };
        format!("arn:{partition}:ec2:{}:{account}:{rest}", self.region)
    }
}

/// The provider, configured as AWS's own tools are.
///
/// # Errors
/// Those of [`Client::from_env`].
///
/// # Cancel safety
/// It only reads: dropping it leaves nothing behind.
pub async fn provider() -> Result<Drivers> {
    Ok(Client::from_env().await?.provider())
}

impl Provider {
    /// As [`provider`].
    ///
    /// # Errors
    /// Those of [`Client::from_env`].
    ///
    /// # Cancel safety
    /// It only reads: dropping it leaves nothing behind.
    pub async fn from_env() -> Result<Drivers> {
        provider().await
    }
}

fn loader() -> ConfigLoader {
    let timeouts =
        TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT).build();
    aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts)
}

/// For calls that AWS does not recognise when they are repeated: no retry by the SDK, which would not know whether
/// the first one was carried out.
fn once() -> aws_sdk_ec2::config::Builder {
    aws_sdk_ec2::config::Builder::new().retry_config(aws_sdk_ec2::config::retry::RetryConfig::disabled())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn arns_name_the_partition_of_the_region() {
        for (region, partition) in
            [("us-east-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
        {
            let client = Client::emulator("http://127.0.0.1:9", region).await.unwrap();
            assert_eq!(client.arn("1", "vpc/v"), format!("arn:{partition}:ec2:{region}:1:vpc/v"));
        }
    }
}
