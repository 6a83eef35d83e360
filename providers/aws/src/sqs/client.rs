//! The code that the calls of SQS's types share: attributes, which are all texts on the wire.

use std::{collections::HashMap, str::FromStr};

use aws_sdk_sqs::types::QueueAttributeName;

use crate::client::prelude::*;

/// The attributes of a queue.
pub(crate) struct Attributes(HashMap<QueueAttributeName, String>);

impl Attributes {
    /// Reads the attributes with these names.
    pub(crate) async fn of(client: &Client, url: &str, names: &[QueueAttributeName]) -> Result<Self> {
        let call = client.sqs.get_queue_attributes().queue_url(url);
        let call = call.set_attribute_names(Some(names.to_vec()));
        Ok(Self(call.send().await.map_err(failed)?.attributes.unwrap_or_default()))
    }

    /// The text of an attribute. `None` if it is empty.
    pub(crate) fn text(&self, name: &QueueAttributeName) -> Option<String> {
        self.0.get(name).filter(|text| !text.is_empty()).cloned()
    }

    /// The parsed value of an attribute.
    ///
    /// # Errors
    /// Internal if it cannot be parsed.
    pub(crate) fn value<T: FromStr>(&self, name: &QueueAttributeName) -> Result<Option<T>> {
        let parsed = self.text(name).map(|text| {
            let senseless =
                || landform_kit::senseless(format!("the answer's {name} is unexpected: {text:?}"));
            text.parse().map_err(|_| senseless())
        });
        parsed.transpose()
    }
}
