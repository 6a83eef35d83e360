//! Who may read a bucket.

use aws_sdk_s3::types::Permission;

use crate::client::prelude::*;

/// The group of all people, in lists of access.
const EVERYONE: &str = "http://acs.amazonaws.com/groups/global/AllUsers";

impl Client {
    /// Whether everyone may read the objects of a bucket, by its policy or its list of access.
    ///
    /// # Errors
    /// Those of `s3:GetBucketPolicyStatus` and `s3:GetBucketAcl`. NotFound if there is no such bucket.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn is_bucket_public(&self, bucket: &str) -> Result<bool> {
        match self.s3.get_bucket_policy_status().bucket(bucket).send().await.map_err(failed) {
            Ok(answer) if answer.policy_status().and_then(|status| status.is_public()) == Some(true) => {
                return Ok(true);
            }
            Ok(_) => {}
            Err(error) if error.provider_code() == Some("NoSuchBucketPolicy") => {}
            Err(error) => return Err(error),
        }
        let acl = self.s3.get_bucket_acl().bucket(bucket).send().await.map_err(failed)?;
        Ok(acl.grants().iter().any(|grant| {
            let everyone = grant.grantee().and_then(|grantee| grantee.uri()) == Some(EVERYONE);
            everyone && matches!(grant.permission(), Some(Permission::Read | Permission::FullControl))
        }))
    }
}
