//! The resource types of Cloud Storage.

mod bucket;
mod bucket_iam_member;
mod bucket_object;

landform_kit::types! {
    with "client" crate::client::Client;
    managed bucket::StorageBucket;
    managed bucket_iam_member::StorageBucketIamMember;
    managed bucket_object::StorageBucketObject;
}
