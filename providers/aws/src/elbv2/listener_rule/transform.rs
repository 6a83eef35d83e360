//! Converts the transforms of rules between the declaration and the wire.

use std::collections::BTreeSet;

use aws_sdk_elasticloadbalancingv2::types::{
    HostHeaderRewriteConfig, RewriteConfig as SdkRewrite, RuleTransform as Sdk, UrlRewriteConfig,
};

use super::{Rewrite, RewriteConfig, RuleTransform, TransformType};
use crate::client::prelude::*;

words!(TransformType);

/// Transforms for the wire. `None` if there are none.
pub(super) fn requests(transforms: &BTreeSet<RuleTransform>) -> Option<Vec<Sdk>> {
    (!transforms.is_empty()).then(|| transforms.iter().map(request).collect())
}

fn request(transform: &RuleTransform) -> Sdk {
    let rewrite = |config: &RewriteConfig| {
        SdkRewrite::builder().regex(&config.rewrite.regex).replace(&config.rewrite.replace).build()
    };
    let host = transform
        .host_header_rewrite_config
        .as_ref()
        .map(|config| HostHeaderRewriteConfig::builder().rewrites(rewrite(config)).build());
    let url = transform
        .url_rewrite_config
        .as_ref()
        .map(|config| UrlRewriteConfig::builder().rewrites(rewrite(config)).build());
    Sdk::builder()
        .set_type(transform.r#type.wire())
        .set_host_header_rewrite_config(host)
        .set_url_rewrite_config(url)
        .build()
}

/// Transforms from the wire.
pub(super) fn transforms(transforms: Option<Vec<Sdk>>) -> Result<BTreeSet<RuleTransform>> {
    transforms.unwrap_or_default().into_iter().map(transform).collect()
}

fn transform(transform: Sdk) -> Result<RuleTransform> {
    let host = transform.host_header_rewrite_config.and_then(|config| config.rewrites);
    let url = transform.url_rewrite_config.and_then(|config| config.rewrites);
    Ok(RuleTransform {
        r#type: read(transform.r#type, "type")?,
        host_header_rewrite_config: first(host)?,
        url_rewrite_config: first(url)?,
    })
}

/// AWS takes one replacement in each transform.
fn first(rewrites: Option<Vec<SdkRewrite>>) -> Result<Option<RewriteConfig>> {
    let Some(rewrite) = rewrites.unwrap_or_default().into_iter().next() else { return Ok(None) };
    let rewrite = read!(rewrite => Rewrite { regex, replace });
    Ok(Some(RewriteConfig { rewrite }))
}
