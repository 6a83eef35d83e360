//! `aws_iam_openid_connect_provider`.

#[cfg(feature = "iam")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, resource};

/// An issuer of tokens, such as a cluster, whose subjects may assume roles.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let issuer = "https://oidc.example.com";
/// stack.add("cluster", aws::IamOpenidConnectProvider::new(issuer, ["sts.amazonaws.com"]));
/// ```
#[resource(
    "aws_iam_openid_connect_provider",
    id = "arn:aws:iam::{account}:oidc-provider/{url}",
    unique("url"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct IamOpenidConnectProvider {
    /// The issuer's URL, unique in the account. It starts with `https://`. A final `/` makes it a different URL.
    #[field(immutable)]
    pub url: String,
    /// The allowed audiences of tokens.
    #[field(required)]
    pub client_id_list: BTreeSet<String>,
    /// The SHA-1 fingerprints of its root certificates, in hexadecimal.
    #[field(computed)]
    pub thumbprint_list: Vec<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`IamOpenidConnectProvider`].
#[attributes]
pub struct IamOpenidConnectProviderAttributes {
    /// The provider's ARN.
    pub id: Id<IamOpenidConnectProvider>,
    /// The same ARN, as a separate attribute.
    #[field(form = "{id}")]
    pub arn: String,
}
