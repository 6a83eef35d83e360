//! `aws_lb_listener`.

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use super::{Lb, LbTargetGroup};

/// A port of a load balancer, and what becomes of its connections. It goes with its load balancer.
#[resource(
    "aws_lb_listener",
    id = "{load_balancer_arn}/{hex8}{hex8}",
    unique("load_balancer_arn", "port"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LbListener {
    /// The load balancer.
    #[field(immutable)]
    pub load_balancer_arn: Id<Lb>,
    /// The port.
    pub port: u16,
    /// `TCP`, `TLS`, `UDP`, `TCP_UDP`, `HTTP` or `HTTPS`.
    #[field(computed)]
    pub protocol: Option<String>,
    /// The certificate's ARN, for TLS and HTTPS.
    pub certificate_arn: Option<String>,
    /// The named set of protocols and ciphers, for TLS and HTTPS.
    #[field(computed)]
    pub ssl_policy: Option<String>,
    /// What becomes of connections.
    #[field(required)]
    pub default_action: Vec<ListenerAction>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What becomes of connections.
#[block]
pub struct ListenerAction {
    /// `forward`.
    pub r#type: String,
    /// Where they are forwarded to. Deleting it is refused as long.
    pub target_group_arn: Option<Id<LbTargetGroup>>,
}

impl ListenerAction {
    /// Begins an action that forwards connections.
    pub fn forward(
        target_group: impl Into<landform_core::Input<Id<LbTargetGroup>>>,
    ) -> ListenerActionBuilder {
        Self::new("forward").target_group_arn(target_group)
    }
}

/// What AWS computes of an [`LbListener`].
#[attributes]
pub struct LbListenerAttributes {
    /// The listener's ARN.
    pub id: Id<LbListener>,
    /// The same ARN, under its own name.
    #[field(form = "{id}")]
    pub arn: String,
}
