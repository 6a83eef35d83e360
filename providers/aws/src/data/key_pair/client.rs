//! `data.aws_key_pair`.

use aws_sdk_ec2::{operation::describe_key_pairs::DescribeKeyPairsError, types::KeyPairInfo as Sdk};

use super::{KeyPair, KeyPairAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<KeyPair> for Client {
    async fn read(&self, asked: &KeyPair) -> Result<KeyPairAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("key-name", asked.key_name.as_ref())
            .equal("key-pair-id", asked.key_pair_id.as_ref())
            .tags(&asked.tags);
        let call = self.ec2.describe_key_pairs().set_filters(filters.sent());
        let call = call.include_public_key(asked.include_public_key);
        let mut found: Vec<Sdk> = call.send().await.map_err(failed)?.key_pairs.unwrap_or_default();
        found.retain(|found| tagged_with(found.tags(), &asked.tags));
        let found = one::<DescribeKeyPairsError, _>(asked, found)?;
        let name: String = read(found.key_name, "key_name")?;
        Ok(read!(found => KeyPairAttributes {
            arn = self.arn(self.account().await?, &format!("key-pair/{name}")),
            id = Id::new(&name),
            key_pair_id,
            key_name = name,
            key_type,
            fingerprint: key_fingerprint,
            public_key,
            tags = self.shown(given(found.tags)),
        }))
    }
}
