//! What follows from a region: its partition, the domain of AWS's hosts, ARNs.

use super::Client;

impl Client {
    /// The partition of the region, as in ARNs.
    pub(crate) fn partition(&self) -> &'static str {
        match self.region.split('-').take(2).collect::<Vec<_>>().as_slice() {
            ["cn", ..] => "aws-cn",
            ["us", "gov"] => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The domain of AWS's hosts.
    pub(crate) fn domain(&self) -> &'static str {
        domain_of(&self.region)
    }

    /// An ARN of EC2, for the types whose answers have none.
    #[cfg(feature = "ec2")]
    pub(crate) fn arn(&self, account: &str, rest: &str) -> String {
        self.arn_of("ec2", account, rest)
    }

    /// An ARN of a service whose answers have none.
    #[cfg(any(feature = "ec2", feature = "elb"))]
    pub(crate) fn arn_of(&self, service: &str, account: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{}:{account}:{rest}", self.partition(), self.region)
    }
}

/// Whether a text has the form of a region's name, such as `us-east-2` or `us-gov-west-1`.
pub(crate) fn is_region(name: &str) -> bool {
    name.split('-').count() >= 3
        && name.ends_with(|last: char| last.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The domain of AWS's hosts in a region.
pub(crate) fn domain_of(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use landform_kit::Cloud;

    use super::*;

    #[tokio::test]
    async fn arns_name_the_partition_of_the_region() {
        for (region, partition) in
            [("us-east-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
        {
            let client = Client::emulator("http://127.0.0.1:9", region).await.unwrap();
            assert_eq!(client.partition(), partition);
            let id = format!("arn:{partition}:elasticloadbalancing:{region}:1:targetgroup/a/0");
            assert!(client.as_declared(&id).starts_with("arn:aws:elastic"), "{id}");
        }
    }
}
