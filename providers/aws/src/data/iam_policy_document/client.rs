//! `data.aws_iam_policy_document`, which needs no client.

use super::{IamPolicyDocument, IamPolicyDocumentAttributes};
use crate::client::prelude::*;

#[async_trait]
impl DataSource<IamPolicyDocument> for Client {
    async fn read(&self, asked: &IamPolicyDocument) -> Result<IamPolicyDocumentAttributes> {
        asked.write()
    }
}
