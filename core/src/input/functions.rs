//! Functions of values and references: texts, encodings, digests. Builds expressions; computes nothing.

use std::collections::BTreeMap;

use super::Input;
use crate::Cidr;
use crate::expr::{Expr, Function};

/// Joins texts and references: `concat(["api.".into(), zone.name().into()])`.
pub fn concat(parts: impl IntoIterator<Item = Input<String>>) -> Input<String> {
    Input::from_expr(Expr::Call(Function::Concat, parts.into_iter().map(Input::into_expr).collect()))
}

/// Fills the `{}` of a template with texts and references.
pub fn format(template: &str, values: impl IntoIterator<Item = Input<String>>) -> Input<String> {
    let template = Expr::Literal(template.into());
    let arguments = std::iter::once(template).chain(values.into_iter().map(Input::into_expr));
    Input::from_expr(Expr::Call(Function::Format, arguments.collect()))
}

/// Joins a list of texts and references with a separator.
pub fn join(separator: &str, items: impl IntoIterator<Item = Input<String>>) -> Input<String> {
    let items = Expr::list(items.into_iter().map(Input::into_expr).collect());
    Input::from_expr(Expr::Call(Function::Join, vec![Expr::Literal(separator.into()), items]))
}

/// Base64 of a text, with padding.
pub fn base64(text: impl Into<Input<String>>) -> Input<String> {
    Input::from_expr(Expr::Call(Function::Base64, vec![text.into().into_expr()]))
}

/// The SHA-256 of a text, in hexadecimal.
pub fn sha256(text: impl Into<Input<String>>) -> Input<String> {
    Input::from_expr(Expr::Call(Function::Sha256, vec![text.into().into_expr()]))
}

/// The SHA-256 of a text, its 32 bytes in base64 with padding.
pub fn base64_sha256(text: impl Into<Input<String>>) -> Input<String> {
    Input::from_expr(Expr::Call(Function::Base64Sha256, vec![text.into().into_expr()]))
}

/// A part of a network: the part with this number, from 0, among those with a prefix length.
pub fn cidr_subnet(network: impl Into<Input<Cidr>>, length: u8, number: u64) -> Input<Cidr> {
    let arguments =
        vec![network.into().into_expr(), Expr::Literal(length.into()), Expr::Literal(number.into())];
    Input::from_expr(Expr::Call(Function::CidrSubnet, arguments))
}

/// A value as compact JSON, for instance a policy. It may contain references.
pub fn json_encode(value: impl Into<Expr>) -> Input<String> {
    Input::from_expr(Expr::Call(Function::Json, vec![value.into()]))
}

/// A value as YAML. It may contain references.
pub fn yaml_encode(value: impl Into<Expr>) -> Input<String> {
    Input::from_expr(Expr::Call(Function::Yaml, vec![value.into()]))
}

/// The value of a map under a key. A missing key is an error, which lists the existing keys.
///
/// ```
/// use std::collections::BTreeMap;
/// use landform_core::{Input, input::lookup};
/// let zones = BTreeMap::from([("a".to_owned(), 1_u64)]);
/// let value: Input<u64> = lookup(zones, "a");
/// ```
pub fn lookup<T>(map: impl Into<Input<BTreeMap<String, T>>>, key: impl Into<Input<String>>) -> Input<T> {
    Input::from_expr(Expr::Call(Function::Lookup, vec![map.into().into_expr(), key.into().into_expr()]))
}
