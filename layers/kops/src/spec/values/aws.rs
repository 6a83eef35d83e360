//! Ids and ARNs of AWS.

use super::Notation;
use super::written::{in_spec, texts};

/// The resource that an ARN names: what follows the account.
fn resource(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.splitn(5, ':').nth(4)
}

fn names(arn: &str, kinds: &[&str]) -> bool {
    resource(arn).is_some_and(|resource| kinds.iter().any(|kind| resource.starts_with(kind)))
}

texts! {
    /// The id of a security group.
    SecurityGroupId: "the id of a security group, sg-…", |text| text.starts_with("sg-");
    /// The id of an elastic IP.
    AllocationId: "the allocation of an elastic IP, eipalloc-…", |text| text.starts_with("eipalloc-");
    /// The ARN of an IAM policy.
    PolicyArn: "the ARN of a policy", |text| names(text, &["policy/"]);
    /// The ARN of an IAM role or user.
    IdentityArn: "the ARN of a role or of a user", |text| names(text, &["role/", "user/"]);
    /// The ARN of an instance profile.
    ProfileArn: "the ARN of an instance profile", |text| names(text, &["instance-profile/"]);
    /// The ARN of a certificate.
    CertificateArn: "the ARN of a certificate", |text| names(text, &["certificate/", "server-certificate/"]);
    /// The ARN of a target group.
    TargetGroupArn: "the ARN of a target group", |text| {
        resource(text)
            .and_then(|name| name.strip_prefix("targetgroup/"))
            .is_some_and(|rest| rest.split('/').count() == 2)
    };
}

impl ProfileArn {
    /// The instance profile's name, without its path.
    pub fn name(&self) -> &str {
        self.as_str().rsplit('/').next().unwrap_or_default()
    }
}

/// How traffic leaves a private subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Egress {
    /// Through an existing NAT gateway, `nat-…`.
    NatGateway(String),
    /// Through a new NAT gateway with an existing elastic IP, `eipalloc-…`.
    Allocation(AllocationId),
    /// Through an existing machine, `i-…`.
    Instance(String),
    /// Through a transit gateway, `tgw-…`.
    TransitGateway(String),
    /// As someone else decides: the cluster makes no routes.
    External,
}

impl AsRef<str> for Egress {
    fn as_ref(&self) -> &str {
        match self {
            Self::NatGateway(id) | Self::Instance(id) | Self::TransitGateway(id) => id,
            Self::Allocation(id) => id.as_str(),
            Self::External => "External",
        }
    }
}

impl Notation for Egress {
    const EXPECTED: &'static str = "nat-…, eipalloc-…, i-…, tgw-… or External";

    fn read(text: &str) -> Option<Self> {
        if text == "External" {
            return Some(Self::External);
        }
        let id = text.to_owned();
        Some(match text.split_once('-')?.0 {
            "nat" => Self::NatGateway(id),
            "eipalloc" => Self::Allocation(AllocationId::read(text)?),
            "i" => Self::Instance(id),
            "tgw" => Self::TransitGateway(id),
            _ => return None,
        })
    }
}

/// The type of a volume. Clouds other than AWS have types of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VolumeType {
    /// Magnetic disks, `standard`.
    Standard,
    /// Solid-state disks of the second generation, `gp2`.
    Gp2,
    /// Solid-state disks of the third generation, `gp3`.
    Gp3,
    /// Solid-state disks with provisioned operations, `io1`.
    Io1,
    /// Solid-state disks with provisioned operations and a higher durability, `io2`.
    Io2,
    /// Another type.
    Other(String),
}

impl VolumeType {
    /// The types of AWS's volumes that a machine boots from.
    pub const OF_ROOTS: &'static [&'static str] = &["standard", "gp2", "gp3", "io1", "io2"];
}

impl AsRef<str> for VolumeType {
    fn as_ref(&self) -> &str {
        match self {
            Self::Standard => "standard",
            Self::Gp2 => "gp2",
            Self::Gp3 => "gp3",
            Self::Io1 => "io1",
            Self::Io2 => "io2",
            Self::Other(name) => name,
        }
    }
}

impl Notation for VolumeType {
    const EXPECTED: &'static str = "the type of a volume, such as gp3";

    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "" => return None,
            "standard" => Self::Standard,
            "gp2" => Self::Gp2,
            "gp3" => Self::Gp3,
            "io1" => Self::Io1,
            "io2" => Self::Io2,
            other => Self::Other(other.to_owned()),
        })
    }
}

/// Where a route of a subnet leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteTarget {
    /// To a peered network, `pcx-…`.
    Peering(String),
    /// To a machine, `i-…`.
    Instance(String),
    /// To a NAT gateway, `nat-…`.
    NatGateway(String),
    /// To a transit gateway, `tgw-…`.
    TransitGateway(String),
    /// To an internet gateway, `igw-…`.
    InternetGateway(String),
    /// To an egress-only internet gateway, `eigw-…`.
    EgressOnlyGateway(String),
}

impl AsRef<str> for RouteTarget {
    fn as_ref(&self) -> &str {
        match self {
            Self::Peering(id)
            | Self::Instance(id)
            | Self::NatGateway(id)
            | Self::TransitGateway(id)
            | Self::InternetGateway(id)
            | Self::EgressOnlyGateway(id) => id,
        }
    }
}

impl Notation for RouteTarget {
    const EXPECTED: &'static str = "pcx-…, i-…, nat-…, tgw-…, igw-… or eigw-…";

    fn read(text: &str) -> Option<Self> {
        let id = text.to_owned();
        Some(match text.split_once('-')?.0 {
            "pcx" => Self::Peering(id),
            "i" => Self::Instance(id),
            "nat" => Self::NatGateway(id),
            "tgw" => Self::TransitGateway(id),
            "igw" => Self::InternetGateway(id),
            "eigw" => Self::EgressOnlyGateway(id),
            _ => return None,
        })
    }
}

in_spec!(Egress RouteTarget VolumeType);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_name_what_they_are_for() {
        let profile = "arn:aws:iam::123456789012:instance-profile/path/nodes";
        assert_eq!(ProfileArn::read(profile).as_ref().map(ProfileArn::name), Some("nodes"));
        assert!(PolicyArn::read("arn:aws-cn:iam::123456789012:policy/a").is_some());
        assert!(TargetGroupArn::read("arn:aws:elasticloadbalancing:x:1:targetgroup/a/1").is_some());
        for arn in ["policy/a", "arn:policy/a", "arn:aws:iam::1:role/a", "arn:aws:iam::1", ""] {
            assert_eq!(PolicyArn::read(arn), None, "{arn}");
        }
        for arn in ["arn:aws:elasticloadbalancing:x:1:targetgroup/a", "targetgroup/a/1"] {
            assert_eq!(TargetGroupArn::read(arn), None, "{arn}");
        }
    }

    #[test]
    fn ways_out_by_their_id() {
        assert_eq!(Egress::read("External"), Some(Egress::External));
        assert_eq!(Egress::read("nat-1"), Some(Egress::NatGateway("nat-1".into())));
        assert_eq!(RouteTarget::read("eigw-1"), Some(RouteTarget::EgressOnlyGateway("eigw-1".into())));
        assert!(Egress::read("door").is_none() && Egress::read("igw-1").is_none());
        assert!(RouteTarget::read("eipalloc-1").is_none() && RouteTarget::read("").is_none());
    }
}
