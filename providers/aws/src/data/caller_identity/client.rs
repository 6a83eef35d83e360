//! `data.aws_caller_identity`.

use super::{CallerIdentity, CallerIdentityAttributes};
use crate::client::prelude::*;

#[async_trait]
impl DataSource<CallerIdentity> for Client {
    async fn read(&self, _: &CallerIdentity) -> Result<CallerIdentityAttributes> {
        let caller = self.sts.get_caller_identity().send().await.map_err(failed)?;
        let account: String = read(caller.account, "account")?;
        Ok(read!(caller => CallerIdentityAttributes {
            id = Id::new(&account), account_id = account, arn, user_id,
        }))
    }
}
