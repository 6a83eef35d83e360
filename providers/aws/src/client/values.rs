//! Small translations between the SDK's values and the declarations'.

use aws_sdk_ec2::types::{AttributeBooleanValue, Filter};
use landform_core::{Cidr, Result};

use super::error::senseless;

/// A network that AWS answered.
pub(super) fn cidr(operation: &'static str, text: &str) -> Result<Cidr> {
    text.parse().map_err(|error| senseless(operation, format!("{error}")))
}

/// What AWS must have answered.
pub(super) fn given<T>(operation: &'static str, what: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| senseless(operation, format!("the answer lacks {what}")))
}

/// A text that AWS may have left out.
pub(super) fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

/// A yes or no, as EC2's attributes have it.
pub(super) fn flag(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

/// A filter that lets any of these values through.
pub(super) fn filter<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Filter {
    let values = values.into_iter().map(str::to_owned).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}
