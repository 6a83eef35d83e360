//! Amazon S3: buckets, their settings, and objects.

mod bucket;
mod bucket_encryption;
mod bucket_policy;
mod bucket_public_access_block;
mod bucket_versioning;
#[cfg(feature = "s3")]
pub(crate) mod client;
mod object;

landform_kit::types! {
    with "s3" crate::client::Client;
    managed bucket::S3Bucket;
    managed bucket_encryption::S3BucketServerSideEncryptionConfiguration;
    managed bucket_policy::S3BucketPolicy;
    managed bucket_public_access_block::S3BucketPublicAccessBlock;
    managed bucket_versioning::S3BucketVersioning;
    managed object::S3Object;
}
