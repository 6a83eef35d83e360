//! Amazon S3: objects.

mod object;

landform_kit::types! {
    with "s3" crate::client::Client;
    declared object::S3Object;
}
